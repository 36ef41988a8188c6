/*
 * Changes a database at a steady pace, and tells how soon that is answered.
 *
 *	dnswriter churn DATABASE RATE SECONDS
 *	dnswriter toggle DATABASE PREFIX COUNT
 *	dnswriter latency DATABASE PORT COUNT
 *
 * churn adds RATE listings a second and removes as many, those of a second ago,
 * in COMMITS commits a second; at its end all are removed.  toggle adds a
 * prefix and removes it again, COUNT times, each in a transaction of its own,
 * so that the serial moves by one each time.  latency does that with an address
 * and asks the server on 127.0.0.1 until the change is answered; prints the
 * median and the longest time from the end of the commit, in milliseconds.
 *
 * Used by tests/bench/churn and tests/system/changes.  The zone is bl.test.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "store.h"

#define COMMITS 10 /* a second */
#define ADDRESS "203.0.99.7"
#define QUESTION \
	"\1"     \
	"7"      \
	"\2"     \
	"99"     \
	"\1"     \
	"0"      \
	"\3"     \
	"203"    \
	"\2"     \
	"bl"     \
	"\4"     \
	"test"

static void
fail(const char *what)
{
	fprintf(stderr, "dnswriter: %s\n", what);
	exit(3);
}

static struct bs_store *
open_store(const char *path)
{
	struct bs_store *store;
	struct bs_message message;

	if (bs_store_open(path, BS_STORE_WRITE, &store, &message) != BS_OK)
		fail(message.text);
	return store;
}

static struct bs_writer *
begin(struct bs_store *store)
{
	struct bs_writer *writer;
	struct bs_message message;

	if (bs_writer_begin(store, bs_clock_now_s(&bs_clock_system), "churn",
		&writer, &message) != BS_OK)
		fail(message.text);
	return writer;
}

static void
commit(struct bs_writer **writer)
{
	struct bs_message message;

	if (bs_writer_commit(writer, &message) != BS_OK)
		fail(message.text);
}

static void
add(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	bool new;

	if (bs_writer_add(writer, prefix, BS_BOUNCE, BS_LISTING_FOREVER, "",
		&new) != BS_OK)
		fail("a listing can't be added");
}

/* One that is not there (any more) is none of ours. */
static void
take_off(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	int error = bs_writer_remove(writer, prefix, "");

	if (error != BS_OK && error != BS_ENOTFOUND)
		fail("a listing can't be removed");
}

/* --- churn ---------------------------------------------------------------- */

/* The n-th address that comes and goes: spread over 100.0.0.0/6, where
 * tests/bench/listdata has some too. */
static struct bs_prefix
nth(uint64_t n)
{
	struct bs_prefix prefix = {.addr = {.family = BS_IPV4}, .bits = 32};
	uint32_t spread = (uint32_t)(n * 2654435761u);

	bs_put_be32(prefix.addr.octet, 100u << 24 | spread >> 6);
	return prefix;
}

static void
sleep_until(uint64_t at_ns)
{
	uint64_t now_ns = bs_clock_monotonic_ns();
	struct timespec rest;

	if (at_ns <= now_ns)
		return;
	rest.tv_sec = (time_t)((at_ns - now_ns) / 1000000000);
	rest.tv_nsec = (long)((at_ns - now_ns) % 1000000000);
	(void)nanosleep(&rest, NULL);
}

static void
churn(struct bs_store *store, uint64_t rate, double seconds)
{
	uint64_t start_ns = bs_clock_monotonic_ns(), step = rate / COMMITS;
	uint64_t commits = (uint64_t)(seconds * COMMITS), added = 0,
		 removed = 0;
	struct bs_writer *writer;

	for (uint64_t i = 0; i < commits; i++) {
		sleep_until(start_ns + i * (1000000000ull / COMMITS));
		writer = begin(store);
		for (uint64_t j = 0; j < step; j++) {
			struct bs_prefix prefix = nth(added++);

			add(writer, &prefix);
		}
		while (removed + rate < added) {
			struct bs_prefix prefix = nth(removed++);

			take_off(writer, &prefix);
		}
		commit(&writer);
	}
	printf("%.0f\n",
	    (double)added * 1e9 / (double)(bs_clock_monotonic_ns() - start_ns));
	writer = begin(store);
	while (removed < added) {
		struct bs_prefix prefix = nth(removed++);

		take_off(writer, &prefix);
	}
	commit(&writer);
}

/* --- one prefix on and off -------------------------------------------------- */

static void
set(struct bs_store *store, const struct bs_prefix *prefix, bool listed)
{
	struct bs_writer *writer = begin(store);

	if (listed)
		add(writer, prefix);
	else
		take_off(writer, prefix);
	commit(&writer);
}

static struct bs_prefix
parse(const char *text)
{
	struct bs_prefix prefix;

	if (bs_prefix_parse(text, strlen(text), &prefix) != BS_OK)
		fail("no such prefix");
	return prefix;
}

static void
toggle(struct bs_store *store, const char *text, unsigned count)
{
	struct bs_prefix prefix = parse(text);

	for (unsigned i = 0; i < 2 * count; i++)
		set(store, &prefix, i % 2 == 0);
}

/* --- latency ---------------------------------------------------------------- */

static int
connect_to(uint16_t port)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	struct timeval limit = {.tv_sec = 1};
	int file = socket(AF_INET, SOCK_DGRAM, 0);

	if (file < 0 ||
	    connect(file, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) !=
		0)
		fail("no socket");
	return file;
}

/* Whether the address is answered as listed; a lost answer is asked for
 * again. */
static bool
is_listed(int file)
{
	static const uint8_t rest[] = {0, 0, 1, 0, 1};
	uint8_t message[512] = {[5] = 1};
	size_t size = 12;

	memcpy(message + size, QUESTION, sizeof(QUESTION) - 1);
	size += sizeof(QUESTION) - 1;
	memcpy(message + size, rest, sizeof(rest));
	size += sizeof(rest);
	for (int i = 0; i < 10; i++) {
		uint8_t answer[512];

		if (send(file, message, size, 0) == (ssize_t)size &&
		    recv(file, answer, sizeof(answer), 0) >= 12)
			return (answer[3] & 0xf) == 0;
	}
	fail("no answer");
	return false;
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static void
latency(struct bs_store *store, uint16_t port, size_t count)
{
	struct bs_prefix prefix = parse(ADDRESS);
	double *took_ms = calloc(2 * count + 1, sizeof(*took_ms));
	int file = connect_to(port);

	if (took_ms == NULL || count == 0)
		fail("out of memory");
	set(store, &prefix, false);
	for (size_t i = 0; i < 2 * count; i++) {
		uint64_t committed_ns;

		set(store, &prefix, i % 2 == 0);
		committed_ns = bs_clock_monotonic_ns();
		while (is_listed(file) != (i % 2 == 0))
			;
		took_ms[i] =
		    (double)(bs_clock_monotonic_ns() - committed_ns) / 1e6;
	}
	qsort(took_ms, 2 * count, sizeof(*took_ms), by_size);
	printf("%.2f %.2f\n", took_ms[count], took_ms[2 * count - 1]);
	(void)close(file);
	free(took_ms);
}

int
main(int argc, char **argv)
{
	struct bs_store *store;

	if (argc != 5) {
		fprintf(stderr,
		    "usage: dnswriter churn DATABASE RATE SECONDS\n"
		    "       dnswriter toggle DATABASE PREFIX COUNT\n"
		    "       dnswriter latency DATABASE PORT COUNT\n");
		return 2;
	}
	store = open_store(argv[2]);
	if (strcmp(argv[1], "churn") == 0)
		churn(store, strtoul(argv[3], NULL, 10), atof(argv[4]));
	else if (strcmp(argv[1], "toggle") == 0)
		toggle(store, argv[3], (unsigned)atoi(argv[4]));
	else
		latency(
		    store, (uint16_t)atoi(argv[3]), strtoul(argv[4], NULL, 10));
	bs_store_free(&store);
	return 0;
}
