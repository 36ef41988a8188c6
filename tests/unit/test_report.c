/*
 * Feedback reports: their fields, and what becomes of what they hand in.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "arf.h"
#include "report.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define MUST "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n"

static void
fields(void **state)
{
	static const struct {
		const char *name, *text, *wrong, *source;
	} rows[] = {
	    {"least", MUST, NULL, ""},
	    {"CRLF", "Feedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n",
		NULL, ""},
	    {"source", MUST "Source-IP: 192.0.2.1\n", NULL, "192.0.2.1"},
	    {"IPv6", MUST "Source-IP: 2001:db8::1\n", NULL, "2001:db8::1"},
	    {"brackets", MUST "source-ip:  [IPv6:2001:db8::1] \n", NULL,
		"2001:db8::1"},
	    {"v4-mapped", MUST "Source-IP: ::ffff:192.0.2.1\n", NULL,
		"192.0.2.1"},
	    {"unknown fields", MUST "X-More: a\n b\nX-More: c\n", NULL, ""},
	    {"may stand twice",
		MUST "Original-Rcpt-To: a\nOriginal-Rcpt-To: b\n"
		     "Reported-Domain: a\nReported-Domain: b\n",
		NULL, ""},
	    {"empty lines", "\n\n" MUST "\n\n", NULL, ""},
	    {"old version",
		"Feedback-Type: abuse\nUser-Agent: x\nVersion: 0.1\n", NULL,
		""},
	    {"nothing", "", "Feedback-Type is missing", NULL},
	    {"no type", "User-Agent: x\nVersion: 1\n",
		"Feedback-Type is missing", NULL},
	    {"no agent", "Feedback-Type: abuse\nVersion: 1\n",
		"User-Agent is missing", NULL},
	    {"no version", "Feedback-Type: abuse\nUser-Agent: x\n",
		"Version is missing", NULL},
	    {"type twice", MUST "Feedback-Type: abuse\n",
		"a field that may stand once stands twice", NULL},
	    {"source twice",
		MUST "Source-IP: 192.0.2.1\nSource-IP: 192.0.2.2\n",
		"a field that may stand once stands twice", NULL},
	    {"one date by two names",
		MUST "Arrival-Date: x\nReceived-Date: x\n",
		"a field that may stand once stands twice", NULL},
	    {"empty type", "Feedback-Type:\nUser-Agent: x\nVersion: 1\n",
		"Feedback-Type is empty or too long", NULL},
	    {"two words", "Feedback-Type: a b\nUser-Agent: x\nVersion: 1\n",
		"Feedback-Type is no word", NULL},
	    {"version", "Feedback-Type: a\nUser-Agent: x\nVersion: one\n",
		"Version is no number", NULL},
	    {"zeros", MUST "Source-IP: 192.0.2.01\n", "Source-IP is no address",
		NULL},
	    {"a name", MUST "Source-IP: mail.example\n",
		"Source-IP is no address", NULL},
	    {"empty source", MUST "Source-IP:\n", "Source-IP is no address",
		NULL},
	    {"IPv4 with a tag", MUST "Source-IP: IPv6:192.0.2.1\n",
		"Source-IP is no address", NULL},
	    {"two sources", MUST "Source-IP: 192.0.2.1, 192.0.2.2\n",
		"Source-IP is no address", NULL},
	    {"a zone", MUST "Source-IP: fe80::1%eth0\n",
		"Source-IP is no address", NULL},
	    {"no field", MUST "something else\n", "a line is no field", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arf arf = {0};
		char text[BS_ADDR_TEXT_MAX] = "";
		const char *wrong =
		    arf_parse(rows[i].text, strlen(rows[i].text), &arf);

		if ((wrong == NULL) != (rows[i].wrong == NULL) ||
		    (wrong != NULL && strcmp(wrong, rows[i].wrong) != 0))
			fail_msg("%s: %s", rows[i].name,
			    wrong != NULL ? wrong : "taken");
		if (arf.has_source)
			bs_addr_format(&arf.source, text);
		if (wrong == NULL && strcmp(text, rows[i].source) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

/* As long as may be, and one byte more. */
static void
longest(void **state)
{
	char *text = malloc(ARF_SIZE_MAX + 1);
	struct arf arf;
	size_t size = strlen(MUST "X: ");

	(void)state;
	assert_non_null(text);
	memset(text, 'a', ARF_SIZE_MAX + 1);
	memcpy(text, MUST "X: ", size);
	assert_null(arf_parse(text, ARF_SIZE_MAX, &arf));
	assert_non_null(arf_parse(text, ARF_SIZE_MAX + 1, &arf));
	free(text);
}

#define BOUNCE                                                            \
	"Return-Path: <>\n"                                               \
	"Received: from b.example (b.example [198.51.100.9]) by "         \
	"mx.partner.example (Postfix) with ESMTP id 1; Fri, 4 Oct 2024 "  \
	"08:00:00 +0000\n"                                                \
	"From: MAILER-DAEMON@b.example\nTo: t@trap.partner.example\n"     \
	"Subject: Undelivered Mail Returned to Sender\n"                  \
	"Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"               \
	"Content-Type: multipart/report; report-type=delivery-status;\n"  \
	" boundary=in\n\n--in\n\nyour message could not be delivered\n"   \
	"--in\nContent-Type: message/delivery-status\n\n"                 \
	"Reporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; x@b\n" \
	"Action: failed\nStatus: 5.1.1\n\n--in--\n"
#define PLAIN "From: a@b.example\nSubject: hello\n\ntext\n"
#define OUTER(type)                                                          \
	"From: somebody@else.example\nSubject: report\nMIME-Version: 1.0\n"  \
	"Received: from c (c [203.0.113.77]) by mx.trap.example (Postfix)\n" \
	"Content-Type: " type "; boundary=out\n\n--out\n\nsee below\n"
#define ARF OUTER("multipart/report; report-type=feedback-report")
#define FIELDS(more) \
	"--out\nContent-Type: message/feedback-report\n\n" MUST more "\n"
#define ATTACHED(message) "--out\nContent-Type: message/rfc822\n\n" message "\n"
#define END "--out--\n"

static char by_name[] = "mx.partner.example";
static char *by[] = {by_name};

struct row {
	const char *name, *text;
	uint32_t hops;
	bool by;
	enum judge_kind kind;
	const char *source; /* "" for none */
	const char *reason; /* in the source's reason, or the first reason */
};

static const struct row rows[] = {
    {"ARF, Source-IP",
	ARF FIELDS("Source-IP: 192.0.2.5\n") ATTACHED(BOUNCE) END, 0, false,
	JUDGE_BOUNCE, "192.0.2.5", "Source-IP"},
    {"ARF, both agree",
	ARF FIELDS("Source-IP: 198.51.100.9\n") ATTACHED(BOUNCE) END, 1, false,
	JUDGE_BOUNCE, "198.51.100.9", "topmost"},
    {"ARF, both disagree",
	ARF FIELDS("Source-IP: 192.0.2.5\n") ATTACHED(BOUNCE) END, 1, false,
	JUDGE_BOUNCE, "", "disagree"},
    {"ARF, Received by its own", ARF FIELDS("") ATTACHED(BOUNCE) END, 0, true,
	JUDGE_BOUNCE, "198.51.100.9", "topmost"},
    {"ARF, too many hops", ARF FIELDS("") ATTACHED(BOUNCE) END, 2, false,
	JUDGE_BOUNCE, "", "fewer"},
    {"ARF, nothing tells", ARF FIELDS("") ATTACHED(BOUNCE) END, 0, false,
	JUDGE_BOUNCE, "", "not set"},
    {"ARF, private", ARF FIELDS("Source-IP: 10.0.0.1\n") ATTACHED(BOUNCE) END,
	0, false, JUDGE_BOUNCE, "", "reserved"},
    {"ARF, ordinary mail",
	ARF FIELDS("Source-IP: 192.0.2.5\n") ATTACHED(PLAIN) END, 0, false,
	JUDGE_NONE, "192.0.2.5", "Source-IP"},
    {"forwarded", OUTER("multipart/mixed") ATTACHED(BOUNCE) END, 1, false,
	JUDGE_BOUNCE, "198.51.100.9", "topmost"},
    {"forwarded, nothing tells", OUTER("multipart/mixed") ATTACHED(BOUNCE) END,
	0, false, JUDGE_BOUNCE, "", "not set"},
    {"nothing attached", ARF FIELDS("Source-IP: 192.0.2.5\n") END, 0, false,
	JUDGE_NONE, "", "no message is attached"},
    {"two attached", ARF FIELDS("") ATTACHED(BOUNCE) ATTACHED(BOUNCE) END, 1,
	false, JUDGE_NONE, "", "more than one"},
    {"malformed", ARF FIELDS("Source-IP: 1.2.3\n") ATTACHED(BOUNCE) END, 1,
	false, JUDGE_NONE, "", "Source-IP is no address"},
    {"a field twice", ARF FIELDS("Version: 1\n") ATTACHED(BOUNCE) END, 1, false,
	JUDGE_NONE, "", "stands twice"},
    {"not spam",
	ARF "--out\nContent-Type: message/feedback-report\n\n"
	    "Feedback-Type: not-spam\nUser-Agent: x\nVersion: 1\n\n" ATTACHED(
		BOUNCE) END,
	1, false, JUDGE_NONE, "", "hands in no abuse"},
    {"a bounce itself", BOUNCE, 1, false, JUDGE_NONE, "",
	"no message is attached"},
    {"no MIME", PLAIN, 1, false, JUDGE_NONE, "", "no message is attached"},
};

static void
judge_row(const struct row *row, struct judgement *judgement_r)
{
	struct bs_config config = {0};
	struct bs_config_reporter reporter = {
	    .hops = row->hops, .by = by, .by_count = row->by};
	struct judge_text report = {
	    (char *)(uintptr_t)row->text, strlen(row->text)};
	struct judge_text attached;
	struct judge *judge = NULL;

	assert_int_equal(judge_new(&config, NULL, NULL, &judge), BS_OK);
	report_judge(judge, &reporter, &report, judgement_r, &attached);
	free(attached.bytes);
	judge_free(&judge);
}

static void
reports(void **state)
{
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[BS_ADDR_TEXT_MAX] = "";

		judge_row(&rows[i], &judgement);
		if (judgement.has_source)
			bs_addr_format(&judgement.source, text);
		if (judgement.kind != rows[i].kind ||
		    strcmp(text, rows[i].source) != 0 ||
		    (strstr(judgement.source_reason, rows[i].reason) == NULL &&
			strstr(judgement.reason[0].text, rows[i].reason) ==
			    NULL))
			fail_msg("%s: %s, %s, %s, %s", rows[i].name,
			    judge_kind_name(judgement.kind), text,
			    judgement.source_reason, judgement.reason[0].text);
	}
}

/* Folders, not names that begin alike, and through links. */
static void
folders(void **state)
{
	char home[] = "/tmp/bs-report.XXXXXX", path[100], inside[100];
	struct bs_config_file folder = {.path = path};
	struct bs_config_reporter reporter = {
	    .folders = &folder, .folder_count = 1};
	struct bs_config config = {.reporter = &reporter, .reporter_count = 1};

	(void)state;
	assert_non_null(mkdtemp(home));
	assert_int_equal(chdir(home), 0);
	assert_int_equal(mkdir("a", 0700), 0);
	assert_int_equal(mkdir("a/b", 0700), 0);
	assert_int_equal(mkdir("ab", 0700), 0);
	assert_int_equal(symlink("a/b", "c"), 0);
	(void)snprintf(path, sizeof(path), "%s/a/", home);
	(void)snprintf(inside, sizeof(inside), "%s/a/b", home);
	assert_ptr_equal(report_of_path(&config, "a/b"), &reporter);
	assert_ptr_equal(report_of_path(&config, "c"), &reporter);
	assert_ptr_equal(report_of_path(&config, inside), &reporter);
	assert_ptr_equal(report_of_path(&config, "a/../a"), &reporter);
	assert_null(report_of_path(&config, "ab"));
	assert_null(report_of_path(&config, "."));
	assert_null(report_of_path(&config, "-"));
	assert_null(report_of_path(&config, "a/nothing"));
	assert_int_equal(unlink("c"), 0);
	assert_int_equal(rmdir("a/b") + rmdir("a") + rmdir("ab"), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(home), 0);
}

/* Who connects is a reporter: by address alone, never one of our relays. */
static void
peers(void **state)
{
	static const struct {
		const char *peer;
		int want; /* a reporter's index; -1: nobody */
	} peer_rows[] = {
	    {"198.51.100.1", 0},
	    {"198.51.100.255", 0}, /* in both: the first wins */
	    {"198.51.101.1", 1}, {"198.51.102.0", -1}, {"198.51.99.255", -1},
	    {"2001:db8::25", 1}, {"2001:db8::26", -1},
	    {"198.51.100.9", -1}, /* a relay of ours */
	};
	struct bs_prefix first = prefix_of("198.51.100.0/24");
	struct bs_prefix second[] = {
	    prefix_of("198.51.100.0/23"), prefix_of("2001:db8::25")};
	struct bs_prefix relay = prefix_of("198.51.100.9");
	struct bs_config_reporter reporter[] = {
	    {.from = &first, .from_count = 1},
	    {.from = second, .from_count = 2},
	    {.from_count = 0},
	};
	struct bs_config config = {.reporter = reporter,
	    .reporter_count = 3,
	    .relays = &relay,
	    .relay_count = 1};

	(void)state;
	for (size_t i = 0; i < sizeof peer_rows / sizeof *peer_rows; i++) {
		struct bs_addr peer = addr_of(peer_rows[i].peer);
		const struct bs_config_reporter *got =
		    report_of_peer(&config, &peer);

		if (got != (peer_rows[i].want < 0
				   ? NULL
				   : &reporter[peer_rows[i].want]))
			fail_msg("%s", peer_rows[i].peer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields),
	    cmocka_unit_test(longest),
	    cmocka_unit_test(reports),
	    cmocka_unit_test(folders),
	    cmocka_unit_test(peers),
	};
	int rc;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	judge_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	judge_stop();
	return rc;
}
