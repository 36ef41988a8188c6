/*
 * Lines of a message, whatever ends them: LF, CRLF, or CR alone where the
 * message has no LF at all (old Macs, and samples saved that way).
 *
 * The bytes are borrowed; nothing is copied.
 */
#ifndef FEED_LINE_H
#define FEED_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_reader {
	const char *next;
	const char *end;
	char newline; /* '\n' or '\r' */
	/* what is looked at, BLOCK_BYTES of it, and where in it the ends of lines
	 * are that are still to come, a bit each */
	const char *block;
	uint64_t newlines;
};

/* One line without what ended it; valid as long as the message is. */
struct line {
	const char *text;
	size_t size;
};

/* A name that fields are compared with, of two letters or more. */
struct line_name {
	size_t size;
	const char *text;
};
#define LINE_NAME(text)                \
	{                              \
		sizeof(text) - 1, text \
	}

/* Starts at the first of `size` bytes; looks for what ends lines. */
struct line_reader line_reader_start(const char *bytes, size_t size);

/* For line_next: looks for newlines in the next block; false where there is none. */
bool line_look_ahead(struct line_reader *reader);

/* The next line; false at the end. CRs before an LF belong to its end.  Here, as
 * all of a message goes through it. */
static inline bool
line_next(struct line_reader *reader, struct line *line_r)
{
	const char *end = reader->end;

	if (reader->next == end)
		return false;
	line_r->text = reader->next;
	while (reader->newlines == 0 && line_look_ahead(reader))
		;
	if (reader->newlines != 0) {
		end = reader->block + __builtin_ctzll(reader->newlines);
		reader->newlines &= reader->newlines - 1;
	}
	reader->next = end + (end < reader->end);
	while (end > line_r->text && end[-1] == '\r')
		end--;
	line_r->size = (size_t)(end - line_r->text);
	return true;
}

/* Passes over so many bytes, to the start of a line. */
void line_skip(struct line_reader *reader, size_t size);

/* Whether the line starts with `name` and a colon (blanks allowed between),
 * in any case. */
bool line_is_field(const struct line *line, const char *name);

/* The length of the field name that the line starts with, or 0 where it
 * starts no header field (RFC 5322 section 2.2). */
size_t line_field_name_size(const struct line *line);

/* Which of `count` names the field has that the line begins, in any case;
 * `count` where it is none of them. */
size_t line_find_field(
    const struct line *line, const struct line_name name[], size_t count);

/* The same where the size of its name is known; 0: it begins no field. */
size_t line_find_name(const struct line *line, size_t name_size,
    const struct line_name name[], size_t count);

/* Whether the line continues the field above it (RFC 5322 section 2.2.3). */
bool line_is_continuation(const struct line *line);

#endif
