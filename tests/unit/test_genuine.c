/*
 * Genuine or not: bounces of mail that was tagged, of mail that passed our
 * relays, and of what others sent in our name.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "headertag.h"
#include "judge.h"
#include "returned.h"

#define DAY_S 86400u
#define T0 (20000u * DAY_S) /* 4 Oct 2024 */
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct bs_tag_keys keys = {
    .count = 1, .key = {{.digit = 3, .made_s = T0, .secret = "sesame-3"}}};
static char domain[] = "mail.example";
static char *domains[] = {domain};
static char tag_header[] = "X-Backstop-Tag";
static char key_path[] = "/tmp/bs-genuine.XXXXXX/tag.key";
static struct bs_prefix relay = {
    .addr = {.family = BS_IPV4, .octet = {198, 51, 100, 7}}, .bits = 32};
static struct bs_prefix private_relay = {
    .addr = {.family = BS_IPV4, .octet = {10}}, .bits = 8};

#define TOP                                                               \
	"Return-Path: <>\n"                                               \
	"Received: from b.example (b.example [192.0.2.1]) by mx.example " \
	"(Postfix) with ESMTP id 1; Fri, 4 Oct 2024 08:00:00 +0000\n"     \
	"From: MAILER-DAEMON@b.example\n"                                 \
	"Subject: Undelivered Mail Returned to Sender\n"                  \
	"Auto-Submitted: auto-replied\n"
#define REPORT                                                                    \
	"MIME-Version: 1.0\n"                                                     \
	"Content-Type: multipart/report; report-type=delivery-status;\n"          \
	" boundary=b\n\n--b\n\nI'm sorry to have to inform you that your\n"       \
	"message could not be delivered: 550 5.1.1 user unknown\n"                \
	"--b\nContent-Type: message/delivery-status\n\n"                          \
	"Reporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; x@b.example\n" \
	"Action: failed\nStatus: 5.1.1\n\n--b\n"
#define RFC822 "Content-Type: message/rfc822\n\n"
#define HEADERS "Content-Type: text/rfc822-headers\n\n"
#define END "\n--b--\n"
#define FIELDS                                                     \
	"From: alice@mail.example\nMessage-ID: <1@mail.example>\n" \
	"Date: Fri, 4 Oct 2024 07:00:00 +0000\n"
#define OURS                                                                 \
	"Received: from out.mail.example (out.mail.example [198.51.100.7]) " \
	"by b.example (Postfix) with ESMTP id 1\n"
#define THEIRS                                                         \
	"Received: from spam.example (spam.example [203.0.113.9]) by " \
	"b.example (Postfix) with ESMTP id 1\n"

/* What a case sets beside the keys. */
enum { SENDS = 1, ALL = 2, RELAYS = 4, NO_KEYS = 8, PRIVATE = 16 };

struct row {
	const char *name;
	int settings;
	const char *to;       /* %s: a tagged address */
	const char *returned; /* %s: a header tag */
	enum judge_kind kind;
	bool lists;
	bool has_tag;
};

static const struct row rows[] = {
    {"a trap", 0, "t@trap.example", RFC822 THEIRS FIELDS "\nx\n", JUDGE_BOUNCE,
	true, false},
    {"a tag", 0, "%s", RFC822 THEIRS FIELDS "\nx\n", JUDGE_GENUINE, false,
	true},
    {"a tag, and a domain that sends", SENDS, "%s",
	RFC822 THEIRS FIELDS "\nx\n", JUDGE_GENUINE, false, true},
    {"a tag, no keys", NO_KEYS, "%s", RFC822 THEIRS FIELDS "\nx\n",
	JUDGE_BOUNCE, true, false},
    {"a tag in the returned Return-Path", SENDS, "alice@mail.example",
	RFC822 "Return-Path: <PATH>\n" FIELDS "\nx\n", JUDGE_GENUINE, false,
	true},
    {"a header tag", SENDS, "alice@mail.example",
	RFC822 FIELDS "X-Backstop-Tag: %s\n\nx\n", JUDGE_GENUINE, false, true},
    {"a header tag, in headers", SENDS, "alice@mail.example",
	HEADERS FIELDS "x-backstop-tag:\n %s\n", JUDGE_GENUINE, false, true},
    {"a header tag of another message", SENDS | ALL, "alice@mail.example",
	RFC822 "From: a\nMessage-ID: <2@mail.example>\nDate: Fri, 4 Oct 2024 "
	       "07:00:00 +0000\nX-Backstop-Tag: %s\n\nx\n",
	JUDGE_BOUNCE, true, false},
    {"another's tag", SENDS | ALL, "prvs=3007000000=alice@mail.example",
	RFC822 THEIRS FIELDS "\nx\n", JUDGE_BOUNCE, true, false},
    {"sends, no proof", SENDS, "alice@mail.example", "\nno original\n",
	JUDGE_BOUNCE, false, false},
    {"sends, no relays known", SENDS, "alice@mail.example",
	RFC822 THEIRS FIELDS "\nx\n", JUDGE_BOUNCE, false, false},
    {"sends, all tagged", SENDS | ALL, "alice@mail.example", "\nno original\n",
	JUDGE_BOUNCE, true, false},
    {"passed our relay", SENDS | RELAYS, "alice@mail.example",
	RFC822 OURS FIELDS "\nx\n", JUDGE_GENUINE, false, false},
    {"passed our relay, all tagged", SENDS | ALL | RELAYS, "alice@mail.example",
	HEADERS OURS FIELDS, JUDGE_GENUINE, false, false},
    {"passed our relay, further down", SENDS | RELAYS, "alice@mail.example",
	RFC822 THEIRS OURS FIELDS "\nx\n", JUDGE_GENUINE, false, false},
    {"never passed our relay", SENDS | RELAYS, "alice@mail.example",
	RFC822 THEIRS FIELDS "\nx\n", JUDGE_BOUNCE, true, false},
    {"never passed our relay, a private one", SENDS | PRIVATE,
	"alice@mail.example", RFC822 THEIRS FIELDS "\nx\n", JUDGE_BOUNCE, false,
	false},
    {"by IPv6, and no relay has that", SENDS | RELAYS, "alice@mail.example",
	RFC822
	"Received: from out.mail.example (a [IPv6:2001:db8::7]) by b.example "
	"(Postfix) with ESMTP id 1\n" FIELDS "\nx\n",
	JUDGE_BOUNCE, false, false},
    {"private space alone", SENDS | RELAYS, "alice@mail.example",
	RFC822 "Received: from a (a [10.1.2.3]) by b.example with SMTP\n" FIELDS
	       "\nx\n",
	JUDGE_BOUNCE, false, false},
    {"their private space, too", SENDS | RELAYS, "alice@mail.example",
	RFC822
	"Received: from a (a [10.1.2.3]) by b.example with SMTP\n" THEIRS FIELDS
	"\nx\n",
	JUDGE_BOUNCE, true, false},
    {"no Received", SENDS | RELAYS, "alice@mail.example", RFC822 FIELDS "\nx\n",
	JUDGE_BOUNCE, false, false},
    {"malformed Received", SENDS | RELAYS, "alice@mail.example",
	RFC822 "Received: from a (a [1.2.3]) by b.example\n" THEIRS FIELDS
	       "\nx\n",
	JUDGE_BOUNCE, false, false},
    {"a part of a header", SENDS | RELAYS, "alice@mail.example",
	HEADERS THEIRS "From: alice@mail.example\n", JUDGE_BOUNCE, false,
	false},
    {"another domain", SENDS | RELAYS, "t@trap.example",
	RFC822 OURS FIELDS "\nx\n", JUDGE_BOUNCE, true, false},
};

static void
make_tags(
    char address[BS_BATV_ADDRESS_MAX + 1], char tag[BS_HEADERTAG_SIZE + 1])
{
	struct bs_headertag_fields fields = {
	    "<1@mail.example>", "Fri, 4 Oct 2024 07:00:00 +0000"};

	assert_int_equal(bs_batv_make(&keys, "alice@mail.example", T0,
			     BS_BATV_PLAIN, address),
	    BS_OK);
	assert_int_equal(bs_headertag_make(&keys, &fields, T0, tag), BS_OK);
}

/* Puts `value` for the first %s of `format`, else copies. */
static void
fill(char *to, size_t size, const char *format, const char *value)
{
	const char *place = strstr(format, "%s");

	if (place == NULL)
		(void)snprintf(to, size, "%s", format);
	else
		(void)snprintf(to, size, "%.*s%s%s", (int)(place - format),
		    format, value, place + 2);
}

static void
judge_text(const struct bs_config *config, const char *text,
    struct judgement *judgement_r)
{
	struct judge *judge = NULL;

	assert_int_equal(judge_new(config, NULL, NULL, &judge), BS_OK);
	judge_message(judge, text, strlen(text), judgement_r);
	judge_free(&judge);
}

static void
judge_row(const struct row *row, struct judgement *judgement_r)
{
	struct bs_config config = {.tag_header = tag_header};
	char address[BS_BATV_ADDRESS_MAX + 1], tag[BS_HEADERTAG_SIZE + 1];
	char to[400], returned[2000], message[4000];
	char *path;

	make_tags(address, tag);
	fill(to, sizeof(to), row->to, address);
	fill(returned, sizeof(returned), row->returned, tag);
	path = strstr(returned, "<PATH>");
	if (path != NULL) {
		char rest[2000];

		(void)snprintf(rest, sizeof(rest), "%s", path + 6);
		(void)snprintf(path,
		    sizeof(returned) - (size_t)(path - returned), "<%s>%s",
		    address, rest);
	}
	(void)snprintf(message, sizeof(message), "%sTo: %s\n%s%s%s", TOP, to,
	    REPORT, returned, END);
	if ((row->settings & NO_KEYS) == 0)
		config.tag_key = key_path;
	config.tag_domains = domains;
	config.tag_domain_count = (row->settings & SENDS) != 0;
	config.tag_all = (row->settings & ALL) != 0;
	config.relays =
	    (row->settings & PRIVATE) != 0 ? &private_relay : &relay;
	config.relay_count = (row->settings & (RELAYS | PRIVATE)) != 0;
	judge_text(&config, message, judgement_r);
}

static void
proofs(void **state)
{
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		judge_row(&rows[i], &judgement);
		if (judgement.kind != rows[i].kind ||
		    judgement.lists != rows[i].lists ||
		    judgement.proof.has_tag != rows[i].has_tag)
			fail_msg("%s: %s, lists %d, tag %d: %s", rows[i].name,
			    judge_kind_name(judgement.kind), judgement.lists,
			    judgement.proof.has_tag, judgement.reason[0].text);
	}
}

/* A tag that is no proof any more: what it would be without. */
static void
untagged(void **state)
{
	static const struct {
		int settings;
		bool lists;
	} cases[] = {{0, true}, {SENDS, false}, {SENDS | ALL, true},
	    {SENDS | RELAYS, true}};
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row row = {.settings = cases[i].settings,
		    .to = "%s",
		    .returned = RFC822 THEIRS FIELDS "\nx\n"};

		judge_row(&row, &judgement);
		assert_int_equal(judgement.kind, JUDGE_GENUINE);
		assert_string_equal(judgement.trap, "alice@mail.example");
		assert_true(judge_tag_holds(&judgement, T0));
		assert_true(judge_tag_holds(&judgement, T0 + 7 * DAY_S));
		assert_false(judge_tag_holds(&judgement, T0 + 8 * DAY_S));
		assert_true(judge_tag_holds(&judgement, 0));
		judge_untag(&judgement, JUDGE_TAG_OLD);
		assert_int_equal(judgement.kind, JUDGE_BOUNCE);
		assert_int_equal(judgement.lists, cases[i].lists);
		assert_string_equal(judgement.reason[0].text, JUDGE_TAG_OLD);
		/* that is no rule's, as the one was that was first */
		assert_string_equal(judgement.reason[0].rule, "");
		assert_int_equal(judgement.reason[0].line, 0);
		assert_true(judge_tag_holds(&judgement, T0 + 8 * DAY_S));
		judge_untag(&judgement, "twice");
		assert_string_equal(judgement.reason[0].text, JUDGE_TAG_OLD);
	}
}

/* A bounce that is plain text and quotes the header. */
static void
plain_text(void **state)
{
	struct bs_config config = {
	    .tag_header = tag_header, .tag_key = key_path};
	char address[BS_BATV_ADDRESS_MAX + 1], tag[BS_HEADERTAG_SIZE + 1];
	char message[3000];
	struct judgement judgement;

	(void)state;
	make_tags(address, tag);
	for (int quoted = 0; quoted < 2; quoted++) {
		const char *q = quoted ? "> " : "";

		(void)snprintf(message, sizeof(message),
		    TOP "To: alice@mail.example\n\nThis message was created "
			"automatically by mail delivery software.\n\nA message "
			"that you sent could not be delivered to one or more "
			"of its recipients. This is a permanent error.\n\n"
			"  x@b.example\n    550 5.1.1 user unknown\n\n"
			"------ This is a copy of the message, including all "
			"the headers. ------\n\n"
			"%sReceived: from [203.0.113.9] (helo=s) by b.example "
			"with esmtp (Exim 4.96)\n"
			"%sFrom: Alice <alice@mail.example>\n"
			"%sMessage-ID: <1@mail.example>\n"
			"%sDate: Fri, 4 Oct 2024\n%s 07:00:00 +0000\n"
			"%sX-Backstop-Tag: %s\n%s\n%shello\n",
		    q, q, q, q, q, q, tag, q, q);
		judge_text(&config, message, &judgement);
		if (judgement.kind != JUDGE_GENUINE)
			fail_msg("quoted %d: %s", quoted,
			    judge_kind_name(judgement.kind));
	}
}

/* So many Received lines, and so long ones, are read, and no more. */
static void
limits(void **state)
{
	static struct returned returned;
	static char header[RETURNED_RECEIVED_MAX * 20 + 2 * RETURNED_VALUE_MAX];
	size_t size = 0;

	(void)state;
	for (int i = 0; i < RETURNED_RECEIVED_MAX; i++)
		size += (size_t)sprintf(header + size, "Received: by %d\n", i);
	returned_read(header, size, "X-T", &returned);
	assert_int_equal(returned.received_count, RETURNED_RECEIVED_MAX);
	assert_false(returned.received_cut);
	size += (size_t)sprintf(header + size, "Received: by x\n");
	returned_read(header, size, "X-T", &returned);
	assert_int_equal(returned.received_count, RETURNED_RECEIVED_MAX);
	assert_true(returned.received_cut);

	size = (size_t)sprintf(header, "Received:");
	memset(header + size, 'a', RETURNED_VALUE_MAX);
	returned_read(header, size + RETURNED_VALUE_MAX - 1, "X-T", &returned);
	assert_false(returned.received_cut);
	returned_read(header, size + RETURNED_VALUE_MAX, "X-T", &returned);
	assert_true(returned.received_cut);
	assert_int_equal(strlen(returned.received[0]), RETURNED_VALUE_MAX - 1);
}

static int
start(void **state)
{
	struct bs_message message;
	char *name = strrchr(key_path, '/');

	(void)state;
	judge_start();
	*name = '\0';
	if (mkdtemp(key_path) == NULL)
		return -1;
	*name = '/';
	return bs_tag_keys_save(key_path, &keys, &message);
}

static int
stop(void **state)
{
	(void)state;
	judge_stop();
	(void)unlink(key_path);
	*strrchr(key_path, '/') = '\0';
	return rmdir(key_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(proofs),
	    cmocka_unit_test(untagged),
	    cmocka_unit_test(plain_text),
	    cmocka_unit_test(limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, stop);
}
