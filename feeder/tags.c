/*
 * Tells the tags before a subject from the subject.  Lists and ticket systems
 * write theirs in brackets, filters of spam with stars or braces, gateways a word
 * for mail from outside.  What follows is left to the callers, weigh.c for rules of
 * starts and view.c for answers.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "pairs.h"
#include "tags.h"

#define STARS "***"
#define MARK_MAX 24 /* bytes within stars and braces */

static size_t
with_blanks(const char *text, size_t size)
{
	return size > 0 ? size + strspn(text + size, " ") : 0;
}

/* "[name]": of any size, as lists have long names. */
static size_t
bracketed(const char *text)
{
	const char *end = text[0] == '[' ? strchr(text, ']') : NULL;

	return end != NULL ? (size_t)(end - text) + 1 : 0;
}

static size_t
braced(const char *text)
{
	size_t size = text[0] == '{' ? strcspn(text, "}") : 0;

	return size > 0 && size <= MARK_MAX + 1 && text[size] == '}' ? size + 1
								     : 0;
}

static size_t
starred(const char *text)
{
	size_t stars = strlen(STARS);
	const char *end;

	if (strncmp(text, STARS, stars) != 0)
		return 0;
	end = strstr(text + stars, STARS);
	if (end == NULL || (size_t)(end - text) > stars + MARK_MAX)
		return 0;
	return (size_t)(end - text) + strspn(end, "*");
}

/* Words of gateways and filters; none is a word that people begin with. */
static size_t
worded(const char *text)
{
	static const char *const words[] = {"(ext)", "(ext.)", "(external)",
	    "(extern)", "(externe)", "(externo)", "(spam)", "<external>",
	    "<ext>", "external:", "ext:", "extern:", "externe:", "externo:",
	    "esterno:", "spam:", "suspected spam:", "possible spam:"};
	size_t count = sizeof words / sizeof *words;
	size_t found = pairs_start(text, words, count);

	return found < count ? strlen(words[found]) : 0;
}

size_t
tags_first(const char *text)
{
	size_t size = bracketed(text);

	if (size == 0)
		size = braced(text);
	if (size == 0)
		size = starred(text);
	if (size == 0)
		size = worded(text);
	return with_blanks(text, size);
}

const char *
tags_skip(const char *text)
{
	for (size_t size; (size = tags_first(text)) > 0;)
		text += size;
	return text;
}
