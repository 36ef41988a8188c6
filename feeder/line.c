/*
 * Splits messages into lines and tells header fields.  A message's line ends
 * are looked for once: CR alone ends lines only where there is no LF in the
 * first part of the message, else a stray CR is a byte like any other.
 * bounds.c and the identity of a message read lines through this, so that the
 * three forms of line ends give the same result.
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include "block.h"
#include "line.h"

/* Where no LF is found within this many bytes, CR is looked for. */
#define NEWLINE_SEARCH_MAX ((size_t)128 * 1024)
#define FIELD_NAME_MAX 128

/* Looks for newlines at reader->block. */
static void
look(struct line_reader *reader)
{
	size_t left = (size_t)(reader->end - reader->block);

	reader->newlines =
	    left < BLOCK_BYTES
		? block_find_few(reader->block, left, reader->newline)
		: block_find(reader->block, reader->newline);
}

struct line_reader
line_reader_start(const char *bytes, size_t size)
{
	struct line_reader reader = {bytes, bytes + size, '\n', bytes, 0};
	size_t search = size;

	if (search > NEWLINE_SEARCH_MAX)
		search = NEWLINE_SEARCH_MAX;
	if (size > 0 && memchr(bytes, '\n', search) == NULL &&
	    memchr(bytes, '\r', search) != NULL)
		reader.newline = '\r';
	look(&reader);
	return reader;
}

void
line_skip(struct line_reader *reader, size_t size)
{
	if (size == 0)
		return;
	reader->next += size;
	reader->block = reader->next;
	look(reader);
}

bool
line_look_ahead(struct line_reader *reader)
{
	if (reader->end - reader->block <= BLOCK_BYTES)
		return false;
	reader->block += BLOCK_BYTES;
	look(reader);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The size of what the line begins with that a field's name may have. */
static size_t
first_word_size(const struct line *line)
{
	size_t size = 0;

	for (; size + 8 <= line->size; size += 8) {
		size_t plain =
		    eight_plain_before(eight_read(line->text + size), ':');

		if (plain < 8)
			return size + plain;
	}
	while (size < line->size && line->text[size] > ' ' &&
	       line->text[size] < 127 && line->text[size] != ':')
		size++;
	return size;
}

/* Most lines are told by what stands behind their first word. */
size_t
line_field_name_size(const struct line *line)
{
	size_t size = first_word_size(line), colon = size;

	if (size > FIELD_NAME_MAX)
		return 0;
	while (colon < line->size && is_blank(line->text[colon]))
		colon++;
	return colon < line->size && line->text[colon] == ':' ? size : 0;
}

size_t
line_find_field(
    const struct line *line, const struct line_name name[], size_t count)
{
	return line_find_name(line, line_field_name_size(line), name, count);
}

/* Two letters, in lower case: of one size most names are told apart by these. */
static uint16_t
first_letters(const char *text)
{
	uint16_t letters;

	memcpy(&letters, text, sizeof letters);
	return letters | 0x2020;
}

size_t
line_find_name(const struct line *line, size_t name_size,
    const struct line_name name[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (name[i].size == name_size &&
		    first_letters(name[i].text) == first_letters(line->text) &&
		    strncasecmp(line->text, name[i].text, name_size) == 0)
			return i;
	}
	return count;
}

bool
line_is_field(const struct line *line, const char *name)
{
	size_t size = line_field_name_size(line);

	return size > 0 && size == strlen(name) &&
	       strncasecmp(line->text, name, size) == 0;
}

bool
line_is_continuation(const struct line *line)
{
	return line->size > 0 &&
	       (line->text[0] == ' ' || line->text[0] == '\t');
}
