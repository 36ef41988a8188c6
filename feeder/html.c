/*
 * Makes HTML readable, as far as rules need it: its words in lines, its links'
 * addresses, its quotations with a mark.  What is hidden (styles, scripts) goes.
 * mime.c calls it for messages that have a text in HTML.  Pure.
 */
#include "autoconf.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "html.h"

static const struct {
	const char *name;
	char character;
} entities[] = {{"&nbsp;", ' '}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'},
    {"&quot;", '"'}, {"&#39;", '\''}, {"&#160;", ' '}, {"&apos;", '\''}};

static const char *const block_tags[] = {"br", "p", "/p", "div", "/div", "tr",
    "/tr", "li", "h1", "h2", "h3", "hr", "pre", "/pre", "td"};

static bool
tag_is(const char *tag, const char *name)
{
	size_t size = strlen(name);

	return strncasecmp(tag, name, size) == 0 &&
	       !isalnum((unsigned char)tag[size]);
}

/* The end of what the tag at `p` hides: style and script with their text. */
static const char *
tag_end(const char *p)
{
	static const char *const hidden[] = {"style", "script"};
	const char *end = strchr(p, '>');

	if (end == NULL)
		return p + strlen(p);
	for (size_t i = 0; i < 2; i++) {
		const char *close = end;

		if (!tag_is(p + 1, hidden[i]))
			continue;
		while ((close = strstr(close, "</")) != NULL &&
		       !tag_is(close + 2, hidden[i]))
			close += 2;
		if (close == NULL)
			return end + 1 + strlen(end + 1);
		end = strchr(close, '>');
		return end != NULL ? end + 1 : close + strlen(close);
	}
	return end + 1;
}

/* Begins a line; of a quotation with its mark, which is no longer than a tag. */
static char *
write_line(size_t quotations, bool has_room, char *to)
{
	*to++ = '\n';
	if (quotations > 0 && has_room) {
		*to++ = '>';
		*to++ = ' ';
	}
	return to;
}

/* What a tag leaves: a newline for a block, its link's address. Never more
 * bytes than the tag had. */
static char *
write_tag(const char *tag, const char *end, size_t *quotations, char *to)
{
	const char *link = memmem(tag, (size_t)(end - tag), "http", 4);
	bool has_room = end - tag >= 3;

	if (tag_is(tag + 1, "blockquote"))
		return write_line(++*quotations, has_room, to);
	if (tag_is(tag + 1, "/blockquote")) {
		*quotations -= *quotations > 0;
		return write_line(*quotations, has_room, to);
	}
	for (size_t i = 0; i < sizeof block_tags / sizeof *block_tags; i++) {
		if (tag_is(tag + 1, block_tags[i]))
			return write_line(*quotations, has_room, to);
	}
	if (!tag_is(tag + 1, "a") || link == NULL)
		return to;
	*to++ = ' ';
	while (link < end && *link != '"' && *link != '\'' && *link != '>' &&
	       *link != ' ')
		*to++ = *link++;
	*to++ = ' ';
	return to;
}

static const char *
write_entity(const char *from, char *to)
{
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		size_t size = strlen(entities[i].name);

		if (strncasecmp(from, entities[i].name, size) == 0) {
			*to = entities[i].character;
			return from + size;
		}
	}
	*to = *from;
	return from + 1;
}

void
html_strip(char *text)
{
	const char *from = text;
	char *to = text;
	size_t quotations = 0;

	while (*from != '\0') {
		if (*from == '<') {
			const char *end = tag_end(from);

			to = write_tag(from, end, &quotations, to);
			from = end;
		} else if (*from == '&') {
			from = write_entity(from, to++);
		} else if (*from == '\n' && quotations > 0) {
			*to++ = ' ';
			from++;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}
