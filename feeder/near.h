/*
 * Words near one another: whether a word of one list stands near a word of
 * another, in one sentence, told from the places where a pass over the text
 * (literals.h) found them.  Pure.
 */
#ifndef FEED_NEAR_H
#define FEED_NEAR_H

#include <stddef.h>
#include <stdint.h>

#define NEAR_WITHIN_USUAL 40 /* characters between the two */
#define NEAR_WITHIN_MAX 200
#define NEAR_PLACES_MAX 2048 /* of all words of a text; more do not count */

/* The two lists. */
enum near_list {
	NEAR_HAS,
	NEAR_NEAR,
};

/* Where a word of a list is. */
struct near_place {
	uint32_t start, end; /* offsets in the text */
	uint16_t word;       /* its number in its list */
	uint16_t before;     /* the one before it in its list + 1; 0: none */
};

/* A text and the words that were found in it. */
struct near_text {
	const char *text; /* borrowed; ends in NUL */
	size_t count;
	struct near_place place[NEAR_PLACES_MAX]; /* count of them */
};

/* Two lists of words, of one text. */
struct near_pair {
	unsigned within;    /* characters, up to NEAR_WITHIN_MAX */
	uint16_t newest[2]; /* by list: its last place + 1; 0: none */
};

/* Begins a text: pairs begin anew, all zero but `within`, each time. */
void near_start(struct near_text *text_r, const char *text);

/*
 * One more word, found in the order of literals_scan.  Returns a place of the
 * other list, valid until the next call, if a word there begins or ends at most
 * `within` characters from it, with no ".", "!", "?" or ideographic full stop
 * between them, and they do not overlap; else NULL.
 */
const struct near_place *near_add(struct near_text *text,
    struct near_pair *pair, enum near_list list,
    const struct near_place *place);

#endif
