/*
 * udploop.c over pairs of local datagram sockets: who is served when, watched
 * and busy, and that nothing is served after the end.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "udploop.h"

#define SOCKETS 3

/* Serves one message a turn, and says that there is more as a script has it. */
struct fixture {
	uv_loop_t loop;
	struct udploop *udploop;
	int ours[SOCKETS], theirs[SOCKETS];
	unsigned turns[SOCKETS];    /* that it was asked */
	unsigned received[SOCKETS]; /* messages */
	unsigned more[SOCKETS];     /* turns for which to say so still */
};

static bool
serve(void *context, int file)
{
	struct fixture *fixture = context;
	size_t i = 0;
	char byte;

	while (fixture->ours[i] != file)
		i++;
	fixture->turns[i]++;
	fixture->received[i] += recv(file, &byte, 1, MSG_DONTWAIT) == 1;
	if (fixture->more[i] == 0)
		return false;
	fixture->more[i]--;
	return true;
}

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct udploop_host host = {
	    .loop = &fixture->loop, .serve = serve, .context = fixture};

	assert_non_null(fixture);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	for (size_t i = 0; i < SOCKETS; i++) {
		int pair[2];

		assert_int_equal(
		    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair),
		    0);
		fixture->ours[i] = pair[0];
		fixture->theirs[i] = pair[1];
	}
	assert_int_equal(
	    udploop_new(&host, fixture->ours, SOCKETS, &fixture->udploop), 0);
	assert_int_equal(udploop_start(fixture->udploop), 0);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	udploop_close(fixture->udploop);
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	for (size_t i = 0; i < SOCKETS; i++) {
		(void)close(fixture->ours[i]);
		(void)close(fixture->theirs[i]);
	}
	udploop_free(&fixture->udploop);
	assert_null(fixture->udploop);
	free(fixture);
	return 0;
}

static void
put(struct fixture *fixture, size_t i)
{
	assert_int_equal(send(fixture->theirs[i], "x", 1, 0), 1);
}

static void
turn(struct fixture *fixture)
{
	(void)uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void
check(
    const struct fixture *fixture, size_t i, unsigned turns, unsigned received)
{
	assert_int_equal(fixture->turns[i], turns);
	assert_int_equal(fixture->received[i], received);
}

/* Only who has a message is asked, as often as there is one. */
static void
watched(void **state)
{
	struct fixture *fixture = *state;

	turn(fixture);
	check(fixture, 0, 0, 0);
	put(fixture, 0);
	put(fixture, 0);
	put(fixture, 2);
	for (int i = 0; i < 5; i++)
		turn(fixture);
	check(fixture, 0, 2, 2);
	check(fixture, 1, 0, 0);
	check(fixture, 2, 1, 1);
}

/* Who says that there is more is asked each turn, also when there is not, and
 * the others are served beside it; then it is watched again. */
static void
busy(void **state)
{
	struct fixture *fixture = *state;

	fixture->more[1] = 4;
	put(fixture, 1);
	turn(fixture);
	check(fixture, 1, 1, 1);
	put(fixture, 0);
	turn(fixture);
	check(fixture, 0, 1, 1);
	check(fixture, 1, 2, 1);
	for (int i = 0; i < 10; i++)
		turn(fixture);
	check(fixture, 1, 5, 1);
	put(fixture, 1);
	for (int i = 0; i < 3; i++)
		turn(fixture);
	check(fixture, 1, 6, 2);
}

/* A message that comes while a busy socket's last turn says "no more" is found
 * all the same. */
static void
last_turn(void **state)
{
	struct fixture *fixture = *state;

	fixture->more[0] = 1;
	put(fixture, 0);
	put(fixture, 0);
	put(fixture, 0);
	for (int i = 0; i < 5; i++)
		turn(fixture);
	check(fixture, 0, 3, 3);
}

/* Several at once, each for itself. */
static void
all_busy(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < SOCKETS; i++) {
		fixture->more[i] = i + 1;
		put(fixture, i);
	}
	for (int i = 0; i < 10; i++)
		turn(fixture);
	for (unsigned i = 0; i < SOCKETS; i++)
		check(fixture, i, i + 2, 1);
	put(fixture, 0);
	turn(fixture);
	check(fixture, 0, 3, 2);
}

/* The loop sleeps while none is busy, and does not while one is. */
static void
sleeps(void **state)
{
	struct fixture *fixture = *state;

	fixture->more[0] = 1;
	turn(fixture);
	assert_int_not_equal(uv_backend_timeout(&fixture->loop), 0);
	put(fixture, 0);
	turn(fixture);
	assert_int_equal(uv_backend_timeout(&fixture->loop), 0);
	turn(fixture);
	assert_int_not_equal(uv_backend_timeout(&fixture->loop), 0);
}

/* teardown closes it while it is busy: the loop must end, and asks no more. */
static void
closed_while_busy(void **state)
{
	struct fixture *fixture = *state;

	fixture->more[0] = 1000;
	put(fixture, 0);
	turn(fixture);
	turn(fixture);
	check(fixture, 0, 2, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(watched),
	    TEST(busy),
	    TEST(last_turn),
	    TEST(all_busy),
	    TEST(sleeps),
	    TEST(closed_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
