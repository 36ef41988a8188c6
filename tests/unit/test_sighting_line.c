/*
 * Sightings as JSON Lines: what is one and what is not, and what is said of it.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sighting_line.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

#define ID "\"id\":\"0011aabbccddeeff\""
#define SOURCE "\"source\":\"192.0.2.99\""
#define CLASS "\"class\":\"bounce\""
#define TIME "\"time\":\"2026-11-22T03:00:00Z\""
#define TRAP "\"trap\":\"ffeeddccbbaa9988\""
#define GOOD                                                  \
	"{\"v\":1," ID "," SOURCE "," CLASS "," TIME "," TRAP \
	",\"feed\":\"partner\"}"

static int
read_text(const char *text, struct bs_sighting_line *line_r,
    struct bs_message *message)
{
	size_t size = strlen(text);
	char *copy = malloc(size + 1);
	int error;

	assert_non_null(copy);
	memcpy(copy, text, size);
	error = bs_sighting_line_read(copy, size, line_r, message);
	free(copy);
	return error;
}

static void
good(void **state)
{
	struct bs_sighting_line line;
	struct bs_message message;

	(void)state;
	assert_int_equal(read_text(GOOD, &line, &message), BS_OK);
	assert_string_equal(line.id, "0011aabbccddeeff");
	assert_string_equal(line.trap, "ffeeddccbbaa9988");
	assert_int_equal(line.class, BS_BOUNCE);
	assert_int_equal(line.time_s, 1795316400u);
	assert_string_equal(line.feed, "partner");
	/* no feed, unknown members, capitals, a mapped address */
	assert_int_equal(
	    read_text("{\"v\":1,\"more\":[1],\"id\":\"00AABBCC\",\"source\":"
		      "\"::ffff:192.0.2.1\"," CLASS "," TIME "," TRAP "}",
		&line, &message),
	    BS_OK);
	assert_string_equal(line.feed, "");
	assert_string_equal(line.id, "00aabbcc");
	assert_int_equal(line.source.family, BS_IPV4);
}

static void
bad(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
	    {"", ""},
	    {"[]", ""},
	    {"null", ""},
	    {"{", ""},
	    {"{}", "v: missing"},
	    {GOOD "x", ""},
	    {GOOD GOOD, ""},
	    {"{\"v\":2," ID "," SOURCE "," CLASS "," TIME "," TRAP "}", "v: "},
	    {"{\"v\":\"1\"," ID "," SOURCE "," CLASS "," TIME "," TRAP "}",
		"v: "},
	    {"{\"v\":1," SOURCE "," CLASS "," TIME "," TRAP "}", "id: missing"},
	    {"{\"v\":1,\"id\":7," SOURCE "," CLASS "," TIME "," TRAP "}",
		"id: no text"},
	    {"{\"v\":1,\"id\":\"00112\"," SOURCE "," CLASS "," TIME "," TRAP
	     "}",
		"id: no hash"},
	    {"{\"v\":1,\"id\":\"trap@example\"," SOURCE "," CLASS "," TIME
	     "," TRAP "}",
		"id: no hash"},
	    {"{\"v\":1," ID "," ID "," SOURCE "," CLASS "," TIME "," TRAP "}",
		""},
	    {"{\"v\":1," ID "," CLASS "," TIME "," TRAP "}", "source: missing"},
	    {"{\"v\":1," ID ",\"source\":\"192.0.2.0/24\"," CLASS "," TIME
	     "," TRAP "}",
		"source: no address"},
	    {"{\"v\":1," ID ",\"source\":\"010.0.0.1\"," CLASS "," TIME "," TRAP
	     "}",
		"source: no address"},
	    {"{\"v\":1," ID "," SOURCE ",\"class\":\"forged\"," TIME "," TRAP
	     "}",
		"class: no such class"},
	    {"{\"v\":1," ID "," SOURCE ",\"class\":\"bounce,virus\"," TIME
	     "," TRAP "}",
		"class: no such class"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS ",\"time\":\"yesterday\"," TRAP
	     "}",
		"time: no time"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS
	     ",\"time\":\"2026-11-22T03:00:00+01:00\"," TRAP "}",
		"time: no time"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS
	     ",\"time\":\"1969-12-31T23:59:59Z\"," TRAP "}",
		"time: no time"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS "," TIME "}", "trap: missing"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS "," TIME "," TRAP
	     ",\"feed\":\"\"}",
		"feed: no name"},
	    {"{\"v\":1," ID "," SOURCE "," CLASS "," TIME "," TRAP
	     ",\"feed\":null}",
		"feed: "},
	};
	struct bs_sighting_line line;
	struct bs_message message;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		message.text[0] = '\0';
		if (read_text(rows[i].text, &line, &message) != BS_EINVAL ||
		    strncmp(message.text, rows[i].says, strlen(rows[i].says)) !=
			0 ||
		    message.text[0] == '\0')
			fail_msg("%s: %s", rows[i].text, message.text);
	}
}

/* A text of so many characters in the place of a member. */
static int
with_length(const char *key, size_t count, char fill)
{
	static char text[BS_SIGHTING_LINE_MAX + 2];
	struct bs_sighting_line line;
	struct bs_message message;
	size_t size = (size_t)snprintf(text, sizeof(text),
	    "{\"v\":1," SOURCE "," CLASS "," TIME ",%s\"%s\":\"",
	    strcmp(key, "id") == 0     ? TRAP ","
	    : strcmp(key, "trap") == 0 ? ID ","
				       : ID "," TRAP ",",
	    key);

	memset(text + size, fill, count);
	(void)snprintf(text + size + count, sizeof(text) - size - count, "\"}");
	return read_text(text, &line, &message);
}

static void
limits(void **state)
{
	char text[BS_SIGHTING_LINE_MAX + 2];
	struct bs_sighting_line line;
	struct bs_message message;

	(void)state;
	assert_int_equal(with_length("id", BS_SIGHTING_LINE_HEX_MIN, 'a'), 0);
	assert_int_equal(
	    with_length("id", BS_SIGHTING_LINE_HEX_MIN - 2, 'a'), BS_EINVAL);
	assert_int_equal(with_length("trap", BS_SIGHTING_LINE_HEX_MAX, 'a'), 0);
	assert_int_equal(
	    with_length("trap", BS_SIGHTING_LINE_HEX_MAX + 2, 'a'), BS_EINVAL);
	assert_int_equal(
	    with_length("feed", BS_SIGHTING_LINE_FEED_MAX, 'f'), 0);
	assert_int_equal(
	    with_length("feed", BS_SIGHTING_LINE_FEED_MAX + 1, 'f'), BS_EINVAL);
	/* blanks behind the object fill it up */
	memset(text, ' ', sizeof(text));
	memcpy(text, GOOD, strlen(GOOD));
	assert_int_equal(
	    bs_sighting_line_read(text, BS_SIGHTING_LINE_MAX, &line, &message),
	    BS_OK);
	assert_int_equal(bs_sighting_line_read(
			     text, BS_SIGHTING_LINE_MAX + 1, &line, &message),
	    BS_ETOOLONG);
}

static void
round_trip(void **state)
{
	struct bs_sighting_line in, out;
	struct bs_message message;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	assert_non_null(stream);
	assert_int_equal(read_text(GOOD, &in, &message), BS_OK);
	assert_int_equal(bs_sighting_line_write(&in, stream), BS_OK);
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(text, GOOD "\n");
	text[size - 1] = '\0';
	assert_int_equal(read_text(text, &out, &message), BS_OK);
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good),
	    cmocka_unit_test(bad),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(round_trip),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
