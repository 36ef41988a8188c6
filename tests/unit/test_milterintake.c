/*
 * The order in which a milter's frames come to serve: what is a message, what is
 * none, and a disk that is full.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "heard.h"
#include "milterwire.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static size_t
put_frame(char letter, uint8_t *at)
{
	static const struct envelope envelope = {.sender = "s@x.example"};
	const char text[] = "text";

	switch (letter) {
	case 'S':
		return milterwire_put_sender(&envelope, at);
	case 'T':
		return milterwire_put_trap("a@trap.example", at);
	case 'X':
		milterwire_put_head(MILTERWIRE_TEXT, strlen(text), at);
		memcpy(at + MILTERWIRE_HEAD, text, strlen(text));
		return MILTERWIRE_HEAD + strlen(text);
	case 'E':
		return milterwire_put_end(
		    (struct milterwire_end){false, true}, at);
	case 'e': /* that nobody waits for */
		return milterwire_put_end(
		    (struct milterwire_end){false, false}, at);
	case 'L': /* a text that is longer than one may be */
		milterwire_put_head(
		    MILTERWIRE_TEXT, MILTERWIRE_TEXT_MAX + 1, at);
		return MILTERWIRE_HEAD;
	case 'l': /* so may a trap be */
		milterwire_put_head(
		    MILTERWIRE_TRAP, MILTERWIRE_BODY_MAX + 1, at);
		return MILTERWIRE_HEAD;
	default:
		milterwire_put_head((enum milterwire_kind)letter, 0, at);
		return MILTERWIRE_HEAD;
	}
}

/* At most 3 traps, and 10 bytes of text. */
static const struct {
	const char *name, *frames;
	int rc;
	const char *events, *text;
} orders[] = {
    {"a message", "STXE", BS_OK, "m", "text"},
    {"without text", "STE", BS_OK, "m", ""},
    {"in pieces, to all traps", "STTTXXE", BS_OK, "m", "texttext"},
    {"two", "STXESTE", BS_OK, "mm", "text"},
    {"one that nobody waits for", "STXeSTe", BS_OK, "nn", "text"},
    {"longer than is kept", "STXXXE", BS_OK, "m", "texttextte"},
    {"a callout", "STU", BS_OK, "u", ""},
    {"two and a message", "STUSTUSTE", BS_OK, "uum", ""},
    {"dropped before its text", "STDSTXE", BS_OK, "dm", "text"},
    {"dropped in its text", "STXD", BS_OK, "d", "text"},
    {"nothing", "", BS_OK, "", ""},
    {"a trap too many", "STTTT", BS_ECORRUPT, "", ""},
    {"two senders", "SS", BS_ECORRUPT, "", ""},
    {"a trap before the sender", "T", BS_ECORRUPT, "", ""},
    {"text before the sender", "X", BS_ECORRUPT, "", ""},
    {"text for no trap", "SX", BS_ECORRUPT, "", ""},
    {"an end for no trap", "SE", BS_ECORRUPT, "", ""},
    {"a callout of no trap", "SU", BS_ECORRUPT, "", ""},
    {"a callout with text", "STXU", BS_ECORRUPT, "", "text"},
    {"a trap behind text", "STXT", BS_ECORRUPT, "", "text"},
    {"an end of nothing", "E", BS_ECORRUPT, "", ""},
    {"a drop of nothing", "D", BS_ECORRUPT, "", ""},
    {"a text too long", "STL", BS_ECORRUPT, "", ""},
    {"a trap too long", "Sl", BS_ECORRUPT, "", ""},
    {"no such frame", "?", BS_ECORRUPT, "", ""},
};

static void
test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ROWS(orders); i++) {
		const char *frames = orders[i / 2].frames;
		uint8_t bytes[4096];
		size_t size = 0;
		struct heard heard = {0};
		struct milterintake_sink sink = heard_sink(&heard);
		struct milterintake intake;
		int rc;

		for (; *frames != '\0'; frames++)
			size += put_frame(*frames, bytes + size);
		milterintake_init(&intake, &sink, 3, 10);
		rc = heard_read(
		    &intake, &heard, bytes, size, i % 2 == 0 ? size : 1);
		if (rc != orders[i / 2].rc ||
		    strcmp(heard.events, orders[i / 2].events) != 0 ||
		    strcmp(heard.text, orders[i / 2].text) != 0)
			fail_msg("%s: %d, '%s', '%s'", orders[i / 2].name, rc,
			    heard.events, heard.text);
		milterintake_free(&intake);
	}
}

static void
test_full_disk(void **state)
{
	struct heard heard = {.text_fails = true};
	struct milterintake_sink sink = heard_sink(&heard);
	struct milterintake intake;
	struct envelope envelope;
	uint8_t bytes[4096];
	size_t size = 0, used;

	(void)state;
	for (const char *frames = "STXXE"; *frames != '\0'; frames++)
		size += put_frame(*frames, bytes + size);
	milterintake_init(&intake, &sink, 3, 10);
	assert_int_equal(milterintake_read(&intake, bytes, size, &used), BS_OK);
	assert_int_equal(intake.state, MILTERINTAKE_COMPLETE);
	assert_true(intake.failed);
	milterintake_take(&intake, &envelope);
	envelope_reset(&envelope);
	assert_false(intake.failed);
	milterintake_free(&intake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_full_disk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
