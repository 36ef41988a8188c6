/*
 * Journal records: the ordered list of every change that alters an answer, and
 * its bytes.  Pure; lib/store_journal writes and reads them.
 *
 * The key is the number, 8 bytes big-endian, from 1.  The SOA serial of all
 * zones is the lowest 32 bits of number + the database's offset; a new database
 * has the Unix time as its offset (RFC 1982 arithmetic holds).
 */
#ifndef BS_JOURNAL_H
#define BS_JOURNAL_H

#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

#define BS_JOURNAL_VERSION 1
#define BS_JOURNAL_ACTOR_MAX 63
#define BS_JOURNAL_REASON_MAX 200

enum bs_journal_kind {
	BS_JOURNAL_CHANGE = 1, /* one prefix: old and new classes */
	BS_JOURNAL_RESET = 2,  /* too much to tell: read everything again */
};

struct bs_journal_entry {
	uint64_t number;
	enum bs_journal_kind kind;
	uint32_t time_s;
	struct bs_prefix prefix; /* CHANGE */
	bs_classes old_classes;  /* CHANGE: 0 was not listed */
	bs_classes new_classes;  /* CHANGE: 0 is not listed any more */
	char actor[BS_JOURNAL_ACTOR_MAX + 1];   /* "feeder", "operator:name" */
	char reason[BS_JOURNAL_REASON_MAX + 1]; /* "sighting", "expired", … */
};

#define BS_JOURNAL_VALUE_MAX (32 + BS_JOURNAL_ACTOR_MAX + BS_JOURNAL_REASON_MAX)

/* Writes the value; returns its size in bytes. */
size_t bs_journal_encode(
    const struct bs_journal_entry *entry, uint8_t value[BS_JOURNAL_VALUE_MAX]);

/* Reads a value; `number` is the caller's, from the key.  BS_EVERSION,
 * BS_ECORRUPT. */
int bs_journal_decode(uint64_t number, const uint8_t *value, size_t size,
    struct bs_journal_entry *entry_r);

#endif
