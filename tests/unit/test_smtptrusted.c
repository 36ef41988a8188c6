/*
 * feeder/smtp_session: hosts that speak for others (XCLIENT, XFORWARD), and what
 * a client said before TLS.
 */
#include "autoconf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "smtp_fixture.h"

#define BEGIN "EHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\n"
#define TEXT(literal) (literal), sizeof(literal) - 1

static void
assert_peer(
    const struct smtp_fixture *fixture, const char *addr, const char *helo)
{
	const struct envelope *envelope =
	    smtp_session_envelope(fixture->session);
	char text[BS_ADDR_TEXT_MAX] = "";

	if (envelope->has_peer)
		bs_addr_format(&envelope->peer, text);
	assert_string_equal(text, addr);
	assert_string_equal(envelope->helo, helo);
}

static void
open_trusted(struct smtp_fixture *fixture)
{
	smtp_fixture_open(fixture);
	fixture->peer.may_xclient = true;
	fixture->peer.may_xforward = true;
	smtp_fixture_start(fixture);
	(void)smtp_fixture_feed(fixture, TEXT("EHLO relay\r\n"));
	assert_non_null(strstr(fixture->out, "XCLIENT NAME ADDR"));
	assert_non_null(strstr(fixture->out, "XFORWARD NAME ADDR"));
}

static void
test_xforward(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	open_trusted(&fixture);
	assert_peer(&fixture, "192.0.2.1", "relay");
	(void)smtp_fixture_feed(&fixture,
	    TEXT("XFORWARD NAME=x ADDR=198.51.100.7 PROTO=ESMTP\r\n"
		 "XFORWARD HELO=client SOURCE=REMOTE\r\nMAIL FROM:<>\r\n"));
	assert_peer(&fixture, "198.51.100.7", "client");
	(void)smtp_fixture_feed(&fixture, TEXT("XFORWARD ADDR=192.0.2.8\r\n"));
	assert_non_null(strstr(fixture.out, "503 5.5.1 Too late"));
	(void)smtp_fixture_feed(&fixture, TEXT("RSET\r\n"));
	assert_peer(&fixture, "192.0.2.1", "relay");
	(void)smtp_fixture_feed(&fixture, TEXT("XFORWARD HELO=client\r\n"));
	assert_peer(&fixture, "", "client");
	(void)smtp_fixture_feed(
	    &fixture, TEXT("XFORWARD ADDR=10.0.0.1 SOURCE=LOCAL\r\n"));
	assert_peer(&fixture, "", "client");
	/* whatever else is said of it, in whatever order */
	(void)smtp_fixture_feed(
	    &fixture, TEXT("XFORWARD ADDR=198.51.100.7\r\nMAIL FROM:<>\r\n"));
	assert_peer(&fixture, "", "client");
	(void)smtp_fixture_feed(&fixture,
	    TEXT("RSET\r\nXFORWARD ADDR=198.51.100.7 HELO=client\r\n"));
	assert_peer(&fixture, "198.51.100.7", "client");
	smtp_fixture_close(&fixture);
}

static void
test_xclient(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	open_trusted(&fixture);
	fixture.out_size = 0;
	(void)smtp_fixture_feed(&fixture,
	    TEXT("XCLIENT ADDR=198.51.100.7 HELO=client\r\nMAIL FROM:<>\r\n"));
	assert_memory_equal(fixture.out, "220 ", 4);
	assert_non_null(strstr(fixture.out, "\r\n503 5.5.1 ")); /* anew */
	(void)smtp_fixture_feed(&fixture, TEXT(BEGIN "RSET\r\n"));
	assert_peer(&fixture, "198.51.100.7", "c.example");
	(void)smtp_fixture_feed(
	    &fixture, TEXT("XCLIENT ADDR=[UNAVAILABLE]\r\n"));
	assert_peer(&fixture, "", "");
	smtp_fixture_close(&fixture);
}

/* What TLS was not told before it must not be believed after it. */
static void
test_tls_restart(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	smtp_fixture_open(&fixture);
	fixture.settings.tls = true;
	smtp_fixture_start(&fixture);
	(void)smtp_fixture_feed(&fixture, TEXT("EHLO c\r\nSTARTTLS\r\n"));
	assert_non_null(strstr(fixture.out, "250-STARTTLS\r\n"));
	assert_int_equal(smtp_session_action(fixture.session), SMTP_START_TLS);
	smtp_session_tls_started(fixture.session);
	fixture.out_size = 0;
	(void)smtp_fixture_feed(
	    &fixture, TEXT("MAIL FROM:<>\r\nEHLO c\r\nSTARTTLS\r\n"));
	assert_memory_equal(fixture.out, "503 5.5.1 ", 10);
	assert_null(strstr(fixture.out, "250-STARTTLS\r\n"));
	assert_non_null(strstr(fixture.out, "\r\n503 5.5.1 TLS is on"));
	smtp_fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_xforward),
	    cmocka_unit_test(test_xclient),
	    cmocka_unit_test(test_tls_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
