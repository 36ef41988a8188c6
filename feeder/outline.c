/*
 * Finds the parts of a message by its boundaries (RFC 2046 section 5.1.1), for
 * the many messages that leave no doubt.  What does, in its fields or in its
 * boundaries, is left to GMime: mime.c has mime_tree.c read it then.  Where this
 * one says yes it says what GMime does (tests/unit/test_outline.c compares), but
 * for one case: a returned message whose own boundary is the notice's ends where
 * that is met.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>

#include "bulk.h"
#include "outline.h"
#include "typefield.h"

/* A multipart whose end is still to come. */
struct open {
	const char *boundary;
	size_t size;
};

struct outline {
	const char *next; /* the start of a line */
	const char *end;
	struct open open[OUTLINE_DEPTH_MAX];
	size_t depth;
	struct parts *parts;
	struct part *part; /* whose content is being read, or NULL */
};

enum found { FOUND_NOTHING, FOUND_PART, FOUND_CLOSE, FOUND_OTHER };

/* --- fields ------------------------------------------------------------------ */

bool
outline_content_add(
    struct outline_content *content, const struct header_field *field)
{
	struct outline_value *value;

	if (field->name_size < 12 || (field->name[0] | 0x20) != 'c')
		return false;
	if (header_is(field, "Content-Type"))
		value = &content->type;
	else if (header_is(field, "Content-Transfer-Encoding"))
		value = &content->encoding;
	else if (header_is(field, "Content-Disposition"))
		value = &content->disposition;
	else
		return false;
	content->twice = content->twice || value->text != NULL;
	value->text = field->value;
	value->size = field->value_size;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
read_encoding(const struct outline_value *value, enum part_encoding *encoding_r)
{
	static const struct {
		const char *name;
		enum part_encoding encoding;
	} rows[] = {{"7bit", PART_PLAIN}, {"8bit", PART_PLAIN},
	    {"quoted-printable", PART_QUOTED}, {"base64", PART_BASE64},
	    {"binary", PART_PLAIN}};
	struct typefield_text text = {value->text, value->size};

	*encoding_r = PART_PLAIN;
	if (value->text == NULL)
		return true;
	while (text.size > 0 && is_blank(*text.text)) {
		text.text++;
		text.size--;
	}
	while (text.size > 0 && is_blank(text.text[text.size - 1]))
		text.size--;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (typefield_is(text, rows[i].name)) {
			*encoding_r = rows[i].encoding;
			return true;
		}
	}
	return false;
}

/* The type, text/plain where none is said. */
static bool
read_type(const struct outline_content *content, struct typefield *type_r)
{
	static const char text_plain[] = "text/plain";

	if (content->twice)
		return false;
	if (content->type.text == NULL)
		return typefield_read_type(
		    text_plain, sizeof text_plain - 1, type_r);
	return typefield_read_type(
	    content->type.text, content->type.size, type_r);
}

/* --- parts ------------------------------------------------------------------- */

/* A file's name stands in the disposition, else with the type. */
static bool
read_name(const struct outline_content *content, const struct typefield *type,
    struct part *part)
{
	struct typefield_text name = {0};
	struct typefield disposition;

	if (content->disposition.text != NULL) {
		if (!typefield_read_disposition(content->disposition.text,
			content->disposition.size, &disposition))
			return false;
		name = typefield_find(&disposition, "filename");
	}
	if (name.size == 0)
		name = typefield_find(type, "name");
	part->runs = parts_name_runs(name.text, name.size);
	part->shows = parts_name_shows(name.text, name.size);
	return true;
}

static bool
open_multipart(struct outline *outline, const struct typefield *type)
{
	struct typefield_text boundary = typefield_find(type, "boundary");

	if (boundary.size == 0 || boundary.size > OUTLINE_BOUNDARY_MAX ||
	    outline->depth == OUTLINE_DEPTH_MAX ||
	    typefield_is(type->subtype, "digest")) /* of other parts */
		return false;
	outline->open[outline->depth++] =
	    (struct open){boundary.text, boundary.size};
	outline->part = NULL;
	return true;
}

/* Starts what a header announces, at the line that comes next. */
static bool
open_content(struct outline *outline, const struct outline_content *content,
    const struct typefield *type)
{
	struct typefield_text charset;
	struct part *part;

	if (typefield_is(type->type, "multipart"))
		return open_multipart(outline, type);
	part = parts_add(outline->parts);
	if (part == NULL || !read_encoding(&content->encoding, &part->encoding))
		return false;
	part->kind = parts_kind(type->type.text, type->type.size,
	    type->subtype.text, type->subtype.size);
	if (part->kind == PART_MESSAGE && part->encoding != PART_PLAIN)
		return false;
	charset = typefield_find(type, "charset");
	if (charset.size > 0)
		parts_set_charset(part, charset.text, charset.size);
	part->bytes = outline->next;
	outline->part = part;
	return part->kind == PART_MESSAGE || read_name(content, type, part);
}

/* Reads a part's header, behind its boundary. */
static bool
open_part(struct outline *outline)
{
	struct header_reader reader =
	    header_start(outline->next, (size_t)(outline->end - outline->next));
	struct outline_content content = {0};
	struct header_field field;
	struct typefield type;

	while (header_next(&reader, &field)) {
		if (field.name[0] == '-') /* a boundary, maybe */
			return false;
		(void)outline_content_add(&content, &field);
	}
	if (reader.wrong || reader.next == reader.end || *reader.next != '\n')
		return false;
	outline->next = header_body(&reader);
	return read_type(&content, &type) &&
	       open_content(outline, &content, &type);
}

/* --- boundaries -------------------------------------------------------------- */

/* Whether a line is a boundary, blanks behind it aside. */
static bool
is_boundary(const char *line, size_t size, const struct open *open, bool closes)
{
	size_t wanted = 2 + open->size + (closes ? 2 : 0);

	if (size < wanted ||
	    memcmp(line + 2, open->boundary, open->size) != 0 ||
	    (closes && memcmp(line + 2 + open->size, "--", 2) != 0))
		return false;
	while (size > wanted && is_blank(line[size - 1]))
		size--;
	return size == wanted;
}

/* What a line that starts with two dashes is. */
static enum found
look_at(const struct outline *outline, const char *line, size_t size)
{
	for (size_t i = outline->depth; i-- > 0;) {
		const struct open *open = &outline->open[i];
		enum found found =
		    is_boundary(line, size, open, true)    ? FOUND_CLOSE
		    : is_boundary(line, size, open, false) ? FOUND_PART
							   : FOUND_NOTHING;

		if (found != FOUND_NOTHING)
			return i + 1 == outline->depth ? found : FOUND_OTHER;
	}
	return FOUND_NOTHING;
}

/* Passes over lines up to a boundary, and over that; *line_r is its line. */
static enum found
find_boundary(struct outline *outline, const char **line_r)
{
	enum found found = FOUND_NOTHING;

	while (found == FOUND_NOTHING) {
		const char *line =
		    bulk_find_dashes(outline->next, outline->end);
		const char *lf;

		if (line == outline->end) {
			outline->next = line;
			break;
		}
		lf = memchr(line, '\n', (size_t)(outline->end - line));
		if (lf == NULL)
			lf = outline->end;
		outline->next = lf < outline->end ? lf + 1 : lf;
		found = look_at(outline, line, (size_t)(lf - line));
		*line_r = line;
	}
	return found;
}

/* A part's last LF belongs to the boundary behind it. */
static void
end_part(struct outline *outline, const char *end, bool at_boundary)
{
	struct part *part = outline->part;

	if (part == NULL)
		return;
	part->size = (size_t)(end - part->bytes);
	if (at_boundary && part->size > 0)
		part->size--;
	outline->part = NULL;
}

static bool
read_multiparts(struct outline *outline)
{
	const char *line = outline->next;

	while (outline->depth > 0) {
		switch (find_boundary(outline, &line)) {
		case FOUND_NOTHING:
			end_part(outline, outline->end, false);
			return true;
		case FOUND_PART:
			end_part(outline, line, true);
			if (!open_part(outline))
				return false;
			break;
		case FOUND_CLOSE:
			end_part(outline, line, true);
			outline->depth--;
			break;
		case FOUND_OTHER:
			return false;
		}
	}
	return true;
}

/* --- all of it --------------------------------------------------------------- */

static void
copy_lower(char *to, size_t room, struct typefield_text text)
{
	size_t size = text.size < room ? text.size : room - 1;

	for (size_t i = 0; i < size; i++)
		to[i] = (char)tolower((unsigned char)text.text[i]);
	to[size] = '\0';
}

/* The type's bytes are one text, with its slash. */
static void
keep_type(const struct typefield *type, struct parts *parts)
{
	struct typefield_text whole = {
	    type->type.text, type->type.size + 1 + type->subtype.size};

	copy_lower(parts->content_type, sizeof parts->content_type, whole);
	copy_lower(parts->report_type, sizeof parts->report_type,
	    typefield_find(type, "report-type"));
}

bool
outline_read(const struct outline_content *content, const char *body,
    size_t size, struct parts *parts_r)
{
	struct outline outline = {
	    .next = body, .end = body + size, .parts = parts_r};
	struct typefield type;

	if (!read_type(content, &type) ||
	    !open_content(&outline, content, &type))
		return false;
	keep_type(&type, parts_r);
	if (outline.depth == 0)
		end_part(&outline, outline.end, false);
	return read_multiparts(&outline);
}
