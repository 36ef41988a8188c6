/*
 * Sightings and batches as bytes: big-endian, a version in each.  What of a
 * sighting may be shown is evidence.c's, so that its grammar is checked there;
 * all else that it has stands before that.  Which batches count, and what is
 * done with their sightings, is store_ahead.c's.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "digest.h"
#include "store_ahead_record.h"

#define SIGHTING_VERSION 1
#define EPOCH_VERSION 1
#define FLAG_LISTS 1
#define FLAG_TAG 2
#define FLAG_LIVE 4
#define FLAGS (FLAG_LISTS | FLAG_TAG | FLAG_LIVE)

/* The last octet is the version of a batch. */
#define MAGIC "BSAHEAD\1"
#define MAGIC_SIZE 8
#define DIGEST_AT (BS_AHEAD_HEAD_SIZE - BS_DIGEST_SIZE)

_Static_assert(BS_AHEAD_SIGHTING_MAX <= UINT16_MAX, "sizes have two octets");

/* --- a sighting ----------------------------------------------------------- */

static uint8_t *
put(uint8_t *at, const void *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return at + size;
}

static uint8_t
flags_of(const struct bs_sighting *sighting)
{
	return (uint8_t)((sighting->lists ? FLAG_LISTS : 0) |
			 (sighting->has_tag ? FLAG_TAG : 0) |
			 (sighting->door == BS_DOOR_LIVE ? FLAG_LIVE : 0));
}

/* Class, source and facts, as a list of one item. */
static size_t
put_evidence(const struct bs_sighting *sighting, uint8_t *at)
{
	struct bs_evidence_list list;

	list.until_s = list.due_s = 0;
	list.count = 1;
	list.item[0] = (struct bs_evidence){.class = sighting->class,
	    .source = sighting->source,
	    .facts = sighting->facts};
	return bs_evidence_encode(&list, at);
}

size_t
bs_ahead_encode(
    const struct bs_sighting *sighting, uint8_t bytes[BS_AHEAD_SIGHTING_MAX])
{
	size_t feed_size = strlen(sighting->feed);
	uint8_t *at = bytes;

	assert(sighting->more_count <= BS_POLICY_MORE_TRAPS_MAX);
	*at++ = SIGHTING_VERSION;
	*at++ = flags_of(sighting);
	bs_put_be32(at, sighting->received_s);
	at = put(at + 4, sighting->identity, BS_KEYHASH_SIZE);
	at = put(at, sighting->trap, BS_KEYHASH_SIZE);
	if (sighting->has_tag)
		at = put(at, sighting->tag, BS_KEYHASH_SIZE);
	*at++ = (uint8_t)sighting->more_count;
	at = put(at, sighting->more, sighting->more_count * BS_KEYHASH_SIZE);
	*at++ = (uint8_t)feed_size;
	at = put(at, sighting->feed, feed_size);
	return (size_t)(at - bytes) + put_evidence(sighting, at);
}

/* Takes `size` bytes, if they are there. */
static bool
take(struct bs_rest *rest, void *bytes_r, size_t size)
{
	const uint8_t *at = bs_take(rest, size);

	if (at == NULL)
		return false;
	memcpy(bytes_r, at, size);
	return true;
}

static bool
take_traps(struct bs_rest *rest, struct bs_sighting *sighting)
{
	uint8_t count;

	if (!take(rest, sighting->trap, BS_KEYHASH_SIZE) ||
	    (sighting->has_tag &&
		!take(rest, sighting->tag, BS_KEYHASH_SIZE)) ||
	    !take(rest, &count, 1) || count > BS_POLICY_MORE_TRAPS_MAX)
		return false;
	sighting->more_count = count;
	return take(rest, sighting->more, count * (size_t)BS_KEYHASH_SIZE);
}

static bool
take_feed(struct bs_rest *rest, struct bs_sighting *sighting)
{
	uint8_t size;

	if (!take(rest, &size, 1) || size > BS_FEED_NAME_MAX ||
	    !take(rest, sighting->feed, size))
		return false;
	sighting->feed[size] = '\0';
	return strlen(sighting->feed) == size &&
	       bs_feed_is_sound(sighting->feed);
}

static int
take_evidence(const struct bs_rest *rest, struct bs_sighting *sighting)
{
	struct bs_evidence_list list;
	int error = bs_evidence_decode(rest->at, rest->size, &list);

	if (error != BS_OK)
		return error;
	if (list.count != 1)
		return BS_ECORRUPT;
	sighting->class = list.item[0].class;
	sighting->source = list.item[0].source;
	sighting->facts = list.item[0].facts;
	return BS_OK;
}

int
bs_ahead_decode(
    const uint8_t *bytes, size_t size, struct bs_sighting *sighting_r)
{
	struct bs_sighting sighting = {0};
	struct bs_rest rest = {bytes, size};
	const uint8_t *head = bs_take(&rest, 6);
	int error;

	if (head == NULL)
		return BS_ECORRUPT;
	if (head[0] != SIGHTING_VERSION)
		return BS_EVERSION;
	if ((head[1] & ~FLAGS) != 0)
		return BS_ECORRUPT;
	sighting.lists = (head[1] & FLAG_LISTS) != 0;
	sighting.has_tag = (head[1] & FLAG_TAG) != 0;
	sighting.door =
	    (head[1] & FLAG_LIVE) != 0 ? BS_DOOR_LIVE : BS_DOOR_FILES;
	sighting.received_s = bs_get_be32(head + 2);
	if (!take(&rest, sighting.identity, BS_KEYHASH_SIZE) ||
	    !take_traps(&rest, &sighting) || !take_feed(&rest, &sighting))
		return BS_ECORRUPT;
	error = take_evidence(&rest, &sighting);
	if (error == BS_OK)
		*sighting_r = sighting;
	return error;
}

/* --- what of it is in the database ---------------------------------------- */

void
bs_epoch_encode(uint64_t epoch, uint8_t value[BS_EPOCH_VALUE_SIZE])
{
	value[0] = EPOCH_VERSION;
	bs_put_be64(value + 1, epoch);
}

int
bs_epoch_decode(const uint8_t *value, size_t size, uint64_t *epoch_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != EPOCH_VERSION)
		return BS_EVERSION;
	if (size != BS_EPOCH_VALUE_SIZE)
		return BS_ECORRUPT;
	*epoch_r = bs_get_be64(value + 1);
	return BS_OK;
}

/* --- a batch -------------------------------------------------------------- */

/* Of all before the digest, and of the sightings. */
static int
digest_of(const uint8_t *batch, size_t size, uint8_t digest_r[BS_DIGEST_SIZE])
{
	struct bs_digest *digest = bs_digest_new();

	if (digest == NULL)
		return BS_ENOMEM;
	bs_digest_add(digest, batch, DIGEST_AT);
	bs_digest_add(digest, batch + BS_AHEAD_HEAD_SIZE, size);
	return bs_digest_end(&digest, digest_r);
}

int
bs_ahead_seal(const struct bs_ahead_head *head, uint8_t *batch)
{
	uint8_t *at = put(batch, MAGIC, MAGIC_SIZE);

	bs_put_be64(at, head->epoch);
	bs_put_be32(at + 8, head->index);
	bs_put_be64(at + 12, head->size);
	return digest_of(batch, head->size, batch + DIGEST_AT);
}

int
bs_ahead_open(const struct bs_rest *rest, struct bs_ahead_head *head_r,
    struct bs_rest *sightings_r)
{
	struct bs_rest left = *rest;
	const uint8_t *at = bs_take(&left, BS_AHEAD_HEAD_SIZE);
	uint8_t digest[BS_DIGEST_SIZE];
	uint64_t size;
	int error;

	if (at == NULL || memcmp(at, MAGIC, MAGIC_SIZE - 1) != 0)
		return BS_ENOTFOUND;
	if (at[MAGIC_SIZE - 1] != MAGIC[MAGIC_SIZE - 1])
		return BS_EVERSION;
	size = bs_get_be64(at + MAGIC_SIZE + 12);
	if (size > left.size)
		return BS_ENOTFOUND;
	error = digest_of(at, size, digest);
	if (error != BS_OK)
		return error;
	if (memcmp(digest, at + DIGEST_AT, BS_DIGEST_SIZE) != 0)
		return BS_ENOTFOUND;
	*head_r = (struct bs_ahead_head){.epoch = bs_get_be64(at + MAGIC_SIZE),
	    .index = bs_get_be32(at + MAGIC_SIZE + 8),
	    .size = size};
	*sightings_r = (struct bs_rest){left.at, size};
	return BS_OK;
}

int
bs_ahead_next(struct bs_rest *sightings, struct bs_sighting *sighting_r)
{
	const uint8_t *at;
	size_t size;

	if (sightings->size == 0)
		return BS_ENOTFOUND;
	at = bs_take(sightings, BS_AHEAD_SIZE_SIZE);
	size = at == NULL ? 0 : bs_get_be16(at);
	at = at == NULL ? NULL : bs_take(sightings, size);
	if (at == NULL) {
		sightings->size = 0;
		return BS_ECORRUPT;
	}
	return bs_ahead_decode(at, size, sighting_r);
}

int
bs_ahead_walk_next(struct bs_ahead_walk *walk, struct bs_rest *sightings_r)
{
	struct bs_ahead_head head;
	struct bs_rest sightings;
	size_t used;
	int error = bs_ahead_open(&walk->rest, &head, &sightings);

	if (error != BS_OK)
		return error;
	if (head.epoch != walk->epoch || head.index != walk->index)
		return BS_ENOTFOUND;
	walk->index++;
	used = (BS_AHEAD_HEAD_SIZE + head.size + BS_AHEAD_BLOCK - 1) /
	       BS_AHEAD_BLOCK * BS_AHEAD_BLOCK;
	/* the last one may end with the file, short of its block */
	if (bs_take(&walk->rest, used) == NULL)
		walk->rest.size = 0;
	*sightings_r = sightings;
	return BS_OK;
}

/* What is behind an epoch in the part at a place of the file; BS_ENOTFOUND. */
static int
find_part(const struct bs_rest *file, size_t at, uint64_t after,
    struct bs_ahead_walk *walk_r)
{
	struct bs_rest rest = {file->at, file->size}, sightings;
	struct bs_ahead_head head;
	int error;

	if (at > 0 && bs_take(&rest, at) == NULL)
		return BS_ENOTFOUND;
	if (rest.size > BS_AHEAD_PART)
		rest.size = BS_AHEAD_PART;
	error = bs_ahead_open(&rest, &head, &sightings);
	if (error != BS_OK)
		return error;
	if (head.index != 0 || head.epoch <= after)
		return BS_ENOTFOUND;
	*walk_r = (struct bs_ahead_walk){.rest = rest, .epoch = head.epoch};
	return BS_OK;
}

int
bs_ahead_find_parts(
    const struct bs_rest *file, uint64_t after, struct bs_ahead_parts *parts_r)
{
	struct bs_ahead_parts parts = {.count = 0};

	for (size_t i = 0; i < BS_AHEAD_PARTS; i++) {
		struct bs_ahead_walk walk;
		int error = find_part(file, i * BS_AHEAD_PART, after, &walk);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		parts.walk[parts.count++] = walk;
	}
	if (parts.count == 2 && parts.walk[0].epoch > parts.walk[1].epoch) {
		struct bs_ahead_walk first = parts.walk[1];

		parts.walk[1] = parts.walk[0];
		parts.walk[0] = first;
	}
	*parts_r = parts;
	return BS_OK;
}

bool
bs_ahead_is_foreign(const struct bs_ahead_parts *parts, uint64_t after)
{
	return parts->count > 0 && parts->walk[0].epoch - after > 1;
}
