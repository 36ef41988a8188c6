/*
 * What a text quotes, taken out of it.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quoted.h"

#define OWN "your message did not arrive\n"

static const struct {
	const char *name, *text, *own;
	bool has_marks;
} rows[] = {
    {"nothing", "", "", false},
    {"no quotation", OWN, OWN, false},
    {"a mark", OWN "> buy this\n", OWN, true},
    {"a mark without a blank", OWN ">buy this\n>>and that\n", OWN, true},
    {"a mark behind blanks", OWN "  > buy this\n", OWN, true},
    {"far in, an arrow", OWN "            > next\n", OWN "            > next\n",
	false},
    {"a bar", OWN "| buy this\n|\n", OWN "|\n", true},
    {"a table", OWN "| a | b |\n", OWN "| a | b |\n", false},
    {"a pipe", OWN "|/usr/bin/filter\n", OWN "|/usr/bin/filter\n", false},
    {"a mailbox's From", OWN ">from now on\n", OWN ">from now on\n", false},
    {"a transcript", OWN ">>> rcpt to:<a@b>\n<<< 550 no\n",
	OWN ">>> rcpt to:<a@b>\n<<< 550 no\n", false},
    {"between lines", "your message did\n> buy\nnot arrive, sorry\n",
	"your message did\nnot arrive, sorry\n", true},
    {"with CRLF", "your message did not arrive\r\n> buy\r\n",
	"your message did not arrive\r\n", true},
    {"no line end", OWN "> buy", OWN, true},
    {"nothing else", "> buy this now, it is cheap\n",
	"> buy this now, it is cheap\n", true},
    {"hardly anything else", "hello\n> buy this now, it is cheap\n",
	"hello\n> buy this now, it is cheap\n", true},
    {"dashes", OWN "--- original message ---\nbuy\n",
	OWN "--- original message ---\n", false},
    {"dashes, German", OWN "-----ursprungliche nachricht-----\nbuy\n",
	OWN "-----ursprungliche nachricht-----\n", false},
    {"dashes before a transcript",
	OWN "--- transcript of session follows ---\nbuy\n",
	OWN "--- transcript of session follows ---\nbuy\n", false},
    {"Yahoo's note", OWN "note: forwarded message attached.\nbuy\n",
	OWN "note: forwarded message attached.\n", false},
    {"two dashes", OWN "-- original message\nbuy\n",
	OWN "-- original message\nbuy\n", false},
    {"dashes first", "--- original message ---\nbuy this now, it is cheap\n",
	"--- original message ---\n", false},
    {"Outlook's fields", OWN "from: a\nsent: monday\nto: b\nsubject: c\nbuy\n",
	OWN, false},
    {"Outlook's fields, bold", OWN "*von:* a\n*gesendet:* montag\nbuy\n", OWN,
	false},
    {"Outlook's fields, the time last",
	OWN "od: a\ndo: b\ntemat: c\nwyslano: d\nbuy\n", OWN, false},
    {"too late", OWN "von: a\nb\nc\nd\ngesendet: e\n",
	OWN "von: a\nb\nc\nd\ngesendet: e\n", false},
    {"a field alone", OWN "from: a\nbuy\n", OWN "from: a\nbuy\n", false},
    {"Exchange's fields",
	"your message\nto: a\nsubject: b\nsent: c\ndid not reach d\n",
	"your message\nto: a\nsubject: b\nsent: c\ndid not reach d\n", false},
    {"wrote", OWN "on 5 may joe wrote:\nbuy\n", OWN, false},
    {"wrote, on two lines", OWN "on 5 may joe <joe@b.org>\nwrote:\n\nbuy\n",
	OWN "on 5 may joe <joe@b.org>\n", false},
    {"wrote, with marks",
	OWN "am 5. mai schrieb joe\njoe@b.org schrieb:\n\n> buy\nsorry\n",
	OWN "am 5. mai schrieb joe\njoe@b.org schrieb:\n\nsorry\n", true},
    {"wrote, of nobody", OWN "this is what he wrote:\nbuy\n",
	OWN "this is what he wrote:\nbuy\n", false},
};

static void
test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = strdup(rows[i].text);
		size_t size = strlen(text);
		bool has_marks = quoted_cut(text, &size);

		if (strcmp(text, rows[i].own) != 0 || size != strlen(text) ||
		    has_marks != rows[i].has_marks)
			fail_msg("%s: \"%s\" %zu %d", rows[i].name, text, size,
			    has_marks);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
