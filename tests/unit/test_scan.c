/*
 * feeder/scan with a real database and real files in a temporary folder: what
 * is listed, what is counted once, when a message was received, what a stop
 * and a broken database do.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

#include "bytes_fixture.h"
#include "scan.h"
#include "store.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define NOW_S 1795395723u /* 2026-11-23T01:02:03Z */
#define DAY_S 86400u

/* --- when it was received ------------------------------------------------- */

static const struct {
	const char *name;
	bool ours;
	uint32_t received_s, file_s, want;
} received_rows[] = {
    {"our Received line", true, 1000, 2000, 1000},
    {"another's, and a file that was copied", false, 1000, 2000, 1000},
    {"another's, behind its file's", false, 3000, 2000, 2000},
    {"ours without a date", true, 0, 2000, 2000},
    {"standard input", false, 1000, 0, 1000},
    {"standard input without a date", false, 0, 0, NOW_S},
    {"standard input, in the future", false, NOW_S + 1, 0, NOW_S},
    {"ours, in the future", true, NOW_S + 1, 2000, NOW_S},
    {"a file of the future", false, 0, NOW_S + 1, NOW_S},
    {"nothing known", true, 0, 0, NOW_S},
};

static void
test_received(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(received_rows); i++) {
		struct judgement judgement = {
		    .received_is_ours = received_rows[i].ours,
		    .received_s = received_rows[i].received_s};
		uint32_t received_s =
		    scan_received_s(&judgement, received_rows[i].file_s, NOW_S);

		if (received_s != received_rows[i].want)
			fail_msg("%s: %u", received_rows[i].name, received_s);
	}
}

/* --- a folder with mail and a database ------------------------------------ */

static const char *home; /* where each test works */

static int
set_up(void **state)
{
	if (enter_folder(state) != 0)
		return -1;
	home = *state;
	return mkdir("database", 0700) != 0 || mkdir("mail", 0700) != 0;
}

/* A bounce that 192.0.2.HOST handed over, as a file of age `age_s`. */
static void
write_bounce(const char *path, unsigned host, uint32_t age_s)
{
	FILE *file = fopen(path, "w");
	struct utimbuf times = {NOW_S - age_s, NOW_S - age_s};

	assert_non_null(file);
	fprintf(file,
	    "Return-Path: <>\n"
	    "Received: from mail.example (mail.example [192.0.2.%u])\n"
	    "\tby mx.trap.example with ESMTP id %u\n"
	    "\tfor <trap@trap.example>; Sun, 22 Nov 2026 01:02:03 +0000\n"
	    "From: MAILER-DAEMON@mail.example\n"
	    "To: trap@trap.example\n"
	    "Subject: Undelivered Mail Returned to Sender\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=delivery-status;\n"
	    "\tboundary=b\n\n"
	    "--b\nContent-Type: text/plain\n\nUser unknown\n"
	    "--b\nContent-Type: message/delivery-status\n\n"
	    "Reporting-MTA: dns; mail.example\n\n"
	    "Final-Recipient: rfc822; nobody@mail.example\n"
	    "Action: failed\nStatus: 5.1.1\n\n--b--\n",
	    host, host);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(utime(path, &times), 0);
}

static void
no_report(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)fatal;
	fail_msg("%s", line);
}

static const char config_text[] = "database: database\n"
				  "zone: [{name: bl.example, file: zone}]\n"
				  "documentation-space: yes\n"
				  "mailbox: {by: [mx.trap.example]}\n";

struct run {
	struct tally tally;
	bool begun;
	enum bs_exit exit_code;
};

/* Scans `path` at `now_s`. */
static struct run
run_scan(const char *path, uint32_t now_s, const struct stop *stop)
{
	struct run run;
	struct bs_clock clock = bs_clock_fixed(&now_s);
	struct progress progress = {0};
	struct messages messages = messages_new(&progress, false);
	struct bs_config *config;
	struct judge *judge = NULL;
	struct scan_job job = {
	    NULL, NULL, &clock, stop, &progress, &messages, 2};
	char config_path[64], mutable_path[64];
	char *paths[1] = {mutable_path};

	(void)snprintf(config_path, sizeof(config_path), "%s/conf", home);
	(void)snprintf(mutable_path, sizeof(mutable_path), "%s", path);
	assert_int_equal(bs_config_parse(config_path, config_text,
			     sizeof(config_text) - 1, no_report, NULL, &config),
	    BS_OK);
	job.config = config;
	assert_int_equal(judge_new(config, NULL, NULL, &judge), BS_OK);
	job.judge = judge;
	run.begun = scan(&job, paths, 1, &run.tally);
	run.exit_code = messages.exit_code;
	judge_free(&judge);
	bs_config_free(&config);
	return run;
}

static uint64_t
listings(void)
{
	struct bs_store *store;
	struct bs_snapshot *snapshot;
	struct bs_store_stats stats;

	assert_int_equal(
	    bs_store_open("database", BS_STORE_READ, &store, NULL), BS_OK);
	assert_int_equal(bs_snapshot_new(store, &snapshot, NULL), BS_OK);
	assert_int_equal(bs_snapshot_renew(snapshot), BS_OK);
	assert_int_equal(bs_snapshot_stats(snapshot, NOW_S, &stats), BS_OK);
	bs_snapshot_free(&snapshot);
	bs_store_free(&store);
	return stats.listings_ipv4 + stats.listings_ipv6;
}

/* --- scans --------------------------------------------------------------- */

static void
test_counts_once(void **state)
{
	struct run run;

	(void)state;
	write_bounce("mail/1", 1, 0);
	write_bounce("mail/2", 2, 0);
	write_bounce("mail/copy", 2, 3600); /* touched since: the same one */
	run = run_scan("mail", NOW_S, NULL);
	assert_true(run.begun);
	assert_int_equal(run.exit_code, BS_EXIT_OK);
	assert_int_equal(run.tally.read, 3);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_LISTED], 2);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_REPEAT], 1);
	assert_int_equal(listings(), 2);
	run = run_scan("mail", NOW_S + DAY_S, NULL);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_LISTED], 0);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_REPEAT], 3);
	assert_int_equal(listings(), 2);
}

/* The time is that of our Received line, not the file's: an hour-old file of
 * a message that came in 2026 is too old years later. */
static void
test_too_old(void **state)
{
	struct run run;

	(void)state;
	write_bounce("mail/1", 1, 0);
	run = run_scan("mail", NOW_S + 2000 * DAY_S, NULL);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_OLD], 1);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_LISTED], 0);
	assert_int_equal(listings(), 0);
}

/* One group, one more sighting than that, all on disk. */
static void
test_groups(void **state)
{
	FILE *mbox;
	char line[512];
	struct run run;

	(void)state;
	mbox = fopen("mail/box", "w");
	assert_non_null(mbox);
	for (unsigned i = 0; i < SCAN_GROUP_MAX + 1; i++) {
		FILE *one;

		write_bounce("one", i % 250 + 1, 0);
		one = fopen("one", "r");
		assert_non_null(one);
		fprintf(mbox, "From a Sun Nov 22 01:02:03 2026\nX-N: %u\n", i);
		while (fgets(line, sizeof(line), one) != NULL)
			fputs(line, mbox);
		fputc('\n', mbox);
		fclose(one);
	}
	fclose(mbox);
	run = run_scan("mail", NOW_S, NULL);
	assert_int_equal(run.tally.read, SCAN_GROUP_MAX + 1);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_LISTED], 250);
	assert_int_equal(
	    run.tally.outcome[BS_OUTCOME_RENEWED], SCAN_GROUP_MAX - 249);
	assert_int_equal(listings(), 250);
}

/* A signal ends the scan; what was judged until then is on disk. */
static void
test_stop(void **state)
{
	struct stop stop;
	struct run run;

	(void)state;
	write_bounce("mail/1", 1, 0);
	write_bounce("mail/2", 2, 0);
	assert_int_equal(stop_open(&stop), BS_OK);
	assert_false(stop_asked(&stop));
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_true(stop_asked(&stop));
	run = run_scan("mail", NOW_S, &stop);
	assert_true(run.tally.interrupted);
	assert_int_equal(run.exit_code, BS_EXIT_ENVIRONMENT);
	assert_int_equal(run.tally.read, 0);
	stop_close(&stop);
	run = run_scan("mail", NOW_S, NULL);
	assert_false(run.tally.interrupted);
	assert_int_equal(run.tally.outcome[BS_OUTCOME_LISTED], 2);
}

static void
test_no_database(void **state)
{
	struct run run;

	(void)state;
	write_bounce("mail/1", 1, 0);
	assert_int_equal(rmdir("database"), 0);
	run = run_scan("mail", NOW_S, NULL);
	assert_false(run.begun);
	assert_int_equal(run.exit_code, BS_EXIT_ENVIRONMENT);
}

static const struct {
	const char *name;
	const char *text;
	enum bs_exit want;
} named_rows[] = {
    {"mail", "Subject: x\n", BS_EXIT_OK},
    {"empty", "", BS_EXIT_OK},
    {"prose", "Once upon a time\n", BS_EXIT_NO},
};

/* What was asked for by name and is no mail is bad input. */
static void
test_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(named_rows); i++) {
		FILE *file = fopen("mail/a", "w");
		struct run run;

		assert_non_null(file);
		fputs(named_rows[i].text, file);
		fclose(file);
		run = run_scan("mail/a", NOW_S, NULL);
		if (run.exit_code != named_rows[i].want)
			fail_msg(
			    "%s: %d", named_rows[i].name, (int)run.exit_code);
		run = run_scan("mail", NOW_S, NULL);
		assert_int_equal(run.exit_code, BS_EXIT_OK);
	}
	assert_int_equal(
	    run_scan("nowhere", NOW_S, NULL).exit_code, BS_EXIT_ENVIRONMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_received),
	    TEST(test_counts_once),
	    TEST(test_too_old),
	    TEST(test_groups),
	    TEST(test_stop),
	    TEST(test_no_database),
	    TEST(test_named),
	};
	int rc;

	judge_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	judge_stop();
	return rc;
}
