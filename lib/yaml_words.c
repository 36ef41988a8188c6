/*
 * A table from libyaml's complaints to ours.  libyaml says what its grammar
 * expected; a person wants to know which character to mend.  The texts that
 * libyaml 0.1.4 to 0.2.5 can say are all here; one that a later version
 * invents is passed on with a general remedy.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "yaml_words.h"

#define QUOTE "quote: opened here and never closed: close it in the same line"
#define ESCAPE                                                                \
	"backslash: not an escape that double quotes know: write \\\\ for a " \
	"backslash, or use single quotes"
#define SIGIL "has a special meaning in YAML here: put the value in quotes"
#define BLOCK                                                              \
	"block text: `|` or `>` must end its line and blanks must indent " \
	"what follows: put a short value in quotes instead"
#define TAB "tab: a tab cannot indent a line: write blanks instead"

/* Which of the two lines to name as the one to mend, and as the other. */
enum words_line {
	AT_PROBLEM, /* %u in the text is the context's line */
	AT_CONTEXT, /* %u in the text is the problem's line */
};

struct words_row {
	const char *context; /* NULL: any */
	const char *problem; /* NULL: any */
	char at;             /* the byte there; 0: any */
	enum words_line line;
	const char *before; /* text before the other line's number */
	const char *after;  /* text after it; NULL: no number, `before` only */
};

/* the first row that fits counts */
static const struct words_row words_table[] = {
    {"while scanning a quoted scalar", "found unexpected end of stream", 0,
	AT_CONTEXT, QUOTE, NULL},
    {"while scanning a quoted scalar", "found unexpected document indicator", 0,
	AT_CONTEXT, QUOTE, NULL},
    {"while parsing a quoted scalar", NULL, 0, AT_PROBLEM, ESCAPE, NULL},
    {"while parsing a flow sequence", NULL, 0, AT_CONTEXT,
	"`[`: not closed, or a comma is missing, noticed in line ",
	": write a comma between two items and `]` after the last"},
    {"while parsing a flow mapping", NULL, 0, AT_CONTEXT,
	"`{`: not closed, or a comma is missing, noticed in line ",
	": write a comma between two items and `}` after the last"},
    {"while parsing a flow node", NULL, ':', AT_PROBLEM,
	"`:`: cannot begin a value within brackets: put an IPv6 address "
	"in quotes, as in \"::1@53\"",
	NULL},
    {"while parsing a flow node", NULL, ',', AT_PROBLEM,
	"`,`: there is no item before this comma: remove the comma", NULL},
    {"while parsing a flow node", NULL, 0, AT_CONTEXT,
	"bracket: not closed, noticed in line ",
	": write `]` or `}` after the last item"},
    {"while scanning a plain scalar", "found unexpected ':'", 0, AT_PROBLEM,
	"`:`: cannot end a value within brackets: put an IPv6 address in "
	"quotes, as in \"2001:db8::\"",
	NULL},
    {"while parsing a block mapping", NULL, 0, AT_PROBLEM,
	"syntax: no `KEY: VALUE` where the map of line ",
	" goes on: indent its keys alike, and look for a quote, a bracket "
	"or a `-` too many"},
    {"while parsing a block collection", NULL, 0, AT_PROBLEM,
	"indentation: no item of the list of line ",
	": begin each item with `- `, all indented alike"},
    {"while parsing a block node", NULL, ']', AT_PROBLEM,
	"`]`: closes no list: remove it", NULL},
    {"while parsing a block node", NULL, '}', AT_PROBLEM,
	"`}`: closes no map: remove it", NULL},
    {NULL, "could not find expected ':'", 0, AT_CONTEXT,
	"syntax: no `:` after the key: write KEY: VALUE", NULL},
    {NULL, "mapping values are not allowed in this context", 0, AT_PROBLEM,
	"`:`: no key can stand here: write one KEY: VALUE a line, indent "
	"keys alike, and put a value with `: ` in it in quotes",
	NULL},
    {NULL, "block sequence entries are not allowed in this context", 0,
	AT_PROBLEM,
	"`-`: no list can begin here: write [VALUE, VALUE], or each "
	"`- VALUE` in a line of its own",
	NULL},
    {NULL, "mapping keys are not allowed in this context", 0, AT_PROBLEM,
	"`?`: " SIGIL, NULL},
    {NULL, "found character that cannot start any token", '\t', AT_PROBLEM, TAB,
	NULL},
    {NULL, "found character that cannot start any token", '@', AT_PROBLEM,
	"`@`: " SIGIL, NULL},
    {NULL, "found character that cannot start any token", '`', AT_PROBLEM,
	"```: " SIGIL, NULL},
    {NULL, "found character that cannot start any token", '%', AT_PROBLEM,
	"`%`: " SIGIL, NULL},
    {NULL, "found a tab character that violates indentation", 0, AT_PROBLEM,
	TAB, NULL},
    {NULL, "found a tab character where an indentation space is expected", 0,
	AT_PROBLEM, TAB, NULL},
    {"while scanning an alias", NULL, 0, AT_CONTEXT, "`*`: " SIGIL, NULL},
    {"while scanning an anchor", NULL, 0, AT_CONTEXT, "`&`: " SIGIL, NULL},
    {"while scanning a tag", NULL, 0, AT_CONTEXT, "`!`: " SIGIL, NULL},
    {"while parsing a tag", NULL, 0, AT_CONTEXT, "`!`: " SIGIL, NULL},
    {"while scanning a block scalar", NULL, 0, AT_CONTEXT, BLOCK, NULL},
    {"while scanning a directive", NULL, 0, AT_CONTEXT,
	"`%`: begins no directive that YAML has: remove the line", NULL},
    {"while scanning a %YAML directive", NULL, 0, AT_CONTEXT,
	"`%YAML`: malformed: remove the line", NULL},
    {"while parsing a %TAG directive", NULL, 0, AT_CONTEXT,
	"`%TAG`: malformed: remove the line", NULL},
    {"while scanning a tag directive", NULL, 0, AT_CONTEXT,
	"`%TAG`: malformed: remove the line", NULL},
    {"while parsing a tag directive", NULL, 0, AT_CONTEXT,
	"`%TAG`: malformed: remove the line", NULL},
    {"while scanning a %TAG directive", NULL, 0, AT_CONTEXT,
	"`%TAG`: malformed: remove the line", NULL},
    {NULL, "did not find expected <document start>", 0, AT_PROBLEM,
	"text after the end of the document: indent it as the first key is, "
	"or remove a `...` or `%` line above it",
	NULL},
};

static bool
fits(const char *wanted, const char *said)
{
	return wanted == NULL || (said != NULL && strcmp(wanted, said) == 0);
}

static const struct words_row *
find(const struct bs_yaml_problem *problem)
{
	size_t count = sizeof(words_table) / sizeof(words_table[0]);

	for (size_t i = 0; i < count; i++) {
		const struct words_row *row = &words_table[i];

		if (fits(row->context, problem->context) &&
		    fits(row->problem, problem->problem) &&
		    (row->at == 0 || row->at == problem->at))
			return row;
	}
	return NULL;
}

unsigned
bs_yaml_words(
    const struct bs_yaml_problem *problem, struct bs_message *message_r)
{
	const struct words_row *row = find(problem);
	bool at_context;

	if (row == NULL) {
		bs_message_set(message_r,
		    "syntax: %s: mend this line or the one before it",
		    problem->problem != NULL ? problem->problem : "no YAML");
		return problem->problem_line;
	}
	at_context = row->line == AT_CONTEXT && problem->context != NULL;
	if (row->after == NULL)
		bs_message_set(message_r, "%s", row->before);
	else
		bs_message_set(message_r, "%s%u%s", row->before,
		    at_context ? problem->problem_line : problem->context_line,
		    row->after);
	return at_context ? problem->context_line : problem->problem_line;
}
