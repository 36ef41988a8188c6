/*
 * feeder/smtp_session: its limits, each at it and one past it: a message's and a
 * line's size, recipients, errors, commands, and what a client leaves unread.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "smtp_fixture.h"
#include "smtpcommand.h"

#define TEXT(literal) (literal), sizeof(literal) - 1
#define BEGIN "EHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\n"

/* A message of so many bytes: the code of its answer. */
static int
send_size(struct smtp_fixture *fixture, size_t size)
{
	static char text[SMTP_FIXTURE_TEXT];

	smtp_fixture_open(fixture);
	smtp_fixture_start(fixture);
	(void)smtp_fixture_feed(fixture, TEXT(BEGIN "DATA\r\n"));
	fixture->out_size = 0;
	fixture->out[0] = '\0';
	memset(text, 'x', size);
	memcpy(text + size - 2, "\r\n.\r\nNOOP\r\n", 11);
	(void)smtp_fixture_feed(fixture, text, size + 9);
	return atoi(fixture->out);
}

static void
test_size_limits(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	assert_int_equal(send_size(&fixture, 1000), 250);
	assert_int_equal(fixture.body_total, 1000);
	smtp_fixture_close(&fixture);
	assert_int_equal(send_size(&fixture, 1001), 552);
	assert_int_equal(fixture.body_total, 1000);
	assert_int_equal(fixture.messages, 1); /* its head is judged */
	assert_int_equal(smtp_session_action(fixture.session), SMTP_READ);
	smtp_fixture_close(&fixture);
	assert_int_equal(send_size(&fixture, 4000), 552);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_READ);
	smtp_fixture_close(&fixture);
	assert_int_equal(send_size(&fixture, 4001), 552);
	assert_int_equal(fixture.messages, 1);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_CLOSE);
	smtp_fixture_close(&fixture);
}

/* A text that never ends is not waited for: where no more is read on, its head is
 * judged, and no more is taken. */
static void
test_endless(void **state)
{
	static struct smtp_fixture fixture;
	static char text[4001];

	(void)state;
	smtp_fixture_open(&fixture);
	smtp_fixture_start(&fixture);
	(void)smtp_fixture_feed(&fixture, TEXT(BEGIN "DATA\r\n"));
	memset(text, 'x', sizeof(text));
	fixture.out_size = 0;
	(void)smtp_fixture_feed(&fixture, text, 4000);
	assert_int_equal(fixture.messages, 0);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_READ);
	(void)smtp_fixture_feed(&fixture, text, 1);
	assert_int_equal(fixture.messages, 1);
	assert_memory_equal(fixture.out, "552", 3);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_CLOSE);
	smtp_fixture_close(&fixture);
}

static void
test_line_limit(void **state)
{
	static struct smtp_fixture fixture;
	char line[SMTP_LINE_MAX + 2];

	(void)state;
	smtp_fixture_open(&fixture);
	smtp_fixture_start(&fixture);
	memset(line, 'x', sizeof(line));
	memcpy(line, "NOOP ", 5);
	memcpy(line + SMTP_LINE_MAX - 2, "\r\n", 2);
	(void)smtp_fixture_feed(&fixture, line, SMTP_LINE_MAX);
	assert_memory_equal(fixture.out, "250", 3);
	fixture.out_size = 0;
	memcpy(line + SMTP_LINE_MAX - 2, "xx\r\n", 4);
	(void)smtp_fixture_feed(&fixture, line, SMTP_LINE_MAX - 2);
	(void)smtp_fixture_feed(&fixture, TEXT("x\r\nNOOP\r\n"));
	assert_memory_equal(fixture.out, "500 5.5.2 ", 10);
	assert_non_null(strstr(fixture.out, "\r\n250 2.0.0 "));
	smtp_fixture_close(&fixture);
}

/* How many of a command's replies have a code, sent so often. */
static unsigned
count_replies(struct smtp_fixture *fixture, const char *command, size_t times,
    const char *code)
{
	unsigned count = 0;

	for (size_t i = 0; i < times; i++) {
		fixture->out_size = 0;
		fixture->out[0] = '\0';
		(void)smtp_fixture_feed(fixture, command, strlen(command));
		count += strncmp(fixture->out, code, strlen(code)) == 0;
	}
	return count;
}

static void
test_count_limits(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	smtp_fixture_open(&fixture);
	smtp_fixture_start(&fixture);
	(void)smtp_fixture_feed(&fixture, TEXT(BEGIN));
	assert_int_equal(
	    count_replies(&fixture, "RCPT TO:<a@trap.example>\r\n", 100, "250"),
	    99); /* there was one */
	assert_int_equal(count_replies(&fixture, "RCPT TO:<a@trap.example>\r\n",
			     5, "452 4.5.3"),
	    5);
	assert_int_equal(count_replies(&fixture, "FOO\r\n", 19, "500"), 19);
	assert_int_equal(count_replies(&fixture, "FOO\r\n", 1, "500"), 1);
	assert_non_null(strstr(fixture.out, "\r\n421 4.7.0 "));
	assert_int_equal(smtp_session_action(fixture.session), SMTP_CLOSE);
	assert_int_equal(fixture.unused, 0); /* 452 was our fault */
	smtp_fixture_close(&fixture);
	smtp_fixture_open(&fixture);
	smtp_fixture_start(&fixture);
	assert_int_equal(
	    count_replies(&fixture, "NOOP\r\n", 1001, "250"), 1000);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_CLOSE);
	smtp_fixture_close(&fixture);
}

/* Errors count anew behind a message that was taken, and only then. */
static void
test_errors_again(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	for (int later = 0; later < 2; later++) {
		smtp_fixture_open(&fixture);
		smtp_fixture_start(&fixture);
		assert_int_equal(
		    count_replies(&fixture, "FOO\r\n", 19, "500"), 19);
		fixture.result.trap =
		    later ? ENVELOPE_TRY_LATER : ENVELOPE_TAKEN;
		(void)smtp_fixture_feed(
		    &fixture, TEXT(BEGIN "DATA\r\nx\r\n.\r\n"));
		assert_int_equal(fixture.messages, 1);
		assert_int_equal(
		    count_replies(&fixture, "FOO\r\n", 1, "500"), 1);
		assert_int_equal(smtp_session_action(fixture.session),
		    later ? SMTP_CLOSE : SMTP_READ);
		smtp_fixture_close(&fixture);
	}
	fixture.result.trap = ENVELOPE_TAKEN;
}

/* A client that sends and never reads is read no further. */
static void
test_output_limit(void **state)
{
	static struct smtp_fixture fixture;
	static char noops[60000];
	size_t used, size;

	(void)state;
	smtp_fixture_open(&fixture);
	fixture.settings.commands_max = 100000;
	smtp_fixture_start(&fixture);
	for (size_t i = 0; i < sizeof(noops); i += 6)
		memcpy(noops + i, "NOOP\r\n", 6);
	used = smtp_session_read(fixture.session, noops, sizeof(noops));
	assert_true(used < sizeof(noops));
	(void)smtp_session_output(fixture.session, &size);
	assert_true(size < SMTP_OUTPUT_HIGH + 512);
	assert_int_equal(
	    smtp_session_read(fixture.session, noops, sizeof(noops)), 0);
	smtp_session_sent(fixture.session, size);
	assert_true(
	    smtp_session_read(fixture.session, noops, sizeof(noops)) > 0);
	smtp_fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_size_limits),
	    cmocka_unit_test(test_endless),
	    cmocka_unit_test(test_line_limit),
	    cmocka_unit_test(test_count_limits),
	    cmocka_unit_test(test_errors_again),
	    cmocka_unit_test(test_output_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
