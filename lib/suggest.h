/*
 * "Did you mean …?": the nearest of some known words to a misspelt one.  Pure.
 *
 *	struct bs_suggest suggest = bs_suggest_start("databse");
 *	for each known word: bs_suggest_try(&suggest, word);
 *	if (suggest.best != NULL) … "did you mean `database`?"
 */
#ifndef BS_SUGGEST_H
#define BS_SUGGEST_H

/* Longer words are like nothing, so that the work per word is bounded. */
#define BS_SUGGEST_WORD_MAX 32

struct bs_suggest {
	const char *word;  /* borrowed: what was written */
	const char *best;  /* borrowed: the nearest known word, NULL: none */
	unsigned distance; /* of `best`, or the first that is too far */
};

/*
 * How many letters must be put in, left out, replaced or swapped with their
 * neighbour to get from one word to the other, upper and lower case alike.
 * At most BS_SUGGEST_WORD_MAX + 1, which it also says for longer words.
 */
unsigned bs_suggest_distance(const char *a, const char *b);

/* Starts a search.  What is further off than a third of the word's length (at
 * least 1, at most 3 letters) is no suggestion. */
struct bs_suggest bs_suggest_start(const char *word);

/* Keeps `known` (borrowed) if it is nearer than all before it. */
void bs_suggest_try(struct bs_suggest *suggest, const char *known);

#endif
