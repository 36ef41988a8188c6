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
#include "utf8.h"

struct bs_json {
	json_t *value;
	bool failed; /* something could not be put: out of memory */
};

/* Copies text as UTF-8, U+FFFD for each byte that is none; `out` has room for
 * three times the size.  Returns the bytes written. */
static size_t
utf8_mend(const char *text, size_t size, char *out)
{
	size_t in_at = 0, out_at = 0;

	while (in_at < size) {
		uint32_t code;
		size_t step = bs_utf8_read(
		    (const uint8_t *)text + in_at, size - in_at, &code);

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
