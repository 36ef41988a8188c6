/*
 * The store's own records to bytes and back: schema, state, sightings, keys of
 * the indexes by time.  Pure.  Listings and journal entries have files of
 * their own; what the records are for is said in the lib/store_*.c that keep
 * them.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "store.h"
#include "store_record.h"

#define STATE_VERSION 1
#define STATE_HEADER 19
#define STATE_PAIR 10
#define STATE_EXEMPT 0x80 /* with the family of a pair */
#define SIGHTING_VERSION 3
#define SIGHTING_VERSION_OLD 2  /* without the time when it may go */
#define SIGHTING_VERSION_MORE 4 /* with more traps than one */
#define SIGHTING_LISTS 1
#define TIME_VERSION 1
#define PAST_VERSION 1
#define CLOCK_VERSION 1
#define KEEP_VERSION 1
#define SELF_VERSION 1

/* --- schema ------------------------------------------------------------- */

static const char signature[16] = "Backstop listing";

size_t
bs_schema_encode(
    uint32_t schema, uint32_t created_s, uint8_t value[BS_SCHEMA_SIZE])
{
	memcpy(value, signature, sizeof(signature));
	bs_put_be32(value + 16, schema);
	bs_put_be32(value + 20, created_s);
	return BS_SCHEMA_SIZE;
}

int
bs_schema_decode(const uint8_t *value, size_t size, uint32_t *schema_r)
{
	/* another schema may have appended to it */
	if (size < 20 || memcmp(value, signature, sizeof(signature)) != 0)
		return BS_EFOREIGN;
	*schema_r = bs_get_be32(value + 16);
	return BS_OK;
}

/* --- state -------------------------------------------------------------- */

/* Appends the lengths in use, from pair number `used` on; returns how many
 * pairs there are then. */
static size_t
put_counts(uint8_t *at, size_t used, uint8_t family, const uint64_t *counts)
{
	size_t lengths = 1 + bs_family_bits((uint8_t)(family & ~STATE_EXEMPT));

	for (size_t bits = 0; bits < lengths; bits++) {
		uint8_t *pair = at + used * STATE_PAIR;

		if (counts[bits] == 0)
			continue;
		pair[0] = family;
		pair[1] = (uint8_t)bits;
		bs_put_be64(pair + 2, counts[bits]);
		used++;
	}
	return used;
}

size_t
bs_state_encode(const struct bs_state *state, uint8_t value[BS_STATE_VALUE_MAX])
{
	uint8_t *pairs = value + STATE_HEADER;
	size_t used;

	value[0] = STATE_VERSION;
	bs_put_be64(value + 1, state->number);
	bs_put_be64(value + 9, state->offset);
	used = put_counts(pairs, 0, BS_IPV4, state->count4);
	used = put_counts(pairs, used, BS_IPV6, state->count6);
	used = put_counts(pairs, used, BS_IPV4 | STATE_EXEMPT, state->exempt4);
	used = put_counts(pairs, used, BS_IPV6 | STATE_EXEMPT, state->exempt6);
	bs_put_be16(value + 17, (uint16_t)used);
	return STATE_HEADER + used * STATE_PAIR;
}

static int
get_count(const uint8_t *pair, struct bs_state *state)
{
	uint8_t family = pair[0], bits = pair[1];

	if (family == BS_IPV4 && bits <= 32)
		state->count4[bits] = bs_get_be64(pair + 2);
	else if (family == BS_IPV6 && bits <= 128)
		state->count6[bits] = bs_get_be64(pair + 2);
	else if (family == (BS_IPV4 | STATE_EXEMPT) && bits <= 32)
		state->exempt4[bits] = bs_get_be64(pair + 2);
	else if (family == (BS_IPV6 | STATE_EXEMPT) && bits <= 128)
		state->exempt6[bits] = bs_get_be64(pair + 2);
	else
		return BS_ECORRUPT;
	return BS_OK;
}

int
bs_state_decode(const uint8_t *value, size_t size, struct bs_state *state_r)
{
	struct bs_state state = {0};
	size_t pairs;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != STATE_VERSION)
		return BS_EVERSION;
	if (size < STATE_HEADER)
		return BS_ECORRUPT;
	state.number = bs_get_be64(value + 1);
	state.offset = bs_get_be64(value + 9);
	pairs = bs_get_be16(value + 17);
	if (size != STATE_HEADER + pairs * STATE_PAIR)
		return BS_ECORRUPT;
	for (size_t i = 0; i < pairs; i++) {
		int error =
		    get_count(value + STATE_HEADER + i * STATE_PAIR, &state);

		if (error != BS_OK)
			return error;
	}
	*state_r = state;
	return BS_OK;
}

/* --- the clock's record --------------------------------------------------- */

void
bs_clock_encode(
    const struct bs_clock_record *clock, uint8_t value[BS_CLOCK_VALUE_SIZE])
{
	value[0] = CLOCK_VERSION;
	bs_put_be32(value + 1, clock->written_s);
	bs_put_be32(value + 5, clock->leap_s);
}

int
bs_clock_decode(
    const uint8_t *value, size_t size, struct bs_clock_record *clock_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != CLOCK_VERSION)
		return BS_EVERSION;
	if (size != BS_CLOCK_VALUE_SIZE)
		return BS_ECORRUPT;
	clock_r->written_s = bs_get_be32(value + 1);
	clock_r->leap_s = bs_get_be32(value + 5);
	return BS_OK;
}

/* --- what of the journal is kept ------------------------------------------ */

void
bs_keep_encode(const struct bs_keep *keep, uint8_t value[BS_KEEP_VALUE_SIZE])
{
	value[0] = KEEP_VERSION;
	bs_put_be64(value + 1, keep->number);
	bs_put_be64(value + 9, keep->lost);
}

int
bs_keep_decode(const uint8_t *value, size_t size, struct bs_keep *keep_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != KEEP_VERSION)
		return BS_EVERSION;
	if (size != BS_KEEP_VALUE_SIZE)
		return BS_ECORRUPT;
	keep_r->number = bs_get_be64(value + 1);
	keep_r->lost = bs_get_be64(value + 9);
	return BS_OK;
}

/* --- prefixes ----------------------------------------------------------- */

size_t
bs_prefix_key(const struct bs_prefix *prefix, uint8_t key[BS_PREFIX_KEY_MAX])
{
	key[0] = prefix->addr.family;
	return 1 + bs_listing_key(prefix, key + 1);
}

int
bs_prefix_key_parse(const uint8_t *key, size_t size, struct bs_prefix *prefix_r)
{
	struct bs_prefix prefix;

	if (size < 1 ||
	    bs_listing_key_parse(key + 1, size - 1, &prefix) != BS_OK)
		return BS_ECORRUPT;
	if (prefix.addr.family != key[0])
		return BS_ECORRUPT;
	*prefix_r = prefix;
	return BS_OK;
}

/* --- sightings ---------------------------------------------------------- */

size_t
bs_sighting_group(const struct bs_prefix *prefix, enum bs_class class,
    uint8_t key[BS_SIGHTING_KEY_MAX])
{
	size_t size = bs_prefix_key(prefix, key);

	key[size] = (uint8_t) class;
	return size + 1;
}

size_t
bs_sighting_key(uint8_t key[BS_SIGHTING_KEY_MAX], size_t group_size,
    uint32_t received_s, const uint8_t identity[BS_KEYHASH_SIZE])
{
	assert(group_size <= BS_SIGHTING_GROUP_MAX);
	bs_put_be32(key + group_size, received_s);
	memcpy(key + group_size + 4, identity, 8);
	return group_size + 12;
}

static bool
feed_is_sound(const uint8_t *name, size_t size)
{
	if (size == 0 || size > BS_SIGHTING_FEED_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		uint8_t c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

bool
bs_feed_is_sound(const char *feed)
{
	return feed_is_sound(
	    (const uint8_t *)feed, strnlen(feed, BS_SIGHTING_FEED_MAX + 1));
}

size_t
bs_sighting_encode(const struct bs_sighting_record *record,
    uint8_t value[BS_SIGHTING_VALUE_MAX])
{
	size_t feed_size = strlen(record->feed);
	size_t more_size = record->more_count * BS_KEYHASH_SIZE;
	uint8_t *at = value;

	assert(feed_size > 0 && feed_size <= BS_SIGHTING_FEED_MAX);
	assert(record->more_count <= BS_POLICY_MORE_TRAPS_MAX);
	assert(record->until_s != 0 || record->more_count == 0);
	*at++ = record->more_count > 0 ? SIGHTING_VERSION_MORE
		: record->until_s != 0 ? SIGHTING_VERSION
				       : SIGHTING_VERSION_OLD;
	*at++ = record->lists ? SIGHTING_LISTS : 0;
	if (record->until_s != 0) {
		bs_put_be32(at, record->until_s);
		at += 4;
	}
	memcpy(at, record->trap, BS_KEYHASH_SIZE);
	at += BS_KEYHASH_SIZE;
	if (more_size > 0) {
		*at++ = (uint8_t)record->more_count;
		memcpy(at, record->more, more_size);
		at += more_size;
	}
	memcpy(at, record->feed, feed_size);
	return (size_t)(at + feed_size - value);
}

/* The other traps of a record that has some. */
static bool
take_more(struct bs_rest *rest, struct bs_sighting_record *record)
{
	const uint8_t *at = bs_take(rest, 1);

	if (at == NULL || at[0] == 0 || at[0] > BS_POLICY_MORE_TRAPS_MAX)
		return false;
	record->more_count = at[0];
	at = bs_take(rest, record->more_count * BS_KEYHASH_SIZE);
	if (at == NULL)
		return false;
	memcpy(record->more, at, record->more_count * BS_KEYHASH_SIZE);
	return true;
}

int
bs_sighting_decode(
    const uint8_t *value, size_t size, struct bs_sighting_record *record_r)
{
	struct bs_sighting_record record = {0};
	struct bs_rest rest = {value, size};
	const uint8_t *at = bs_take(&rest, 1);
	uint8_t version;

	if (at == NULL)
		return BS_ECORRUPT;
	version = at[0];
	if (version < SIGHTING_VERSION_OLD || version > SIGHTING_VERSION_MORE)
		return BS_EVERSION;
	at = bs_take(&rest, 1);
	if (at == NULL || (at[0] & ~SIGHTING_LISTS) != 0)
		return BS_ECORRUPT;
	record.lists = at[0] != 0;
	if (version != SIGHTING_VERSION_OLD) {
		at = bs_take(&rest, 4);
		record.until_s = at != NULL ? bs_get_be32(at) : 0;
		if (record.until_s == 0)
			return BS_ECORRUPT;
	}
	at = bs_take(&rest, BS_KEYHASH_SIZE);
	if (at == NULL)
		return BS_ECORRUPT;
	memcpy(record.trap, at, BS_KEYHASH_SIZE);
	if (version == SIGHTING_VERSION_MORE && !take_more(&rest, &record))
		return BS_ECORRUPT;
	if (!feed_is_sound(rest.at, rest.size))
		return BS_ECORRUPT;
	memcpy(record.feed, rest.at, rest.size);
	*record_r = record;
	return BS_OK;
}

/* --- times -------------------------------------------------------------- */

void
bs_time_encode(uint32_t time_s, uint8_t value[BS_TIME_VALUE_SIZE])
{
	value[0] = TIME_VERSION;
	bs_put_be32(value + 1, time_s);
}

int
bs_time_decode(const uint8_t *value, size_t size, uint32_t *time_s_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != TIME_VERSION)
		return BS_EVERSION;
	if (size != BS_TIME_VALUE_SIZE)
		return BS_ECORRUPT;
	*time_s_r = bs_get_be32(value + 1);
	return BS_OK;
}

/* --- past listings ------------------------------------------------------ */

void
bs_past_encode(
    const struct bs_policy_past *past, uint8_t value[BS_PAST_VALUE_SIZE])
{
	value[0] = PAST_VERSION;
	value[1] = past->repeats;
	bs_put_be32(value + 2, past->ended_s);
}

int
bs_past_decode(const uint8_t *value, size_t size, struct bs_policy_past *past_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != PAST_VERSION)
		return BS_EVERSION;
	if (size != BS_PAST_VALUE_SIZE || bs_get_be32(value + 2) == 0)
		return BS_ECORRUPT;
	past_r->repeats = value[1];
	past_r->ended_s = bs_get_be32(value + 2);
	return BS_OK;
}

/* --- removals by who is listed ------------------------------------------ */

void
bs_self_encode(
    const struct bs_self_record *record, uint8_t value[BS_SELF_VALUE_SIZE])
{
	value[0] = SELF_VERSION;
	value[1] = record->count;
	bs_put_be32(value + 2, record->last_s);
}

int
bs_self_decode(
    const uint8_t *value, size_t size, struct bs_self_record *record_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != SELF_VERSION)
		return BS_EVERSION;
	if (size != BS_SELF_VALUE_SIZE || value[1] == 0)
		return BS_ECORRUPT;
	record_r->count = value[1];
	record_r->last_s = bs_get_be32(value + 2);
	return BS_OK;
}

/* --- indexes ------------------------------------------------------------ */

size_t
bs_expiry_key(uint32_t time_s, const struct bs_prefix *prefix,
    uint8_t key[BS_EXPIRY_KEY_MAX])
{
	bs_put_be32(key, time_s);
	return 4 + bs_prefix_key(prefix, key + 4);
}

int
bs_expiry_key_parse(const uint8_t *key, size_t size, uint32_t *time_s_r,
    struct bs_prefix *prefix_r)
{
	if (size < 4 ||
	    bs_prefix_key_parse(key + 4, size - 4, prefix_r) != BS_OK)
		return BS_ECORRUPT;
	*time_s_r = bs_get_be32(key);
	return BS_OK;
}

size_t
bs_trim_key(const struct bs_trim *trim, uint8_t key[BS_TRIM_KEY_MAX])
{
	assert(trim->size <= sizeof(trim->key));
	bs_put_be32(key, trim->time_s);
	key[4] = (uint8_t)trim->kind;
	memcpy(key + 5, trim->key, trim->size);
	return 5 + trim->size;
}

int
bs_trim_key_parse(const uint8_t *key, size_t size, struct bs_trim *trim_r)
{
	if (size < 6 || size > BS_TRIM_KEY_MAX)
		return BS_ECORRUPT;
	if (key[4] < BS_TRIM_SIGHTING || key[4] > BS_TRIM_HELD)
		return BS_ECORRUPT;
	trim_r->time_s = bs_get_be32(key);
	trim_r->kind = (enum bs_trim_kind)key[4];
	trim_r->size = size - 5;
	memcpy(trim_r->key, key + 5, size - 5);
	return BS_OK;
}
