/*
 * Reads Content-Type and Content-Disposition, strictly: the first byte that is
 * not plain ends it, and the caller (outline.c) leaves the message to GMime.  So
 * there are no comments here, no escapes, no RFC 2231, no RFC 2047 and no
 * guesses.
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include "typefield.h"

struct reader {
	const char *at, *end;
};

/* What ends RFC 2045's token, and what RFC 2231 gives a meaning. */
static const bool is_special[128] = {['('] = true,
    [')'] = true,
    ['<'] = true,
    ['>'] = true,
    ['@'] = true,
    [','] = true,
    [';'] = true,
    [':'] = true,
    ['\\'] = true,
    ['"'] = true,
    ['/'] = true,
    ['['] = true,
    [']'] = true,
    ['?'] = true,
    ['='] = true,
    ['*'] = true,
    ['\''] = true,
    ['%'] = true};

static bool
is_token(char c)
{
	return c > ' ' && c < 127 && !is_special[(unsigned char)c];
}

static bool
is_quotable(char c)
{
	return c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '%' &&
	       c != '\'';
}

static void
skip_blanks(struct reader *reader)
{
	while (
	    reader->at < reader->end &&
	    (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n'))
		reader->at++;
}

static bool
take(struct reader *reader, char c)
{
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool
read_token(struct reader *reader, struct typefield_text *text_r)
{
	text_r->text = reader->at;
	while (reader->at < reader->end && is_token(*reader->at))
		reader->at++;
	text_r->size = (size_t)(reader->at - text_r->text);
	return text_r->size > 0;
}

/* Printable ASCII in quotes; a blank at either end may count or not. */
static bool
read_quoted(struct reader *reader, struct typefield_text *text_r)
{
	text_r->text = reader->at;
	while (reader->at < reader->end && is_quotable(*reader->at))
		reader->at++;
	text_r->size = (size_t)(reader->at - text_r->text);
	return text_r->size > 0 && text_r->text[0] != ' ' &&
	       reader->at[-1] != ' ' &&
	       memmem(text_r->text, text_r->size, "=?", 2) == NULL &&
	       take(reader, '"');
}

static bool
read_parameters(struct reader *reader, struct typefield *field)
{
	skip_blanks(reader);
	while (take(reader, ';')) {
		size_t i = field->parameter_count;

		skip_blanks(reader);
		if (reader->at == reader->end)
			return true;
		if (i == TYPEFIELD_PARAMETERS_MAX ||
		    !read_token(reader, &field->parameter[i].name) ||
		    !take(reader, '='))
			return false;
		if (!(take(reader, '"')
			    ? read_quoted(reader, &field->parameter[i].value)
			    : read_token(reader, &field->parameter[i].value)))
			return false;
		field->parameter_count++;
		skip_blanks(reader);
	}
	return reader->at == reader->end;
}

/* Of two parameters of one name readers take one or the other. */
static bool
has_twins(const struct typefield *field)
{
	for (size_t i = 0; i < field->parameter_count; i++) {
		struct typefield_text name = field->parameter[i].name;

		for (size_t k = i + 1; k < field->parameter_count; k++) {
			if (field->parameter[k].name.size == name.size &&
			    strncasecmp(field->parameter[k].name.text,
				name.text, name.size) == 0)
				return true;
		}
	}
	return false;
}

static bool
read_all(struct reader reader, bool has_subtype, struct typefield *field_r)
{
	field_r->subtype = (struct typefield_text){0};
	field_r->parameter_count = 0;
	skip_blanks(&reader);
	if (!read_token(&reader, &field_r->type) ||
	    (has_subtype && (!take(&reader, '/') ||
				!read_token(&reader, &field_r->subtype))))
		return false;
	return read_parameters(&reader, field_r) && !has_twins(field_r);
}

bool
typefield_read_type(const char *value, size_t size, struct typefield *field_r)
{
	return read_all((struct reader){value, value + size}, true, field_r);
}

bool
typefield_read_disposition(
    const char *value, size_t size, struct typefield *field_r)
{
	return read_all((struct reader){value, value + size}, false, field_r);
}

struct typefield_text
typefield_find(const struct typefield *field, const char *name)
{
	for (size_t i = 0; i < field->parameter_count; i++) {
		if (typefield_is(field->parameter[i].name, name))
			return field->parameter[i].value;
	}
	return (struct typefield_text){0};
}
