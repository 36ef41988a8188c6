/*
 * Makes the same list for every server, and the questions for it: COUNT
 * different global IPv4 addresses, by a fixed generator, so that every run has
 * the same ones.
 *
 *	listdata FOLDER COUNT
 *
 * FOLDER gets plain.txt (an address a line), rbldnsd.ip4, zone.txt (a master
 * file of bl.test) and hits-0.txt, hits-20.txt, hits-100.txt, 500,000 questions
 * each, a twentieth of the listed ones for TXT.  Used by tests/bench/dns.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ipprefix.h"
#include "reserved.h"

#define QUESTIONS 500000

struct list {
	uint32_t *addr;
	size_t count;
	uint64_t random; /* the generator's state */
};

/* xorshift64*: good enough to spread addresses, the same everywhere. */
static uint32_t
next(struct list *list)
{
	list->random ^= list->random >> 12;
	list->random ^= list->random << 25;
	list->random ^= list->random >> 27;
	return (uint32_t)(list->random * 0x2545f4914f6cdd1dull >> 32);
}

static bool
is_global(uint32_t number)
{
	struct bs_addr addr = {.family = BS_IPV4};

	for (int i = 0; i < 4; i++)
		addr.octet[i] = (uint8_t)(number >> (24 - 8 * i));
	return bs_reserved_find(&addr) == NULL;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void
fill(struct list *list, size_t want)
{
	while (list->count < want) {
		size_t kept = 0;

		while (list->count < want) {
			uint32_t number = next(list);

			if (is_global(number))
				list->addr[list->count++] = number;
		}
		qsort(list->addr, list->count, sizeof(*list->addr), by_number);
		for (size_t i = 0; i < list->count; i++) {
			if (i == 0 || list->addr[i] != list->addr[i - 1])
				list->addr[kept++] = list->addr[i];
		}
		list->count = kept;
	}
}

static FILE *
create(const char *folder, const char *name)
{
	char path[4096];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	if (out == NULL) {
		perror(path);
		exit(3);
	}
	return out;
}

static void
finish(FILE *out)
{
	if (fclose(out) != 0) {
		perror("listdata");
		exit(3);
	}
}

#define OCTETS(n) (n) >> 24, (n) >> 16 & 255, (n) >> 8 & 255, (n)&255
#define REVERSED(n) (n) & 255, (n) >> 8 & 255, (n) >> 16 & 255, (n) >> 24

static void
write_lists(const struct list *list, const char *folder)
{
	FILE *plain = create(folder, "plain.txt");
	FILE *ip4set = create(folder, "rbldnsd.ip4");
	FILE *zone = create(folder, "zone.txt");

	fprintf(ip4set,
	    "$SOA 3600 ns.bl.test hostmaster.bl.test 1 3600 600 604800 300\n"
	    "$NS 3600 ns.bl.test\n:127.0.0.6:$ is listed\n");
	fprintf(zone,
	    "$ORIGIN bl.test.\n$TTL 900\n@ SOA ns hostmaster 1 3600 600 "
	    "604800 300\n@ NS ns\nns A 127.0.0.1\n");
	for (size_t i = 0; i < list->count; i++) {
		uint32_t n = list->addr[i];

		fprintf(plain, "%u.%u.%u.%u\n", OCTETS(n));
		fprintf(ip4set, "%u.%u.%u.%u\n", OCTETS(n));
		fprintf(zone,
		    "%u.%u.%u.%u A 127.0.0.6\n"
		    "%u.%u.%u.%u TXT \"%u.%u.%u.%u is listed\"\n",
		    REVERSED(n), REVERSED(n), OCTETS(n));
	}
	finish(plain);
	finish(ip4set);
	finish(zone);
}

static void
write_questions(struct list *list, const char *folder, unsigned percent)
{
	char name[32];
	FILE *out;

	(void)snprintf(name, sizeof(name), "hits-%u.txt", percent);
	out = create(folder, name);
	for (size_t i = 0; i < QUESTIONS; i++) {
		bool hit = next(list) % 100 < percent;
		uint32_t n =
		    hit ? list->addr[next(list) % list->count] : next(list);

		fprintf(out, "%u.%u.%u.%u.bl.test %s\n", REVERSED(n),
		    hit && next(list) % 20 == 0 ? "TXT" : "A");
	}
	finish(out);
}

int
main(int argc, char **argv)
{
	struct list list = {.random = 0x9e3779b97f4a7c15ull};
	size_t want = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (argc != 3 || want == 0 || want > 50000000) {
		fprintf(stderr, "usage: listdata FOLDER COUNT\n");
		return 2;
	}
	list.addr = calloc(want, sizeof(*list.addr));
	if (list.addr == NULL) {
		perror("listdata");
		return 3;
	}
	fill(&list, want);
	write_lists(&list, argv[1]);
	write_questions(&list, argv[1], 0);
	write_questions(&list, argv[1], 20);
	write_questions(&list, argv[1], 100);
	free(list.addr);
	return 0;
}
