/*
 * Hands out what our own traps have seen, for a partner to import.  Who gets two
 * of these files, made for two partners, can't tell that they speak of the same
 * traps: all hashes are made anew under our key and the partner's name.  No
 * second of a sighting leaves the house, since who probes knows his seconds.
 *
 * Called by main.c; the lines are lib/sighting_line.c's.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "handout.h"
#include "keyhash.h"
#include "sighting_line.h"
#include "stdfiles.h"
#include "store.h"

#define BATCH 1000 /* sightings read from one snapshot */
#define HOUR_S 3600u

struct handing {
	const struct handout_job *job;
	struct bs_store *store;
	struct bs_snapshot *snapshot;
	struct bs_keyhash *hash;
};

static void
to_hex(const uint8_t bytes[BS_KEYHASH_SIZE],
    char hex_r[BS_SIGHTING_LINE_HEX_MAX + 1])
{
	for (size_t i = 0; i < BS_KEYHASH_SIZE; i++)
		(void)snprintf(hex_r + 2 * i, 3, "%02x", bytes[i]);
}

/* Bytes of ours under the partner's name. */
static void
rekey(struct handing *handing, const char *domain, const void *bytes,
    size_t size, char hex_r[BS_SIGHTING_LINE_HEX_MAX + 1])
{
	const char *partner = handing->job->partner;
	uint8_t digest[BS_KEYHASH_SIZE];

	bs_keyhash_start(handing->hash, domain);
	bs_keyhash_add(handing->hash, partner, strlen(partner) + 1);
	bs_keyhash_add(handing->hash, bytes, size);
	bs_keyhash_end(handing->hash, digest);
	to_hex(digest, hex_r);
}

static int
write_one(struct handing *handing, const struct bs_sighting_seen *seen)
{
	struct bs_sighting_line line = {.source = seen->prefix.addr,
	    .class = seen->class,
	    .time_s = seen->received_s - seen->received_s % HOUR_S};

	rekey(handing, "handout sighting", seen->key, seen->key_size, line.id);
	rekey(
	    handing, "handout trap", seen->trap, sizeof seen->trap, line.trap);
	(void)snprintf(line.feed, sizeof line.feed, "%s", handing->job->as);
	return bs_sighting_line_write(&line, handing->job->out);
}

static bool
is_ours(const struct handing *handing, const struct bs_sighting_seen *seen)
{
	return seen->lists && strcmp(seen->feed, BS_FEED_LOCAL) == 0 &&
	       seen->received_s >= handing->job->since_s;
}

/* Up to BATCH of them; BS_ENOTFOUND after the last one. */
static int
write_batch(struct handing *handing, struct bs_sighting_seen *seen)
{
	int error = bs_snapshot_renew(handing->snapshot);

	for (int i = 0; error == BS_OK && i < BATCH; i++) {
		error = bs_snapshot_sighting_next(handing->snapshot, seen);
		if (error == BS_OK && is_ours(handing, seen))
			error = write_one(handing, seen);
	}
	bs_snapshot_release(handing->snapshot);
	return error;
}

static void
write_all(struct handing *handing)
{
	const struct handout_job *job = handing->job;
	struct bs_sighting_seen seen = {.key_size = 0};
	struct bs_message message;
	int error = BS_OK;

	while (error == BS_OK && !stop_asked(job->stop))
		error = write_batch(handing, &seen);
	/* of an output that takes no more, main tells */
	if (error == BS_ENOTFOUND || ferror(job->out))
		return;
	bs_message_set(&message, "%.600s: the export is cut: %s: run it again",
	    job->config->database,
	    error == BS_OK ? "it was stopped" : bs_strerror(error));
	messages_error(job->messages, message.text);
}

/* False when the user was told why not. */
static bool
open_all(struct handing *handing)
{
	const struct handout_job *job = handing->job;
	struct bs_message message;
	struct bs_key key;

	if (bs_store_open(job->config->database, BS_STORE_READ, &handing->store,
		&message) != BS_OK ||
	    bs_snapshot_new(handing->store, &handing->snapshot, &message) !=
		BS_OK ||
	    bs_key_load(job->config->trap_key, &key, &message) != BS_OK) {
		messages_error(job->messages, message.text);
		return false;
	}
	handing->hash = bs_keyhash_new(&key);
	explicit_bzero(&key, sizeof(key));
	if (handing->hash == NULL)
		messages_error(job->messages,
		    "out of memory: close other programs, then export again");
	return handing->hash != NULL;
}

void
handout(const struct handout_job *job)
{
	struct handing handing = {.job = job};

	if (open_all(&handing))
		write_all(&handing);
	bs_keyhash_free(&handing.hash);
	bs_snapshot_free(&handing.snapshot);
	bs_store_free(&handing.store);
}
