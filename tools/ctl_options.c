/*
 * Reads backstopctl's command line from one table of options.
 *
 * All options are known to all commands here; whether a command takes the one
 * given is asked afterwards (ctl_options_beyond), since options may stand
 * before the command.  Called by main.c; ctl_help.c prints the table.
 */
#include "autoconf.h"

#include <getopt.h>
#include <string.h>

#include "suggest.h"

#include "ctl_options.h"

/* what getopt_long returns for option i: past all characters */
#define FIRST_CODE 256

static const struct ctl_option_row option_table[CTL_OPTION_COUNT] = {
    [CTL_CONFIG] = {"config", 'c', "FILE", "the configuration to read"},
    [CTL_JSON] = {"json", 0, NULL, "results as JSON, an object per line"},
    [CTL_CLASS] = {"class", 0, "CLASS[,CLASS]",
	"bounce, autoreply, challenge, virus, callout, subscribe or all"},
    [CTL_REASON] = {"reason", 0, "TEXT",
	"why, kept with the listing and "
	"in the journal"},
    [CTL_FOR] = {"for", 0, "TIME", "how long: 90m, 12h, 3d, 4w"},
    [CTL_WIDE] = {"wide", 0, NULL,
	"allow what is wider than /16 (IPv4) or /32 (IPv6)"},
    [CTL_PREFIX] = {"prefix", 0, "ADDRESS/LEN",
	"only listings that lie inside it"},
    [CTL_SINCE] = {"since", 0, "TIME",
	"only what was seen since then: 2026-11-22T03:00:00Z, or 7d (ago)"},
    [CTL_FEED] = {"feed", 0, "NAME", "only what this feed has seen"},
    [CTL_FORMAT] = {"format", 0, "FORMAT",
	"plain (an address or prefix a line) or json"},
    [CTL_DRY_RUN] = {"dry-run", 'n', NULL, "only say what would be done"},
    [CTL_CONFIRM] = {"confirm", 0, NULL, "go on all the same"},
    [CTL_AT_LEAST] = {"at-least", 0, "N", "move the serial to N"},
    [CTL_HEADER] = {"header", 0, NULL,
	"the tag of a header field: its message is on standard input"},
    [CTL_SWAPPED] = {"swapped", 0, NULL, "make prvs=LOCAL=TAG@DOMAIN"},
    [CTL_SELF] = {"self", 0, NULL,
	"remove in the name of who is listed, who has to be the one that "
	"asks"},
    [CTL_BY] = {"by", 0, "ADDRESS", "the address that asks for --self"},
    [CTL_UNTIL] = {"until", 0, "TIME", "only what was seen before then"},
    [CTL_HELP] = {"help", 'h', NULL, "this text, or a command's"},
    [CTL_VERSION] = {"version", 'V', NULL, "the version"},
};

const struct ctl_option_row *
ctl_option_row(enum ctl_option option)
{
	return &option_table[option];
}

/* getopt's view of the table. */
static void
fill_getopt(struct option longs[CTL_OPTION_COUNT + 1],
    char shorts[2 + 2 * CTL_OPTION_COUNT])
{
	size_t at = 0;

	memset(longs, 0, (CTL_OPTION_COUNT + 1) * sizeof(*longs));
	shorts[at++] = ':'; /* tell a missing value from an unknown option */
	for (int i = 0; i < CTL_OPTION_COUNT; i++) {
		const struct ctl_option_row *row = &option_table[i];

		longs[i].name = row->name;
		longs[i].has_arg =
		    row->value != NULL ? required_argument : no_argument;
		longs[i].val = FIRST_CODE + i;
		if (row->letter == 0)
			continue;
		shorts[at++] = row->letter;
		if (row->value != NULL)
			shorts[at++] = ':';
	}
	shorts[at] = '\0';
}

/* The option that getopt's answer stands for, or -1. */
static int
option_of(int code)
{
	if (code >= FIRST_CODE && code < FIRST_CODE + CTL_OPTION_COUNT)
		return code - FIRST_CODE;
	for (int i = 0; i < CTL_OPTION_COUNT; i++) {
		if (code != 0 && option_table[i].letter == code)
			return i;
	}
	return -1;
}

/* "--lsit=x" names the option "lsit". */
static void
say_unknown(const char *word, struct bs_message *message)
{
	char name[BS_SUGGEST_WORD_MAX + 2];
	struct bs_suggest suggest;

	if (strncmp(word, "--", 2) != 0) {
		bs_message_set(message,
		    "-%c: no such option: see `backstopctl --help`", optopt);
		return;
	}
	strncpy(name, word + 2, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	name[strcspn(name, "=")] = '\0';
	suggest = bs_suggest_start(name);
	for (int i = 0; i < CTL_OPTION_COUNT; i++)
		bs_suggest_try(&suggest, option_table[i].name);
	if (suggest.best != NULL)
		bs_message_set(message,
		    "--%s: no such option: did you mean `--%s`?", name,
		    suggest.best);
	else
		bs_message_set(message,
		    "--%s: no such option: see `backstopctl --help`", name);
}

/* A long option that does not fit: its value is missing or too much. */
static void
say_value(int code, const char *word, struct bs_message *message)
{
	int option = option_of(optopt);

	if (option < 0)
		say_unknown(word, message);
	else if (code == ':')
		bs_message_set(message,
		    "--%s: its value is missing: write --%s %s",
		    option_table[option].name, option_table[option].name,
		    option_table[option].value);
	else
		bs_message_set(message,
		    "--%s: takes no value: write --%s alone",
		    option_table[option].name, option_table[option].name);
}

static int
take_option(int option, struct ctl_options *options, struct bs_message *message)
{
	const struct ctl_option_row *row = &option_table[option];

	if (row->value != NULL && options->given[option]) {
		bs_message_set(
		    message, "--%s: given twice: give it once", row->name);
		return BS_EINVAL;
	}
	options->given[option] = true;
	options->value[option] = row->value != NULL ? optarg : NULL;
	return BS_OK;
}

int
ctl_options_parse(int argc, char **argv, struct ctl_options *options_r,
    struct bs_message *message)
{
	struct option longs[CTL_OPTION_COUNT + 1];
	char shorts[2 + 2 * CTL_OPTION_COUNT];
	struct ctl_options options = {.command = NULL};
	int code;

	fill_getopt(longs, shorts);
	opterr = 0;
	optind = 0; /* so that a test may parse more than once */
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == '?' || code == ':') {
			say_value(code, argv[optind - 1], message);
			return BS_EINVAL;
		}
		if (take_option(option_of(code), &options, message) != BS_OK)
			return BS_EINVAL;
	}
	if (optind < argc) {
		options.command = argv[optind];
		options.arguments = argv + optind + 1;
		options.argument_count = (size_t)(argc - optind - 1);
	}
	*options_r = options;
	return BS_OK;
}

const struct ctl_option_row *
ctl_options_beyond(const struct ctl_options *options, unsigned takes)
{
	for (unsigned i = 0; i < CTL_OPTION_COUNT; i++) {
		if (options->given[i] && (takes & (1u << i)) == 0)
			return &option_table[i];
	}
	return NULL;
}
