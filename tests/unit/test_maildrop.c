/*
 * feeder/maildrop: files for a person, and the lines that stand before them.
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

#include "maildate.h"
#include "maildrop.h"

static void
test_maildrop(void **state)
{
	char folder[] = "/tmp/backstop-unit.XXXXXX", path[64];
	struct envelope envelope = {.sender = "joe@x.example"};
	struct spool *spool = spool_new("/tmp");
	struct bs_message message;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/box", folder);
	assert_int_equal(maildrop_make(path, &message), BS_OK);
	assert_int_equal(maildrop_make(path, &message), BS_OK);
	assert_int_equal(
	    envelope_add(&envelope, "postmaster@trap.example", RECIPIENT_ROLE),
	    BS_OK);
	assert_int_equal(
	    envelope_add(&envelope, "t@trap.example", RECIPIENT_TRAP), BS_OK);
	assert_int_equal(spool_add(spool, "a\r\nb\rc\nd\r", 9), BS_OK);
	assert_int_equal(maildrop_put(path, "mx", &envelope, spool), BS_OK);
	assert_int_equal(maildrop_count(path), 1);
	assert_int_equal(
	    maildrop_put("/nonexistent", "mx", &envelope, spool), BS_EIO);
	spool_free(&spool);
	envelope_reset(&envelope);
	(void)snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

/* The traps are not in it; who sent it is, and a HELO says no more than a name. */
static void
check_maildrop_text(const char *peer, const char *helo, const char *received)
{
	struct envelope envelope = {.sender = "joe@x.example"};
	struct spool *spool = spool_new("/tmp");
	char text[512] = "", want[512];
	FILE *file = tmpfile();
	char *date;

	envelope.has_peer =
	    bs_addr_parse(peer, strlen(peer), &envelope.peer) == BS_OK;
	strcpy(envelope.helo, helo);
	assert_non_null(file);
	assert_int_equal(
	    envelope_add(&envelope, "t@trap.example", RECIPIENT_TRAP), BS_OK);
	assert_int_equal(
	    envelope_add(&envelope, "postmaster", RECIPIENT_ROLE), BS_OK);
	assert_int_equal(spool_add(spool, "a\r\nb\rc\nd\r", 9), BS_OK);
	assert_int_equal(
	    maildrop_write(fileno(file), "mx.trap.example", &envelope, spool),
	    BS_OK);
	rewind(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	date = strstr(text, "; ");
	assert_non_null(date);
	assert_true(maildate_parse(date + 2) > 1700000000);
	memmove(date + 2, strchr(date, '\n'), strlen(strchr(date, '\n')) + 1);
	(void)snprintf(want, sizeof(want),
	    "Return-Path: <joe@x.example>\nDelivered-To: postmaster\n"
	    "Received: %sby mx.trap.example; \na\nb\rc\nd\r",
	    received);
	assert_string_equal(text, want);
	(void)fclose(file);
	spool_free(&spool);
	envelope_reset(&envelope);
}

static void
test_maildrop_text(void **state)
{
	char longest[ENVELOPE_HELO_MAX + 1], received[ENVELOPE_HELO_MAX + 64];

	(void)state;
	check_maildrop_text("198.51.100.1", "mx.example",
	    "from mx.example ([198.51.100.1])\n\t");
	check_maildrop_text("2001:db8::1", "x ([192.0.2.1]) by y;\xc3",
	    "from x???192.0.2.1???by?y?? ([IPv6:2001:db8::1])\n\t");
	check_maildrop_text(
	    "198.51.100.1", "", "from unknown ([198.51.100.1])\n\t");
	check_maildrop_text("", "mx.example", "");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	(void)snprintf(received, sizeof(received),
	    "from %s ([198.51.100.1])\n\t", longest);
	check_maildrop_text("198.51.100.1", longest, received);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_maildrop),
	    cmocka_unit_test(test_maildrop_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
