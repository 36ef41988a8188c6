/*
 * Eight bytes of a text at a time, in one word.
 */
#ifndef FEED_EIGHT_H
#define FEED_EIGHT_H

#include <stdbool.h>
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

/* The top bit of each byte that is a blank. */
static inline uint64_t
eight_blanks(uint64_t bytes)
{
	uint64_t other = bytes ^ EIGHT_OF(' ');

	return ~(((other & EIGHT_OF(0x7f)) + EIGHT_OF(0x7f)) | other) &
	       EIGHT_OF(0x80);
}

#endif
