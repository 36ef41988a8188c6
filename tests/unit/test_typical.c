/*
 * Typical mail of every system, filter and robot that we know of, and of what
 * only looks like it: tests/data/typical.txt, a table of whole messages with
 * what each must be told as.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

#define TEXT_MAX ((size_t)1 << 20)

struct row {
	char name[64];
	char kind[16];
	char type[16];   /* "-": none */
	char status[16]; /* "-": none */
	const char *text;
	size_t size;
};

static char *text;
static struct judge *judge;

static const char *
or_dash(const char *word)
{
	return word[0] != '\0' ? word : "-";
}

/* Reads the row at `at`, a "%% " line; returns where the next one begins, or
 * NULL. */
static const char *
read_row(const char *at, struct row *row_r)
{
	const char *line_end = strchr(at, '\n');
	const char *next = strstr(line_end, "\n%% ");

	if (sscanf(at, "%%%% %63s %15s %15s %15s", row_r->name, row_r->kind,
		row_r->type, row_r->status) != 4)
		fail_msg("no row: %.60s", at);
	row_r->text = line_end + 1;
	row_r->size =
	    next != NULL ? (size_t)(next - line_end) : strlen(line_end + 1);
	return next != NULL ? next + 1 : NULL;
}

static bool
is_right(const struct row *row, const struct judgement *judgement)
{
	bool is_class = judgement->kind < JUDGE_FORGED;
	bool should_list = is_class && (row->type[0] == '-' ||
					   strcmp(row->type, "failed") == 0 ||
					   strcmp(row->type, "rejected") == 0);
	const char *status =
	    judgement->kind == JUDGE_BOUNCE ? judgement->status : "";

	return strcmp(judge_kind_name(judgement->kind), row->kind) == 0 &&
	       strcmp(or_dash(judge_type_name(judgement->type)), row->type) ==
		   0 &&
	       strcmp(or_dash(status), row->status) == 0 &&
	       judgement->lists == should_list;
}

static void
test_typical(void **state)
{
	size_t rows = 0, wrong = 0;
	struct row row;

	(void)state;
	for (const char *at = strstr(text, "\n%% ") + 1; at != NULL; rows++) {
		static struct judgement judgement;

		at = read_row(at, &row);
		judge_message(judge, row.text, row.size, &judgement);
		if (is_right(&row, &judgement))
			continue;
		wrong++;
		print_error("%s: said %s %s %s, score %d of %s, first reason: "
			    "%s\n",
		    row.name, judge_kind_name(judgement.kind),
		    or_dash(judge_type_name(judgement.type)),
		    or_dash(judgement.status), judgement.score,
		    judge_kind_name(judgement.nearest),
		    judgement.reason[0].text);
	}
	assert_true(rows > 100);
	assert_int_equal(wrong, 0);
}

/* Nothing is listed that a person sends on, whole and with its header. */
static void
test_resent(void **state)
{
	static const char resent[] = "Resent-From: ann@people.example\n";
	struct row row;

	(void)state;
	for (const char *at = strstr(text, "\n%% ") + 1; at != NULL;) {
		static struct judgement judgement;
		char *message;

		at = read_row(at, &row);
		message = malloc(row.size + sizeof resent);
		assert_non_null(message);
		memcpy(message, resent, sizeof resent - 1);
		memcpy(message + sizeof resent - 1, row.text, row.size);
		judge_message(
		    judge, message, row.size + sizeof resent - 1, &judgement);
		free(message);
		if (judgement.lists)
			fail_msg("%s, sent on, is listed", row.name);
	}
}

static int
set_up(void **state)
{
	static const struct bs_config no_settings;
	FILE *file = fopen(TEST_DATA "/typical.txt", "r");
	size_t size;

	(void)state;
	text = calloc(1, TEXT_MAX);
	if (file == NULL || text == NULL)
		return -1;
	size = fread(text, 1, TEXT_MAX - 1, file);
	fclose(file);
	judge_start();
	return size == 0 ? -1 : judge_new(&no_settings, NULL, NULL, &judge);
}

static int
tear_down(void **state)
{
	(void)state;
	judge_free(&judge);
	judge_stop();
	free(text);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_typical),
	    cmocka_unit_test(test_resent),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
