/*
 * Tells whether two words are near one another by keeping the places of both
 * lists and looking back from each new one: in sentences of people there are
 * few, so that is cheaper by far than a pattern over the text.  What counts as a
 * word, and for which rule, is weigh.c's business, which calls it.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <string.h>

#include "literals.h"
#include "near.h"

#define CHARACTER_MAX 4 /* bytes */

/* The order of literals_scan: each of these is found before what begins after
 * its end; then come all that are shorter. */
#define IN_ORDER_SIZE 4

void
near_start(struct near_text *text_r, const char *text)
{
	text_r->text = text;
	text_r->count = 0;
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

static bool
is_plain_word_byte(char c)
{
	return (unsigned char)c < 0x80 && is_word_byte(c);
}

/* A full stop before a letter is one of an address or a host's name, behind a
 * digit one of a date; a question mark before one is a link's. */
static bool
ends_sentence(const char *text, size_t i)
{
	const char *at = text + i;

	if (*at == '.')
		return !is_word_byte(at[1]) &&
		       (i == 0 || at[-1] < '0' || at[-1] > '9');
	if (*at == '?')
		return !is_plain_word_byte(at[1]);
	return *at == '!' || strncmp(at, "\xe3\x80\x82", 3) == 0;
}

/* Whether at most so many characters of one sentence lie between. */
static bool
is_gap(const char *text, size_t start, size_t end, unsigned within)
{
	unsigned characters = 0;

	for (size_t i = start; i < end; i++) {
		characters += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (characters > within || ends_sentence(text, i))
			return false;
	}
	return true;
}

static bool
are_near(const char *text, const struct near_place *a,
    const struct near_place *b, unsigned within)
{
	size_t reach = (size_t)within * CHARACTER_MAX;

	if (a->end <= b->start)
		return b->start - a->end <= reach &&
		       is_gap(text, a->end, b->start, within);
	return b->end <= a->start && a->start - b->end <= reach &&
	       is_gap(text, b->end, a->start, within);
}

/* Whether neither `other` nor what was found before it can be near. */
static bool
is_beyond(const struct near_place *other, const struct near_place *place,
    unsigned within)
{
	size_t reach = (size_t)within * CHARACTER_MAX + LITERALS_SIZE_MAX;

	return place->end - place->start >= IN_ORDER_SIZE &&
	       other->end + reach < place->start;
}

static void
keep(struct near_text *text, struct near_pair *pair, enum near_list list,
    const struct near_place *place)
{
	struct near_place *kept;

	if (text->count == NEAR_PLACES_MAX)
		return;
	kept = &text->place[text->count++];
	*kept = *place;
	kept->before = pair->newest[list];
	pair->newest[list] = (uint16_t)text->count;
}

const struct near_place *
near_add(struct near_text *text, struct near_pair *pair, enum near_list list,
    const struct near_place *place)
{
	unsigned within = pair->within;
	size_t next = pair->newest[list == NEAR_HAS ? NEAR_NEAR : NEAR_HAS];

	while (next > 0) {
		const struct near_place *other = &text->place[next - 1];

		if (are_near(text->text, other, place, within))
			return other;
		if (is_beyond(other, place, within))
			break;
		next = other->before;
	}
	keep(text, pair, list, place);
	return NULL;
}
