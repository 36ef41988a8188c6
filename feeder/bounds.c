/*
 * Bounds a message before GMime sees it, in one pass over its lines, with no
 * MIME parser of its own: what could be a header block, a boundary or a nested
 * message is counted as one.  So ordinary text may be counted too, but only
 * what no honest notice needs is ever cut.  Line ends become LF and NUL bytes
 * are dropped on the way.  judge.c calls it for each message.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bounds.h"
#include "bulk.h"
#include "line.h"

#define SHORT_LINE 80 /* bytes, as the lines of most texts */

_Static_assert(SHORT_LINE <= BULK_BEYOND, "what is copied too much");

struct limiter {
	struct bounds_result *out;
	size_t capacity;
	const char *end; /* of the message */

	bool has_nul;   /* the message, anywhere */
	bool in_header; /* no empty line yet */
	/* of the run of lines since the last empty one */
	size_t block_bytes;
	size_t block_fields;
	/* of the field that the last line belongs to; 0: none */
	size_t field_bytes;
	size_t field_colons;
	bool field_is_address;
	bool field_is_content_type;
	/* of the message */
	size_t fields;
	size_t parts;
	size_t depth;
};

/* The first is a type, the others have addresses. */
#define CONTENT_TYPE 0
static const struct line_name fields[] = {LINE_NAME("Content-Type"),
    LINE_NAME("From"), LINE_NAME("To"), LINE_NAME("Cc"), LINE_NAME("Bcc"),
    LINE_NAME("Sender"), LINE_NAME("Reply-To"), LINE_NAME("Resent-From"),
    LINE_NAME("Resent-To"), LINE_NAME("Resent-Cc"), LINE_NAME("Resent-Bcc"),
    LINE_NAME("Resent-Sender"), LINE_NAME("Resent-Reply-To"),
    LINE_NAME("Return-Path"), LINE_NAME("Disposition-Notification-To"),
    LINE_NAME("Mail-Followup-To")};

static void
cut(struct limiter *limiter, const char *why)
{
	if (limiter->out->cut == NULL)
		limiter->out->cut = why;
}

/* Whether the line has that word there, in any case. */
static bool
has_word(const struct line *line, size_t at, const char *word)
{
	size_t size = strlen(word);

	return size <= line->size - at &&
	       strncasecmp(line->text + at, word, size) == 0;
}

/* Whether a type may be one that has parts: "message" or "boundary" is in it. */
static bool
may_have_parts(const struct line *line)
{
	for (size_t i = 0; i < line->size; i++) {
		char c = line->text[i] | 0x20;

		if ((c == 'm' && has_word(line, i, "message")) ||
		    (c == 'b' && has_word(line, i, "boundary")))
			return true;
	}
	return false;
}

/* Copies what has NUL bytes, without them. */
static size_t
copy_without_nul(char *to, const struct line *line)
{
	const char *from = line->text;
	const char *end = from + line->size;
	size_t copied = 0;

	while (from < end) {
		const char *nul = memchr(from, '\0', (size_t)(end - from));
		size_t size = (size_t)((nul != NULL ? nul : end) - from);

		memcpy(to + copied, from, size);
		copied += size;
		from += size + (nul != NULL);
	}
	return copied;
}

/* Most lines are short: these are copied with what is behind them, as far as it
 * is the message's, which the next line overwrites. */
static void
copy(struct limiter *limiter, const struct line *line)
{
	struct bounds_result *out = limiter->out;
	char *to = out->bytes + out->size;
	size_t size = line->size;

	if (limiter->has_nul)
		size = copy_without_nul(to, line);
	else if (size <= SHORT_LINE && limiter->end - line->text >= SHORT_LINE)
		memcpy(to, line->text, SHORT_LINE);
	else
		memcpy(to, line->text, size);
	to[size] = '\n';
	out->size += size + 1;
}

static void
field_start(struct limiter *limiter, const struct line *line, size_t name_size)
{
	size_t field = line_find_name(
	    line, name_size, fields, sizeof fields / sizeof *fields);

	limiter->field_bytes = 0;
	limiter->field_colons = 0;
	limiter->field_is_content_type = field == CONTENT_TYPE;
	limiter->field_is_address =
	    field != CONTENT_TYPE && field < sizeof fields / sizeof *fields;
	limiter->block_fields++;
	limiter->fields++;
}

/* Ends an address field's line where its groups become too many. */
static void
limit_groups(struct limiter *limiter, struct line *line)
{
	for (size_t i = 0; i < line->size; i++) {
		if (line->text[i] != ':')
			continue;
		if (++limiter->field_colons > BOUNDS_ADDRESS_COLONS_MAX) {
			line->size = i;
			cut(limiter, "too many groups in an address field");
			return;
		}
	}
}

/* A line of what may be a header block; false: it is left out. */
static bool
limit_field(struct limiter *limiter, struct line *line)
{
	limiter->field_bytes += line->size;
	limiter->block_bytes += line->size;
	if (limiter->field_bytes > BOUNDS_FIELD_MAX) {
		cut(limiter, "a header field is longer than 64 KB");
		return false;
	}
	if (limiter->block_bytes > BOUNDS_HEADERS_MAX) {
		cut(limiter, "the headers are longer than 256 KB");
		return false;
	}
	if (limiter->block_fields > BOUNDS_HEADER_COUNT_MAX) {
		cut(limiter, "there are more than 1000 header fields");
		return false;
	}
	if (limiter->field_is_address)
		limit_groups(limiter, line);
	if (limiter->field_is_content_type && may_have_parts(line))
		limiter->depth++;
	return true;
}

/* What could only be a field with a name longer than any: GMime would take the
 * rest of the header for text. */
static bool
refuse_name(struct limiter *limiter)
{
	cut(limiter, "the name of a header field is too long");
	return false;
}

/* Sorts a line into its block and field; false: it is left out. */
static bool
limit_line(struct limiter *limiter, struct line *line)
{
	size_t name_size;

	if (line->size > BOUNDS_LINE_MAX) {
		line->size = BOUNDS_LINE_MAX;
		cut(limiter, "a line is longer than 16 KB");
	}
	if (line->size == 0) {
		limiter->in_header = false;
		limiter->block_bytes = limiter->block_fields = 0;
		limiter->field_bytes = 0;
		return true;
	}
	if (line->size > 2 && memcmp(line->text, "--", 2) == 0) {
		limiter->parts++;
		limiter->block_bytes = limiter->block_fields = 0;
		limiter->field_bytes = 0;
		return true;
	}
	name_size = line_field_name_size(line);
	if (name_size > 0)
		field_start(limiter, line, name_size);
	else if (limiter->in_header && line->size > BOUNDS_NAME_MAX &&
		 !line_is_continuation(line))
		return refuse_name(limiter);
	else if (limiter->field_bytes == 0 || !line_is_continuation(line))
		return true;
	return limit_field(limiter, line);
}

/* Whether a limit is passed beyond which nothing more is copied. */
static bool
is_over(struct limiter *limiter, const struct line *line)
{
	if (limiter->out->size + line->size + 1 > limiter->capacity)
		cut(limiter, "the message is longer than 8 MB");
	else if (limiter->parts > BOUNDS_PARTS_MAX)
		cut(limiter, "there are more than 2000 parts");
	else if (limiter->depth > BOUNDS_DEPTH_MAX)
		cut(limiter, "there are more than 50 nested parts");
	else if (limiter->fields > BOUNDS_ALL_HEADERS_MAX)
		cut(limiter, "there are more than 50000 header fields");
	else
		return false;
	return true;
}

/* Whether a line that is neither a field nor a boundary changes nothing. */
static bool
is_idle(const struct limiter *limiter)
{
	return !limiter->has_nul && !limiter->in_header &&
	       limiter->field_bytes == 0 && limiter->block_bytes == 0 &&
	       limiter->block_fields == 0;
}

/* Copies what is nothing but text all at once. */
static void
copy_text(struct limiter *limiter, struct line_reader *reader)
{
	struct bounds_result *out = limiter->out;
	size_t left = (size_t)(reader->end - reader->next);
	size_t room = limiter->capacity - out->size;
	size_t copied, passed;

	if (reader->newline != '\n' || !is_idle(limiter))
		return;
	do {
		passed = bulk_copy(reader->next, left < room ? left : room,
		    out->bytes + out->size, &copied);
		out->size += copied;
		room -= copied;
		left -= passed;
		line_skip(reader, passed);
	} while (passed > 0);
}

bool
bounds_apply(const char *bytes, size_t size, struct bounds_result *result_r)
{
	struct limiter limiter = {
	    .out = result_r, .end = bytes + size, .in_header = true};
	struct line_reader reader = line_reader_start(bytes, size);
	struct line line;

	result_r->size = 0;
	result_r->cut = NULL;
	limiter.has_nul = size > 0 && memchr(bytes, '\0', size) != NULL;
	limiter.capacity = size < BOUNDS_READ_MAX ? size + 1 : BOUNDS_READ_MAX;
	result_r->bytes = malloc(limiter.capacity + BULK_BEYOND);
	if (result_r->bytes == NULL)
		return false;
	while (line_next(&reader, &line)) {
		if (!limit_line(&limiter, &line))
			continue;
		if (is_over(&limiter, &line))
			break;
		copy(&limiter, &line);
		copy_text(&limiter, &reader);
	}
	result_r->has_all = result_r->cut == NULL && !limiter.has_nul;
	return true;
}
