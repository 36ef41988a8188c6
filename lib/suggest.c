/*
 * Finds the known word that a misspelt one was probably meant to be.
 *
 * Optimal string alignment distance on three rows of a table.  Which words are
 * known, and the sentence around the answer, is left to the callers: the
 * configuration's keys, the command lines' commands, options and classes.
 */
#include "autoconf.h"

#include <stddef.h>
#include <string.h>

#include "suggest.h"

#define FAR (BS_SUGGEST_WORD_MAX + 1)

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* ASCII only: known words are ours, and a locale must not change them. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned
letters_differ(char a, char b)
{
	return lower(a) != lower(b);
}

unsigned
bs_suggest_distance(const char *a, const char *b)
{
	/* row i - 2, i - 1 and i of the table, turned at each step */
	unsigned rows[3][BS_SUGGEST_WORD_MAX + 1];
	size_t a_size = strnlen(a, FAR), b_size = strnlen(b, FAR);

	if (a_size == FAR || b_size == FAR)
		return FAR;
	for (size_t j = 0; j <= b_size; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_size; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *swap = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_size; j++) {
			unsigned change = letters_differ(a[i - 1], b[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1,
			    above[j - 1] + change);
			if (i > 1 && j > 1 && change != 0 &&
			    !letters_differ(a[i - 1], b[j - 2]) &&
			    !letters_differ(a[i - 2], b[j - 1]))
				row[j] = least(row[j], swap[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

struct bs_suggest
bs_suggest_start(const char *word)
{
	unsigned third = (unsigned)strnlen(word, FAR) / 3;
	struct bs_suggest suggest = {.word = word, .distance = third + 1};

	if (third < 1)
		suggest.distance = 2;
	if (third > 3)
		suggest.distance = 4;
	return suggest;
}

void
bs_suggest_try(struct bs_suggest *suggest, const char *known)
{
	unsigned distance = bs_suggest_distance(suggest->word, known);

	if (distance >= suggest->distance)
		return;
	suggest->distance = distance;
	suggest->best = known;
}
