/*
 * What the store keeps beside listings and journal: the bytes of its state,
 * sightings, and the keys of its indexes.  Pure; for lib/store*.c only.
 *
 * All integers are big-endian, so that keys sort by time and address.
 */
#ifndef BS_STORE_RECORD_H
#define BS_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "held.h"
#include "ipprefix.h"
#include "keyhash.h"
#include "listing.h"
#include "policy.h"

/* --- the schema record of table meta ------------------------------------ */

#define BS_SCHEMA_SIZE 24

/* Signature, schema number, when it was made; returns its size. */
size_t bs_schema_encode(
    uint32_t schema, uint32_t created_s, uint8_t value[BS_SCHEMA_SIZE]);
/* BS_EFOREIGN where the signature is missing, else the schema number. */
int bs_schema_decode(const uint8_t *value, size_t size, uint32_t *schema_r);

/* --- the state record of table meta ------------------------------------- */

struct bs_state {
	uint64_t number;     /* the journal's last; 0: none yet */
	uint64_t offset;     /* serial = number + offset */
	uint64_t count4[33]; /* listings of each prefix length */
	uint64_t count6[129];
	uint64_t exempt4[33]; /* exemptions of each prefix length */
	uint64_t exempt6[129];
};

#define BS_STATE_VALUE_MAX (19 + 10 * 2 * (33 + 129))

size_t bs_state_encode(
    const struct bs_state *state, uint8_t value[BS_STATE_VALUE_MAX]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_state_decode(
    const uint8_t *value, size_t size, struct bs_state *state_r);

/* --- the clock's record of table meta ------------------------------------ */

struct bs_clock_record {
	uint32_t written_s; /* about when the newest write was; 0: unknown */
	uint32_t leap_s;    /* since when the clock is far ahead of that; 0 */
};

#define BS_CLOCK_VALUE_SIZE 9

void bs_clock_encode(
    const struct bs_clock_record *clock, uint8_t value[BS_CLOCK_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_clock_decode(
    const uint8_t *value, size_t size, struct bs_clock_record *clock_r);

/* --- what of the journal is kept: a record of table meta ------------------- */

struct bs_keep {
	uint64_t number; /* kept from this one on; 0: nothing is asked for */
	uint64_t lost;   /* the last one that went nevertheless; 0: none */
};

#define BS_KEEP_VALUE_SIZE 17

void bs_keep_encode(
    const struct bs_keep *keep, uint8_t value[BS_KEEP_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_keep_decode(const uint8_t *value, size_t size, struct bs_keep *keep_r);

/* --- prefixes as keys, both families in one table ----------------------- */

#define BS_PREFIX_KEY_MAX (1 + BS_LISTING_KEY_MAX)

/* Family, then the listing's key. */
size_t bs_prefix_key(
    const struct bs_prefix *prefix, uint8_t key[BS_PREFIX_KEY_MAX]);
/* BS_ECORRUPT. */
int bs_prefix_key_parse(
    const uint8_t *key, size_t size, struct bs_prefix *prefix_r);

/* --- sightings ---------------------------------------------------------- */

/* Prefix, class: what sightings are counted by; received_s and the first 8
 * bytes of the identity follow. */
#define BS_SIGHTING_GROUP_MAX (BS_PREFIX_KEY_MAX + 1)
#define BS_SIGHTING_KEY_MAX (BS_SIGHTING_GROUP_MAX + 12)
#define BS_SIGHTING_FEED_MAX 63
#define BS_SIGHTING_VALUE_MAX                                   \
	(7 + (1 + BS_POLICY_MORE_TRAPS_MAX) * BS_KEYHASH_SIZE + \
	    BS_SIGHTING_FEED_MAX)

size_t bs_sighting_group(const struct bs_prefix *prefix, enum bs_class class,
    uint8_t key[BS_SIGHTING_KEY_MAX]);
/* Appends to a group; returns the size of the whole key. */
size_t bs_sighting_key(uint8_t key[BS_SIGHTING_KEY_MAX], size_t group_size,
    uint32_t received_s, const uint8_t identity[BS_KEYHASH_SIZE]);

struct bs_sighting_record {
	bool lists;
	uint8_t trap[BS_KEYHASH_SIZE];
	size_t more_count; /* other traps of the message */
	uint8_t more[BS_POLICY_MORE_TRAPS_MAX][BS_KEYHASH_SIZE];
	char feed[BS_SIGHTING_FEED_MAX + 1]; /* who saw it */
	/* when table trim says that it may go; 0: unknown, of schema 3 */
	uint32_t until_s;
};

/* Returns the size. */
size_t bs_sighting_encode(const struct bs_sighting_record *record,
    uint8_t value[BS_SIGHTING_VALUE_MAX]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_sighting_decode(
    const uint8_t *value, size_t size, struct bs_sighting_record *record_r);

/* --- times: of the tables seen and removed ------------------------------ */

#define BS_TIME_VALUE_SIZE 5

void bs_time_encode(uint32_t time_s, uint8_t value[BS_TIME_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_time_decode(const uint8_t *value, size_t size, uint32_t *time_s_r);

/* --- listings that ended: table past ------------------------------------ */

/* The key is bs_sighting_group: prefix and class. */
#define BS_PAST_VALUE_SIZE 6

void bs_past_encode(
    const struct bs_policy_past *past, uint8_t value[BS_PAST_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_past_decode(
    const uint8_t *value, size_t size, struct bs_policy_past *past_r);

/* --- removals by who is listed: table self ------------------------------ */

/* The key is a prefix. */
#define BS_SELF_VALUE_SIZE 6

struct bs_self_record {
	uint8_t count;   /* how many there were, at least 1 */
	uint32_t last_s; /* the last one */
};

void bs_self_encode(
    const struct bs_self_record *record, uint8_t value[BS_SELF_VALUE_SIZE]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_self_decode(
    const uint8_t *value, size_t size, struct bs_self_record *record_r);

/* --- indexes by time ---------------------------------------------------- */

/* Table expiry: when the first class of a listing ends, its prefix. */
#define BS_EXPIRY_KEY_MAX (4 + BS_PREFIX_KEY_MAX)

size_t bs_expiry_key(uint32_t time_s, const struct bs_prefix *prefix,
    uint8_t key[BS_EXPIRY_KEY_MAX]);
/* BS_ECORRUPT. */
int bs_expiry_key_parse(const uint8_t *key, size_t size, uint32_t *time_s_r,
    struct bs_prefix *prefix_r);

/* Table trim: when a record of another table may go, which table, its key. */
enum bs_trim_kind {
	BS_TRIM_SIGHTING = 1,
	BS_TRIM_SEEN = 2,
	BS_TRIM_REMOVED = 3,
	BS_TRIM_PAST = 4,
	BS_TRIM_TAG = 5,
	BS_TRIM_HISTORY = 6,
	BS_TRIM_SELF = 7,
	BS_TRIM_EVIDENCE = 8,
	BS_TRIM_HELD = 9,
};

/* The longest key of a record that may go. */
#define BS_TRIM_OF_MAX BS_HELD_KEY_MAX
#define BS_TRIM_KEY_MAX (5 + BS_TRIM_OF_MAX)

struct bs_trim {
	uint32_t time_s;
	enum bs_trim_kind kind;
	size_t size;
	uint8_t key[BS_TRIM_OF_MAX];
};

size_t bs_trim_key(const struct bs_trim *trim, uint8_t key[BS_TRIM_KEY_MAX]);
/* BS_ECORRUPT. */
int bs_trim_key_parse(const uint8_t *key, size_t size, struct bs_trim *trim_r);

#endif
