/*
 * JSON lines from outside, by way of jansson, whose types stay in here: a
 * struct bs_json_value is one of its values.  What the members mean is the
 * callers' business: imports of listings and of sightings.
 */
#include "autoconf.h"

#include <string.h>

#include <jansson.h>

#include "json_read.h"

static json_t *
theirs(const struct bs_json_value *value)
{
	return (json_t *)(uintptr_t)value;
}

static struct bs_json_value *
ours(json_t *value)
{
	return (struct bs_json_value *)value;
}

/* What is wrong without what stands there: the line may be of secrets, say of a
 * trap's address, and the message may go to a log. */
static void
say_wrong(const json_error_t *wrong, struct bs_message *message)
{
	const char *quote = strstr(wrong->text, " near ");
	int size = (int)(quote != NULL ? (size_t)(quote - wrong->text)
				       : strlen(wrong->text));

	bs_message_set(message, "no JSON: column %d: %.*s", wrong->column, size,
	    wrong->text);
}

int
bs_json_read(const char *line, size_t size, struct bs_json_value **value_r,
    struct bs_message *message)
{
	json_error_t wrong;
	json_t *value;

	if (size > BS_JSON_LINE_MAX) {
		bs_message_set(message, "has %zu bytes: at most %d", size,
		    BS_JSON_LINE_MAX);
		return BS_ETOOLONG;
	}
	value = json_loadb(line, size, JSON_REJECT_DUPLICATES, &wrong);
	if (value == NULL) {
		say_wrong(&wrong, message);
		return json_error_code(&wrong) == json_error_out_of_memory
			   ? BS_ENOMEM
			   : BS_EINVAL;
	}
	if (!json_is_object(value)) {
		json_decref(value);
		bs_message_set(message, "no JSON object: write {...}");
		return BS_EINVAL;
	}
	*value_r = ours(value);
	return BS_OK;
}

void
bs_json_value_free(struct bs_json_value **value)
{
	json_decref(theirs(*value));
	*value = NULL;
}

/* NULL where there is none or it is null. */
static json_t *
member(const struct bs_json_value *object, const char *key)
{
	json_t *value = json_object_get(theirs(object), key);

	return json_is_null(value) ? NULL : value;
}

int
bs_json_get_text(
    const struct bs_json_value *object, const char *key, const char **text_r)
{
	const json_t *value = member(object, key);

	if (value == NULL)
		return BS_ENOTFOUND;
	/* jansson refuses \u0000 unless it is told not to */
	if (!json_is_string(value))
		return BS_EINVAL;
	*text_r = json_string_value(value);
	return BS_OK;
}

int
bs_json_get_number(const struct bs_json_value *object, const char *key,
    uint64_t max, uint64_t *number_r)
{
	const json_t *value = member(object, key);
	json_int_t number;

	if (value == NULL)
		return BS_ENOTFOUND;
	if (!json_is_integer(value))
		return BS_EINVAL;
	number = json_integer_value(value);
	if (number < 0 || (uint64_t)number > max)
		return BS_ERANGE;
	*number_r = (uint64_t)number;
	return BS_OK;
}

int
bs_json_get_bool(
    const struct bs_json_value *object, const char *key, bool *value_r)
{
	const json_t *value = member(object, key);

	if (value == NULL)
		return BS_ENOTFOUND;
	if (!json_is_boolean(value))
		return BS_EINVAL;
	*value_r = json_is_true(value);
	return BS_OK;
}

int
bs_json_get_object(const struct bs_json_value *object, const char *key,
    const struct bs_json_value **object_r)
{
	json_t *value = member(object, key);

	if (value == NULL)
		return BS_ENOTFOUND;
	if (!json_is_object(value))
		return BS_EINVAL;
	*object_r = ours(value);
	return BS_OK;
}

bool
bs_json_has(const struct bs_json_value *object, const char *key)
{
	return json_object_get(theirs(object), key) != NULL;
}

size_t
bs_json_count(const struct bs_json_value *object)
{
	return json_object_size(theirs(object));
}

static bool
is_among(const char *name, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

const char *
bs_json_beyond(
    const struct bs_json_value *object, const char *const names[], size_t count)
{
	const char *key;
	json_t *value;

	json_object_foreach(theirs(object), key, value)
	{
		if (!is_among(key, names, count))
			return key;
	}
	return NULL;
}
