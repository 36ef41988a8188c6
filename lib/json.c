/*
 * JSON lines, one object or array per line.
 *
 * Keeps jansson behind one struct that remembers a failed allocation, so that
 * callers put member after member and learn of it once, from bs_json_write.
 * What the members mean, and their order, is the callers' business: every
 * --json output of the programs.
 */
#include "autoconf.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "error.h"
#include "json.h"

struct bs_json {
	json_t *value;
	bool failed; /* something could not be put: out of memory */
};

/* The well-formed UTF-8 sequences (Unicode, table 3-7): lead bytes and what
 * the second byte may be; the others are 80 to bf. */
static const struct utf8_row {
	uint8_t lead_min, lead_max;
	uint8_t second_min, second_max;
	uint8_t size_bytes;
} utf8_table[] = {
    {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2},
    {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, /* no surrogates */
    {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4},
    {0xf4, 0xf4, 0x80, 0x8f, 4}, /* up to U+10FFFF */
};

static const struct utf8_row *
utf8_row_for(uint8_t lead)
{
	for (size_t i = 0; i < sizeof(utf8_table) / sizeof(*utf8_table); i++) {
		if (lead >= utf8_table[i].lead_min &&
		    lead <= utf8_table[i].lead_max)
			return &utf8_table[i];
	}
	return NULL;
}

/* The size of the well-formed sequence at the start of `text`, or 0. */
static size_t
utf8_sequence(const uint8_t *text, size_t size)
{
	const struct utf8_row *row = utf8_row_for(text[0]);

	if (row == NULL || row->size_bytes > size)
		return 0;
	if (row->size_bytes > 1 &&
	    (text[1] < row->second_min || text[1] > row->second_max))
		return 0;
	for (size_t i = 2; i < row->size_bytes; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	return row->size_bytes;
}

/* Copies text as UTF-8, U+FFFD for each byte that is none; `out` has room for
 * three times the size.  Returns the bytes written. */
static size_t
utf8_mend(const char *text, size_t size, char *out)
{
	size_t in_at = 0, out_at = 0;

	while (in_at < size) {
		size_t step =
		    utf8_sequence((const uint8_t *)text + in_at, size - in_at);

		if (step > 0) {
			memcpy(out + out_at, text + in_at, step);
			out_at += step;
			in_at += step;
		} else {
			memcpy(out + out_at, "\xef\xbf\xbd", 3);
			out_at += 3;
			in_at++;
		}
	}
	return out_at;
}

/* A JSON string of any bytes, or NULL when out of memory. */
static json_t *
string_of(const char *text, size_t size)
{
	json_t *value = json_stringn(text, size);
	char *mended;

	if (value != NULL || size > SIZE_MAX / 3)
		return value;
	/* either not UTF-8 or out of memory; the second then shows again */
	mended = malloc(size * 3 + 1);
	if (mended == NULL)
		return NULL;
	value = json_stringn(mended, utf8_mend(text, size, mended));
	free(mended);
	return value;
}

static struct bs_json *
json_of(json_t *value)
{
	struct bs_json *json;

	if (value == NULL)
		return NULL;
	json = malloc(sizeof(*json));
	if (json == NULL) {
		json_decref(value);
		return NULL;
	}
	json->value = value;
	json->failed = false;
	return json;
}

struct bs_json *
bs_json_object(void)
{
	return json_of(json_object());
}

struct bs_json *
bs_json_array(void)
{
	return json_of(json_array());
}

/* Takes `value`, which may be NULL after a failed allocation. */
static void
put_value(struct bs_json *json, const char *key, json_t *value)
{
	int failed;

	if (json == NULL) {
		json_decref(value);
		return;
	}
	assert(json_is_array(json->value) == (key == NULL));
	if (key == NULL)
		failed = json_array_append_new(json->value, value);
	else
		failed = json_object_set_new(json->value, key, value);
	if (failed != 0)
		json->failed = true;
}

void
bs_json_text(struct bs_json *json, const char *key, const char *text)
{
	bs_json_text_n(json, key, text, text == NULL ? 0 : strlen(text));
}

void
bs_json_text_n(
    struct bs_json *json, const char *key, const char *text, size_t size)
{
	put_value(
	    json, key, text == NULL ? json_null() : string_of(text, size));
}

void
bs_json_number(struct bs_json *json, const char *key, uint64_t number)
{
	/* jansson's integers are signed; its reals write what is beyond */
	if (number > INT64_MAX)
		put_value(json, key, json_real((double)number));
	else
		put_value(json, key, json_integer((json_int_t)number));
}

void
bs_json_integer(struct bs_json *json, const char *key, int64_t number)
{
	put_value(json, key, json_integer((json_int_t)number));
}

void
bs_json_real(struct bs_json *json, const char *key, double number)
{
	/* JSON has no infinity and no NaN (RFC 8259 section 6) */
	put_value(
	    json, key, isfinite(number) ? json_real(number) : json_null());
}

void
bs_json_bool(struct bs_json *json, const char *key, bool value)
{
	put_value(json, key, json_boolean(value));
}

void
bs_json_null(struct bs_json *json, const char *key)
{
	put_value(json, key, json_null());
}

void
bs_json_put(struct bs_json *json, const char *key, struct bs_json *child)
{
	json_t *value = NULL;

	if (child != NULL && !child->failed)
		value = json_incref(child->value);
	bs_json_free(&child);
	put_value(json, key, value);
}

int
bs_json_write(struct bs_json **json, FILE *out)
{
	char *line = NULL;
	int error = BS_OK;

	if (*json != NULL && !(*json)->failed)
		line = json_dumps((*json)->value, JSON_COMPACT);
	bs_json_free(json);
	if (line == NULL)
		return BS_ENOMEM;
	if (fputs(line, out) == EOF || putc('\n', out) == EOF)
		error = BS_EIO;
	free(line);
	return error;
}

void
bs_json_free(struct bs_json **json)
{
	if (*json == NULL)
		return;
	json_decref((*json)->value);
	free(*json);
	*json = NULL;
}
