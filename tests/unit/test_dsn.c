/*
 * Delivery status fields: RFC 3464's own forms, what MTAs make of them, and
 * bytes that are none.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dsn.h"

#define MTA "Reporting-MTA: dns; mx.example\n\n"
#define TO "Final-Recipient: rfc822; a@example.com\n"

struct row {
	const char *name;
	const char *text;
	enum dsn_action action;
	const char *status;
	const char *mta;
	size_t recipients;
};

static const struct row rows[] = {
    {"failed", MTA TO "Action: failed\nStatus: 5.1.1\n", DSN_FAILED, "5.1.1",
	"mx.example", 1},
    {"delayed", MTA TO "Action: delayed\nStatus: 4.4.1\n", DSN_DELAYED, "4.4.1",
	"mx.example", 1},
    {"delivered", MTA TO "Action: delivered\nStatus: 2.0.0\n", DSN_DELIVERED,
	"2.0.0", "mx.example", 1},
    {"relayed", MTA TO "Action: relayed (to non-DSN host)\nStatus: 2.6.0\n",
	DSN_RELAYED, "2.6.0", "mx.example", 1},
    {"expanded", MTA TO "Action: expanded\n", DSN_EXPANDED, "", "mx.example",
	1},
    {"the worst of two",
	MTA TO "Action: delivered\nStatus: 2.0.0\n\n" TO
	       "Action: failed\nStatus: 5.2.2\n",
	DSN_FAILED, "5.2.2", "mx.example", 2},
    {"the worst comes first",
	MTA TO "Action: failed\nStatus: 5.2.2\n\n" TO
	       "Action: delayed\nStatus: 4.2.2\n",
	DSN_FAILED, "5.2.2", "mx.example", 2},
    {"any case", "FINAL-RECIPIENT: rfc822;a\nACTION: Failed\nSTATUS: 5.0.0",
	DSN_FAILED, "5.0.0", "", 1},
    {"CRLF",
	"Reporting-MTA: dns;mx.example\r\n\r\nOriginal-Recipient:"
	"rfc822;a\r\nAction:failed\r\nStatus:5.1.1\r\n",
	DSN_FAILED, "5.1.1", "mx.example", 1},
    {"CR", "Final-Recipient: rfc822; a\rAction: failed\rStatus: 5.1.1\r",
	DSN_FAILED, "5.1.1", "", 1},
    {"no action", MTA TO "Status: 5.5.0\n", DSN_ACTION_NONE, "5.5.0",
	"mx.example", 1},
    {"comment behind the status", TO "Action: failed\nStatus: 5.1.1 (bad)",
	DSN_FAILED, "5.1.1", "", 1},
    {"no recipient", MTA "Action: failed\n", DSN_FAILED, "", "mx.example", 0},
    {"unknown action", TO "Action: eaten\n", DSN_ACTION_NONE, "", "", 1},
    {"deliverable is not delivered", TO "Action: deliverable\n",
	DSN_ACTION_NONE, "", "", 1},
    {"status of two parts", TO "Status: 5.1\n", DSN_ACTION_NONE, "", "", 1},
    {"status of class 9", TO "Status: 9.1.1\n", DSN_ACTION_NONE, "", "", 1},
    {"status with long parts", TO "Status: 5.1234.1\n", DSN_ACTION_NONE, "", "",
	1},
    {"hostile MTA name", "Reporting-MTA: dns; mx.example\x1b[2J<a@b>\n",
	DSN_ACTION_NONE, "", "mx.example", 0},
    {"MTA without a type", "Reporting-MTA: mx.example\n", DSN_ACTION_NONE, "",
	"mx.example", 0},
    {"text", "Hello: this is no report\nat all\n", DSN_ACTION_NONE, "", "", 0},
    {"colons", ":\n::\n: :\nAction:\nStatus:\n", DSN_ACTION_NONE, "", "", 0},
    {"empty", "", DSN_ACTION_NONE, "", "", 0},
};

static void
test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dsn dsn;

		dsn_parse(rows[i].text, strlen(rows[i].text), &dsn);
		if (dsn.action != rows[i].action ||
		    strcmp(dsn.status, rows[i].status) != 0 ||
		    strcmp(dsn.reporting_mta, rows[i].mta) != 0 ||
		    dsn.recipients != rows[i].recipients)
			fail_msg("%s: %s, %s, %s, %zu", rows[i].name,
			    dsn_action_name(dsn.action), dsn.status,
			    dsn.reporting_mta, dsn.recipients);
	}
}

static void
test_longest_mta(void **state)
{
	char text[2 * DSN_MTA_MAX];
	struct dsn dsn;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text, "Reporting-MTA:", 14);
	dsn_parse(text, 14 + DSN_MTA_MAX - 1, &dsn);
	assert_int_equal(strlen(dsn.reporting_mta), DSN_MTA_MAX - 1);
	dsn_parse(text, sizeof text, &dsn);
	assert_int_equal(strlen(dsn.reporting_mta), DSN_MTA_MAX - 1);
}

static void
test_disposition(void **state)
{
	static const char text[] = "Reporting-UA: a; b\nFinal-Recipient: "
				   "rfc822;a\nDisposition: manual-action/"
				   "MDN-sent-manually; displayed\n";
	struct dsn dsn;

	(void)state;
	dsn_parse(text, sizeof text - 1, &dsn);
	assert_true(dsn.has_disposition);
	assert_int_equal(dsn.recipients, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_longest_mta),
	    cmocka_unit_test(test_disposition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
