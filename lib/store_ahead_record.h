/*
 * The bytes of what is written ahead of the database (store_ahead.c): a file of
 * batches, each of them a head, and sightings behind their sizes.  Pure; for
 * lib/store*.c only.
 */
#ifndef BS_STORE_AHEAD_RECORD_H
#define BS_STORE_AHEAD_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "evidence.h"
#include "keyhash.h"
#include "policy.h"
#include "store.h"

/* --- a sighting ----------------------------------------------------------- */

/* Version, flags, time; identity, trap, tag; other traps; feed; evidence. */
#define BS_AHEAD_SIGHTING_MAX                                \
	(6 + 3 * BS_KEYHASH_SIZE + 1 +                       \
	    BS_POLICY_MORE_TRAPS_MAX * BS_KEYHASH_SIZE + 1 + \
	    BS_FEED_NAME_MAX + BS_EVIDENCE_HEADER_SIZE + BS_EVIDENCE_ITEM_MAX)

/* Of one that bs_writer_sighting has taken in.  Returns its size. */
size_t bs_ahead_encode(
    const struct bs_sighting *sighting, uint8_t bytes[BS_AHEAD_SIGHTING_MAX]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_ahead_decode(
    const uint8_t *bytes, size_t size, struct bs_sighting *sighting_r);

/* --- what of it is in the database: a record of table meta ---------------- */

#define BS_EPOCH_VALUE_SIZE 9

void bs_epoch_encode(uint64_t epoch, uint8_t value[BS_EPOCH_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_epoch_decode(const uint8_t *value, size_t size, uint64_t *epoch_r);

/* --- a batch -------------------------------------------------------------- */

/* Each begins at a block, so that no block is written twice. */
#define BS_AHEAD_BLOCK ((size_t)4096)
#define BS_AHEAD_HEAD_SIZE ((size_t)44)
#define BS_AHEAD_SIZE_SIZE ((size_t)2) /* before each sighting */

struct bs_ahead_head {
	uint64_t epoch; /* which transaction: each has a higher one */
	uint32_t index; /* of the batch in it, from 0 */
	size_t size;    /* bytes of the sightings behind the head */
};

/* Fills in the head of a batch, head->size bytes behind it being there.
 * BS_ESYSTEM where there is no digest. */
int bs_ahead_seal(const struct bs_ahead_head *head, uint8_t *batch);
/*
 * Reads a batch of at most rest->size bytes: its head, and in *sightings_r,
 * borrowed, what is behind it.  BS_ENOTFOUND: here is none, or not all of one.
 * BS_EVERSION.
 */
int bs_ahead_open(const struct bs_rest *rest, struct bs_ahead_head *head_r,
    struct bs_rest *sightings_r);
/* The next sighting of a batch; BS_ENOTFOUND at the end, BS_ECORRUPT (then that
 * one is passed over, if it can be). */
int bs_ahead_next(struct bs_rest *sightings, struct bs_sighting *sighting_r);

/* The batches of one transaction at the beginning of a part of a file. */
struct bs_ahead_walk {
	struct bs_rest rest; /* borrowed */
	uint64_t epoch;
	uint32_t index; /* of the batch to come: 0 */
};

/* The sightings of its next batch, borrowed; BS_ENOTFOUND after the last one.
 * Else as bs_ahead_open. */
int bs_ahead_walk_next(struct bs_ahead_walk *walk, struct bs_rest *sightings_r);

/* Two transactions' batches are in a file at most, each in a part of it. */
#define BS_AHEAD_PARTS 2
#define BS_AHEAD_PART ((size_t)512 * 1024)
#define BS_AHEAD_BYTES (BS_AHEAD_PARTS * BS_AHEAD_PART) /* the file */

/* Those behind an epoch, in the order in which they were written. */
struct bs_ahead_parts {
	size_t count;
	struct bs_ahead_walk walk[BS_AHEAD_PARTS];
};

/* Looks for them in the content of a file (borrowed).  BS_EVERSION. */
int bs_ahead_find_parts(
    const struct bs_rest *file, uint64_t after, struct bs_ahead_parts *parts_r);
/*
 * Whether what is behind epoch `after`, that of the database, was written ahead
 * of another one: a transaction is missing between.
 */
bool bs_ahead_is_foreign(const struct bs_ahead_parts *parts, uint64_t after);

#endif
