/*
 * Reading JSON: one object in one line, from outside.  Strict: one value and
 * nothing after it, no member twice, valid UTF-8, no NUL in texts.  What is not
 * asked for is not looked at.  Another door to jansson, beside json.h.
 */
#ifndef BS_JSON_READ_H
#define BS_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define BS_JSON_LINE_MAX 65536 /* bytes of a line */

struct bs_json_value;

/*
 * Reads an object; *value_r is to be freed.  BS_ETOOLONG, BS_EINVAL with what
 * is wrong and the column in `message`, which repeats nothing of the line,
 * BS_ENOMEM.
 */
int bs_json_read(const char *line, size_t size, struct bs_json_value **value_r,
    struct bs_message *message);
void bs_json_value_free(struct bs_json_value **value);

/*
 * Members of an object, by name.  Each: BS_ENOTFOUND where there is none or it
 * is null, BS_EINVAL where it is of another kind.  What they give is borrowed
 * until the value is freed.
 */
int bs_json_get_text(
    const struct bs_json_value *object, const char *key, const char **text_r);
/* A whole number from 0 to `max`; BS_ERANGE. */
int bs_json_get_number(const struct bs_json_value *object, const char *key,
    uint64_t max, uint64_t *number_r);
int bs_json_get_bool(
    const struct bs_json_value *object, const char *key, bool *value_r);
int bs_json_get_object(const struct bs_json_value *object, const char *key,
    const struct bs_json_value **object_r);

/* Whether the member is there, null too. */
bool bs_json_has(const struct bs_json_value *object, const char *key);
/* How many members the object has. */
size_t bs_json_count(const struct bs_json_value *object);
/* A member's name that is none of `count` names, or NULL. */
const char *bs_json_beyond(const struct bs_json_value *object,
    const char *const names[], size_t count);

#endif
