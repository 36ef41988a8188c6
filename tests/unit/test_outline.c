/*
 * The outline of messages: rows of what it finds, of what it leaves to GMime,
 * and, for all that it reads, that GMime finds the same.
 */
#include "autoconf.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"
#include "outline.h"
#include "outline_oracle.h"

#define TYPE(type) "Content-Type: " type "\n"
#define MIXED TYPE("multipart/mixed; boundary=b") "\n"

struct row {
	const char *name;
	const char *message;
	/* each part: its kind's first letter, a mark for its encoding, charset,
	 * '!' where it runs, and its bytes in <>; NULL: left to GMime */
	const char *parts;
};

static const struct row rows[] = {
    {"text without a type", "From: a\n\nhello\n", "T<hello\n>"},
    {"no body", "From: a\n", "T<>"},
    {"no header", "\nhello\n", "T<hello\n>"},
    {"an empty body", "From: a\n\n", "T<>"},
    {"ASCII and UTF-8 need no charset",
	TYPE("text/plain; charset=US-ASCII") "\nx\n", "T<x\n>"},
    {"a charset", TYPE("text/html; charset=\"koi8-r\"") "\nx\n",
	"H koi8-r<x\n>"},
    {"upper case", TYPE("TEXT/HTML; CHARSET=KOI8-R") "\nx\n", "H KOI8-R<x\n>"},
    {"a charset of nobody's",
	TYPE(
	    "text/plain; charset=x123456789x123456789x123456789x123456789") "\nx\n",
	"T ?<x\n>"},
    {"encodings",
	TYPE("text/plain") "Content-Transfer-Encoding:  Base64 \n\neA==\n",
	"T+<eA==\n>"},
    {"quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\nx\n",
	"T=<x\n>"},
    {"another encoding", "Content-Transfer-Encoding: x-uuencode\n\nx\n", NULL},
    {"an encoding and a comment",
	"Content-Transfer-Encoding: 7bit (text)\n\nx\n", NULL},
    {"two parts", MIXED "--b\n\none\n--b\n" TYPE("text/html") "\ntwo\n--b--\n",
	"T<one>H<two>"},
    {"before and behind them", MIXED "no\n--b\n\none\n--b--\nno\n", "T<one>"},
    {"blanks behind boundaries", MIXED "--b \t\n\none\n--b--\r \n", "T<one>"},
    {"more behind a boundary", MIXED "--b\n\none\n--bc\n--b--\n",
	"T<one\n--bc>"},
    {"no end", MIXED "--b\n\none\n", "T<one\n>"},
    {"no part", MIXED "text\n", ""},
    {"an end alone", MIXED "--b--\n", ""},
    {"an empty part", MIXED "--b\n\n--b--\n", "T<>"},
    {"a part of one empty line", MIXED "--b\n\n\n--b--\n", "T<>"},
    {"folded", "Content-Type: multipart/mixed;\n\tboundary=\"b\"\n\n--b\n\nx\n",
	"T<x\n>"},
    {"a boundary with blanks inside",
	TYPE("multipart/mixed; boundary=\"a b\"") "\n--a b\n\nx\n--a b--\n",
	"T<x>"},
    {"a multipart within",
	MIXED "--b\n" TYPE(
	    "multipart/alternative; boundary=c") "\n--c\n\none\n--c--\n\n--b\n\ntwo\n--b--\n",
	"T<one>T<two>"},
    {"one that ends the outer one",
	MIXED "--b\n" TYPE(
	    "multipart/alternative; boundary=c") "\n--c\n\none\n--b--\n",
	NULL},
    {"a report",
	TYPE("multipart/report; report-type=delivery-status; boundary=b") "\n--b\n\nsorry\n--b\n" TYPE(
	    "message/delivery-status") "\nStatus: 5.0.0\n--b\n" TYPE("message/rfc822") "\nFrom: a\n\nb\n--b--\n",
	"T<sorry>S<Status: 5.0.0>M<From: a\n\nb>"},
    {"headers", TYPE("text/rfc822-headers") "\nFrom: a\n", "R<From: a\n>"},
    {"a receipt", TYPE("message/disposition-notification") "\nDisposition: x\n",
	"D<Disposition: x\n>"},
    {"abuse", TYPE("message/feedback-report") "\nVersion: 1\n",
	"F<Version: 1\n>"},
    {"an encoded message",
	TYPE("message/rfc822") "Content-Transfer-Encoding: base64\n\neA==\n",
	NULL},
    {"a message alone", TYPE("message/rfc822") "\nFrom: a\n\nb\n",
	"M<From: a\n\nb\n>"},
    {"no message", MIXED "--b\n" TYPE("message/rfc822") "\n--b--\n", "M<>"},
    {"a program", TYPE("application/octet-stream; name=a.exe") "\nx\n",
	"O!<x\n>"},
    {"a program as a file",
	"Content-Disposition: attachment; filename=\"a b.Zip\"\n\nx\n",
	"T!<x\n>"},
    {"the file's name counts first",
	TYPE(
	    "image/gif; name=a.exe") "Content-Disposition: inline; filename=a.gif\n\nx\n",
	"O<x\n>"},
    {"a name that GMime has to decode",
	"Content-Disposition: attachment; filename*=utf-8''a.exe\n\nx\n", NULL},
    {"a comment", TYPE("text/plain (x)") "\nx\n", NULL},
    {"an escape", TYPE("text/plain; name=\"a\\\"b\"") "\nx\n", NULL},
    {"no subtype", TYPE("text") "\nx\n", NULL},
    {"no value", TYPE("text/plain; charset=") "\nx\n", NULL},
    {"nothing at all", TYPE("") "\nx\n", NULL},
    {"a last semicolon", TYPE("text/plain; charset=utf-8; ") "\nx\n", "T<x\n>"},
    {"a parameter twice", TYPE("text/plain; charset=a; Charset=b") "\nx\n",
	NULL},
    {"a type twice", TYPE("text/plain") TYPE("text/html") "\nx\n", NULL},
    {"no boundary", TYPE("multipart/mixed") "\n--b\n", NULL},
    {"a digest", TYPE("multipart/digest; boundary=b") "\n--b\n\nx\n", NULL},
    {"a part's header without its end", MIXED "--b\nA: b\n--b--\n", NULL},
    {"a part without any header", MIXED "--b\nhello there\n--b--\n", NULL},
    {"a boundary among the fields", MIXED "--b\nA: b\n--c: d\n\nx\n", NULL},
};

static const char kinds[] = {[PART_OTHER] = 'O',
    [PART_TEXT] = 'T',
    [PART_HTML] = 'H',
    [PART_HEADERS] = 'R',
    [PART_STATUS] = 'S',
    [PART_DISPOSITION] = 'D',
    [PART_FEEDBACK] = 'F',
    [PART_MESSAGE] = 'M'};

/* As the rows have it. */
static void
write_parts(const struct parts *parts, char *text, size_t room)
{
	static const char *const encodings[] = {"", "+", "=", "u"};
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->part[i];

		used += (size_t)snprintf(text + used, room - used,
		    "%c%s%s%s%s<%.*s>", kinds[part->kind],
		    encodings[part->encoding],
		    part->charset[0] != '\0' ? " " : "", part->charset,
		    part->runs ? "!" : "", (int)part->size, part->bytes);
		assert_true(used < room);
	}
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct parts parts;
		char text[1000];
		char *bytes = NULL;
		bool plain = outline_oracle(
		    rows[i].message, strlen(rows[i].message), &parts, &bytes);

		if (plain != (rows[i].parts != NULL))
			fail_msg("%s: %s", rows[i].name,
			    plain ? "read" : "left to GMime");
		if (!plain)
			continue;
		write_parts(&parts, text, sizeof text);
		if (strcmp(text, rows[i].parts) != 0)
			fail_msg("%s: %s", rows[i].name, text);
		free(bytes);
	}
}

/* `count` multiparts, each within the one before. */
static bool
reads_nested(size_t count)
{
	char message[4000];
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(message + used, sizeof message - used,
		    "%s" TYPE("multipart/mixed; boundary=b%zu") "\n--b%zu\n",
		    "", i, i);
	used +=
	    (size_t)snprintf(message + used, sizeof message - used, "\nx\n");
	return outline_oracle(message, used, NULL, NULL);
}

static bool
reads_boundary(size_t size)
{
	char message[4000], boundary[1000];

	memset(boundary, 'b', size);
	boundary[size] = '\0';
	(void)snprintf(message, sizeof message,
	    TYPE("multipart/mixed; boundary=%s") "\n--%s\n\nx\n--%s--\n",
	    boundary, boundary, boundary);
	return outline_oracle(message, strlen(message), NULL, NULL);
}

static bool
reads_parts(size_t count)
{
	char *message = malloc(100 + 10 * count);
	size_t used = (size_t)sprintf(message, MIXED);
	bool plain;

	for (size_t i = 0; i < count; i++)
		used += (size_t)sprintf(message + used, "--b\n\nx\n");
	plain = outline_oracle(message, used, NULL, NULL);
	free(message);
	return plain;
}

static void
test_limits(void **state)
{
	(void)state;
	assert_true(reads_nested(OUTLINE_DEPTH_MAX));
	assert_false(reads_nested(OUTLINE_DEPTH_MAX + 1));
	assert_true(reads_boundary(OUTLINE_BOUNDARY_MAX));
	assert_false(reads_boundary(OUTLINE_BOUNDARY_MAX + 1));
	assert_true(reads_parts(PARTS_FEW));
	assert_true(reads_parts(PARTS_FEW + 1));
	assert_true(reads_parts(1000));
}

/* --- real mail: also what it becomes when bytes are changed --------------------- */

static size_t read_count, plain_count;

static void
read_changed(char *bytes, size_t size, uint32_t *chance)
{
	static const char changes[] = "\n-;:\"= b";

	for (int i = 0; i < 20; i++) {
		char *at = bytes + (*chance >> 8) % size;
		char was = *at;

		*at = changes[*chance % (sizeof changes - 1)];
		(void)outline_oracle(bytes, size, NULL, NULL);
		*at = was;
		*chance = *chance * 1664525u + 1013904223u;
	}
}

static int
on_file(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	static char bytes[256 * 1024];
	uint32_t chance = 1;
	FILE *file;
	size_t size;

	(void)status;
	(void)walk;
	if (type != FTW_F || strstr(path, ".eml") == NULL)
		return 0;
	file = fopen(path, "rb");
	assert_non_null(file);
	size = fread(bytes, 1, sizeof bytes, file);
	(void)fclose(file);
	read_count++;
	plain_count += outline_oracle(bytes, size, NULL, NULL);
	if (size > 0 && size < 20000)
		read_changed(bytes, size, &chance);
	return 0;
}

static void
test_real_mail(void **state)
{
	(void)state;
	assert_int_equal(nftw(TEST_DATA, on_file, 16, FTW_PHYS), 0);
	assert_true(read_count > 20);
	assert_true(plain_count * 2 > read_count); /* it is usual mail */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_real_mail),
	};
	int rc;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	judge_start();
	rc = cmocka_run_group_tests_name("outline", tests, NULL, NULL);
	judge_stop();
	return rc;
}
