/*
 * Exemption records: what the database keeps of an address or prefix that is
 * never served, and its bytes.  Pure; lib/store_exempt.c keeps them.
 *
 * A prefix may be exempt by command, by the configuration, or by both: each is
 * taken back by itself.  The key is bs_prefix_key's.
 */
#ifndef BS_EXEMPTION_H
#define BS_EXEMPTION_H

#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"
#include "journal.h"

#define BS_EXEMPTION_VERSION 1
#define BS_EXEMPTION_REASON_MAX BS_JOURNAL_REASON_MAX

/* By whom: bits, at least one of them. */
#define BS_EXEMPT_COMMAND 1u
#define BS_EXEMPT_CONFIG 2u
#define BS_EXEMPT_ALL (BS_EXEMPT_COMMAND | BS_EXEMPT_CONFIG)

struct bs_exemption {
	struct bs_prefix prefix;
	uint8_t by;                               /* BS_EXEMPT_… */
	uint32_t since_s;                         /* without a gap */
	char actor[BS_JOURNAL_ACTOR_MAX + 1];     /* of the command, or "" */
	char reason[BS_EXEMPTION_REASON_MAX + 1]; /* of the command, or "" */
};

#define BS_EXEMPTION_VALUE_MAX \
	(8 + BS_JOURNAL_ACTOR_MAX + BS_EXEMPTION_REASON_MAX)

/* Writes the value; returns its size in bytes. */
size_t bs_exemption_encode(const struct bs_exemption *exemption,
    uint8_t value[BS_EXEMPTION_VALUE_MAX]);

/* Reads a value (the prefix is the caller's, from the key).  BS_EVERSION for
 * another version, BS_ECORRUPT for what does not decode. */
int bs_exemption_decode(const struct bs_prefix *prefix, const uint8_t *value,
    size_t size, struct bs_exemption *exemption_r);

#endif
