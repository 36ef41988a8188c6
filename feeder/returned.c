/*
 * Reads the header of a returned message into the few fields that tell whether
 * it was ours.  mime.c and text.c find where it is; genuine.c draws the
 * conclusions.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "line.h"
#include "returned.h"

/* Where the field goes whose lines are being read. */
struct place {
	char *text; /* RETURNED_VALUE_MAX bytes, or NULL: not wanted */
	size_t size;
	bool cut;
};

static bool
is_quote(char c)
{
	return c == '>' || c == '|' || c == ' ' || c == '\t';
}

/* What the header's lines begin with that is none of them. */
static struct line
find_quote(const struct line *first)
{
	struct line quote = {.text = first->text};

	while (quote.size < first->size && is_quote(first->text[quote.size]))
		quote.size++;
	return quote;
}

static struct line
without_quote(struct line line, const struct line *quote)
{
	size_t size = quote->size < line.size ? quote->size : line.size;

	if (memcmp(line.text, quote->text, size) != 0)
		return line;
	line.text += size;
	line.size -= size;
	return line;
}

static bool
is_empty(const struct line *line)
{
	for (size_t i = 0; i < line->size; i++) {
		if (!is_quote(line->text[i]))
			return false;
	}
	return true;
}

/* Appends to the place; NULs would end the value early and become blanks. */
static void
append(struct place *place, const char *text, size_t size)
{
	if (place->text == NULL)
		return;
	for (size_t i = 0; i < size; i++) {
		if (place->size == RETURNED_VALUE_MAX - 1) {
			place->cut = true;
			return;
		}
		place->text[place->size++] = text[i] == '\0' ? ' ' : text[i];
	}
	place->text[place->size] = '\0';
}

static char *
next_received(struct returned *returned)
{
	if (returned->received_count == RETURNED_RECEIVED_MAX) {
		returned->received_cut = true;
		return NULL;
	}
	return returned->received[returned->received_count++];
}

/* Where the field that a line starts belongs; NULL: nowhere. */
static char *
place_of(
    struct returned *returned, const struct line *line, const char *tag_name)
{
	char *text = NULL;

	if (line_is_field(line, "Received"))
		return next_received(returned);
	if (line_is_field(line, "From"))
		returned->has_from = true;
	else if (line_is_field(line, "Message-ID"))
		text = returned->message_id;
	else if (line_is_field(line, "Date"))
		text = returned->date;
	else if (line_is_field(line, "Return-Path"))
		text = returned->return_path;
	else if (line_is_field(line, tag_name))
		text = returned->tag;
	return text != NULL && text[0] == '\0' ? text : NULL;
}

static void
end_field(struct returned *returned, const struct place *place)
{
	if (place->cut && place->text >= returned->received[0] &&
	    place->text <= returned->received[RETURNED_RECEIVED_MAX - 1])
		returned->received_cut = true;
}

/* A line that starts a field. */
static struct place
start_field(
    struct returned *returned, const struct line *line, const char *tag_name)
{
	const char *colon = memchr(line->text, ':', line->size);
	struct place place = {.text = place_of(returned, line, tag_name)};

	returned->found = true;
	if (colon != NULL)
		append(&place, colon + 1,
		    line->size - (size_t)(colon + 1 - line->text));
	return place;
}

void
returned_read(const char *header, size_t size, const char *tag_name,
    struct returned *returned_r)
{
	struct line_reader reader = line_reader_start(header, size);
	struct line line, quote = {0};
	struct place place = {0};

	memset(returned_r, 0, sizeof *returned_r);
	while (line_next(&reader, &line)) {
		if (!returned_r->found)
			quote = find_quote(&line);
		line = without_quote(line, &quote);
		if (is_empty(&line)) {
			if (returned_r->found)
				break;
			continue;
		}
		if (line_field_name_size(&line) > 0) {
			end_field(returned_r, &place);
			place = start_field(returned_r, &line, tag_name);
		} else {
			append(&place, " ", 1);
			append(&place, line.text, line.size);
		}
	}
	end_field(returned_r, &place);
}
