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
	    {"mail.example.com", "mail.example.com"},
	    {"MX12.Example.COM.", "mx12.example.com"},
	    {"mail-out-3.eu.example.co.uk", "mail-out-3.eu.example.co.uk"},
	    {"smtp2go.example.com", "*.example.com"},
	    {"a.b", "a.b"},
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
	    /* tokens */
	    {"x7f3a9c2e.example.com", "*.example.com"},
	    {"t0k3n.example.com", "*.example.com"},
	    {"abcdefghijklm.example.com", "*.example.com"},
	    {"20261122.example.com", "*.example.com"},
	    {"mail-9f8e7d6c.example.com", "*.example.com"},
	    {"xn--mlltrap-9za.example.com", "*.example.com"},
	    {"a1b2c3d4.e5f6a7b8.example.com", "*.*.example.com"},
	    /* the trap: plain, part of it, cut in pieces */
	    {"wintergarten.example.com", "*.example.com"},
	    {"wintergart.example.com", "*.example.com"},
	    {"x-wintergarten.example.com", "*.example.com"},
	    {"winter-garten.example.com", "*.example.com"},
	    {"w-i-n-t-e-r-g-a-r-t-e-n.example.com", "*.example.com"},
	    {"win.ter.garten.example.com", ""},
	    {"mx.trap.example", ""},
	    {"trap.example.evil.test", ""},
	    /* encoded */
	    {"netragretniw.example.com", "*.example.com"},
	    {"jvagretnegra.example.com", "*.example.com"},
	    {"d2ludgvyz2fy.example.com", "*.example.com"},
	    {"o5uw45dfojtw.example.com", "*.example.com"},
	};
	struct disclose_secrets secrets;
	struct disclose_encoded encoded;
	char shown[BS_EVIDENCE_HOST_MAX + 1];

	(void)state;
	trap_secrets(&secrets);
	disclose_encode(&secrets, &encoded);
	for (size_t i = 0; i < ROWS(rows); i++) {
		disclose_host(rows[i].name, &encoded, shown);
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
		disclose_host(name, &encoded, shown);
		assert_int_equal(
		    strlen(shown), size <= BS_EVIDENCE_HOST_MAX ? size : 0);
	}
	secrets.too_many = true;
	disclose_encode(&secrets, &encoded);
	disclose_host("mail.example.com", &encoded, shown);
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
	    {"out of office: re: cheap watches", "out of office: re: *"},
	    {"unzustellbar: hallo welt", "unzustellbar: *"},
	    {"", ""},
	    {"   ", ""},
	    {"wintergarten@trap.example", "*.*"},
	    {"mail for wintergarten returned", "mail for * returned"},
	    {"ticket #4711: re: qx7-zz9", "ticket *: re: *-*"},
	    {"=?utf-8?q?wintergarten?=", "*?*-*?*?*?*"},
	    {"d2ludGVyZ2FydGVu", "*"},
	    {"mail%20returned", "*"},
	    {"mail&#119;returned", "*;returned"},
	    {"\xef\xbc\xb7inter", "*"},
	    {"failure failure", "failure failure"},
	    {"\x1b[31mfailure", "*[*"},
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
	disclose_subject("delivery notification", &secrets, shown);
	assert_string_equal(shown, "delivery *");
}

static void
long_subjects(void **state)
{
	struct disclose_secrets secrets = {.count = 0};
	char subject[1024] = "", shown[BS_EVIDENCE_SUBJECT_MAX + 1];

	(void)state;
	for (int i = 0; i < 100; i++)
		(void)strcat(subject, i % 2 == 0 ? "mail " : "failure ");
	disclose_subject(subject, &secrets, shown);
	assert_in_range(strlen(shown), 100, BS_EVIDENCE_SUBJECT_MAX);
}

/* The words are sorted, or bsearch would not find them. */
static void
words(void **state)
{
	static const char *const yes[] = {"a", "undelivered", "failure",
	    "zustellung", "re", "unzustellbar", "your"};
	static const char *const no[] = {
	    "", "Failure", "failures7", "fail ", "wintergarten", "zzz"};

	(void)state;
	for (size_t i = 0; i < ROWS(yes); i++)
		assert_true(disclose_is_word(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < ROWS(no); i++)
		assert_false(disclose_is_word(no[i], strlen(no[i])));
	assert_false(disclose_is_word("failure", 6));
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
	    "5.1.1", "failed", "mail.example.com", "wintergarten.example.com"};
	struct bs_evidence_facts shown;

	(void)state;
	disclose(&facts, &claims, &shown);
	assert_int_equal(shown.action, BS_ACTION_FAILED);
	assert_string_equal(shown.status, "5.1.1");
	assert_string_equal(shown.reporting_mta, "mail.example.com");
	assert_string_equal(shown.helo, "*.example.com");
	assert_string_equal(shown.subject, "failure notice");
	claims.status = "5.123.456789";
	claims.action = "wintergarten";
	disclose(&facts, &claims, &shown);
	assert_int_equal(shown.action, BS_ACTION_NONE);
	assert_string_equal(shown.status, "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(long_hosts),
	    cmocka_unit_test(subjects),
	    cmocka_unit_test(usual_words),
	    cmocka_unit_test(long_subjects),
	    cmocka_unit_test(words),
	    cmocka_unit_test(many_recipients),
	    cmocka_unit_test(all_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
