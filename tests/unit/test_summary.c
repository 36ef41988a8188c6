/*
 * feeder/tally, feeder/verdict and feeder/progress: what is said about counts
 * and judgements, as whole texts.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "progress.h"
#include "tally.h"
#include "verdict.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define SECOND_NS UINT64_C(1000000000)

/* What `write` writes; to be freed. */
static char *
text_of(const struct tally *tally, bool json)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (json)
		assert_int_equal(tally_write_json(tally, out), BS_OK);
	else
		tally_write(tally, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in:\n%s", part, text);
}

/* --- tally --------------------------------------------------------------- */

static void
test_empty_summary(void **state)
{
	static struct tally tally;
	char *text = text_of(&tally, false);

	(void)state;
	assert_string_equal(text,
	    "read                      0  messages, 0 B in 0.0 s\n"
	    "listed                    0  now answered for: new, or of a class "
	    "that is new\n");
	free(text);
}

static void
fill(struct tally *tally)
{
	struct judgement judgement = {
	    .kind = JUDGE_BOUNCE, .type = JUDGE_FAILED, .has_source = true};
	struct bs_sighting sighting = {.source = {BS_IPV4, {192, 0, 2, 1}}};

	tally_judgement(tally, &judgement, 1500);
	judgement.type = JUDGE_DELAYED;
	judgement.truncated = true;
	tally_judgement(tally, &judgement, 500);
	judgement.kind = JUDGE_NONE;
	judgement.has_source = false; /* and no backscatter: not counted */
	tally_judgement(tally, &judgement, 0);
	for (int outcome = 0; outcome < BS_OUTCOME_COUNT; outcome++)
		tally_outcome(tally, &sighting, (enum bs_outcome)outcome);
	sighting.lists = true;
	tally_outcome(tally, &sighting, BS_OUTCOME_COUNTED);
	sighting.source.octet[0] = 10;
	tally_outcome(tally, &sighting, BS_OUTCOME_RESERVED);
	tally_skip(tally, "/a/\033b", MAIL_SKIP_BINARY);
	tally_skip(tally, "/a/c", MAIL_SKIP_BINARY);
	tally->unwritten = 7;
	tally->failed = 2;
	tally->interrupted = true;
}

static void
test_summary(void **state)
{
	static const char *const parts[] = {
	    "read                      3  messages, 2.0 kB in 0.0 s\n",
	    "  bounce                  2  1 failed, 1 delayed\n",
	    "  none                    1  1 delayed\n",
	    "cut                       2  ",
	    "listed                    1  ",
	    "renewed                   1  ",
	    "counted                   2  not listed\n"
	    "  never list              1  delays, receipts and the like\n"
	    "  too few so far          1  ",
	    "repeats                   1  ",
	    "too old                   1  ",
	    "removed since             1  ",
	    "exempt                    1  ",
	    "reserved space            2  ",
	    "  documentation           1  a trial may list them: "
	    "`documentation-space: yes`\n",
	    "not written               7  scan the same again",
	    "skipped                   2  files\n"
	    "                          2  no mail: binary data (/a/?b, ...)\n",
	    "unreadable                2  ",
	    "stopped before the end: scan the same again to go on\n",
	};
	static struct tally tally;
	char *text;

	(void)state;
	fill(&tally);
	text = text_of(&tally, false);
	for (size_t i = 0; i < ROWS(parts); i++)
		assert_has(text, parts[i]);
	assert_null(strstr(text, "no source"));
	free(text);
}

static void
test_summary_json(void **state)
{
	static const char *const parts[] = {
	    "{\"read\":3,\"bytes\":2000,",
	    "\"bounce\":{\"messages\":2,\"failed\":1,\"delayed\":1}",
	    "\"forged\":{\"messages\":0}",
	    "\"cut\":2,\"listed\":1,\"renewed\":1,\"counted\":2,",
	    "\"repeats\":1,\"old\":1,\"removed\":1,\"exempt\":1,",
	    "\"reserved\":2,\"genuine_by_tag\":1,\"held\":1,",
	    "\"counted_never_list\":1,",
	    "\"reserved_documentation\":1,\"not_written\":7,",
	    "\"no_source\":0,\"no_source_reasons\":[],\"skipped\":2,",
	    "\"binary\":2,",
	    "\"unreadable\":2,\"complete\":false}\n",
	};
	static struct tally tally;
	char *text;

	(void)state;
	fill(&tally);
	text = text_of(&tally, true);
	for (size_t i = 0; i < ROWS(parts); i++)
		assert_has(text, parts[i]);
	free(text);
}

static void
count_reason(struct tally *tally, const char *text, int times)
{
	struct judgement judgement = {.kind = JUDGE_BOUNCE};

	(void)snprintf(judgement.source_reason, JUDGE_TEXT_MAX, "%s", text);
	for (int i = 0; i < times; i++)
		tally_judgement(tally, &judgement, 0);
}

/* The most frequent first, equal ones as they came; addresses left out. */
static void
test_reasons(void **state)
{
	static struct tally tally;
	char *text;

	(void)state;
	count_reason(&tally, "one", 1);
	count_reason(&tally, "peer 10.0.0.1 is private", 2);
	count_reason(&tally, "peer fe80::1 is private", 1);
	count_reason(&tally, "peer 10.0.0.256 is odd", 2);
	count_reason(&tally, "two", 2);
	count_reason(&tally, "four", 1);
	count_reason(&tally, "five", 1);
	text = text_of(&tally, false);
	assert_has(text,
	    "no source                10  no host to be trusted handed them "
	    "over\n"
	    "                          3  peer ... is private\n"
	    "                          2  peer 10.0.0.256 is odd\n"
	    "                          2  two\n"
	    "                          1  one\n"
	    "                          1  four\n"
	    "                          1  for other reasons\n");
	free(text);
	text = text_of(&tally, true);
	assert_has(text, "{\"reason\":\"five\",\"messages\":1}]");
	free(text);
}

/* More reasons than there is room for: the last row has the rest. */
static void
test_reasons_limit(void **state)
{
	static struct tally tally;
	char reason[32];

	(void)state;
	for (int i = 0; i < TALLY_REASONS_MAX + 10; i++) {
		(void)snprintf(reason, sizeof(reason), "reason-%d", i);
		count_reason(&tally, reason, 1);
	}
	assert_int_equal(tally.reason_count, TALLY_REASONS_MAX);
	assert_int_equal(tally.reason[TALLY_REASONS_MAX - 1].count, 11);
	assert_string_equal(
	    tally.reason[TALLY_REASONS_MAX - 1].text, "other reasons");
	assert_int_equal(tally.no_source, TALLY_REASONS_MAX + 10);
}

/* --- verdict ------------------------------------------------------------- */

static void
judge_example(struct judgement *judgement)
{
	*judgement = (struct judgement){.kind = JUDGE_BOUNCE,
	    .type = JUDGE_FAILED,
	    .lists = true,
	    .class = BS_BOUNCE,
	    .has_source = true,
	    .source = {BS_IPV4, {192, 0, 2, 99}},
	    .source_reason = "topmost Received",
	    .status = "5.1.1",
	    .reason_count = 2,
	    .score = 145,
	    .threshold = 75,
	    .reason = {{50, "Action: failed", "bounce-a", "b.yaml", 7},
		{-5, "a \"b\"\n\033[2J", "", "", 0}}};
}

static void
test_verdict(void **state)
{
	static const char *const want[] = {
	    "a.eml: bounce (failed), score 145 of 75, source 192.0.2.99 "
	    "(topmost Received): +50 Action: failed [bounce-a, b.yaml:7]; -5 a \"b\"??[2J\n",
	    "a?b#3: none, nearest bounce with score 145 of 75, no source "
	    "(topmost Received): +50 Action: failed [bounce-a, b.yaml:7]; -5 a \"b\"??[2J\n",
	};
	struct judgement judgement;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	judge_example(&judgement);
	verdict_write(&judgement, "a.eml", 0, out);
	fflush(out);
	assert_string_equal(text, want[0]);
	rewind(out);
	judgement.kind = JUDGE_NONE;
	judgement.type = JUDGE_TYPE_NONE;
	judgement.has_source = false;
	verdict_write(&judgement, "a\nb", 3, out);
	fclose(out);
	text[strlen(want[1])] = '\0';
	assert_string_equal(text, want[1]);
	free(text);
}

static void
test_verdict_json(void **state)
{
	struct judgement judgement;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	judge_example(&judgement);
	assert_int_equal(
	    verdict_write_json(&judgement, "a\xff", 2, out), BS_OK);
	fclose(out);
	assert_string_equal(text,
	    "{\"path\":\"a\xef\xbf\xbd\",\"index\":2,\"class\":\"bounce\","
	    "\"type\":\"failed\",\"lists\":true,\"score\":145,"
	    "\"threshold\":75,\"nearest\":\"bounce\",\"source\":\"192.0.2.99\","
	    "\"source_reason\":\"topmost Received\",\"status\":\"5.1.1\",\"action\":null,"
	    "\"reporting_mta\":null,\"subject\":null,\"cut\":null,\"reasons\":["
	    "{\"weight\":50,\"text\":\"Action: failed\",\"rule\":\"bounce-a\","
	    "\"file\":\"b.yaml\",\"line\":7},"
	    "{\"weight\":-5,\"text\":\"a \\\"b\\\"\\n\\u001B[2J\",\"rule\":null,\"file\":null,\"line\":0}]}\n");
	free(text);
}

/* --- progress ------------------------------------------------------------ */

static const struct {
	uint64_t bytes;
	const char *want;
} size_rows[] = {
    {0, "0 B"},
    {999, "999 B"},
    {1000, "1.0 kB"},
    {999949, "999.9 kB"},
    {999950, "1.0 MB"},
    {5900000, "5.9 MB"},
    {UINT64_MAX, "18446.7 PB"},
};

static void
test_size(void **state)
{
	char text[PROGRESS_SIZE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS(size_rows); i++)
		assert_string_equal(
		    progress_format_size(size_rows[i].bytes, text),
		    size_rows[i].want);
}

static const struct {
	const char *name;
	uint64_t done, total, elapsed_s;
	const char *want;
} bar_rows[] = {
    {"half", 500, 1000, 10,
	"[##########..........]  50 %  7 messages, 500 B of 1.0 kB, 10s left"},
    {"start", 0, 1000, 10,
	"[....................]   0 %  7 messages, 0 B of 1.0 kB, 0s left"},
    {"end", 1000, 1000, 10,
	"[####################] 100 %  7 messages, 1.0 kB of 1.0 kB, 0s left"},
    {"a file grew", 3000, 1000, 10,
	"[####################] 100 %  7 messages, 3.0 kB of 1.0 kB, 0s left"},
    {"unknown", 3000, 0, 10, "7 messages, 3.0 kB"},
};

static void
test_bar(void **state)
{
	char text[PROGRESS_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS(bar_rows); i++) {
		struct progress progress = {.total_bytes = bar_rows[i].total,
		    .done_bytes = bar_rows[i].done,
		    .messages = 7};

		progress_format(
		    &progress, bar_rows[i].elapsed_s * SECOND_NS, text);
		if (strcmp(text, bar_rows[i].want) != 0)
			fail_msg("%s: %s", bar_rows[i].name, text);
	}
}

/* No terminal: not a byte. */
static void
test_no_terminal(void **state)
{
	FILE *file = tmpfile();
	struct progress progress;

	(void)state;
	assert_non_null(file);
	progress = progress_start(file);
	assert_null(progress.stream);
	progress.start_ns -= 100 * SECOND_NS;
	progress_bytes(&progress, 1000);
	progress_message(&progress);
	progress_clear(&progress);
	assert_int_equal(ftell(file), 0);
	fclose(file);
}

/* Shown when it takes a while, erased before it is silent again. */
static void
test_terminal(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct progress progress = progress_start(stderr);
	FILE *out = open_memstream(&text, &size);

	(void)state;
	progress.stream = out;
	progress.total_bytes = 1000000;
	progress_bytes(&progress, 1000);
	assert_false(progress.visible); /* not yet a second */
	progress.start_ns -= 3 * SECOND_NS;
	progress_bytes(&progress, 1000);
	assert_true(progress.visible);
	progress_bytes(&progress, 1000); /* not ten times a second */
	progress_clear(&progress);
	progress_clear(&progress);
	fclose(out);
	assert_int_equal(strncmp(text, "\r[....................]", 23), 0);
	assert_string_equal(text + strlen(text) - 7, "\033[K\r\033[K");
	assert_null(strstr(text, "3.0 kB"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty_summary),
	    cmocka_unit_test(test_summary),
	    cmocka_unit_test(test_summary_json),
	    cmocka_unit_test(test_reasons),
	    cmocka_unit_test(test_reasons_limit),
	    cmocka_unit_test(test_verdict),
	    cmocka_unit_test(test_verdict_json),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_bar),
	    cmocka_unit_test(test_no_terminal),
	    cmocka_unit_test(test_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
