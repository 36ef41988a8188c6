/*
 * The listeners on a loop: who comes while there is no memory is greeted when
 * there is some, and who is there when all has to end is told so.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "smtpserver.h"

static bool no_memory;

/* The linker has all but libraries call this (--wrap). */
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
	return no_memory ? NULL : __real_calloc(count, size);
}

static void
report(void *context, bool fatal, const char *line)
{
	(void)context;
	if (fatal)
		fail_msg("%s", line);
}

struct fixture {
	uv_loop_t loop;
	struct bs_log log;
	struct bs_config *config;
	struct servecount count;
	struct activated activated;
	struct smtpserver server;
	struct sockaddr_in address;
};

static int
setup(void **state)
{
	static const char text[] = "database: /tmp\n"
				   "trap: {domains: [trap.example]}\n"
				   "smtp: {listen: [127.0.0.1@0]}\n";
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct smtpserver *server = &fixture->server;
	int size = sizeof(fixture->address);

	no_memory = false;
	assert_non_null(fixture);
	assert_int_equal(bs_config_parse("test", text, sizeof(text) - 1, report,
			     NULL, &fixture->config),
	    BS_OK);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	fixture->log = (struct bs_log){
	    .program = "test", .level = BS_LOG_ERROR, .stream = stderr};
	server->loop = &fixture->loop;
	server->log = &fixture->log;
	server->count = &fixture->count;
	server->config = fixture->config;
	server->hostname = "mx.trap.example";
	server->spare = -1;
	assert_int_equal(smtpserver_bind(server, &fixture->activated), BS_OK);
	assert_int_equal(smtpserver_set_config(server, fixture->config), BS_OK);
	assert_int_equal(smtpserver_start(server), BS_OK);
	assert_int_equal(uv_tcp_getsockname(&server->listener[0].uv.tcp,
			     (struct sockaddr *)&fixture->address, &size),
	    0);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	no_memory = false;
	smtpserver_end(&fixture->server);
	smtpserver_cut(&fixture->server);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(fixture->server.conn_count, 0);
	smtpserver_free(&fixture->server);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	bs_config_free(&fixture->config);
	free(fixture);
	return 0;
}

static int
join(const struct fixture *fixture)
{
	int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(
	    connect(file, (const struct sockaddr *)&fixture->address,
		sizeof(fixture->address)),
	    0);
	return file;
}

/* What happens within a moment. */
static void
turn(struct fixture *fixture)
{
	(void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
	(void)poll(NULL, 0, 1);
}

static void
check_silent(int file)
{
	char byte;

	assert_int_equal(recv(file, &byte, 1, MSG_DONTWAIT), -1);
}

/* Waits until that is said, whatever else was before: a minute, and that is
 * far longer than it takes. */
static void
wait_said(struct fixture *fixture, int file, const char *want)
{
	char text[1024] = "";
	size_t size = 0;

	for (int i = 0; i < 60000 && strstr(text, want) == NULL; i++) {
		ssize_t got = recv(
		    file, text + size, sizeof(text) - 1 - size, MSG_DONTWAIT);

		size += got > 0 ? (size_t)got : 0;
		text[size] = '\0';
		if (got <= 0)
			turn(fixture);
	}
	if (strstr(text, want) == NULL)
		fail_msg("not said: %s, but: %s", want, text);
}

static void
wait_gone(struct fixture *fixture)
{
	for (int i = 0; i < 60000 && fixture->server.conn_count > 0; i++)
		turn(fixture);
	assert_int_equal(fixture->server.conn_count, 0);
}

static void
greets_later(void **state)
{
	struct fixture *fixture = *state;
	int first, second;

	no_memory = true;
	first = join(fixture);
	second = join(fixture);
	for (int i = 0; i < 100; i++)
		turn(fixture);
	check_silent(first);
	assert_int_equal(fixture->server.conn_count, 0);
	no_memory = false;
	/* at the next sweep */
	wait_said(fixture, first, "220 mx.trap.example ESMTP");
	wait_said(fixture, second, "220 mx.trap.example ESMTP");
	assert_int_equal(fixture->server.conn_count, 2);
	(void)close(first);
	(void)close(second);
}

static void
gives_up(void **state)
{
	static const char begin[] = "EHLO c\r\nMAIL FROM:<>\r\n";
	struct fixture *fixture = *state;
	int greeted = join(fixture), begun = join(fixture);

	wait_said(fixture, greeted, "220 ");
	wait_said(fixture, begun, "220 ");
	assert_int_equal(send(begun, begin, strlen(begin), 0), strlen(begin));
	wait_said(fixture, begun, "250 2.1.0 ");
	smtpserver_give_up(&fixture->server);
	wait_said(fixture, greeted, "421 4.3.2 mx.trap.example shutting down");
	wait_said(fixture, begun, "421 4.3.2 mx.trap.example shutting down");
	wait_gone(fixture);
	(void)close(greeted);
	(void)close(begun);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(greets_later),
	    TEST(gives_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
