/*
 * feeder/mbox and feeder/mailstream: lines that begin messages and lines that
 * do not, dates of From_ lines, and whole streams cut into messages, fed in
 * pieces of every size.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mailstream.h"
#include "mbox.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define FROM "From a@b.example Mon Nov 23 01:02:03 2026\n"

/* --- lines --------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *text;
	bool want;
} field_rows[] = {
    {"plain", "Subject: x", true},
    {"nothing after it", "Subject:", true},
    {"blank before the colon", "Subject \t: x", true},
    {"eight-bit name", "S\xc3\xbc: x", false},
    {"no name", ": x", false},
    {"no colon", "Subject", false},
    {"two words", "Dear Sir: x", false},
    {"line end before the colon", "Subject\n: x", false},
    {"empty", "", false},
};

static void
test_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(field_rows); i++) {
		if (mbox_is_field(field_rows[i].text,
			strlen(field_rows[i].text)) != field_rows[i].want)
			fail_msg("%s", field_rows[i].name);
	}
}

static void
test_field_limit(void **state)
{
	char text[MBOX_FIELD_MAX + 2];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[MBOX_FIELD_MAX] = ':';
	assert_true(mbox_is_field(text, sizeof(text)));
	text[MBOX_FIELD_MAX] = 'x';
	text[MBOX_FIELD_MAX + 1] = ':';
	assert_false(mbox_is_field(text, sizeof(text)));
}

static const struct {
	const char *name;
	const char *text;
	bool want;
} from_rows[] = {
    {"usual", FROM "To: x\n", true},
    {"CRLF", "From a Mon Nov 23 01:02:03 2026\r\nTo: x\r\n", true},
    {"no date", "From a\nTo: x\n", true},
    {"UUCP line next", FROM ">From b\nTo: x\n", true},
    {"a sentence", "From now on we\nwill see.\n", false},
    {"date, no field", FROM " To: x\n", true},
    {"date, last line", "From a Mon Nov 23 01:02:03 2026\n", true},
    {"no date, last line", "From a\n", false},
    {"cut", "From a Mon Nov", false},
    {"quoted", ">" FROM "To: x\n", false},
    {"a header", "From: a\nTo: x\n", false},
    {"lower case", "from a\nTo: x\n", false},
};

static void
test_from(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(from_rows); i++) {
		if (mbox_is_from(from_rows[i].text,
			strlen(from_rows[i].text)) != from_rows[i].want)
			fail_msg("%s", from_rows[i].name);
	}
}

static void
test_from_limit(void **state)
{
	char text[MBOX_LOOKAHEAD + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "From ", 5);
	memcpy(text + MBOX_FROM_MAX, "\r\nTo: x\n", 8);
	assert_true(mbox_is_from(text, sizeof(text)));
	memcpy(text + MBOX_FROM_MAX, "xx\nTo: x\n", 9);
	assert_false(mbox_is_from(text, sizeof(text)));
}

static const struct {
	const char *name;
	const char *line;
	int want;
	uint32_t time_s;
} time_rows[] = {
    {"asctime", "From a@b Mon Nov 23 01:02:03 2026\n", 0, 1795395723},
    {"padded day", "From a@b Sun Nov  1 00:00:00 2026\r\n", 0, 1793491200},
    {"no seconds", "From a@b Mon Nov 23 01:02 2026\n", 0, 1795395720},
    {"zone after", "From a Mon Nov 23 01:02:03 2026 +0100\n", 0, 1795392123},
    {"zone before", "From a Mon Nov 23 01:02:03 -0130 2026\n", 0, 1795401123},
    {"named zone", "From a Mon Nov 23 01:02:03 MET DST 2026\n", 0, 1795395723},
    {"Thunderbird", "From - Mon Nov 23 01:02:03 2026\n", 0, 1795395723},
    {"remote from", "From a Mon Nov 23 01:02:03 2026 remote from x\n", 0,
	1795395723},
    {"month as a name", "From Nov Mon Nov 23 01:02:03 2026\n", 0, 1795395723},
    {"no date", "From a@b\n", BS_EINVAL, 0},
    {"no year", "From a@b Mon Nov 23 01:02:03\n", BS_EINVAL, 0},
    {"day 0", "From a@b Mon Nov 0 01:02:03 2026\n", BS_EINVAL, 0},
    {"hour 24", "From a@b Mon Nov 23 24:02:03 2026\n", BS_EINVAL, 0},
    {"before 1970", "From a@b Mon Nov 23 01:02:03 1969\n", BS_EINVAL, 0},
    {"after 2106", "From a@b Mon Nov 23 01:02:03 2106\n", BS_EINVAL, 0},
    {"zone makes it negative", "From a Thu Jan 1 00:00:00 1970 +0100\n",
	BS_EINVAL, 0},
    {"other line", "To: Nov 23 01:02:03 2026\n", BS_EINVAL, 0},
};

static void
test_from_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(time_rows); i++) {
		uint32_t time_s = 0;
		int rc = mbox_from_time(
		    time_rows[i].line, strlen(time_rows[i].line), &time_s);

		if (rc != time_rows[i].want || time_s != time_rows[i].time_s)
			fail_msg("%s: %d, %u", time_rows[i].name, rc, time_s);
	}
}

/* --- what a stream looks like -------------------------------------------- */

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *name;
	const char *text;
	size_t size;
	enum mail_look want;
} look_rows[] = {
    {"message", TEXT("Subject: x\n\nbody"), MAIL_LOOK_MESSAGE},
    {"one line, no end", TEXT("Subject: x"), MAIL_LOOK_MESSAGE},
    {"mbox", TEXT(FROM "Subject: x\n"), MAIL_LOOK_MBOX},
    {"UUCP line first", TEXT(">From a\nSubject: x\n"), MAIL_LOOK_MESSAGE},
    {"blank lines first", TEXT("\r\n\nSubject: x\n"), MAIL_LOOK_MESSAGE},
    {"indented header", TEXT(" Subject: x\n"), MAIL_LOOK_MESSAGE},
    {"NUL in the body", TEXT("Subject: x\n\n\0"), MAIL_LOOK_MESSAGE},
    {"nothing", TEXT(""), MAIL_LOOK_EMPTY},
    {"blank lines only", TEXT("\n\r\n \t\n"), MAIL_LOOK_EMPTY},
    {"ELF", TEXT("\177ELF\2\1\1\0\0\0\0"), MAIL_LOOK_BINARY},
    {"NULs", TEXT("\0\0\0\0\0\0\0\0"), MAIL_LOOK_BINARY},
    {"UTF-16", TEXT("S\0u\0b\0j\0:\0"), MAIL_LOOK_BINARY},
    {"prose", TEXT("Once upon a time\nthere was: a\n"), MAIL_LOOK_TEXT},
    {"From prose", TEXT("From now on\nnobody will\n"), MAIL_LOOK_TEXT},
    {"PNG", TEXT("\x89PNG\r\n\x1a\n\0"), MAIL_LOOK_TEXT},
};

static void
test_look(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(look_rows); i++) {
		enum mail_look look =
		    mail_look(look_rows[i].text, look_rows[i].size);

		if (look != look_rows[i].want)
			fail_msg("%s: %d", look_rows[i].name, (int)look);
	}
}

/* --- whole streams ------------------------------------------------------- */

struct source {
	const char *text;
	size_t size, used, piece;
	int error; /* returned at the end, 0: none */
};

static int
read_source(void *context, char *bytes, size_t size, size_t *size_r)
{
	struct source *source = context;
	size_t left = source->size - source->used;

	if (left == 0 && source->error != 0)
		return source->error;
	if (size > source->piece)
		size = source->piece;
	if (size > left)
		size = left;
	memcpy(bytes, source->text + source->used, size);
	source->used += size;
	*size_r = size;
	return BS_OK;
}

#define MAILS_MAX 3

static const struct {
	const char *name;
	const char *text;
	bool single;
	const char *want[MAILS_MAX]; /* NULL: no more */
} stream_rows[] = {
    {"one message", "A: 1\n\nx\n", false, {"A: 1\n\nx\n"}},
    {"not quoted outside an mbox", "A: 1\n\n>From x\n", false,
	{"A: 1\n\n>From x\n"}},
    {"From_ inside one message", "A: 1\n\n" FROM "B: 2\n", false,
	{"A: 1\n\n" FROM "B: 2\n"}},
    {"two messages", FROM "A: 1\n\nx\n\n" FROM "B: 2\n\ny\n\n", false,
	{"A: 1\n\nx\n", "B: 2\n\ny\n"}},
    {"no empty line at the end", FROM "A: 1\n\nx\n\n" FROM "B: 2\n\ny", false,
	{"A: 1\n\nx\n", "B: 2\n\ny"}},
    {"no empty line between", FROM "A: 1\n\nx\n" FROM "B: 2\n", false,
	{"A: 1\n\nx\n" FROM "B: 2\n"}},
    {"headers only", FROM "A: 1\n\n" FROM "B: 2\n\n", false,
	{"A: 1\n", "B: 2\n"}},
    {"mboxrd quotes", FROM "A: 1\n\n>From x\n>>From y\n>>> From z\n>Fromage\n",
	false, {"A: 1\n\nFrom x\n>From y\n>>> From z\n>Fromage\n"}},
    {"unquoted prose", FROM "A: 1\n\nx\n\nFrom here on\nall is well\n", false,
	{"A: 1\n\nx\n\nFrom here on\nall is well\n"}},
    {"CRLF",
	"From a\r\nA: 1\r\n\r\nx\r\n\r\nFrom b\r\nB: 2\r\n\r\n>From y\r\n\r\n",
	false, {"A: 1\r\n\r\nx\r\n", "B: 2\r\n\r\nFrom y\r\n"}},
    {"a lying Content-Length",
	FROM "Content-Length: 999\n\nx\n\n" FROM "B: 2\n\n", false,
	{"Content-Length: 999\n\nx\n", "B: 2\n"}},
    {"cut in a From_ line", FROM "A: 1\n\nx\n\nFrom a@b.exa", false,
	{"A: 1\n\nx\n\nFrom a@b.exa"}},
    {"single: From_ line left out", FROM "A: 1\n\nx\n\n" FROM "B: 2\n", true,
	{"A: 1\n\nx\n\n" FROM "B: 2\n"}},
    {"lines that end in CR", FROM "A: 1\r\rx\r\n\n" FROM "B: 2\r\n\n", false,
	{"A: 1\r\rx\r", "B: 2\r\n"}},
    {"no message between", FROM "\n" FROM "B: 2\n\n", false, {"", "B: 2\n"}},
    {"empty", "", false, {NULL}},
};

static void
check_stream(size_t row, size_t piece)
{
	const char *text = stream_rows[row].text;
	struct source source = {text, strlen(text), 0, piece, 0};
	struct mailstream *stream;
	struct mail mail;
	size_t i = 0;
	int rc;

	assert_int_equal(mailstream_new(read_source, &source,
			     stream_rows[row].single, 1000, &stream),
	    BS_OK);
	while ((rc = mailstream_next(stream, &mail)) == BS_OK) {
		if (i == MAILS_MAX || stream_rows[row].want[i] == NULL ||
		    mail.size != strlen(stream_rows[row].want[i]) ||
		    memcmp(mail.bytes, stream_rows[row].want[i], mail.size) !=
			0)
			fail_msg("%s, pieces of %zu, message %zu: \"%.*s\"",
			    stream_rows[row].name, piece, i, (int)mail.size,
			    mail.bytes);
		i++;
	}
	assert_int_equal(rc, BS_ENOTFOUND);
	if (i < MAILS_MAX && stream_rows[row].want[i] != NULL)
		fail_msg("%s: only %zu", stream_rows[row].name, i);
	mailstream_free(&stream);
}

static void
test_stream(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 7, 4096};

	(void)state;
	for (size_t row = 0; row < ROWS(stream_rows); row++) {
		for (size_t i = 0; i < ROWS(pieces); i++)
			check_stream(row, pieces[i]);
	}
}

static void
test_index_and_time(void **state)
{
	static const char text[] = FROM "A: 1\n\n\nFrom b\nB: 2\n\n";
	struct source source = {text, sizeof(text) - 1, 0, 5, 0};
	struct mailstream *stream;
	struct mail mail;

	(void)state;
	assert_int_equal(
	    mailstream_new(read_source, &source, false, 1000, &stream), BS_OK);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_int_equal(mail.index, 1);
	assert_int_equal(mail.from_s, 1795395723);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_int_equal(mail.index, 2);
	assert_int_equal(mail.from_s, 0);
	mailstream_free(&stream);
}

/* A message of the largest size, one byte more, and what follows it. */
static void
test_size_limit(void **state)
{
	static const char text[] =
	    FROM "A: 1\n\n1234\n\n" FROM "A: 1\n\n12345\n\n" FROM "B: 2\n\n";
	struct source source = {text, sizeof(text) - 1, 0, 4096, 0};
	struct mailstream *stream;
	struct mail mail;

	(void)state;
	/* the limit counts the empty line too, until it is dropped */
	assert_int_equal(
	    mailstream_new(read_source, &source, false, 12, &stream), BS_OK);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_false(mail.cut);
	assert_int_equal(mail.size, 11);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_true(mail.cut);
	assert_int_equal(mail.size, 12);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_false(mail.cut);
	assert_memory_equal(mail.bytes, "B: 2\n", mail.size);
	assert_int_equal(mailstream_next(stream, &mail), BS_ENOTFOUND);
	mailstream_free(&stream);
}

/* Lines longer than any buffer; the message's own buffer has to grow. */
static void
test_long_lines(void **state)
{
	size_t size = 1000000, head = sizeof(FROM "A: 1\n\n") - 1;
	char *text = malloc(head + size);
	struct source source = {text, head + size, 0, 65536, 0};
	struct mailstream *stream;
	struct mail mail;

	(void)state;
	assert_non_null(text);
	memcpy(text, FROM "A: 1\n\n", head);
	memset(text + head, 'x', size);
	assert_int_equal(
	    mailstream_new(read_source, &source, false, 2000000, &stream),
	    BS_OK);
	assert_int_equal(mailstream_next(stream, &mail), BS_OK);
	assert_int_equal(mail.size, size + 6);
	assert_memory_equal(mail.bytes + 6, text + head, size);
	mailstream_free(&stream);
	free(text);
}

static void
test_read_error(void **state)
{
	struct source source = {FROM "A: 1\n\nx\n", 51, 0, 10, BS_EIO};
	struct mailstream *stream;
	enum mail_look look;
	struct mail mail;

	(void)state;
	source.size = strlen(source.text);
	assert_int_equal(
	    mailstream_new(read_source, &source, false, 1000, &stream), BS_OK);
	assert_int_equal(mailstream_look(stream, &look), BS_EIO);
	assert_int_equal(mailstream_next(stream, &mail), BS_EIO);
	mailstream_free(&stream);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_field),
	    cmocka_unit_test(test_field_limit),
	    cmocka_unit_test(test_from),
	    cmocka_unit_test(test_from_limit),
	    cmocka_unit_test(test_from_time),
	    cmocka_unit_test(test_look),
	    cmocka_unit_test(test_stream),
	    cmocka_unit_test(test_index_and_time),
	    cmocka_unit_test(test_size_limit),
	    cmocka_unit_test(test_long_lines),
	    cmocka_unit_test(test_read_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
