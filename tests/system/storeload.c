/*
 * A live door without a network, for tests/system/crash: sightings go through
 * the feeder's group commit as an SMTP listener's would, and each that is
 * acknowledged is told.
 *
 *	storeload FOLDER stream FIRST COUNT	an acknowledged number a line
 *	storeload FOLDER verify <NUMBERS	whether all of them are there
 *
 * Number N is a bounce from 11.0.0.0 + N, so that each makes a listing, a
 * sighting and an identity.  `stream` first tells how long opening took:
 * "open MICROSECONDS".
 */
#include "autoconf.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "groupqueue.h"

#define FIRST_ADDRESS 0x0b000000u

struct load {
	struct bs_store *store;
	struct bs_policy policy;
	int wake[2];
	char text[65536]; /* numbers to tell, whole lines */
	size_t size;
	unsigned long told, failed;
};

static void
die(const char *what)
{
	fprintf(stderr, "storeload: %s\n", what);
	exit(3);
}

static struct bs_sighting
numbered(uint32_t number)
{
	struct bs_sighting sighting = {
	    .source = {.family = BS_IPV4},
	    .class = BS_BOUNCE,
	    .received_s = bs_clock_now_s(&bs_clock_system),
	    .door = BS_DOOR_LIVE,
	    .feed = BS_FEED_LOCAL,
	    .lists = true,
	};

	bs_put_be32(sighting.source.octet, FIRST_ADDRESS + number);
	bs_put_be32(sighting.identity, number * 2654435761u);
	bs_put_be32(sighting.identity + 4, number);
	return sighting;
}

/* --- streaming --------------------------------------------------------------- */

/* One write for whole lines: a kill leaves no half of one. */
static void
tell(struct load *load)
{
	if (load->size > 0 &&
	    write(STDOUT_FILENO, load->text, load->size) != (ssize_t)load->size)
		die("standard output can't be written");
	load->size = 0;
}

static void
on_wake(void *context)
{
	const struct load *load = context;

	if (write(load->wake[1], "w", 1) != 1 && errno != EAGAIN)
		die("no wake");
}

static void
on_done(void *context, const struct group_entry *entry)
{
	struct load *load = context;

	if (entry->error != BS_OK) {
		load->failed++;
		return;
	}
	load->told++;
	load->size += (size_t)snprintf(load->text + load->size,
	    sizeof(load->text) - load->size, "%lu\n",
	    (unsigned long)(uintptr_t)entry->ticket);
	if (load->size > sizeof(load->text) - 32)
		tell(load);
}

static void
on_trouble(void *context, int error, const char *line)
{
	(void)context;
	(void)error;
	fprintf(stderr, "storeload: %s\n", line);
}

static void
collect(struct load *load, struct groupqueue *queue)
{
	struct pollfd file = {.fd = load->wake[0], .events = POLLIN};
	char bytes[256];

	if (poll(&file, 1, 1000) == 1 &&
	    read(load->wake[0], bytes, sizeof(bytes)) < 0)
		die("no wake");
	(void)groupqueue_collect(queue);
	tell(load);
}

static void
stream(struct load *load, const char *folder, uint32_t first, uint32_t count)
{
	const struct groupqueue_setup setup = {
	    .target = {.store = load->store,
		.policy = &load->policy,
		.clock = &bs_clock_system,
		.database = folder,
		.actor = "feeder"},
	    .queue_max = 500,
	    .group_max = 100,
	    .group_ms = 20,
	    .wake = on_wake,
	    .done = on_done,
	    .trouble = on_trouble,
	    .context = load,
	};
	struct groupqueue *queue;
	struct bs_message message;

	if (pipe(load->wake) != 0 ||
	    groupqueue_new(&setup, &queue, &message) != BS_OK)
		die("no queue");
	for (uint32_t i = first; i < first + count;) {
		struct bs_sighting sighting = numbered(i);

		if (groupqueue_put(queue, &sighting, (void *)(uintptr_t)i) ==
		    BS_OK)
			i++;
		else
			collect(load, queue);
	}
	groupqueue_free(&queue);
	tell(load);
}

/* --- verifying ---------------------------------------------------------------- */

static unsigned long
count_missing(struct load *load, unsigned long *numbers_r)
{
	struct bs_snapshot *snapshot;
	unsigned long number, missing = 0;

	if (bs_snapshot_new(load->store, &snapshot, NULL) != BS_OK ||
	    bs_snapshot_renew(snapshot) != BS_OK)
		die("no snapshot");
	*numbers_r = 0;
	while (scanf("%lu", &number) == 1) {
		struct bs_sighting sighting = numbered((uint32_t)number);
		struct bs_prefix prefix = bs_prefix_single(&sighting.source);
		struct bs_listing listing;

		++*numbers_r;
		if (bs_snapshot_get(snapshot, &prefix, &listing) == BS_OK &&
		    listing.classes == BS_BOUNCE)
			continue;
		if (missing++ < 10)
			printf("missing: %lu\n", number);
	}
	bs_snapshot_free(&snapshot);
	return missing;
}

/* Every part of each sighting is there, or none: the counts are the same. */
static bool
is_whole(struct load *load)
{
	struct bs_store_stats stats;
	struct bs_snapshot *snapshot;

	if (bs_snapshot_new(load->store, &snapshot, NULL) != BS_OK ||
	    bs_snapshot_renew(snapshot) != BS_OK ||
	    bs_snapshot_stats(
		snapshot, bs_clock_now_s(&bs_clock_system), &stats) != BS_OK)
		die("no counts");
	bs_snapshot_free(&snapshot);
	printf("listings %lu sightings %lu identities %lu changes %lu\n",
	    (unsigned long)stats.listings_ipv4, (unsigned long)stats.sightings,
	    (unsigned long)stats.seen, (unsigned long)stats.journal_entries);
	return stats.listings_ipv4 == stats.sightings &&
	       stats.sightings == stats.seen;
}

static int
verify(struct load *load)
{
	unsigned long numbers, missing = count_missing(load, &numbers);
	bool whole = is_whole(load);

	printf("%lu of %lu are missing%s\n", missing, numbers,
	    whole ? "" : ", some are half written");
	return missing > 0 || !whole;
}

int
main(int argc, char **argv)
{
	struct load *load = calloc(1, sizeof(*load));
	uint64_t start_ns = bs_clock_monotonic_ns();
	struct bs_message message;
	bool streams = argc == 5 && strcmp(argv[2], "stream") == 0;
	int failed;

	if (load == NULL ||
	    (!streams && (argc != 3 || strcmp(argv[2], "verify") != 0)))
		die("usage: FOLDER stream FIRST COUNT | FOLDER verify");
	bs_policy_defaults(&load->policy);
	if (bs_store_open(argv[1], streams ? BS_STORE_WRITE : BS_STORE_READ,
		&load->store, &message) != BS_OK)
		die(message.text);
	if (streams) {
		printf("open %lu\n",
		    (unsigned long)((bs_clock_monotonic_ns() - start_ns) /
				    1000));
		(void)fflush(stdout);
		stream(load, argv[1], (uint32_t)strtoul(argv[3], NULL, 10),
		    (uint32_t)strtoul(argv[4], NULL, 10));
	}
	failed = streams ? load->failed > 0 : verify(load);
	bs_store_free(&load->store);
	free(load);
	return failed;
}
