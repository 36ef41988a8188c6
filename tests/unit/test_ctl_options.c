/*
 * tools/ctl_options: command lines in every order, and what is said of those
 * that are wrong.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../tools/ctl_options.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define WORDS_MAX 12

/* Splits at blanks; getopt reorders the words, so they are fresh each time. */
static int
split(char *line, char *words[WORDS_MAX + 1])
{
	int count = 0;

	for (char *word = strtok(line, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		assert_true(count < WORDS_MAX);
		words[count++] = word;
	}
	words[count] = NULL;
	return count;
}

static const struct {
	const char *name;
	const char *line;
	const char *command;
	size_t argument_count;
	const char *first; /* argument */
	unsigned given;
	const char *config, *class;
} good_rows[] = {
    {"nothing", "ctl", NULL, 0, NULL, 0, NULL, NULL},
    {"command alone", "ctl stats", "stats", 0, NULL, 0, NULL, NULL},
    {"options first", "ctl -c F --json show 192.0.2.1", "show", 1, "192.0.2.1",
	CTL_TAKES(CTL_CONFIG) | CTL_TAKES(CTL_JSON), "F", NULL},
    {"options last", "ctl show 192.0.2.1 --json -c F", "show", 1, "192.0.2.1",
	CTL_TAKES(CTL_CONFIG) | CTL_TAKES(CTL_JSON), "F", NULL},
    {"options between", "ctl add --class bounce 192.0.2.1 --wide ::1", "add", 2,
	"192.0.2.1", CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_WIDE), NULL,
	"bounce"},
    {"value after =", "ctl add --class=bounce --config=F ::1", "add", 1, "::1",
	CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_CONFIG), "F", "bounce"},
    {"value stuck to its letter", "ctl -cF list", "list", 0, NULL,
	CTL_TAKES(CTL_CONFIG), "F", NULL},
    {"end of options", "ctl show -- --json", "show", 1, "--json", 0, NULL,
	NULL},
    {"json twice is json", "ctl --json list --json", "list", 0, NULL,
	CTL_TAKES(CTL_JSON), NULL, NULL},
    {"help", "ctl -h", NULL, 0, NULL, CTL_TAKES(CTL_HELP), NULL, NULL},
    {"version", "ctl --version", NULL, 0, NULL, CTL_TAKES(CTL_VERSION), NULL,
	NULL},
};

static void
assert_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static unsigned
given_set(const struct ctl_options *options)
{
	unsigned set = 0;

	for (unsigned i = 0; i < CTL_OPTION_COUNT; i++) {
		if (options->given[i])
			set |= 1u << i;
	}
	return set;
}

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(good_rows); i++) {
		char line[128], *words[WORDS_MAX + 1];
		struct ctl_options options;
		struct bs_message message;

		print_message("row: %s\n", good_rows[i].name);
		(void)snprintf(line, sizeof(line), "%s", good_rows[i].line);
		assert_int_equal(ctl_options_parse(split(line, words), words,
				     &options, &message),
		    BS_OK);
		assert_text(options.command, good_rows[i].command);
		assert_int_equal(
		    options.argument_count, good_rows[i].argument_count);
		if (good_rows[i].first != NULL)
			assert_string_equal(
			    options.arguments[0], good_rows[i].first);
		assert_int_equal(given_set(&options), good_rows[i].given);
		assert_text(options.value[CTL_CONFIG], good_rows[i].config);
		assert_text(options.value[CTL_CLASS], good_rows[i].class);
	}
}

static const struct {
	const char *name;
	const char *line;
	const char *want;
} bad_rows[] = {
    {"misspelt", "ctl list --jsno",
	"--jsno: no such option: did you mean `--json`?"},
    {"misspelt with a value", "ctl add --clas5=bounce ::1",
	"--clas5: no such option: did you mean `--class`?"},
    {"like nothing", "ctl --frobnicate",
	"--frobnicate: no such option: see `backstopctl --help`"},
    {"unknown letter", "ctl -z list",
	"-z: no such option: see `backstopctl --help`"},
    {"unknown letter among known", "ctl -hz list",
	"-z: no such option: see `backstopctl --help`"},
    {"no value", "ctl add ::1 --class",
	"--class: its value is missing: write --class CLASS[,CLASS]"},
    {"no value to a letter", "ctl list -c",
	"--config: its value is missing: write --config FILE"},
    {"a value too much", "ctl list --json=yes",
	"--json: takes no value: write --json alone"},
    {"given twice", "ctl add ::1 --for 1d --for 2d",
	"--for: given twice: give it once"},
    {"very long",
	"ctl --aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: no such option: see "
	"`backstopctl --help`"},
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(bad_rows); i++) {
		char line[128], *words[WORDS_MAX + 1];
		struct ctl_options options;
		struct bs_message message;

		print_message("row: %s\n", bad_rows[i].name);
		(void)snprintf(line, sizeof(line), "%s", bad_rows[i].line);
		assert_int_equal(ctl_options_parse(split(line, words), words,
				     &options, &message),
		    BS_EINVAL);
		assert_string_equal(message.text, bad_rows[i].want);
	}
}

static void
test_beyond(void **state)
{
	struct ctl_options options = {.command = "show"};

	(void)state;
	options.given[CTL_JSON] = true;
	assert_null(ctl_options_beyond(&options, CTL_TAKES_ALWAYS));
	options.given[CTL_FOR] = true;
	assert_string_equal(
	    ctl_options_beyond(&options, CTL_TAKES_ALWAYS)->name, "for");
	assert_null(ctl_options_beyond(
	    &options, CTL_TAKES_ALWAYS | CTL_TAKES(CTL_FOR)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_beyond),
	};

	return cmocka_run_group_tests_name("ctl_options", tests, NULL, NULL);
}
