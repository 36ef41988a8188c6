/*
 * JSON: the one door to jansson.  Builds one object per line for every --json
 * output; strings that are not UTF-8 get U+FFFD in the place of each bad byte,
 * so that a hostile subject or file name can't break the line.
 */
#ifndef BS_JSON_H
#define BS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct bs_json; /* an object or array under construction */

/* NULL when out of memory; the others then do nothing, and write fails. */
struct bs_json *bs_json_object(void);
struct bs_json *bs_json_array(void);

/* Members of an object; `key` NULL appends to an array.  Text is copied;
 * text NULL is null, so is a real that is not finite.  A number above INT64_MAX
 * is written as a real: no reader of JSON has more than 53 exact bits. */
void bs_json_text(struct bs_json *json, const char *key, const char *text);
void bs_json_text_n(
    struct bs_json *json, const char *key, const char *text, size_t size);
void bs_json_number(struct bs_json *json, const char *key, uint64_t number);
/* One that may be negative. */
void bs_json_integer(struct bs_json *json, const char *key, int64_t number);
void bs_json_real(struct bs_json *json, const char *key, double number);
void bs_json_bool(struct bs_json *json, const char *key, bool value);
void bs_json_null(struct bs_json *json, const char *key);
/* `child` is taken. */
void bs_json_put(struct bs_json *json, const char *key, struct bs_json *child);

/* Writes it as one line with a newline, members in the order given, and
 * frees it.  BS_EIO when the stream fails, BS_ENOMEM. */
int bs_json_write(struct bs_json **json, FILE *out);
void bs_json_free(struct bs_json **json);

#endif
