/*
 * Eight bytes of a text at a time, in one word.
 */
#ifndef FEED_EIGHT_H
#define FEED_EIGHT_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A word of eight equal bytes. */
#define EIGHT_OF(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes from anywhere, in the machine's order. */
static inline uint64_t
eight_read(const void *from)
{
	uint64_t bytes;

	memcpy(&bytes, from, sizeof bytes);
	return bytes;
}

/* Whether one of them is below a blank: a tab, the end of a line, a NUL. */
static inline bool
eight_has_control(uint64_t bytes)
{
	return ((bytes - EIGHT_OF(' ')) & ~bytes & EIGHT_OF(0x80)) != 0;
}

/* Whether one of them is that byte (ASCII). */
static inline bool
eight_has(uint64_t bytes, unsigned char byte)
{
	uint64_t other = bytes ^ EIGHT_OF(byte);

	return ((other - EIGHT_OF(1)) & ~other & EIGHT_OF(0x80)) != 0;
}

/* How many of them come before the first that is a blank, a control character, no
 * ASCII or `stop`; 8: all. */
static inline size_t
eight_plain_before(uint64_t bytes, unsigned char stop)
{
	uint64_t first_low =
	    htole64(bytes); /* the first one's bits are lowest */
	uint64_t stops = first_low ^ EIGHT_OF(stop);
	uint64_t dels = first_low ^ EIGHT_OF(0x7f);
	/* borrows make for wrong bits above a right one, never below */
	uint64_t ends = (first_low - EIGHT_OF('!')) | first_low |
			((stops - EIGHT_OF(1)) & ~stops) |
			((dels - EIGHT_OF(1)) & ~dels);

	ends &= EIGHT_OF(0x80);
	return ends != 0 ? (size_t)__builtin_ctzll(ends) / 8 : 8;
}

/* The top bit of each byte that is a blank. */
static inline uint64_t
eight_blanks(uint64_t bytes)
{
	uint64_t other = bytes ^ EIGHT_OF(' ');

	return ~(((other & EIGHT_OF(0x7f)) + EIGHT_OF(0x7f)) | other) &
	       EIGHT_OF(0x80);
}

#endif
