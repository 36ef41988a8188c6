/*
 * Splits a header block (RFC 5322 section 2.2) into fields, as leniently as
 * GMime does: blanks before a colon, bytes that are no ASCII and lines that
 * belong to no field are put up with.  What the fields mean is left to the
 * callers: mime_header.c reads the message's own, outline.c those of its parts.
 */
#include "autoconf.h"

#include <string.h>

#include "eight.h"
#include "header.h"

struct header_reader
header_start(const char *bytes, size_t size)
{
	return (struct header_reader){.next = bytes, .end = bytes + size};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Behind the line that starts at `from`, and what continues it. */
static const char *
lines_end(const char *from, const char *end)
{
	while (from < end) {
		const char *lf = memchr(from, '\n', (size_t)(end - from));

		if (lf == NULL)
			return end;
		from = lf + 1;
		if (from < end && !is_blank(*from))
			break;
	}
	return from;
}

/* The colon behind a field's name and blanks, or NULL. */
static const char *
find_colon(const char *line, const char *end, size_t *name_size_r)
{
	const char *at = line;
	size_t plain = 8;

	while (plain == 8 && end - at >= 8) {
		plain = eight_plain_before(eight_read(at), ':');
		at += plain;
	}
	while (at < end && (unsigned char)*at > ' ' && *at != 127 && *at != ':')
		at++;
	*name_size_r = (size_t)(at - line);
	while (at < end && is_blank(*at))
		at++;
	return *name_size_r > 0 && at < end && *at == ':' ? at : NULL;
}

bool
header_next(struct header_reader *reader, struct header_field *field_r)
{
	while (reader->next < reader->end && *reader->next != '\n') {
		const char *line = reader->next, *colon;
		size_t name_size = 0;

		colon = find_colon(line, reader->end, &name_size);
		if (colon == NULL && !reader->found)
			break;
		reader->next = lines_end(line, reader->end);
		if (colon == NULL) {
			reader->wrong = true;
			continue;
		}
		reader->found = true;
		field_r->name = line;
		field_r->name_size = name_size;
		field_r->value = colon + 1;
		field_r->end = reader->next;
		field_r->value_size = (size_t)(field_r->end - colon - 1);
		if (field_r->end[-1] == '\n')
			field_r->value_size--;
		return true;
	}
	return false;
}

static bool
starts(const struct header_reader *reader, const char *with)
{
	size_t size = strlen(with);

	return (size_t)(reader->end - reader->next) >= size &&
	       memcmp(reader->next, with, size) == 0;
}

void
header_skip_from(struct header_reader *reader)
{
	while (starts(reader, "From ") || starts(reader, ">From ")) {
		const char *lf = memchr(
		    reader->next, '\n', (size_t)(reader->end - reader->next));

		reader->next = lf != NULL ? lf + 1 : reader->end;
	}
}

const char *
header_body(const struct header_reader *reader)
{
	return reader->next < reader->end ? reader->next + 1 : reader->end;
}
