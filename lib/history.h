/*
 * History records: what happened to an address or prefix, and its bytes.  Pure;
 * lib/store_history.c keeps them.
 *
 * Key: the prefix, the time, then an order among what happened in one second.
 * A day's sightings and renewals are one record, under the day's first second
 * (UTC) and order 0.  The prefix alone is the key of its head, which says when
 * old records may go, and holds the sums of the days that have gone already
 * while the listing goes on.
 */
#ifndef BS_HISTORY_H
#define BS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"
#include "journal.h"
#include "listing.h"

#define BS_HISTORY_VERSION 1
#define BS_HISTORY_DAY_S (24u * 60 * 60)
/* Kept for so long after a listing ended. */
#define BS_HISTORY_KEEP_S (400 * BS_HISTORY_DAY_S)

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
	uint32_t time_s;
	uint8_t order; /* 0: a day */
	enum bs_history_kind kind;
	struct bs_history_sum sum[BS_CLASS_COUNT]; /* of a day */
	bs_classes old_classes, new_classes;       /* of the others */
	char actor[BS_JOURNAL_ACTOR_MAX + 1];      /* of the others */
	char reason[BS_JOURNAL_REASON_MAX + 1];    /* of the others */
};

struct bs_history_head {
	uint32_t due_s;   /* when records of it may go */
	uint32_t since_s; /* the first day summed up here; 0: none */
	struct bs_history_sum sum[BS_CLASS_COUNT];
};

/* Family, octets, bits; then time and order. */
#define BS_HISTORY_HEAD_KEY_MAX (1 + BS_LISTING_KEY_MAX)
#define BS_HISTORY_KEY_MAX (BS_HISTORY_HEAD_KEY_MAX + 5)
#define BS_HISTORY_SUMS_MAX (1 + 8 * BS_CLASS_COUNT)
#define BS_HISTORY_VALUE_MAX (6 + BS_JOURNAL_ACTOR_MAX + BS_JOURNAL_REASON_MAX)
#define BS_HISTORY_HEAD_VALUE_MAX (9 + BS_HISTORY_SUMS_MAX)

/* "sightings", "listed" …; static storage. */
const char *bs_history_kind_name(enum bs_history_kind kind);

/* The first second of its day. */
uint32_t bs_history_day_s(uint32_t time_s);

/* Whether a listing or an exemption ended then. */
bool bs_history_is_end(const struct bs_history_entry *entry);

/* Appends time and order to the prefix's key of `size` bytes; the whole size. */
size_t bs_history_key(uint8_t key[BS_HISTORY_KEY_MAX], size_t size,
    uint32_t time_s, uint8_t order);

/* Writes the value of a day or of another entry; returns its size. */
size_t bs_history_encode(
    const struct bs_history_entry *entry, uint8_t value[BS_HISTORY_VALUE_MAX]);
/* Time and order are the caller's, from the key's last five bytes.
 * BS_EVERSION, BS_ECORRUPT. */
int bs_history_decode(const uint8_t time_order[5], const uint8_t *value,
    size_t size, struct bs_history_entry *entry_r);

size_t bs_history_head_encode(const struct bs_history_head *head,
    uint8_t value[BS_HISTORY_HEAD_VALUE_MAX]);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_history_head_decode(
    const uint8_t *value, size_t size, struct bs_history_head *head_r);

/* Adds sums to others; they stay at UINT32_MAX. */
void bs_history_add(struct bs_history_sum sum[BS_CLASS_COUNT],
    const struct bs_history_sum more[BS_CLASS_COUNT]);

#endif
