/*
 * The judge on whole messages: the sample mail of tests/data, broken and
 * hostile mail, the trap, and identities that do not depend on how a message
 * was stored.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "judge.h"
#include "source.h"

#define FILE_MAX_BYTES ((size_t)1 << 20)
/* Of this process, for any message; ten times that with sanitizers. */
#define SECONDS_MAX 2

static const struct bs_config no_settings;

static void
judge(const struct bs_config *config, const char *bytes, size_t size,
    struct judgement *judgement_r)
{
	struct judge *judge = NULL;

	assert_int_equal(judge_new(config, NULL, NULL, &judge), BS_OK);
	judge_message(judge, bytes, size, judgement_r);
	judge_free(&judge);
}

/* --- sample mail ----------------------------------------------------------- */

static size_t
read_sample(const char *path, char *bytes)
{
	char name[4096];
	FILE *file;
	size_t size;

	snprintf(name, sizeof name, "%s/%s", TEST_DATA, path);
	file = fopen(name, "rb");
	if (file == NULL)
		fail_msg("%s: cannot be read", name);
	size = fread(bytes, 1, FILE_MAX_BYTES, file);
	fclose(file);
	return size;
}

static void
check_sample(const char *path, const char *kind, const char *type,
    const char *source, char *bytes)
{
	static struct judgement judgement;
	char text[BS_ADDR_TEXT_MAX] = "-";

	judge(&no_settings, bytes, read_sample(path, bytes), &judgement);
	if (judgement.has_source)
		bs_addr_format(&judgement.source, text);
	if (strcmp(kind, judge_kind_name(judgement.kind)) != 0 ||
	    strcmp(strcmp(type, "-") == 0 ? "" : type,
		judge_type_name(judgement.type)) != 0 ||
	    strcmp(source, text) != 0)
		fail_msg("%s: %s, %s, %s", path,
		    judge_kind_name(judgement.kind),
		    judge_type_name(judgement.type), text);
}

static void
test_samples(void **state)
{
	char line[1024], path[256], kind[32], type[32], source[64];
	char *bytes = malloc(FILE_MAX_BYTES);
	FILE *expected = fopen(TEST_DATA "/expected.tsv", "r");
	size_t rows = 0;

	(void)state;
	assert_non_null(bytes);
	assert_non_null(expected);
	assert_non_null(fgets(line, sizeof line, expected)); /* the heads */
	while (fgets(line, sizeof line, expected) != NULL) {
		if (sscanf(line, "%255s %31s %31s %63s", path, kind, type,
			source) != 4)
			fail_msg("expected.tsv: %s", line);
		check_sample(path, kind, type, source, bytes);
		rows++;
	}
	assert_true(rows >= 30);
	fclose(expected);
	free(bytes);
}

/* --- the trap, the date, what is broken ------------------------------------- */

struct row {
	const char *name;
	const char *message;
	enum judge_kind kind;
	const char *trap;
	uint32_t received_s;
};

#define RECEIVED                                                        \
	"Received: from a (a [203.0.113.7]) by mx.example (Postfix);\n" \
	"\tThu, 29 Apr 2010 23:34:45 +0900\n"
#define BOUNCE_HEAD                                        \
	"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\n" \
	"Subject: Undelivered Mail Returned to Sender\n"
#define BOUNCE_TEXT                                      \
	"This is the mail system at host a.example.\n\n" \
	"<joe@b.example>: host b said: 550 5.1.1 User unknown\n"

static const struct row rows[] = {
    {"date of the topmost Received", RECEIVED "\n", JUDGE_NONE, "", 1272551685},
    {"no Received", "A: b\n\n", JUDGE_NONE, "", 0},
    {"Delivered-To", "Delivered-To: Trap@Example.ORG\nTo: b@c\n\n", JUDGE_NONE,
	"trap@example.org", 0},
    {"the topmost of them",
	"X-Original-To: one@a\nDelivered-To: two@a\nTo: b@c\n\n", JUDGE_NONE,
	"one@a", 0},
    {"Envelope-To", "Envelope-to: one@a\n\n", JUDGE_NONE, "one@a", 0},
    {"X-Envelope-To", "X-Envelope-To: <one@a>\n\n", JUDGE_NONE, "one@a", 0},
    {"To", "To: \"Doe, Joe\" <Joe@A>, b@c\n\n", JUDGE_NONE, "joe@a", 0},
    {"To, bare", "To: joe@a, b@c\n\n", JUDGE_NONE, "joe@a", 0},
    {"To, several lines", "To:\n Joe <joe@a>\n\n", JUDGE_NONE, "joe@a", 0},
    {"mbox line before", "From a@b Thu Apr 29 23:34:45 2010\nTo: joe@a\n\n",
	JUDGE_NONE, "joe@a", 0},
    {"bounce", BOUNCE_HEAD "\n" BOUNCE_TEXT, JUDGE_BOUNCE, "", 0},
    {"bounce, base64",
	BOUNCE_HEAD "Content-Transfer-Encoding: base64\n\n"
		    "VGhpcyBpcyB0aGUgbWFpbCBzeXN0ZW0gYXQgaG9zdCBhLgo1NTAgNS4x"
		    "LjEgbm8K\n",
	JUDGE_BOUNCE, "", 0},
    {"bounce, unknown charset",
	BOUNCE_HEAD
	"Content-Type: text/plain; charset=x-nonsense\n\n" BOUNCE_TEXT,
	JUDGE_BOUNCE, "", 0},
    {"bounce, broken charset",
	BOUNCE_HEAD
	"Content-Type: text/plain; charset=utf-8\n\n\xff\xfe\xc3\n" BOUNCE_TEXT,
	JUDGE_BOUNCE, "", 0},
    {"bounce, no boundary",
	BOUNCE_HEAD "Content-Type: multipart/mixed\n\n" BOUNCE_TEXT,
	JUDGE_BOUNCE, "", 0},
    {"bounce cut in its boundary",
	BOUNCE_HEAD
	"Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" BOUNCE_TEXT "--",
	JUDGE_BOUNCE, "", 0},
    {"bounce in a bounce is not looked at",
	"From: joe@a\nSubject: see below\n"
	"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nlook\n--x\n"
	"Content-Type: message/rfc822\n\n" BOUNCE_HEAD "\n" BOUNCE_TEXT
	"--x--\n",
	JUDGE_NONE, "", 0},
    {"a subject in two words of base64, the first of them padded",
	"From: joe@a\nSubject: =?utf-8?b?QXV0b21hdGlzY2hlIEE=?=\n"
	" =?utf-8?B?bnR3b3J0OiBBbmdlYm90?=\n\nHallo\n",
	JUDGE_AUTOREPLY, "", 0},
    {"empty", "", JUDGE_NONE, "", 0},
    {"one byte", "x", JUDGE_NONE, "", 0},
    {"only a mbox line", "From a@b", JUDGE_NONE, "", 0},
    {"only newlines", "\n\n\n", JUDGE_NONE, "", 0},
};

/* The message in one of three forms of line ends; the caller frees. */
static char *
with_ends(const char *message, const char *end, size_t *size_r)
{
	char *bytes = malloc(2 * strlen(message) + 1), *to = bytes;

	assert_non_null(bytes);
	for (const char *p = message; *p != '\0'; p++) {
		if (*p == '\n')
			to = stpcpy(to, end);
		else
			*to++ = *p;
	}
	*size_r = (size_t)(to - bytes);
	return bytes;
}

static void
test_messages(void **state)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t j = 0; j < 3; j++) {
			size_t size;
			char *bytes =
			    with_ends(rows[i].message, ends[j], &size);

			judge(&no_settings, bytes, size, &judgement);
			free(bytes);
			if (judgement.kind != rows[i].kind ||
			    strcmp(judgement.trap, rows[i].trap) != 0 ||
			    judgement.received_s != rows[i].received_s)
				fail_msg("%s, ends %zu: %s, %s, %lu",
				    rows[i].name, j,
				    judge_kind_name(judgement.kind),
				    judgement.trap,
				    (unsigned long)judgement.received_s);
		}
	}
}

/* --- hostile mail ------------------------------------------------------------ */

static const struct {
	const char *name, *head, *piece, *tail;
	size_t times;
} hostile[] = {
    {"150 KB of groups", "To: ", "g:", ";\n\n", 75000},
    {"64 KB of comments", "To: ", "(", "\n\n", 65000},
    {"a million headers", "", "X-Y: z\n", "\n", 1000000},
    {"a million Received", "", "Received: from a (a [192.0.2.1]) by b\n", "\n",
	800000},
    {"100,000 parts", "Content-Type: multipart/mixed; boundary=x\n\n",
	"--x\n\na\n", "", 100000},
    {"10,000 nested messages", "", "Content-Type: message/rfc822\n\n", "",
	10000},
    {"10,000 nested multiparts", "",
	"Content-Type: multipart/mixed; boundary=x\n\n--x\n", "", 10000},
    {"30 MB of base64", "Content-Transfer-Encoding: base64\n\n",
	"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n", "", 640000},
    {"one line of 30 MB", "A: b\n\n", "0123456789", "", 3000000},
    {"one header of 30 MB", "Subject: ", "=?utf-8?q?=41?= ", "\n\n", 1900000},
    {"parameters", "Content-Type: text/plain", "; a*0*=utf-8''%41", "\n\n",
	3000},
    {"references", "References: ", "<a@b> ", "\n\n", 10000},
    {"30 MB of blanks", "A: b\n\n", "          ", "", 3000000},
    {"30 MB of newlines", "A: b\n\n", "\n\n\n\n\n\n\n\n\n\n", "", 3000000},
    {"30 MB of NUL bytes", "A: b\n\n", "", "", 30000000},
    {"64 KB of open tags", "Content-Type: text/html\n\n", "<", "", 65536},
    {"64 KB of style", "Content-Type: text/html\n\n", "<style></", "", 8000},
    {"codes", "From: mailer-daemon\n\n", "550 5.1.1 ", "", 100000},
    {"header blocks", "\n", "From: a\nTo: b\n\n", "", 1000000},
};

static char *
build(size_t i, size_t *size_r)
{
	size_t head = strlen(hostile[i].head), tail = strlen(hostile[i].tail);
	size_t piece = strlen(hostile[i].piece);
	size_t step = piece > 0 ? piece : 1; /* "": NUL bytes */
	char *bytes = calloc(1, head + step * hostile[i].times + tail + 1);

	assert_non_null(bytes);
	memcpy(bytes, hostile[i].head, head);
	for (size_t j = 0; j < hostile[i].times; j++)
		memcpy(bytes + head + j * step, hostile[i].piece, piece);
	memcpy(bytes + head + step * hostile[i].times, hostile[i].tail, tail);
	*size_r = head + step * hostile[i].times + tail;
	return bytes;
}

/* The processor's time that was used, whatever else the machine does. */
static uint64_t
used_ns(void)
{
	struct timespec used;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static void
test_hostile(void **state)
{
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		size_t size;
		char *bytes = build(i, &size);
		uint64_t start_ns = used_ns();
		uint64_t took_ns;

		judge(&no_settings, bytes, size, &judgement);
		took_ns = used_ns() - start_ns;
		free(bytes);
		if (judgement.lists ||
		    took_ns > (uint64_t)SECONDS_MAX * 10 * 1000000000)
			fail_msg("%s: %s, %lu ms", hostile[i].name,
			    judge_kind_name(judgement.kind),
			    (unsigned long)(took_ns / 1000000));
	}
}

static void
test_largest(void **state)
{
	static struct judgement judgement;
	size_t size = JUDGE_MESSAGE_MAX + 1;
	char *bytes = calloc(1, size);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '\n', size);
	memcpy(bytes, BOUNCE_HEAD "\n" BOUNCE_TEXT,
	    strlen(BOUNCE_HEAD "\n" BOUNCE_TEXT));
	judge(&no_settings, bytes, size, &judgement);
	assert_int_equal(judgement.kind, JUDGE_BOUNCE);
	assert_true(judgement.truncated);
	assert_non_null(strstr(judgement.truncated_why, "32 MB"));
	judge(&no_settings, bytes, size - 1, &judgement);
	assert_int_equal(judgement.kind, JUDGE_BOUNCE);
	assert_null(strstr(judgement.truncated_why, "32 MB"));
	free(bytes);
}

/* --- identity ----------------------------------------------------------------- */

struct identity_row {
	const char *name;
	const char *message;
	bool same; /* as BASE */
};

#define BASE RECEIVED "To: trap@a\nSubject: s\n\nbody\n\nmore\n"

static const struct identity_row identities[] = {
    {"itself", BASE, true},
    {"mbox line", "From a@b Thu Apr 29 23:34:45 2010\n" BASE, true},
    {"trailing empty lines", BASE "\n\n", true},
    {"no last newline", RECEIVED "To: trap@a\nSubject: s\n\nbody\n\nmore",
	true},
    {"Status", RECEIVED "Status: RO\nTo: trap@a\nSubject: s\n\nbody\n\nmore\n",
	true},
    {"folded X-Keywords",
	RECEIVED "X-Keywords: a\n b\nTo: trap@a\nSubject: s\n\nbody\n\nmore\n",
	true},
    {"all of them", "X-UID: 1\nX-Status: A\nLines: 3\nContent-Length: 9\n" BASE,
	true},
    {"one empty line less", RECEIVED "To: trap@a\nSubject: s\n\nbody\nmore\n",
	false},
    {"another body", RECEIVED "To: trap@a\nSubject: s\n\nbody\n\nmorE\n",
	false},
    {"another subject", RECEIVED "To: trap@a\nSubject: t\n\nbody\n\nmore\n",
	false},
    {"Status in the body",
	RECEIVED "To: trap@a\nSubject: s\n\nStatus: RO\nbody\n\nmore\n", false},
    {"another trap", RECEIVED "To: trap@b\nSubject: s\n\nbody\n\nmore\n",
	false},
    {"another time",
	"Received: from a (a [203.0.113.7]) by mx.example (Postfix);\n"
	"\tThu, 29 Apr 2010 23:34:46 +0900\n"
	"To: trap@a\nSubject: s\n\nbody\n\nmore\n",
	false},
};

static void
identify(struct bs_keyhash *hash, const struct bs_config *config,
    const char *message, uint8_t identity_r[BS_KEYHASH_SIZE])
{
	static struct judgement judgement;

	judge(config, message, strlen(message), &judgement);
	judge_identity(hash, message, strlen(message), &judgement, identity_r);
}

static void
test_identity(void **state)
{
	static const struct bs_key key = {{1, 2, 3}};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	uint8_t base[BS_KEYHASH_SIZE], other[BS_KEYHASH_SIZE];

	(void)state;
	assert_non_null(hash);
	identify(hash, &no_settings, BASE, base);
	for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
		size_t size;
		char *crlf = with_ends(identities[i].message, "\r\n", &size);

		identify(hash, &no_settings, identities[i].message, other);
		if ((memcmp(base, other, sizeof base) == 0) !=
		    identities[i].same)
			fail_msg("%s", identities[i].name);
		crlf[size] = '\0';
		identify(hash, &no_settings, crlf, other);
		if ((memcmp(base, other, sizeof base) == 0) !=
		    identities[i].same)
			fail_msg("%s, CRLF", identities[i].name);
		free(crlf);
	}
	bs_keyhash_free(&hash);
}

/* Our side's lines may differ between two deliveries of the same message. */
static void
test_identity_without_ours(void **state)
{
	static const struct bs_key key = {{1, 2, 3}};
	static const char one[] = "Received: from mx (mx [10.0.0.1]) by a with "
				  "LMTP id 1; Thu, 29 Apr 2010 23:34:45 "
				  "+0900\n" BASE;
	static const char two[] = "Received: from mx (mx [10.0.0.1]) by a with "
				  "LMTP id 2; Thu, 29 Apr 2010 23:34:45 "
				  "+0900\n" BASE;
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	struct bs_prefix relay;
	struct bs_config config = {.relays = &relay, .relay_count = 1};
	uint8_t first[BS_KEYHASH_SIZE], second[BS_KEYHASH_SIZE];

	(void)state;
	assert_int_equal(bs_prefix_parse("10.0.0.0/8", 10, &relay), BS_OK);
	identify(hash, &config, one, first);
	identify(hash, &config, two, second);
	assert_memory_equal(first, second, sizeof first);
	identify(hash, &no_settings, one, first);
	identify(hash, &no_settings, two, second);
	assert_memory_not_equal(first, second, sizeof first);
	bs_keyhash_free(&hash);
}

/* The identity of a message that has nothing around it: what was remembered of
 * one must be known again. */
static void
test_digest(void **state)
{
	static const struct bs_key key = {{1, 2, 3}};
	static const struct judgement nothing,
	    one_of_ours = {.received_ours = 1};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	uint8_t identity[BS_KEYHASH_SIZE], digest[BS_KEYHASH_SIZE];
	static const char text[] = "Received: from a by b\n" BASE;

	(void)state;
	judge_identity(hash, text, strlen(text), &nothing, identity);
	judge_digest(hash, text, strlen(text), 0, digest);
	assert_memory_equal(identity, digest, sizeof digest);
	judge_identity(hash, text, strlen(text), &one_of_ours, identity);
	assert_memory_not_equal(identity, digest, sizeof digest);
	judge_digest(hash, text, strlen(text), 1, digest);
	assert_memory_equal(identity, digest, sizeof digest);
	bs_keyhash_free(&hash);
}

/* Messages and what is put before them, and whether the lines that were read of
 * both are of use. */
static const struct lines_row {
	const char *name, *heads, *message;
	bool is_kept;
} lines_rows[] = {
    {"LF", "A: b\r\n c\r\n", "Subject: x\n\ny\n\nz\n", true},
    {"CR LF", "A: b\r\n c\r\n", "Subject: x\r\n\r\ny\r\n\r\nz\r\n", true},
    {"no end", "A: b\n", "Subject: x\n\ny\n\nz", true},
    {"empty lines at the end", "A: b\n", "B: x\n\ny\r\n\r\n\r\n\n\n", true},
    {"CRs before an LF", "A: b\n", "B: x\r\r\n\r\r\r\ny\r\r\n\r", true},
    {"a CR within", "A: b\n", "B: x\ry\n\nx\ry\n", true},
    {"a continuation", "A: b\n", " x\nB: c\n\ny\n", true},
    {"no header", "A: b\n", "\n\nx\n", true},
    {"nothing", "A: b\n", "", true},
    {"a From_ line", "A: b\n", "From x y\nB: c\n\nd\n", true},
    {"our own fields", "A: b\n", "Status: R\n O\nReceived: x\nB: c\n\n", true},
    {"fields in the body", "A: b\n", "B: c\n\nx: y\n\n--x\n\nC: d\n", true},
    {"no LF", "A: b\n", "B: x\r\ry\r", false},
    {"no LF behind a From_ line", "A: b\n", "From x y\nB: x\r\ry\r", false},
    {"no line end", "A: b\n", "B: x", true},
    {"heads that are cut", "A: b\nC: d", "B: x\n\ny\n", false},
    {"no heads", "", "B: x\n\ny\n", false},
    {"GMime's", "A: b\n", "Content-Type: text/plain; a*0=b\nB: c\n\nd\n",
	false},
    {"groups that are cut", "A: b\n",
	"To: ::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::"
	":::::::::::::::::::::::::::::::::::::::::::::::::::\n\nd\n",
	false},
};

/* The digest of a message is that of its lines. */
static void
test_lines(void **state)
{
	static const struct bs_key key = {{1, 2, 3}};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	struct source_trust trust = source_trust_of(&no_settings);
	static struct judgement judgement;
	struct judge *judge = NULL;

	(void)state;
	assert_int_equal(judge_new(&no_settings, NULL, NULL, &judge), BS_OK);
	for (size_t i = 0; i < sizeof lines_rows / sizeof *lines_rows; i++) {
		const struct lines_row *row = &lines_rows[i];
		char text[2][1000];
		struct judge_text heads = {text[0], strlen(row->heads)};
		struct judge_text message = {
		    text[0] + heads.size, strlen(row->message)};
		struct judge_text whole = {text[0], heads.size + message.size};
		struct judge_text lines, own;
		uint8_t of_lines[BS_KEYHASH_SIZE], of_bytes[BS_KEYHASH_SIZE];

		(void)snprintf(
		    text[0], sizeof text[0], "%s%s", row->heads, row->message);
		memcpy(text[1], text[0], sizeof text[0]);
		judge_message_lines(judge, &trust, &whole, &judgement, &lines);
		assert_memory_equal(text[0], text[1], sizeof text[0]);
		own = judge_lines_behind(&lines, &heads, &message);
		if ((own.bytes != NULL) != row->is_kept)
			fail_msg("%s: kept %d", row->name, own.bytes != NULL);
		for (size_t ours = 0; own.bytes != NULL && ours < 2; ours++) {
			judge_digest(hash, own.bytes, own.size, ours, of_lines);
			judge_digest(
			    hash, message.bytes, message.size, ours, of_bytes);
			if (memcmp(of_lines, of_bytes, sizeof of_lines) != 0)
				fail_msg("%s: another digest", row->name);
		}
		free(lines.bytes);
	}
	judge_free(&judge);
	bs_keyhash_free(&hash);
}

/* No reason may show the trap. */
static void
test_reasons_keep_the_trap(void **state)
{
	static const char message[] =
	    "Delivered-To: se.cret@trap.example\n" BOUNCE_HEAD
	    "To: se.cret@trap.example\nX-Failed-Recipients: "
	    "se.cret@trap.example\n\n" BOUNCE_TEXT
	    "Reporting-MTA: dns; se.cret@trap.example\n"
	    "Final-Recipient: rfc822; se.cret@trap.example\n"
	    "Status: 5.1.1\nAction: failed\n";
	static struct judgement judgement;

	(void)state;
	judge(&no_settings, message, sizeof message - 1, &judgement);
	assert_int_equal(judgement.kind, JUDGE_BOUNCE);
	assert_true(judgement.reason_count > 3);
	for (size_t i = 0; i < judgement.reason_count; i++)
		assert_null(strstr(judgement.reason[i].text, "trap.example"));
	assert_null(strstr(judgement.reporting_mta, "trap.example"));
	assert_null(strstr(judgement.source_reason, "trap.example"));
}

/* What a judgement says but for its reasons. */
static void
check_same(const struct judgement *words, const struct judgement *none)
{
	assert_int_equal(none->kind, words->kind);
	assert_int_equal(none->nearest, words->nearest);
	assert_int_equal(none->type, words->type);
	assert_int_equal(none->score, words->score);
	assert_int_equal(none->lists, words->lists);
	assert_int_equal(none->has_source, words->has_source);
	assert_string_equal(none->status, words->status);
	assert_string_equal(none->trap, words->trap);
	assert_memory_equal(
	    &none->evidence, &words->evidence, sizeof none->evidence);
}

static void
test_without_reasons(void **state)
{
	static const char *const messages[] = {
	    "Delivered-To: a@trap.example\n" BOUNCE_HEAD "\n" BOUNCE_TEXT,
	    "Delivered-To: a@trap.example\nResent-From: b@b.example\n" BOUNCE_HEAD
	    "\n" BOUNCE_TEXT "Status: 5.1.1\nAction: failed\n",
	    "From: eve@b.example\nTo: a@trap.example\n\nhello\n", ""};
	static struct judgement words, none;
	struct judge *wordless = NULL;

	(void)state;
	assert_int_equal(judge_new(&no_settings, NULL, NULL, &wordless), BS_OK);
	judge_without_reasons(wordless);
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		size_t size = strlen(messages[i]);

		judge(&no_settings, messages[i], size, &words);
		judge_message(wordless, messages[i], size, &none);
		assert_true(words.reason_count > 0);
		assert_int_equal(none.reason_count, 0);
		check_same(&words, &none);
	}
	judge_free(&wordless);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_samples),
	    cmocka_unit_test(test_messages),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_largest),
	    cmocka_unit_test(test_identity),
	    cmocka_unit_test(test_identity_without_ours),
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_reasons_keep_the_trap),
	    cmocka_unit_test(test_without_reasons),
	};
	int rc;

	judge_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	judge_stop();
	return rc;
}
