/*
 * Domain names in wire form (RFC 1035 section 3.1), uncompressed.  Lower-case
 * ones compare as bytes (RFC 4343).  Pure.
 */
#ifndef SERVER_DNAME_H
#define SERVER_DNAME_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "error.h"

#define DNAME_SIZE_MAX 255 /* bytes, the root label included */
#define DNAME_LABEL_MAX 63

/* Room for the longest text: every octet as \DDD, dots, a NUL. */
#define DNAME_TEXT_MAX (4 * DNAME_SIZE_MAX + 1)

/* The octet in lower case.  A length octet is below 'A' and stays. */
static inline uint8_t
dname_lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* Eight octets in lower case at once. */
static inline void
dname_copy_lower_word(uint8_t *to, const uint8_t *from)
{
	const uint64_t ones = 0x0101010101010101ull;
	uint64_t octets, seven, upper;

	memcpy(&octets, from, 8);
	seven = octets & 0x7f * ones;
	/* the top bit of each octet says: from A on, but not past Z */
	upper =
	    ((seven + (0x80 - 'A') * ones) ^ (seven + (0x7f - 'Z') * ones)) &
	    ~octets & 0x80 * ones;
	octets |= upper >> 2;
	memcpy(to, &octets, 8);
}

/* `size` bytes in lower case, on the query path; `to` and `from` are apart. */
static inline void
dname_copy_lower(uint8_t *to, const uint8_t *from, size_t size)
{
	if (size < 8) {
		for (size_t i = 0; i < size; i++)
			to[i] = dname_lower(from[i]);
		return;
	}
	for (size_t i = 0; i + 8 < size; i += 8)
		dname_copy_lower_word(to + i, from + i);
	/* the last eight, some of them once more */
	dname_copy_lower_word(to + size - 8, from + size - 8);
}

/*
 * Reads "bl.example", with or without a final dot, into lower-case wire form.
 * No escapes: the configuration's zone names have none.  BS_EINVAL for an
 * empty label, BS_ETOOLONG past a limit.
 */
int dname_parse(
    const char *text, uint8_t name_r[DNAME_SIZE_MAX], size_t *size_r);

/*
 * Writes `size` bytes of labels (a whole name, or one without its root label)
 * without a final dot; "." for the root.  Returns `text`.
 */
char *dname_format(const uint8_t *name, size_t size, char text[DNAME_TEXT_MAX]);

#endif
