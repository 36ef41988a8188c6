/*
 * Speaks with backstopctl over the control socket, in the main thread's loop:
 * a request of one line, an answer, the end.  Who may connect is the socket
 * file's rights' business, what is said is lib/control.c's.  Called by
 * server.c.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "controller.h"

struct client {
	struct controller *controller;
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

struct controller {
	struct served *served;
	uv_pipe_t pipe;
	bool has_pipe;
	struct client *client[CONTROL_CLIENTS_MAX]; /* NULL: free */
};

/* --- a client's end --------------------------------------------------------- */

static void
on_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	if (--client->handles > 0)
		return;
	free(client->answer);
	free(client);
}

static void
end_client(struct client *client)
{
	struct controller *controller = client->controller;

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
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
say(struct client *client, const struct bs_control_line *line)
{
	char text[BS_CONTROL_LINE_MAX];
	size_t size = bs_control_format(line, text);

	if (client->lines++ < BS_CONTROL_LINES_MAX)
		(void)fwrite(text, 1, size, client->out);
}

static void
say_text(struct client *client, enum bs_control_kind kind, const char *text)
{
	struct bs_control_line line = {.kind = kind};

	bs_message_set(&line.text, "%s", text);
	say(client, &line);
}

/* counting_take */
static void
say_count(void *context, const char *group, const char *name, uint64_t number)
{
	struct bs_control_line line = {
	    .kind = BS_CONTROL_COUNT, .number = number};

	(void)snprintf(line.group, sizeof(line.group), "%s", group);
	(void)snprintf(line.name, sizeof(line.name), "%s", name);
	say(context, &line);
}

/* bs_config_report */
static void
tell(void *context, bool fatal, const char *text)
{
	say_text(context, fatal ? BS_CONTROL_ERROR : BS_CONTROL_WARNING, text);
}

static enum bs_exit
reload(struct client *client)
{
	struct served *served = client->controller->served;

	bs_log(served->log, BS_LOG_INFO, "backstopctl reload: reloading");
	return served_reload(served, tell, client);
}

static enum bs_exit
refuse(struct client *client, int error)
{
	say_text(client, BS_CONTROL_ERROR,
	    error == BS_EVERSION
		? "backstopd and backstopctl are of different versions: "
		  "restart backstopd"
		: "no such request: use backstopctl");
	return BS_EXIT_USAGE;
}

static enum bs_exit
do_what_is_asked(struct client *client)
{
	enum bs_control_command command;
	int error = bs_control_parse_request(
	    client->request, client->request_size, &command);

	if (error != BS_OK)
		return refuse(client, error);
	if (command == BS_CONTROL_RELOAD)
		return reload(client);
	served_tell(client->controller->served, say_count, client);
	return BS_EXIT_OK;
}

static void
on_written(uv_write_t *request, int status)
{
	struct client *client = request->data;

	(void)status;
	end_client(client);
}

/* The whole answer, made in memory, then written. */
static void
answer(struct client *client)
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
	    &client->patience, on_impatient, CONTROL_PATIENCE_MS, 0);
	if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buffer, 1,
		on_written) != 0)
		end_client(client);
}

/* --- requests ---------------------------------------------------------------- */

static void
on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
	struct client *client = handle->data;

	(void)wanted;
	*buffer = uv_buf_init(client->request + client->request_size,
	    (unsigned)(sizeof(client->request) - client->request_size));
}

static void
on_request(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct client *client = stream->data;
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
static struct client **
find_place(struct controller *controller)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (controller->client[i] == NULL)
			return &controller->client[i];
	}
	return NULL;
}

static struct client *
make_client(struct controller *controller)
{
	struct client *client = calloc(1, sizeof(*client));
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

static void
on_connection(uv_stream_t *stream, int status)
{
	struct controller *controller = stream->data;
	struct client **place = find_place(controller);
	struct client *client = make_client(controller);

	if (client == NULL)
		return;
	if (status != 0 ||
	    uv_accept(stream, (uv_stream_t *)&client->pipe) != 0 ||
	    place == NULL ||
	    uv_read_start((uv_stream_t *)&client->pipe, on_room, on_request) !=
		0) {
		end_client(client);
		return;
	}
	*place = client;
	(void)uv_timer_start(
	    &client->patience, on_impatient, CONTROL_PATIENCE_MS, 0);
}

/* --- life -------------------------------------------------------------------- */

struct controller *
controller_start(uv_loop_t *loop, int file, struct served *served)
{
	struct controller *controller = calloc(1, sizeof(*controller));
	int copy = dup(file);

	if (controller == NULL || copy < 0) {
		free(controller);
		if (copy >= 0)
			(void)close(copy);
		return NULL;
	}
	controller->served = served;
	(void)uv_pipe_init(loop, &controller->pipe, 0);
	controller->pipe.data = controller;
	controller->has_pipe = true;
	if (uv_pipe_open(&controller->pipe, copy) != 0)
		(void)close(copy);
	else
		(void)uv_listen((uv_stream_t *)&controller->pipe,
		    CONTROL_CLIENTS_MAX, on_connection);
	return controller;
}

void
controller_close(struct controller *controller)
{
	if (controller == NULL || !controller->has_pipe)
		return;
	controller->has_pipe = false;
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (controller->client[i] != NULL)
			end_client(controller->client[i]);
	}
	uv_close((uv_handle_t *)&controller->pipe, NULL);
}

void
controller_free(struct controller **controller)
{
	free(*controller);
	*controller = NULL;
}
