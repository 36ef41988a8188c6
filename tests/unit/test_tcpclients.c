/*
 * Who makes room for a new TCP client, and who has taken too long: a row is a
 * scene of connections by the second they came or began to wait.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "tcpblocks.h"
#include "tcpclients.h"

#define CLIENTS_MAX 9
#define NOBODY (-1)

#define IDLE TCPCLIENT_IDLE
#define MESSAGE TCPCLIENT_MESSAGE
#define READING TCPCLIENT_READING

static const uint32_t patience_ms[TCPCLIENT_WAITS] = {
    [TCPCLIENT_IDLE] = 10000,
    [TCPCLIENT_MESSAGE] = 5000,
    [TCPCLIENT_READING] = 7000,
};

struct scene_client {
	const char *addr;
	enum tcpclient_wait wait;
	unsigned since_s;
};

/* Times in a scene must not fall: connections wait in the order given. */
static size_t
play(const struct scene_client *scene, struct tcpclients *clients,
    struct tcpclient *client)
{
	size_t count = 0;

	for (; scene[count].addr != NULL; count++) {
		struct bs_addr addr = addr_of(scene[count].addr);
		uint64_t now_ms = scene[count].since_s * 1000u;

		tcpclients_add(clients, &client[count], &addr, now_ms);
		tcpclients_wait(
		    clients, &client[count], scene[count].wait, now_ms);
	}
	return count;
}

/* --- making room ------------------------------------------------------------ */

static const struct {
	const char *name;
	size_t max;
	struct scene_client scene[CLIENTS_MAX];
	const char *addr; /* of who comes */
	int expected;     /* who goes */
} rooms[] = {
    {"nobody is there", 8, {{0}}, "192.0.2.1", NOBODY},
    {"there is room", 8, {{"192.0.2.1", IDLE, 1}}, "192.0.2.1", NOBODY},
    {"the network has its quarter: its oldest goes", 8,
	{{"198.51.100.1", IDLE, 1}, {"192.0.2.1", IDLE, 2},
	    {"192.0.2.99", IDLE, 3}},
	"192.0.2.3", 1},
    {"another network has its quarter", 8,
	{{"192.0.2.1", IDLE, 2}, {"192.0.2.99", IDLE, 3}}, "192.0.3.3", NOBODY},
    {"an idle one goes before one at a message", 8,
	{{"192.0.2.1", MESSAGE, 2}, {"192.0.2.99", IDLE, 3}}, "192.0.2.3", 1},
    {"one at a message goes before one who reads", 8,
	{{"192.0.2.1", READING, 2}, {"192.0.2.99", MESSAGE, 3}}, "192.0.2.3",
	1},
    {"the IPv6 network is a /56", 8,
	{{"2001:db8::1", IDLE, 1}, {"2001:db8:0:ff::1", IDLE, 2}},
	"2001:db8:0:77::1", 0},
    {"beside the /56", 8,
	{{"2001:db8::1", IDLE, 1}, {"2001:db8:0:ff::1", IDLE, 2}},
	"2001:db8:0:100::1", NOBODY},
    {"full: the one that is idle longest goes", 4,
	{{"192.0.2.1", MESSAGE, 1}, {"192.0.3.1", IDLE, 2},
	    {"192.0.4.1", IDLE, 3}, {"192.0.5.1", IDLE, 4}},
	"192.0.6.1", 1},
    {"full and nobody idle", 4,
	{{"192.0.2.1", READING, 1}, {"192.0.3.1", READING, 2},
	    {"192.0.4.1", MESSAGE, 3}, {"192.0.5.1", MESSAGE, 4}},
	"192.0.6.1", 2},
    {"full of readers", 2,
	{{"192.0.2.1", READING, 1}, {"192.0.3.1", READING, 2}}, "192.0.6.1", 0},
    {"full, and the network too: one goes for both", 4,
	{{"192.0.2.1", IDLE, 1}, {"192.0.3.1", IDLE, 2}, {"192.0.4.1", IDLE, 3},
	    {"192.0.5.1", IDLE, 4}},
	"192.0.4.9", 2},
    {"one place only", 1, {{"192.0.2.1", IDLE, 1}}, "192.0.3.1", 0},
};

static void
makes_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
		struct tcpclient client[CLIENTS_MAX], *expected = NULL;
		struct bs_addr addr = addr_of(rooms[i].addr);
		struct tcpclients clients;
		size_t count;

		print_message("%s\n", rooms[i].name);
		tcpclients_init(&clients, rooms[i].max, patience_ms);
		count = play(rooms[i].scene, &clients, client);
		assert_int_equal(clients.count, count);
		if (rooms[i].expected != NOBODY)
			expected = &client[rooms[i].expected];
		assert_ptr_equal(
		    tcpclients_in_the_way(&clients, &addr), expected);
		if (expected == NULL)
			continue;
		/* one is enough */
		tcpclients_remove(&clients, expected);
		assert_null(tcpclients_in_the_way(&clients, &addr));
	}
}

/* --- time ------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct scene_client scene[CLIENTS_MAX];
	uint64_t now_ms;
	int expected; /* who is late */
} times[] = {
    {"nobody is there", {{0}}, 99999, NOBODY},
    {"idle, not yet", {{"192.0.2.1", IDLE, 1}}, 10999, NOBODY},
    {"idle for ten seconds", {{"192.0.2.1", IDLE, 1}}, 11000, 0},
    {"a message, not yet", {{"192.0.2.1", MESSAGE, 1}}, 5999, NOBODY},
    {"a message for five seconds", {{"192.0.2.1", MESSAGE, 1}}, 6000, 0},
    {"reading, not yet", {{"192.0.2.1", READING, 1}}, 7999, NOBODY},
    {"reading for seven seconds", {{"192.0.2.1", READING, 1}}, 8000, 0},
    {"behind one that isn't",
	{{"192.0.2.1", IDLE, 1}, {"192.0.2.2", MESSAGE, 2}}, 7000, 1},
};

static void
knows_who_is_late(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		struct tcpclient client[CLIENTS_MAX], *expected = NULL;
		struct tcpclients clients;

		print_message("%s\n", times[i].name);
		tcpclients_init(&clients, 100, patience_ms);
		(void)play(times[i].scene, &clients, client);
		if (times[i].expected != NOBODY)
			expected = &client[times[i].expected];
		assert_ptr_equal(
		    tcpclients_late(&clients, times[i].now_ms), expected);
	}
}

/* Who asks again goes to the end of the queue. */
static void
a_query_renews(void **state)
{
	const struct scene_client scene[CLIENTS_MAX] = {
	    {"192.0.2.1", IDLE, 1}, {"192.0.3.1", IDLE, 2}};
	struct tcpclient client[CLIENTS_MAX];
	struct tcpclients clients;

	(void)state;
	tcpclients_init(&clients, 100, patience_ms);
	(void)play(scene, &clients, client);
	assert_ptr_equal(tcpclients_dispensable(&clients), &client[0]);
	tcpclients_wait(&clients, &client[0], TCPCLIENT_MESSAGE, 3000);
	tcpclients_wait(&clients, &client[0], TCPCLIENT_IDLE, 3000);
	assert_ptr_equal(tcpclients_dispensable(&clients), &client[1]);
	assert_ptr_equal(tcpclients_late(&clients, 12999), &client[1]);
	tcpclients_remove(&clients, &client[1]);
	assert_null(tcpclients_late(&clients, 12999));
	tcpclients_remove(&clients, &client[0]);
	assert_null(tcpclients_dispensable(&clients));
	assert_int_equal(clients.count, 0);
}

/* --- large buffers ------------------------------------------------------------ */

static void
blocks_are_bounded(void **state)
{
	struct tcpblock *block[TCPBLOCKS_MAX];
	struct tcpblocks blocks;
	int owner[TCPBLOCKS_MAX];

	(void)state;
	tcpblocks_init(&blocks);
	for (size_t i = 0; i < TCPBLOCKS_MAX; i++) {
		/* the first is nobody's */
		block[i] = tcpblocks_take(&blocks, i > 0 ? &owner[i] : NULL);
		assert_non_null(block[i]);
	}
	assert_null(tcpblocks_take(&blocks, owner));
	assert_ptr_equal(tcpblocks_longest(&blocks, NULL), &owner[1]);
	assert_ptr_equal(tcpblocks_longest(&blocks, &owner[1]), &owner[2]);
	tcpblocks_give(&blocks, block[1]);
	assert_ptr_equal(tcpblocks_longest(&blocks, NULL), &owner[2]);
	assert_ptr_equal(tcpblocks_take(&blocks, NULL), block[1]);
	tcpblocks_hand(&blocks, block[2], &owner[1]);
	assert_ptr_equal(tcpblocks_longest(&blocks, NULL), &owner[3]);
	assert_int_equal(blocks.count, TCPBLOCKS_MAX);
	tcpblocks_free(&blocks);
	assert_null(tcpblocks_longest(&blocks, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(makes_room),
	    cmocka_unit_test(knows_who_is_late),
	    cmocka_unit_test(a_query_renews),
	    cmocka_unit_test(blocks_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
