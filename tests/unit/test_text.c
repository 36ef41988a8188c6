/*
 * The readable text: where the returned message starts, and what looks like a
 * remote MTA's reply.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "text.h"

struct row {
	const char *name;
	const char *text;
	const char *notice; /* what is left of it */
	bool returned, reply_code, status_fields;
	size_t links;
};

#define HEADERS "received: from a\nfrom: b\nsubject: c\n\nbody\n"

static const struct row rows[] = {
    {"nothing", "hello\n", "hello\n", false, false, false, 0},
    {"empty", "", "", false, false, false, 0},
    {"returned", "failed\n---\n" HEADERS, "failed\n---\n", true, false, false,
	0},
    {"returned, quoted", "failed\n> from: a\n> to: b\n> date: c\n", "failed\n",
	true, false, false, 0},
    {"returned, folded",
	"x\nreceived: from a\n\tby b\n\tfor c\nfrom: d\n"
	"to: e\n",
	"x\n", true, false, false, 0},
    {"two fields are none", "from: a\nto: b\n\ntext\n",
	"from: a\nto: b\n\ntext\n", false, false, false, 0},
    {"two fields are one, the trap's", "x\n> from: me <t@a.org>\n> to: b\n",
	"x\n", true, false, false, 0},
    {"two fields are one, the trap's last", "x\nsubject: b\nfrom: t@a.org\n",
	"x\n", true, false, false, 0},
    {"one field of the trap's is none", "x\nfrom: t@a.org\n\nb: c\n",
	"x\nfrom: t@a.org\n\nb: c\n", false, false, false, 0},
    {"to the trap is not from it", "x\nfrom: a\nto: t@a.org\n",
	"x\nfrom: a\nto: t@a.org\n", false, false, false, 0},
    {"fields apart are none", "from: a\n\nto: b\n\ndate: c\n",
	"from: a\n\nto: b\n\ndate: c\n", false, false, false, 0},
    {"reply code", "550 user unknown\n", "550 user unknown\n", false, true,
	false, 0},
    {"reply code within", "said: 550-5.1.1 no", "said: 550-5.1.1 no", false,
	true, false, 0},
    {"enhanced status", "sorry (#5.1.1)", "sorry (#5.1.1)", false, true, false,
	0},
    {"price", "only $550 today", "only $550 today", false, false, false, 0},
    {"phone of blanks", "call 555 0101", "call 555 0101", false, false, false,
	0},
    {"reply code before a status", "550 5.1.1 no", "550 5.1.1 no", false, true,
	false, 0},
    {"phone", "call 1-550-1234", "call 1-550-1234", false, false, false, 0},
    {"address", "at 192.5.1.1 or 5.1.1.9", "at 192.5.1.1 or 5.1.1.9", false,
	false, false, 0},
    {"number", "1550 items", "1550 items", false, false, false, 0},
    {"links", "see http://a and https://b", "see http://a and https://b", false,
	false, false, 2},
    {"links of the returned do not count", "x\n" HEADERS "http://a\n", "x\n",
	true, false, false, 0},
    {"what is quoted does not count",
	"it could not be delivered\n> 550 no, http://a\n",
	"it could not be delivered\n", false, false, false, 0},
    {"what is above a quotation does",
	"no such user, see http://b\n> http://a\n",
	"no such user, see http://b\n", false, false, false, 1},
    {"status fields",
	"reporting-mta: dns; a\n\nfinal-recipient: rfc822; b\naction: failed\n"
	"status: 5.1.1\n",
	"reporting-mta: dns; a\n\nfinal-recipient: rfc822; b\naction: failed\n"
	"status: 5.1.1\n",
	false, true, true, 0},
};

static void
test_examine(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts facts = {
		    .text = strdup(rows[i].text), .trap = "t@a.org"};

		text_examine(&facts);
		if (strcmp(facts.text, rows[i].notice) != 0 ||
		    facts.text_has_returned != rows[i].returned ||
		    facts.text_has_reply_code != rows[i].reply_code ||
		    facts.text_has_status_fields != rows[i].status_fields ||
		    facts.links != rows[i].links)
			fail_msg("%s: \"%s\" %d %d %d %zu", rows[i].name,
			    facts.text, facts.text_has_returned,
			    facts.text_has_reply_code,
			    facts.text_has_status_fields, facts.links);
		free(facts.text);
	}
}

static const struct {
	const char *name, *text;
	bool names;
} address_rows[] = {
    {"none", "hello\n", false},
    {"somebody's", "to joe@b.org failed\n", true},
    {"in brackets", "<joe+x@b.c-d.org>: no\n", true},
    {"at the end", "no joe@b.org", true},
    {"at the start", "j@b.org", true},
    {"with a full stop", "to joe@b.org.", true},
    {"the trap's", "t@a.org wrote\n", false},
    {"the sender's", "ask mailer-daemon@b.org\n", false},
    {"a longer one than the trap's", "at@a.org", true},
    {"a longer domain than the trap's", "t@a.org.uk", true},
    {"both, then another", "t@a.org mailer-daemon@b.org j@b.org", true},
    {"no local part", "joe @b.org", false},
    {"no domain", "joe@ b.org", false},
    {"no dot in the domain", "joe@localhost", false},
    {"a dot at the end alone", "joe@localhost.", false},
    {"two at signs", "joe@@b.org", false},
    {"of what is returned", "x\nreceived: j@b.org\nto: b\ndate: c\n", false},
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof address_rows / sizeof *address_rows;
	     i++) {
		struct facts facts = {.text = strdup(address_rows[i].text),
		    .trap = "t@a.org",
		    .from_address = "mailer-daemon@b.org"};

		text_examine(&facts);
		if (facts.text_names_address != address_rows[i].names)
			fail_msg("%s: %d", address_rows[i].name,
			    facts.text_names_address);
		free(facts.text);
	}
}

static const struct {
	const char *name, *trap, *returned;
	bool ours;
} returned_rows[] = {
    {"nothing", "t@a.org", "", false},
    {"its From", "t@a.org", "To: b\nFrom: me <t@a.org>\n\nx\n", true},
    {"in capitals", "t@a.org", "FROM: T@A.ORG", true},
    {"its Return-Path, quoted", "t@a.org", "> Return-Path: <t@a.org>\n", true},
    {"to the trap", "t@a.org", "To: t@a.org\nFrom: b@c.org\n", false},
    {"behind another address", "t@a.org", "Sender: b@c.org t@a.org\n", true},
    {"behind an at sign", "t@a.org", "From: @t@a.org\n", true},
    {"the at sign first", "t@a.org", "@a.org\nFrom: b\n", false},
    {"the at sign last", "t@a.org", "From: t@", false},
    {"cut short", "t@a.org", "From: t@a.or", false},
    {"of its body", "t@a.org", "To: b\n\nFrom: t@a.org\n", false},
    {"a trap without a domain", "trap", "To: b\nFrom: Trap\n", true},
    {"a trap without a domain, not there", "trap", "From: tra", false},
    {"no trap", "", "From: t@a.org\n", false},
};

static void
test_returns_ours(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof returned_rows / sizeof *returned_rows;
	     i++) {
		char *returned = strdup(returned_rows[i].returned);
		struct facts facts = {.returned = returned,
		    .returned_size = strlen(returned_rows[i].returned)};

		(void)stpcpy(facts.trap, returned_rows[i].trap);
		if (text_returns_ours(&facts) != returned_rows[i].ours)
			fail_msg("%s", returned_rows[i].name);
		free(returned);
	}
}

static const struct {
	const char *name, *text;
	size_t links;
} link_rows[] = {
    {"none", "", 0},
    {"its own", "see http://a for what it means\n", 1},
    {"quoted", "see http://a for what it means\n> http://b\n", 1},
    {"returned", "see http://a\n" HEADERS "http://b\n", 1},
    {"nothing but quoted", "> see http://a\n", 1},
};

static void
test_own_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof link_rows / sizeof *link_rows; i++) {
		char *text = strdup(link_rows[i].text);
		size_t links = text_count_own_links(text, "t@a.org");

		if (links != link_rows[i].links)
			fail_msg("%s: %zu", link_rows[i].name, links);
		free(text);
	}
}

static const struct {
	const char *name, *text;
	bool has;
} link_address_rows[] = {
    {"none", "", false},
    {"no link", "to t@a.org", false},
    {"in a link", "see http://b/?email=t@a.org now", true},
    {"as %40", "see http://b/?email=t%40a.org&x=1", true},
    {"behind a link", "see http://b/ t@a.org", false},
    {"in the second link", "see http://b/ https://c/#t@a.org", true},
    {"another's", "see http://b/?email=u@a.org", false},
    {"cut short", "see http://b/?email=t@a.or", false},
    {"cut in %40", "see http://b/?email=t%4", false},
    {"nothing behind ://", "://", false},
};

static void
test_links_with(void **state)
{
	(void)state;
	for (size_t i = 0;
	     i < sizeof link_address_rows / sizeof *link_address_rows; i++) {
		if (text_links_with(link_address_rows[i].text, "t@a.org") !=
		    link_address_rows[i].has)
			fail_msg("%s", link_address_rows[i].name);
	}
	assert_false(text_links_with("http://b/?email=", ""));
}

static void
test_collapse(void **state)
{
	char text[] = " \r\n a \t b\n\n\nc  ";

	(void)state;
	(void)fold_blanks(text, text);
	assert_string_equal(text, "a b c ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examine),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_returns_ours),
	    cmocka_unit_test(test_own_links),
	    cmocka_unit_test(test_links_with),
	    cmocka_unit_test(test_collapse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
