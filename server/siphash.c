/*
 * SipHash-2-4: two rounds for each 8 bytes, four at the end.  Server cookies
 * are made of it (cookie.c), and where a network is kept in the table of rate
 * limits (ratelimit.c).
 */
#include "autoconf.h"

#include "siphash.h"

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t
rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

/* `size` bytes, at most 8, the first the lowest. */
static uint64_t
get_le(const uint8_t *bytes, size_t size)
{
	uint64_t word = 0;

	for (size_t i = 0; i < size; i++)
		word |= (uint64_t)bytes[i] << 8 * i;
	return word;
}

static void
rounds(struct state *s, unsigned count)
{
	while (count-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static void
add(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	rounds(s, 2);
	s->v0 ^= word;
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY_SIZE], const uint8_t *bytes, size_t size)
{
	uint64_t k0 = get_le(key, 8), k1 = get_le(key + 8, 8);
	struct state s = {
	    k0 ^ 0x736f6d6570736575u,
	    k1 ^ 0x646f72616e646f6du,
	    k0 ^ 0x6c7967656e657261u,
	    k1 ^ 0x7465646279746573u,
	};
	size_t left = size;

	for (; left >= 8; left -= 8, bytes += 8)
		add(&s, get_le(bytes, 8));
	add(&s, (uint64_t)size << 56 | get_le(bytes, left));
	s.v2 ^= 0xff;
	rounds(&s, 4);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
