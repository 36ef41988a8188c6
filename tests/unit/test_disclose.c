/*
 * What of a notice may be shown: usual host names and subjects stay, and no
 * trap, recipient or token gets through, however it is written.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "disclose.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* The trap of all rows: local part "wintergarten", domain trap.example. */
static void
trap_secrets(struct disclose_secrets *secrets_r)
{
	static char names[][16] = {"to", "received", "from"};
	static char values[][64] = {
	    "\"somebody\" <wintergarten+xk7@trap.example>",
	    "by mx.trap.example for <wintergarten@trap.example>",
	    "mailer-daemon@mail.example.com"};
	struct fact_header header[] = {{names[0], values[0]},
	    {names[1], values[1]}, {names[2], values[2]}};
	struct facts facts = {.header = header, .header_count = 3};

	(void)strcpy(facts.trap, "wintergarten+xk7@trap.example");
	disclose_secrets(&facts, secrets_r);
}

static void
hosts(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
	    /* what hosts are called */
	    {"mail.example.com", "example.com"},
	    {"MX12.Example.COM.", "example.com"},
	    {"mail-out-3.eu.example.co.uk", "example.co.uk"},
	    {"a.b", "a.b"},
	    {"example.org", "example.org"},
	    {"mail.example.or.at", "example.or.at"},
	    {"example.com.au", "example.com.au"},
	    {"co.uk", "co.uk"},
	    /* less, where it may have been chosen freely */
	    {"mail.example.city.ch", "city.ch"},
	    {"mail.example.com.evil", "com.evil"},
	    {"com.org", "com.org"},
	    {"apple.com.org", "com.org"},
	    /* what is no host name */
	    {"", ""},
	    {"localhost", ""},
	    {"[192.0.2.99]", ""},
	    {"192.0.2.99", ""},
	    {"user@example.com", ""},
	    {"mail_1.example.com", ""},
	    {"mail..example.com", ""},
	    {".example.com", ""},
	    {"mail%2eexample.com", ""},
	    {"m\xc3\xa4il.example.com", ""},
	    /* tokens, whatever they are made of */
	    {"x7f3a9c2e.example.com", "example.com"},
	    {"apple.river.seven.example.com", "example.com"},
	    {"77696e746572.example.com", "example.com"},
	    {"o5uw45dfojtw.example.com", "example.com"},
	    {"mx1.mx2.mx1.example.com", "example.com"},
	    {"q1.w2.e3.example.co.uk", "example.co.uk"},
	    {"mail.x7f3a9c2e.com", "*.com"},
	    {"mail.t0k3n.com", "*.com"},
	    {"mail.abcdefghijklm.com", "*.com"},
	    {"mail.20261122.com", "*.com"},
	    {"mail.mail-9f8e7d6c.com", "*.com"},
	    {"mail.xn--mlltrap-9za.com", "*.com"},
	    {"a1b2c3d4.e5f6a7b8.com", "*.com"},
	    /* the trap: plain, part of it, cut in pieces */
	    {"mx.wintergarten.com", "*.com"},
	    {"mx.wintergart.com", "*.com"},
	    {"mx.x-wintergarten.com", "*.com"},
	    {"mx.winter-garten.com", "*.com"},
	    {"mx.w-i-n-t-e-r-g-a-r-t-e-n.com", "*.com"},
	    {"win.ter.garten.example.com", ""},
	    {"winter.garten", ""},
	    {"mx.trap.example", ""},
	    {"trap.example.evil.test", ""},
	    /* encoded */
	    {"mx.netragretniw.com", "*.com"},
	    {"mx.jvagretnegra.com", "*.com"},
	    {"mx.d2ludgvyz2fy.com", "*.com"},
	    {"mx.o5uw45dfojtw.com", "*.com"},
	};
	struct disclose_secrets secrets;
	struct disclose_encoded encoded;
	char shown[BS_EVIDENCE_HOST_MAX + 1];

	(void)state;
	trap_secrets(&secrets);
	disclose_encode(&secrets, &encoded);
	for (size_t i = 0; i < ROWS(rows); i++) {
		disclose_domain(rows[i].name, &encoded, shown);
		if (strcmp(shown, rows[i].shown) != 0)
			fail_msg("%s: '%s', not '%s'", rows[i].name, shown,
			    rows[i].shown);
		assert_true(bs_evidence_host_is_sound(shown));
	}
}

static void
long_hosts(void **state)
{
	struct disclose_secrets secrets;
	struct disclose_encoded encoded;
	char name[256], shown[BS_EVIDENCE_HOST_MAX + 1];

	(void)state;
	trap_secrets(&secrets);
	disclose_encode(&secrets, &encoded);
	/* 99 or 100 bytes, then one more */
	for (size_t size = BS_EVIDENCE_HOST_MAX; size <= 102; size++) {
		for (size_t i = 0; i < size; i++)
			name[i] = i % 4 == 3 ? '.' : 'a';
		name[size - 1] = 'a';
		name[size] = '\0';
		disclose_domain(name, &encoded, shown);
		assert_true(
		    (shown[0] != '\0') == (size <= BS_EVIDENCE_HOST_MAX));
	}
	secrets.too_many = true;
	disclose_encode(&secrets, &encoded);
	disclose_domain("mail.example.com", &encoded, shown);
	assert_string_equal(shown, "");
}

static void
subjects(void **state)
{
	static const struct {
		const char *subject, *shown;
	} rows[] = {
	    {"undelivered mail returned to sender",
		"undelivered mail returned to sender"},
	    {"delivery status notification (failure)",
		"delivery status notification (failure)"},
	    {"  failure notice  ", "failure notice"},
	    {"out of office: re: cheap watches", "out of office *"},
	    {"unzustellbar: hallo welt", "unzustellbar: *"},
	    {"returned mail: user unknown", "returned mail: user unknown"},
	    {"returned mail: user known", "returned mail: *"},
	    {"r\xc3\xa9ponse automatique : bonjour",
		"r\xc3\xa9ponse automatique *"},
	    {"\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
		"\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d"},
	    {"", ""},
	    {"   ", ""},
	    /* words that notices have, put together at will */
	    {"mail failure mail mail failure", "*"},
	    {"failure notice mail mail failure", "failure notice *"},
	    {"confirmation", "*"},
	    {"confirm 4f1d0c", "confirm *"},
	    {"delivery status notification (success)",
		"delivery status notification *"},
	    {"delivery, status, notification", "*"},
	    {"delivery  failure", "*"},
	    /* the trap and tokens */
	    {"wintergarten@trap.example", "*"},
	    {"mail for wintergarten returned", "*"},
	    {"failure notice wintergarten", "failure notice *"},
	    {"failure notice 77696e746572", "failure notice *"},
	    {"failure noticewintergarten", "*"},
	    {"=?utf-8?q?wintergarten?=", "*"},
	    {"o5uw45dfojtwc4tumvxa", "*"},
	    {"failure notice Thu, 26 Nov 2026 07:31:12", "failure notice *"},
	    {"failure notice 4cXy7Z0n9QzK", "failure notice *"},
	    {"\xef\xbc\xb7inter", "*"},
	    {"\x1b[31mfailure", "*"},
	};
	struct disclose_secrets secrets;
	char shown[BS_EVIDENCE_SUBJECT_MAX + 1];

	(void)state;
	trap_secrets(&secrets);
	for (size_t i = 0; i < ROWS(rows); i++) {
		disclose_subject(rows[i].subject, &secrets, shown);
		if (strcmp(shown, rows[i].shown) != 0)
			fail_msg("%s: '%s', not '%s'", rows[i].subject, shown,
			    rows[i].shown);
		assert_true(bs_evidence_subject_is_sound(shown));
		assert_null(strstr(shown, "winter"));
	}
}

/* A trap whose name is a usual word. */
static void
usual_words(void **state)
{
	struct facts facts = {.trap = "notification@trap.example"};
	struct disclose_secrets secrets;
	char shown[BS_EVIDENCE_SUBJECT_MAX + 1];

	(void)state;
	disclose_secrets(&facts, &secrets);
	disclose_subject("delivery status notification", &secrets, shown);
	assert_string_equal(shown, "*");
	disclose_subject("failure notice", &secrets, shown);
	assert_string_equal(shown, "failure notice");
}

static void
statuses(void **state)
{
	static const struct {
		const char *status, *shown;
	} rows[] = {
	    {"", ""},
	    {"5.0.0", "5.0.0"},
	    {"5.1.1", "5.1.1"},
	    {"4.4.7", "4.4.7"},
	    {"2.1.5", "2.1.5"},
	    /* the last that is registered of each subject, and one past it */
	    {"5.0.1", "5.0.*"},
	    {"5.1.10", "5.1.10"},
	    {"5.1.11", "5.1.*"},
	    {"5.2.4", "5.2.4"},
	    {"5.2.5", "5.2.*"},
	    {"5.3.6", "5.3.6"},
	    {"5.3.7", "5.3.*"},
	    {"5.4.7", "5.4.7"},
	    {"5.4.8", "5.4.*"},
	    {"5.5.6", "5.5.6"},
	    {"5.5.7", "5.5.*"},
	    {"5.6.10", "5.6.10"},
	    {"5.6.11", "5.6.*"},
	    {"5.7.30", "5.7.30"},
	    {"5.7.31", "5.7.*"},
	    {"5.8.0", "5.*"},
	    {"5.9.999", "5.*"},
	    /* a vendor's, and a number for each recipient */
	    {"5.7.515", "5.7.*"},
	    {"5.1.999", "5.1.*"},
	    {"4.0.123", "4.0.*"},
	    /* none */
	    {"5.1.01", ""},
	    {"5.1.1000", ""},
	    {"5.123.4", ""},
	    {"6.1.1", ""},
	    {"5.1", ""},
	    {"wintergarten", ""},
	};
	char shown[BS_EVIDENCE_STATUS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		disclose_status(rows[i].status, shown);
		if (strcmp(shown, rows[i].shown) != 0)
			fail_msg("%s: '%s', not '%s'", rows[i].status, shown,
			    rows[i].shown);
		assert_true(bs_evidence_status_is_sound(shown));
	}
}

static void
many_recipients(void **state)
{
	static char name[] = "to", value[4000];
	struct fact_header header = {name, value};
	struct facts facts = {.header = &header, .header_count = 1};
	struct disclose_secrets secrets;

	(void)state;
	for (int i = 0; i < 100; i++)
		(void)snprintf(value + strlen(value), 40,
		    "person%d@example%d.com, ", i, i);
	disclose_secrets(&facts, &secrets);
	assert_int_equal(secrets.count, DISCLOSE_SECRETS_MAX);
	assert_true(secrets.too_many);
}

static void
all_of_it(void **state)
{
	static char subject[] = "failure notice";
	struct facts facts = {
	    .subject = subject, .trap = "wintergarten@trap.example"};
	struct disclose_claims claims = {
	    "5.1.1", "failed", "mail.example.com", "mx7.example.com"};
	struct bs_evidence_facts shown;

	(void)state;
	disclose(&facts, &claims, &shown);
	assert_int_equal(shown.action, BS_ACTION_FAILED);
	assert_string_equal(shown.status, "5.1.1");
	assert_string_equal(shown.reporting_mta, "example.com");
	assert_string_equal(shown.helo, "example.com");
	assert_string_equal(shown.subject, "failure notice");
	claims.status = "5.123.456789";
	claims.action = "wintergarten";
	disclose(&facts, &claims, &shown);
	assert_int_equal(shown.action, BS_ACTION_NONE);
	assert_string_equal(shown.status, "");
}

/* Reporting-MTA is what the sender writes: it stays where the source was found
 * to be of that domain, and tells no more than that. */
static void
reporting_mta(void **state)
{
	static const struct {
		const char *helo, *mta, *shown;
	} rows[] = {
	    {"mx.example.com", "MX9.Example.COM.", "example.com"},
	    {"mx.example.com", "apple.seven.example.com", "example.com"},
	    {"mx.example.com", "example.org", ""},
	    {"mx.example.com", "trap-user-name.example", ""},
	    {"", "mail.example.com", ""},
	    {"", "trap-user-name.example", ""},
	    {"mx.example.co.uk", "evil.co.uk", ""},
	    {"mx.example.com", "notexample.com", ""},
	    {"mx.example.com", "[192.0.2.1]", ""},
	    {"mx.wintergarten.com", "mx.wintergarten.com", "*.com"},
	};
	static char subject[] = "";
	struct facts facts = {
	    .subject = subject, .trap = "wintergarten@trap.example"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct disclose_claims claims = {
		    "5.1.1", "failed", rows[i].mta, rows[i].helo};
		struct bs_evidence_facts shown;

		disclose(&facts, &claims, &shown);
		if (strcmp(shown.reporting_mta, rows[i].shown) != 0)
			fail_msg("%s, %s: '%s', not '%s'", rows[i].helo,
			    rows[i].mta, shown.reporting_mta, rows[i].shown);
	}
}

/* Who writes to a hundred recipients, each by a number of its own in all that he
 * may choose, finds the same evidence of each. */
static void
numbered_probes(void **state)
{
	static const char digits[] = "0123456789abcdef";
	struct bs_evidence_facts first, shown;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char subject[80], mta[80], helo[80], status[16], trap[80];
		struct facts facts = {.subject = subject};
		struct disclose_claims claims = {status, "failed", mta, helo};

		(void)snprintf(trap, sizeof trap, "user%d@trap.example", i);
		(void)strcpy(facts.trap, trap);
		(void)snprintf(subject, sizeof subject,
		    "failure notice 4cXy%dzQ: mail%s of %d Nov", i,
		    i % 2 == 0 ? " failure" : "", i);
		(void)snprintf(mta, sizeof mta, "n%d.%s.evil.com", i, "apple");
		(void)snprintf(helo, sizeof helo, "%c%c.mx.evil.com",
		    digits[i >> 4], digits[i & 15]);
		(void)snprintf(status, sizeof status, "5.7.%d", 100 + i);
		disclose(&facts, &claims, &shown);
		if (i == 0)
			first = shown;
		/* nor do bytes behind the texts tell it */
		assert_memory_equal(&first, &shown, sizeof shown);
	}
	assert_string_equal(first.helo, "evil.com");
	assert_string_equal(first.status, "5.7.*");
	assert_string_equal(first.subject, "failure notice *");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(long_hosts),
	    cmocka_unit_test(subjects),
	    cmocka_unit_test(usual_words),
	    cmocka_unit_test(statuses),
	    cmocka_unit_test(many_recipients),
	    cmocka_unit_test(all_of_it),
	    cmocka_unit_test(reporting_mta),
	    cmocka_unit_test(numbered_probes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
