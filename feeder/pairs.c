/*
 * A text's pairs of bytes are bits of a small set; a word whose first two pairs
 * are not both in it is not in the text.  What the words mean is the callers'
 * business: view.c makes the sets, signals.c, sender.c and listmail.c ask.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "pairs.h"

static unsigned
bit_of(const char *pair)
{
	return ((unsigned char)pair[0] * 37u + (unsigned char)pair[1]) %
	       PAIRS_BITS;
}

void
pairs_of(const char *text, struct pairs *pairs_r)
{
	pairs_r->text = text;
	memset(pairs_r->bits, 0, sizeof pairs_r->bits);
	if (text[0] == '\0')
		return;
	for (; text[1] != '\0'; text++) {
		unsigned bit = bit_of(text);

		pairs_r->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static bool
has_pair(const struct pairs *pairs, const char *pair)
{
	unsigned bit = bit_of(pair);

	return (pairs->bits[bit / 64] >> bit % 64 & 1) != 0;
}

bool
pairs_have(const struct pairs *pairs, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (has_pair(pairs, words[i]) &&
		    has_pair(pairs, words[i] + 1) &&
		    strstr(pairs->text, words[i]) != NULL)
			return true;
	}
	return false;
}

size_t
pairs_start(const char *text, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i][0] == text[0] &&
		    strncmp(text, words[i], strlen(words[i])) == 0)
			return i;
	}
	return count;
}
