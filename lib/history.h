/*
 * History records: what happened to an address or prefix, and its bytes.  Pure;
 * lib/store_history.c keeps them, lib/store_history_trim.c lets them go.
 *
 * All of a prefix's history is one record, so that a host that comes back
 * appends some bytes to it: a head, which says when old entries may go and holds
 * the sums of the days that have gone already while the listing goes on, then
 * entries in the order of time.  A day's sightings and renewals are one entry,
 * before the events of that day.  What outgrows BS_HISTORY_FULL goes into
 * records of its own, whole days each, under the prefix and the first day.
 */
#ifndef BS_HISTORY_H
#define BS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "clock.h"
#include "ipprefix.h"
#include "journal.h"
#include "listing.h"

#define BS_HISTORY_VERSION 2
/* Kept for so long after a listing ended. */
#define BS_HISTORY_KEEP_S (400 * BS_DAY_S)

enum bs_history_kind {
	BS_HISTORY_DAY = 0,     /* sightings and renewals of a day */
	BS_HISTORY_LISTED,      /* by sightings */
	BS_HISTORY_ADDED,       /* by hand */
	BS_HISTORY_EXPIRED,     /* by time */
	BS_HISTORY_REMOVED,     /* by the operator */
	BS_HISTORY_SELF,        /* removed by who is listed */
	BS_HISTORY_PURGED,      /* its sightings were taken back */
	BS_HISTORY_EXEMPTED,    /* what is listed there is served no more */
	BS_HISTORY_NOT_EXEMPTED /* it is again */
};
#define BS_HISTORY_KIND_COUNT 9

/* Of one class; both stay at UINT32_MAX. */
struct bs_history_sum {
	uint32_t sightings;
	uint32_t renewals; /* those that made a listing last longer */
};

struct bs_history_entry {
	uint32_t time_s; /* of a day: its first second */
	uint16_t order;  /* 0: a day; else 1 for the first of that second … */
	enum bs_history_kind kind;
	struct bs_history_sum sum[BS_CLASS_COUNT]; /* of a day */
	bs_classes old_classes, new_classes;       /* of the others */
	char actor[BS_JOURNAL_ACTOR_MAX + 1];      /* of the others */
	char reason[BS_JOURNAL_REASON_MAX + 1];    /* of the others */
};

struct bs_history_head {
	uint32_t due_s;   /* when entries of it may go */
	uint32_t since_s; /* the first day summed up here; 0: none */
	struct bs_history_sum sum[BS_CLASS_COUNT];
};

/* Family, octets, bits; then the day since 1970 of the first entry. */
#define BS_HISTORY_HEAD_KEY_MAX (1 + BS_LISTING_KEY_MAX)
#define BS_HISTORY_TAIL 2
#define BS_HISTORY_KEY_MAX (BS_HISTORY_HEAD_KEY_MAX + BS_HISTORY_TAIL)

/* Bytes of entries: past FULL the first days go into a record of their own;
 * past MAX, so of one day, the last event is written again. */
#define BS_HISTORY_FULL 1000u
#define BS_HISTORY_MAX 16384u
#define BS_HISTORY_ENTRY_MAX \
	(1 + 3 + 3 + 2 + 1 + BS_JOURNAL_ACTOR_MAX + 1 + BS_JOURNAL_REASON_MAX)
#define BS_HISTORY_HEAD_MAX (6 + 5 + 10 * BS_CLASS_COUNT)

/* Goes through entries. */
struct bs_history_reader {
	const uint8_t *at, *end; /* what is left; borrowed */
	const uint8_t *entry;    /* where the last one began */
	uint32_t day;            /* its day since 1970 */
	uint32_t time_s;
	uint16_t order;
};

/* "sightings", "listed" …; static storage. */
const char *bs_history_kind_name(enum bs_history_kind kind);

/* The first second of its day. */
uint32_t bs_history_day_s(uint32_t time_s);

/* Whether a listing or an exemption ended then. */
bool bs_history_is_end(const struct bs_history_entry *entry);

/* Appends the day of time_s to the prefix's key of `size` bytes; the whole
 * size. */
size_t bs_history_key(
    uint8_t key[BS_HISTORY_KEY_MAX], size_t size, uint32_t time_s);

/* --- heads, and what stands before the entries of other records ---------- */

/* Returns the size. */
size_t bs_history_head_encode(
    const struct bs_history_head *head, uint8_t value[BS_HISTORY_HEAD_MAX]);
/* *used_r: entries follow from there.  BS_EVERSION, BS_ECORRUPT. */
int bs_history_head_decode(const uint8_t *value, size_t size,
    struct bs_history_head *head_r, size_t *used_r);
/* The same of a record without a head: a byte. */
size_t bs_history_more_encode(uint8_t *value);
int bs_history_more_decode(const uint8_t *value, size_t size, size_t *used_r);

/* --- entries -------------------------------------------------------------- */

void bs_history_read_begin(
    struct bs_history_reader *reader, const uint8_t *bytes, size_t size);
/* The next one.  BS_ENOTFOUND: there is no more; BS_ECORRUPT. */
int bs_history_read(
    struct bs_history_reader *reader, struct bs_history_entry *entry_r);
/* The bytes of an entry that follows one of day `after` (0: of none); the
 * size.  Its order is not kept: it follows from the others. */
size_t bs_history_write(const struct bs_history_entry *entry, uint32_t after,
    uint8_t bytes[BS_HISTORY_ENTRY_MAX]);

/* Adds sums to others; they stay at UINT32_MAX. */
void bs_history_add(struct bs_history_sum sum[BS_CLASS_COUNT],
    const struct bs_history_sum more[BS_CLASS_COUNT]);

#endif
