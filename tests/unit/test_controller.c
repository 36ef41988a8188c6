/*
 * controller.c over a local socket, with a server behind it that this file
 * plays: what is asked, in one piece or in many, what is not to be understood,
 * how many may ask, how much is answered, and what becomes of clients that
 * leave or stay, or come while there is no memory.
 */
#include "autoconf.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "control.h"
#include "controlled.h"

#define TURNS 200 /* of the loop, for what needs a few */

/* What the server that is played says. */
static struct {
	unsigned reloads, tells;
	enum bs_exit result;
	size_t counts; /* numbers that it has */
	bool no_memory;
} played;

/* The linker has controller.c call this (--wrap). */
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
	return played.no_memory ? NULL : __real_calloc(count, size);
}

enum bs_exit
served_reload(struct served *served, bs_config_report *report, void *context)
{
	(void)served;
	played.reloads++;
	report(context, false, "zone bl.test: lost most of its records");
	if (played.result != BS_EXIT_OK)
		report(context, true, "backstop.conf:3: zone: wrong\nvery");
	return played.result;
}

void
served_tell(const struct served *served, counting_take *take, void *context)
{
	(void)served;
	played.tells++;
	for (size_t i = 0; i < played.counts; i++)
		take(context, "rcode", "NOERROR", i);
}

struct fixture {
	uv_loop_t loop;
	char folder[64];
	struct sockaddr_un address;
	int file;
	struct bs_log log;
	struct served served;
	struct bs_controller *controller;
};

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)signal(SIGPIPE, SIG_IGN); /* as main.c does */
	memset(&played, 0, sizeof(played));
	(void)snprintf(fixture->folder, sizeof(fixture->folder),
	    "/tmp/backstop-test.XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	fixture->address.sun_family = AF_UNIX;
	(void)snprintf(fixture->address.sun_path,
	    sizeof(fixture->address.sun_path), "%s/control", fixture->folder);
	fixture->file =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    bind(fixture->file, (const struct sockaddr *)&fixture->address,
		sizeof(fixture->address)),
	    0);
	assert_int_equal(listen(fixture->file, 64), 0);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	fixture->log = (struct bs_log){
	    .program = "test", .level = BS_LOG_ERROR, .stream = stderr};
	fixture->served.log = &fixture->log;
	fixture->controller =
	    controlled_start(&fixture->loop, fixture->file, &fixture->served);
	assert_non_null(fixture->controller);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	bs_controller_close(fixture->controller);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	bs_controller_free(&fixture->controller);
	assert_null(fixture->controller);
	(void)close(fixture->file);
	(void)unlink(fixture->address.sun_path);
	(void)rmdir(fixture->folder);
	free(fixture);
	return 0;
}

/* --- a client ----------------------------------------------------------------- */

static int
join(struct fixture *fixture)
{
	int file =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_int_equal(
	    connect(file, (const struct sockaddr *)&fixture->address,
		sizeof(fixture->address)),
	    0);
	return file;
}

static void
turn(struct fixture *fixture, int turns)
{
	while (turns-- > 0)
		(void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void
put(int file, const char *text)
{
	assert_int_equal(
	    send(file, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that comes until the other side closes; -1 where it does not. */
static ssize_t
take(struct fixture *fixture, int file, char *text, size_t room)
{
	size_t size = 0;

	for (int i = 0; i < TURNS * 100; i++) {
		ssize_t got;

		turn(fixture, 1);
		got = recv(file, text + size, room - 1 - size, 0);
		if (got > 0)
			size += (size_t)got;
		text[size] = '\0';
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return (ssize_t)size;
	}
	return -1;
}

static void
check_answer(struct fixture *fixture, const char *request, const char *answer)
{
	char text[4096] = "";
	int file = join(fixture);

	put(file, request);
	assert_true(take(fixture, file, text, sizeof(text)) >= 0);
	assert_string_equal(text, answer);
	(void)close(file);
}

/* --- tests --------------------------------------------------------------------- */

static void
reloads(void **state)
{
	struct fixture *fixture = *state;

	check_answer(fixture, "backstop 1 reload\n",
	    "warning zone bl.test: lost most of its records\ndone 0\n");
	played.result = BS_EXIT_NO;
	check_answer(fixture, "backstop 1 reload\n",
	    "warning zone bl.test: lost most of its records\n"
	    "error backstop.conf:3: zone: wrong?very\ndone 1\n");
	assert_int_equal(played.reloads, 2);
	assert_int_equal(played.tells, 0);
}

static void
numbers(void **state)
{
	struct fixture *fixture = *state;

	played.counts = 2;
	check_answer(fixture, "backstop 1 stats\n",
	    "count rcode NOERROR 0\ncount rcode NOERROR 1\ndone 0\n");
	played.counts = 0;
	check_answer(fixture, "backstop 1 stats\n", "done 0\n");
	assert_int_equal(played.tells, 2);
	assert_int_equal(played.reloads, 0);
}

/* What is no request is answered by what to do, and does nothing. */
static void
not_understood(void **state)
{
	static const char *const requests[] = {"\n", "backstop 1 relo\n",
	    "backstop 1\n", "GET / HTTP/1.0\r\n\r\n"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
		check_answer(fixture, requests[i],
		    "error no such request: use backstopctl\ndone 2\n");
	check_answer(fixture, "backstop 2 reload\n",
	    "error backstopd and backstopctl are of different versions: "
	    "restart backstopd\ndone 2\n");
	assert_int_equal(played.reloads + played.tells, 0);
}

/* A request may come byte by byte, and nothing is done before its end; what
 * follows it is not read. */
static void
in_pieces(void **state)
{
	static const char request[] = "backstop 1 stats";
	struct fixture *fixture = *state;
	char text[256] = "";
	int file = join(fixture);

	for (size_t i = 0; i < sizeof(request) - 1; i++) {
		char piece[2] = {request[i], '\0'};

		put(file, piece);
		turn(fixture, 3);
		assert_int_equal(played.tells, 0);
	}
	put(file, "\nbackstop 1 reload\n");
	assert_true(take(fixture, file, text, sizeof(text)) >= 0);
	assert_string_equal(text, "done 0\n");
	assert_int_equal(played.tells, 1);
	assert_int_equal(played.reloads, 0);
	(void)close(file);
}

/* The longest line is read (and not understood), one byte more is not. */
static void
sizes(void **state)
{
	struct fixture *fixture = *state;
	char line[BS_CONTROL_REQUEST_MAX + 2];

	memset(line, 'x', sizeof(line));
	line[BS_CONTROL_REQUEST_MAX - 1] = '\n';
	line[BS_CONTROL_REQUEST_MAX] = '\0';
	check_answer(
	    fixture, line, "error no such request: use backstopctl\ndone 2\n");
	line[BS_CONTROL_REQUEST_MAX - 1] = 'x';
	line[BS_CONTROL_REQUEST_MAX] = '\n';
	line[BS_CONTROL_REQUEST_MAX + 1] = '\0';
	check_answer(fixture, line, "");
}

/* An answer has so many lines at most, and always its end. */
static void
many_numbers(void **state)
{
	static const size_t counts[] = {BS_CONTROL_LINES_MAX - 1,
	    BS_CONTROL_LINES_MAX, BS_CONTROL_LINES_MAX + 1};
	struct fixture *fixture = *state;
	const size_t room = (size_t)64 * (BS_CONTROL_LINES_MAX + 2);
	char *text = malloc(room);

	assert_non_null(text);
	for (size_t i = 0; i < 3; i++) {
		int file = join(fixture);
		size_t lines = 0;

		played.counts = counts[i];
		put(file, "backstop 1 stats\n");
		assert_true(take(fixture, file, text, room) > 0);
		for (const char *at = text; *at != '\0'; at++)
			lines += *at == '\n';
		assert_int_equal(lines - 1, counts[i] < BS_CONTROL_LINES_MAX
						? counts[i]
						: BS_CONTROL_LINES_MAX);
		assert_string_equal(text + strlen(text) - 7, "done 0\n");
		(void)close(file);
	}
	free(text);
}

/* So many may be there at once, one more is let go, and when one leaves there
 * is a place again. */
static void
places(void **state)
{
	struct fixture *fixture = *state;
	int file[BS_CONTROLLER_CLIENTS_MAX + 1];
	char text[64] = "";

	for (size_t i = 0; i < BS_CONTROLLER_CLIENTS_MAX; i++)
		file[i] = join(fixture);
	turn(fixture, TURNS);
	file[BS_CONTROLLER_CLIENTS_MAX] = join(fixture);
	assert_int_equal(
	    take(fixture, file[BS_CONTROLLER_CLIENTS_MAX], text, sizeof(text)),
	    0);
	(void)close(file[0]);
	turn(fixture, TURNS);
	check_answer(fixture, "backstop 1 stats\n", "done 0\n");
	put(file[1], "backstop 1 stats\n");
	assert_true(take(fixture, file[1], text, sizeof(text)) > 0);
	for (size_t i = 1; i <= BS_CONTROLLER_CLIENTS_MAX; i++)
		(void)close(file[i]);
	assert_int_equal(played.tells, 2);
}

/* Who leaves before the request is whole, or before the answer, harms nobody. */
static void
leaving(void **state)
{
	struct fixture *fixture = *state;
	int file = join(fixture);

	put(file, "backstop 1 sta");
	turn(fixture, 3);
	(void)close(file);
	turn(fixture, TURNS);
	assert_int_equal(played.tells, 0);
	played.counts = BS_CONTROL_LINES_MAX;
	file = join(fixture);
	put(file, "backstop 1 stats\n");
	(void)close(file);
	turn(fixture, TURNS);
	assert_int_equal(played.tells, 1);
	played.counts = 0;
	check_answer(fixture, "backstop 1 stats\n", "done 0\n");
}

/* teardown closes all while one waits, one has half a request, and one does not
 * take its answer. */
static void
closed_between(void **state)
{
	struct fixture *fixture = *state;
	int file[3];

	for (size_t i = 0; i < 3; i++)
		file[i] = join(fixture);
	played.counts = BS_CONTROL_LINES_MAX;
	put(file[1], "backstop 1 relo");
	put(file[2], "backstop 1 stats\n");
	turn(fixture, 10);
	assert_int_equal(played.tells, 1);
	bs_controller_close(fixture->controller);
	turn(fixture, TURNS);
	for (size_t i = 0; i < 3; i++) {
		char text[65536];
		ssize_t got;

		while ((got = recv(file[i], text, sizeof(text), 0)) > 0)
			continue;
		/* closed: no answer is to come any more */
		assert_true(got == 0 || errno == ECONNRESET);
		(void)close(file[i]);
	}
}

/* Who comes while there is no memory is answered when there is some again, and
 * so are those behind. */
static void
no_memory(void **state)
{
	struct fixture *fixture = *state;
	char text[64] = "";
	int first = join(fixture), second = join(fixture);

	put(first, "backstop 1 stats\n");
	put(second, "backstop 1 stats\n");
	played.no_memory = true;
	turn(fixture, TURNS);
	assert_int_equal(played.tells, 0);
	played.no_memory = false;
	(void)uv_run(&fixture->loop, UV_RUN_ONCE); /* until the time has come */
	assert_true(take(fixture, first, text, sizeof(text)) > 0);
	assert_string_equal(text, "done 0\n");
	assert_true(take(fixture, second, text, sizeof(text)) > 0);
	assert_string_equal(text, "done 0\n");
	assert_int_equal(played.tells, 2);
	(void)close(first);
	(void)close(second);
}

/* And teardown ends it where somebody waits still. */
static void
no_memory_at_the_end(void **state)
{
	struct fixture *fixture = *state;
	int file = join(fixture);

	played.no_memory = true;
	turn(fixture, TURNS);
	assert_int_equal(played.tells, 0);
	(void)close(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reloads),
	    TEST(numbers),
	    TEST(not_understood),
	    TEST(in_pieces),
	    TEST(sizes),
	    TEST(many_numbers),
	    TEST(places),
	    TEST(leaving),
	    TEST(closed_between),
	    TEST(no_memory),
	    TEST(no_memory_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
