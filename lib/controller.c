/*
 * Speaks with backstopctl over a control socket, in a daemon's loop: a request
 * of one line, an answer, the end.  Who may connect is the socket file's rights'
 * business, what is said control.c's, what it means the daemon's.  Called by
 * server/controlled.c and feeder/serve.c.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "controller.h"

#define AGAIN_MS 500

struct bs_controller_client {
	struct bs_controller *controller;
	uv_pipe_t pipe;
	uv_timer_t patience;
	uv_write_t write;
	unsigned handles; /* that the loop still has */
	char request[BS_CONTROL_REQUEST_MAX];
	size_t request_size;
	char *answer; /* NULL before it is made */
	size_t answer_size;
	FILE *out; /* while it is made */
	size_t lines;
};

struct bs_controller {
	struct bs_controller_setup setup;
	uv_pipe_t pipe;
	bool has_pipe;
	uv_timer_t again; /* for who waits, as there was no memory */
	int spare; /* a file to be closed when there are no more; or -1 */
	struct bs_controller_client
	    *client[BS_CONTROLLER_CLIENTS_MAX]; /* NULL: free */
};

/* --- a client's end --------------------------------------------------------- */

static void
on_closed(uv_handle_t *handle)
{
	struct bs_controller_client *client = handle->data;
	struct bs_controller *controller = client->controller;

	if (--client->handles > 0)
		return;
	if (controller->has_pipe && controller->spare < 0)
		controller->spare =
		    fcntl(controller->setup.file, F_DUPFD_CLOEXEC, 0);
	free(client->answer);
	free(client);
}

static void
end_client(struct bs_controller_client *client)
{
	struct bs_controller *controller = client->controller;

	for (size_t i = 0; i < BS_CONTROLLER_CLIENTS_MAX; i++) {
		if (controller->client[i] == client)
			controller->client[i] = NULL;
	}
	if (!uv_is_closing((uv_handle_t *)&client->pipe))
		uv_close((uv_handle_t *)&client->pipe, on_closed);
	if (!uv_is_closing((uv_handle_t *)&client->patience))
		uv_close((uv_handle_t *)&client->patience, on_closed);
}

static void
on_impatient(uv_timer_t *timer)
{
	end_client(timer->data);
}

/* --- answers ----------------------------------------------------------------- */

static void
say(struct bs_controller_client *client, const struct bs_control_line *line)
{
	char text[BS_CONTROL_LINE_MAX];
	size_t size = bs_control_format(line, text);

	if (client->lines++ < BS_CONTROL_LINES_MAX)
		(void)fwrite(text, 1, size, client->out);
}

void
bs_controller_say(struct bs_controller_client *client,
    enum bs_control_kind kind, const char *text)
{
	struct bs_control_line line = {.kind = kind};

	bs_message_set(&line.text, "%s", text);
	say(client, &line);
}

void
bs_controller_count(struct bs_controller_client *client, const char *group,
    const char *name, uint64_t number)
{
	struct bs_control_line line = {
	    .kind = BS_CONTROL_COUNT, .number = number};

	(void)snprintf(line.group, sizeof(line.group), "%s", group);
	(void)snprintf(line.name, sizeof(line.name), "%s", name);
	say(client, &line);
}

static enum bs_exit
refuse(struct bs_controller_client *client, int error)
{
	const char *program = client->controller->setup.program;
	struct bs_control_line line = {.kind = BS_CONTROL_ERROR};

	if (error == BS_EVERSION)
		bs_message_set(&line.text,
		    "%s and backstopctl are of different versions: restart %s",
		    program, program);
	else
		bs_message_set(&line.text, "no such request: use backstopctl");
	say(client, &line);
	return BS_EXIT_USAGE;
}

static enum bs_exit
do_what_is_asked(struct bs_controller_client *client)
{
	const struct bs_controller_setup *setup = &client->controller->setup;
	enum bs_control_command command;
	int error = bs_control_parse_request(
	    client->request, client->request_size, &command);

	return error != BS_OK ? refuse(client, error)
			      : setup->answer(setup->context, command, client);
}

static void
on_written(uv_write_t *request, int status)
{
	struct bs_controller_client *client = request->data;

	(void)status;
	end_client(client);
}

/* The whole answer, made in memory, then written. */
static void
answer(struct bs_controller_client *client)
{
	struct bs_control_line done = {.kind = BS_CONTROL_DONE};
	uv_buf_t buffer;

	client->out = open_memstream(&client->answer, &client->answer_size);
	if (client->out == NULL) {
		end_client(client);
		return;
	}
	done.number = do_what_is_asked(client);
	client->lines = 0;
	say(client, &done);
	if (fclose(client->out) != 0) {
		end_client(client);
		return;
	}
	buffer = uv_buf_init(client->answer, (unsigned)client->answer_size);
	client->write.data = client;
	(void)uv_timer_start(
	    &client->patience, on_impatient, BS_CONTROLLER_PATIENCE_MS, 0);
	if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buffer, 1,
		on_written) != 0)
		end_client(client);
}

/* --- requests ---------------------------------------------------------------- */

static void
on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
	struct bs_controller_client *client = handle->data;

	(void)wanted;
	*buffer = uv_buf_init(client->request + client->request_size,
	    (unsigned)(sizeof(client->request) - client->request_size));
}

static void
on_request(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct bs_controller_client *client = stream->data;
	const char *end;

	(void)buffer;
	if (size == 0)
		return;
	if (size < 0) { /* UV_ENOBUFS: a line too long */
		end_client(client);
		return;
	}
	client->request_size += (size_t)size;
	end = memchr(client->request, '\n', client->request_size);
	if (end == NULL)
		return;
	client->request_size = (size_t)(end - client->request);
	(void)uv_read_stop(stream);
	answer(client);
}

/* A place for one more, or NULL. */
static struct bs_controller_client **
find_place(struct bs_controller *controller)
{
	for (size_t i = 0; i < BS_CONTROLLER_CLIENTS_MAX; i++) {
		if (controller->client[i] == NULL)
			return &controller->client[i];
	}
	return NULL;
}

static struct bs_controller_client *
make_client(struct bs_controller *controller)
{
	struct bs_controller_client *client = calloc(1, sizeof(*client));
	uv_loop_t *loop = controller->pipe.loop;

	if (client == NULL)
		return NULL;
	client->controller = controller;
	(void)uv_pipe_init(loop, &client->pipe, 0);
	(void)uv_timer_init(loop, &client->patience);
	client->handles = 2;
	client->pipe.data = client->patience.data = client;
	return client;
}

/* No file is left, and libuv asks again and comes to nothing else until there is
 * one (its own to spare is gone after the first time, where / can't be opened).
 * The kernel wants one even to say that nobody waits. */
static void
give_file(struct bs_controller *controller)
{
	bool given = controller->spare >= 0;

	if (given)
		(void)close(controller->spare);
	controller->spare = -1;
	for (size_t i = 0; !given && i < BS_CONTROLLER_CLIENTS_MAX; i++) {
		given = controller->client[i] != NULL;
		if (given)
			end_client(controller->client[i]);
	}
}

static void on_again(uv_timer_t *timer);

/* Takes who waits; libuv asks nobody else in before. */
static void
take(struct bs_controller *controller)
{
	struct bs_controller_client **place = find_place(controller);
	struct bs_controller_client *client = make_client(controller);

	if (client == NULL) {
		(void)uv_timer_start(&controller->again, on_again, AGAIN_MS, 0);
		return;
	}
	if (uv_accept((uv_stream_t *)&controller->pipe,
		(uv_stream_t *)&client->pipe) != 0 ||
	    place == NULL ||
	    uv_read_start((uv_stream_t *)&client->pipe, on_room, on_request) !=
		0) {
		end_client(client);
		return;
	}
	*place = client;
	(void)uv_timer_start(
	    &client->patience, on_impatient, BS_CONTROLLER_PATIENCE_MS, 0);
}

static void
on_again(uv_timer_t *timer)
{
	take(timer->data);
}

static void
on_connection(uv_stream_t *stream, int status)
{
	struct bs_controller *controller = stream->data;

	if (status == UV_EMFILE || status == UV_ENFILE)
		give_file(controller);
	else if (status == 0)
		take(controller);
}

/* --- life -------------------------------------------------------------------- */

struct bs_controller *
bs_controller_start(const struct bs_controller_setup *setup)
{
	struct bs_controller *controller = calloc(1, sizeof(*controller));
	int copy = dup(setup->file);

	if (controller == NULL || copy < 0) {
		free(controller);
		if (copy >= 0)
			(void)close(copy);
		return NULL;
	}
	controller->setup = *setup;
	controller->spare = fcntl(copy, F_DUPFD_CLOEXEC, 0);
	(void)uv_pipe_init(setup->loop, &controller->pipe, 0);
	controller->pipe.data = controller;
	(void)uv_timer_init(setup->loop, &controller->again);
	controller->again.data = controller;
	controller->has_pipe = true;
	if (uv_pipe_open(&controller->pipe, copy) != 0)
		(void)close(copy);
	else
		(void)uv_listen((uv_stream_t *)&controller->pipe,
		    BS_CONTROLLER_CLIENTS_MAX, on_connection);
	return controller;
}

void
bs_controller_close(struct bs_controller *controller)
{
	if (controller == NULL || !controller->has_pipe)
		return;
	controller->has_pipe = false;
	if (controller->spare >= 0)
		(void)close(controller->spare);
	controller->spare = -1;
	for (size_t i = 0; i < BS_CONTROLLER_CLIENTS_MAX; i++) {
		if (controller->client[i] != NULL)
			end_client(controller->client[i]);
	}
	uv_close((uv_handle_t *)&controller->again, NULL);
	uv_close((uv_handle_t *)&controller->pipe, NULL);
}

void
bs_controller_free(struct bs_controller **controller)
{
	free(*controller);
	*controller = NULL;
}
