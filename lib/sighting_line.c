/*
 * Reads and writes one line of JSON Lines with a sighting.  Strict about every
 * member that v 1 has; whether the feed is known, may report that, and when that
 * was, is the importer's to ask.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "json_read.h"
#include "sighting_line.h"

#define LINE_VERSION 1

/* A member that must be a text; its value is borrowed. */
static int
get_text(const struct bs_json_value *json, const char *key, const char **text_r,
    struct bs_message *message)
{
	int error = bs_json_get_text(json, key, text_r);

	if (error == BS_ENOTFOUND)
		bs_message_set(message, "%s: missing: add it", key);
	else if (error != BS_OK)
		bs_message_set(
		    message, "%s: no text: write it within quotes", key);
	return error == BS_OK ? BS_OK : BS_EINVAL;
}

static int
get_version(const struct bs_json_value *json, struct bs_message *message)
{
	uint64_t version;
	int error = bs_json_get_number(json, "v", UINT32_MAX, &version);

	if (error == BS_OK && version == LINE_VERSION)
		return BS_OK;
	if (error == BS_ENOTFOUND)
		bs_message_set(message, "v: missing: write \"v\":1");
	else
		bs_message_set(message,
		    "v: another version than 1: have the sender write that");
	return BS_EINVAL;
}

/* A hash: hexadecimal digits, an even number, in lower case. */
static int
get_hex(const struct bs_json_value *json, const char *key,
    char hex_r[BS_SIGHTING_LINE_HEX_MAX + 1], struct bs_message *message)
{
	const char *text;
	size_t size;
	int error = get_text(json, key, &text, message);

	if (error != BS_OK)
		return error;
	size = strlen(text);
	if (size < BS_SIGHTING_LINE_HEX_MIN ||
	    size > BS_SIGHTING_LINE_HEX_MAX || size % 2 != 0 ||
	    strspn(text, "0123456789abcdefABCDEF") != size) {
		bs_message_set(message,
		    "%s: no hash: write %d to %d hexadecimal digits", key,
		    BS_SIGHTING_LINE_HEX_MIN, BS_SIGHTING_LINE_HEX_MAX);
		return BS_EINVAL;
	}
	for (size_t i = 0; i <= size; i++)
		hex_r[i] = (char)tolower((unsigned char)text[i]);
	return BS_OK;
}

static int
get_source(const struct bs_json_value *json, struct bs_addr *source_r,
    struct bs_message *message)
{
	const char *text;
	int error = get_text(json, "source", &text, message);

	if (error != BS_OK)
		return error;
	if (bs_addr_parse(text, strlen(text), source_r) != BS_OK) {
		bs_message_set(message,
		    "source: no address: write one like 192.0.2.99 or "
		    "2001:db8::25");
		return BS_EINVAL;
	}
	bs_addr_unmap(source_r);
	return BS_OK;
}

static int
get_class(const struct bs_json_value *json, enum bs_class *class_r,
    struct bs_message *message)
{
	char known[BS_CLASSES_TEXT_MAX];
	const char *text;
	int error = get_text(json, "class", &text, message);

	if (error != BS_OK)
		return error;
	if (bs_class_parse(text, strlen(text), class_r) == BS_OK)
		return BS_OK;
	bs_message_set(message, "class: no such class: write one of %s",
	    bs_classes_format(BS_CLASSES_ALL, known));
	return BS_EINVAL;
}

static int
get_time(const struct bs_json_value *json, uint32_t *time_s_r,
    struct bs_message *message)
{
	const char *text;
	int error = get_text(json, "time", &text, message);

	if (error != BS_OK)
		return error;
	if (bs_time_parse(text, time_s_r) == BS_OK)
		return BS_OK;
	bs_message_set(message,
	    "time: no time in UTC: write it like 2026-11-22T03:00:00Z");
	return BS_EINVAL;
}

static int
get_feed(const struct bs_json_value *json,
    char feed_r[BS_SIGHTING_LINE_FEED_MAX + 1], struct bs_message *message)
{
	const char *text;
	int error;

	feed_r[0] = '\0';
	if (!bs_json_has(json, "feed"))
		return BS_OK;
	error = get_text(json, "feed", &text, message);
	if (error != BS_OK)
		return error;
	if (text[0] == '\0' || strlen(text) > BS_SIGHTING_LINE_FEED_MAX) {
		bs_message_set(message,
		    "feed: no name of a feed: write one of up to %d characters",
		    BS_SIGHTING_LINE_FEED_MAX);
		return BS_EINVAL;
	}
	(void)strcpy(feed_r, text);
	return BS_OK;
}

static int
get_all(const struct bs_json_value *json, struct bs_sighting_line *line,
    struct bs_message *message)
{
	int error = get_version(json, message);

	if (error == BS_OK)
		error = get_hex(json, "id", line->id, message);
	if (error == BS_OK)
		error = get_source(json, &line->source, message);
	if (error == BS_OK)
		error = get_class(json, &line->class, message);
	if (error == BS_OK)
		error = get_time(json, &line->time_s, message);
	if (error == BS_OK)
		error = get_hex(json, "trap", line->trap, message);
	if (error == BS_OK)
		error = get_feed(json, line->feed, message);
	return error;
}

int
bs_sighting_line_read(const char *text, size_t size,
    struct bs_sighting_line *line_r, struct bs_message *message)
{
	struct bs_json_value *json = NULL;
	struct bs_sighting_line line = {0};
	int error;

	if (size > BS_SIGHTING_LINE_MAX) {
		bs_message_set(message,
		    "longer than %d bytes: write one sighting in a line",
		    BS_SIGHTING_LINE_MAX);
		return BS_ETOOLONG;
	}
	error = bs_json_read(text, size, &json, message);
	if (error != BS_OK)
		return error;
	error = get_all(json, &line, message);
	bs_json_value_free(&json);
	if (error == BS_OK)
		*line_r = line;
	return error;
}

int
bs_sighting_line_write(const struct bs_sighting_line *line, FILE *out)
{
	struct bs_json *json = bs_json_object();
	char source[BS_ADDR_TEXT_MAX], time[BS_TIME_TEXT_MAX];

	bs_json_number(json, "v", LINE_VERSION);
	bs_json_text(json, "id", line->id);
	bs_json_text(json, "source", bs_addr_format(&line->source, source));
	bs_json_text(json, "class", bs_class_name(line->class));
	bs_json_text(json, "time", bs_time_format(line->time_s, time));
	bs_json_text(json, "trap", line->trap);
	if (line->feed[0] != '\0')
		bs_json_text(json, "feed", line->feed);
	return bs_json_write(&json, out);
}
