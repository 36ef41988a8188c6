/*
 * Sixty-four bytes of a text at a time: where in them a byte is, one bit each.
 */
#ifndef FEED_BLOCK_H
#define FEED_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

#include "eight.h"

#define BLOCK_BYTES 64

/* The same for eight bytes; any bit is right, whatever is next to it. */
static inline uint64_t
block_eight(const char *at, char byte)
{
	uint64_t other =
	    htole64(eight_read(at)) ^ EIGHT_OF((unsigned char)byte);
	uint64_t high = EIGHT_OF(0x80);
	uint64_t same = ~(((other & ~high) + ~high) | other) & high;

	return (same >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* For machines that have no other way. */
static inline uint64_t
block_find_plain(const char *at, char byte)
{
	uint64_t places = 0;

	for (unsigned i = 0; i < BLOCK_BYTES; i += 8)
		places |= block_eight(at + i, byte) << i;
	return places;
}

#ifdef __SSE2__
static inline uint64_t
block_sixteen(const char *at, __m128i wanted)
{
	__m128i here = _mm_loadu_si128((const __m128i *)(const void *)at);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(here, wanted));
}
#endif

/* Bit i is set where at[i] is that byte; all BLOCK_BYTES are read. */
static inline uint64_t
block_find(const char *at, char byte)
{
#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(byte);

	return block_sixteen(at, wanted) |
	       block_sixteen(at + 16, wanted) << 16 |
	       block_sixteen(at + 32, wanted) << 32 |
	       block_sixteen(at + 48, wanted) << 48;
#else
	return block_find_plain(at, byte);
#endif
}

#ifdef __SSE2__
/* The bytes of sixteen that are either. */
static inline __m128i
block_either(const char *at, __m128i one, __m128i other)
{
	__m128i here = _mm_loadu_si128((const __m128i *)(const void *)at);

	return _mm_or_si128(
	    _mm_cmpeq_epi8(here, one), _mm_cmpeq_epi8(here, other));
}
#endif

/* Whether one of them is either byte. */
static inline bool
block_has_either(const char *at, char one, char other)
{
#ifdef __SSE2__
	const __m128i a = _mm_set1_epi8(one), b = _mm_set1_epi8(other);
	__m128i low =
	    _mm_or_si128(block_either(at, a, b), block_either(at + 16, a, b));
	__m128i high = _mm_or_si128(
	    block_either(at + 32, a, b), block_either(at + 48, a, b));

	return _mm_movemask_epi8(_mm_or_si128(low, high)) != 0;
#else
	return (block_find_plain(at, one) | block_find_plain(at, other)) != 0;
#endif
}

/* The same where there are only so many bytes, fewer than BLOCK_BYTES. */
static inline uint64_t
block_find_few(const char *at, size_t size, char byte)
{
	char bytes[BLOCK_BYTES] = {0};

	if (size > 0)
		memcpy(bytes, at, size);
	return block_find(bytes, byte) & ((UINT64_C(1) << size) - 1);
}

#endif
