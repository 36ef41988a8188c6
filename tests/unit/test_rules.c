/*
 * Rule files: what is read from them, how a later file changes an earlier one,
 * what each rule then holds for, and what is said of mistakes.
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

#include "literals.h"
#include "rulesread.h"
#include "signals.h"
#include "weigh.h"

#define CLASSES                                                     \
	"classes: {bounce: {threshold: 75, proof: 90, sender: 45, " \
	"header: 30, subject: 25, text: 50, returned: 35}}\n"

struct said {
	char text[4096];
};

static void
on_report(void *context, bool fatal, const char *line)
{
	struct said *said = context;
	size_t used = strlen(said->text);

	assert_true(fatal);
	(void)snprintf(
	    said->text + used, sizeof said->text - used, "%s\n", line);
}

static int
add_file(
    struct rules *rules, const char *path, const char *text, struct said *said)
{
	return rulesread(rules, path, text, strlen(text), on_report, said);
}

/* --- what a rule holds for --------------------------------------------------- */

static const struct {
	const char *name;
	const char *rule; /* after name, class and weight 20 */
	struct facts facts;
	size_t hits;
} rows[] = {
    {"text", "in: text, has: [User  UNKNOWN, mailbox full]",
	{.words = (char[]){"550 user unknown, mailbox full"}}, 2},
    {"a literal counts once", "in: text, has: unknown",
	{.words = (char[]){"unknown unknown"}}, 1},
    {"words within others", "in: text, has: [user unknown, unknown, user]",
	{.words = (char[]){"550 user unknown"}}, 1},
    {"so, and elsewhere", "in: text, has: [user unknown, mailbox full]",
	{.words = (char[]){"user unknown mailbox full"}}, 2},
    {"another rule's same words",
	"in: text, has: unknown}\n"
	"  - {name: b, class: bounce, weight: 5, in: text, has: unknown",
	{.words = (char[]){"550 user unknown"}}, 1},
    {"another rule's other words",
	"in: text, has: unknown}\n"
	"  - {name: b, class: bounce, weight: 5, in: text, has: user unknown",
	{.words = (char[]){"550 user unknown"}}, 2},
    {"the same words elsewhere",
	"in: text, has: unknown}\n"
	"  - {name: b, class: bounce, weight: 5, in: subject, has: unknown",
	{.words = (char[]){"unknown"}, .subject = (char[]){"unknown"}}, 2},
    {"the same words against it",
	"in: text, has: unknown}\n"
	"  - {name: b, class: bounce, weight: -5, in: text, has: unknown",
	{.words = (char[]){"unknown"}}, 2},
    {"a blank before it", "in: text, has: '  no  '",
	{.words = (char[]){"said no to"}}, 1},
    {"no blank before it", "in: text, has: '  no  '",
	{.words = (char[]){"piano to"}}, 0},
    {"accents aside", "in: text, has: für Größe",
	{.words = (char[]){"fur grosse"}}, 1},
    {"other field", "in: text, has: unknown", {.subject = (char[]){"unknown"}},
	0},
    {"subject", "in: subject, has: failure",
	{.subject = (char[]){"delivery failure"}}, 1},
    {"start", "in: subject, at: start, has: failure",
	{.subject = (char[]){"[failure] x"}}, 1},
    {"not at the start", "in: subject, at: start, has: failure",
	{.subject = (char[]){"a failure"}}, 0},
    {"head", "in: subject, at: head, has: absence",
	{.subject = (char[]){"absence: hello"}}, 1},
    {"no head", "in: subject, at: head, has: absence",
	{.subject = (char[]){"absence of evidence"}}, 0},
    {"word", "in: text, at: word, has: ooo", {.words = (char[]){"fooo ooo."}},
	1},
    {"no word", "in: text, at: word, has: ooo",
	{.words = (char[]){"fooo oooh"}}, 0},
    {"from", "in: from, has: mail delivery",
	{.from_name = (char[]){"mail delivery <a@b>"}}, 1},
    {"from-address", "in: from-address, at: start, has: postmaster@",
	{.from_address = "postmaster@a"}, 1},
    {"status fields", "in: status, has: x-supplementary-info",
	{.status_text = (char[]){"action: failed x-supplementary-info: a"}}, 1},
    {"pattern", "in: text, has: unknown, matches: '[0-9]{3} user unknown'",
	{.words = (char[]){"550 user unknown unknown"}}, 1},
    {"pattern that does not match",
	"in: text, has: [unknown, user], matches: '^unknown'",
	{.words = (char[]){"550 user unknown"}}, 0},
    {"near", "in: text, has: [host, user], near: [UNKNOWN, gone]",
	{.words = (char[]){"host a user is unknown, user gone"}}, 1},
    {"near at the usual distance", "in: text, has: user, near: unknown",
	{.words =
		(char[]){
		    "user1234567890123456789012345678901234567890unknown"}},
	1},
    {"beyond it", "in: text, has: user, near: unknown",
	{.words =
		(char[]){
		    "user12345678901234567890123456789012345678901unknown"}},
	0},
    {"within", "in: text, has: user, near: unknown, within: 2",
	{.words = (char[]){"user: unknown"}}, 1},
    {"not within", "in: text, has: user, near: unknown, within: 1",
	{.words = (char[]){"user: unknown"}}, 0},
    {"near, no word", "in: text, at: word, has: user, near: unknown",
	{.words = (char[]){"users unknown user2"}}, 0},
    {"near, words", "in: text, at: word, has: user, near: unknown",
	{.words = (char[]){"users unknown, user unknown"}}, 1},
    {"near in the subject", "in: subject, has: user, near: unknown",
	{.subject = (char[]){"unknown user"}}, 1},
    {"near, barred",
	"in: text, has: user, near: unknown, unless: null-return-path",
	{.words = (char[]){"user unknown"},
	    .has_return_path = true,
	    .return_path_is_null = true},
	0},
    {"fact", "fact: null-return-path",
	{.has_return_path = true, .return_path_is_null = true}, 1},
    {"no fact", "fact: null-return-path", {.has_return_path = true}, 0},
    {"if", "in: text, has: unknown, if: null-return-path",
	{.words = (char[]){"unknown"},
	    .has_return_path = true,
	    .return_path_is_null = true},
	1},
    {"if not", "in: text, has: unknown, if: [null-return-path]",
	{.words = (char[]){"unknown"}}, 0},
    {"unless", "in: text, has: unknown, unless: null-return-path",
	{.words = (char[]){"unknown"},
	    .has_return_path = true,
	    .return_path_is_null = true},
	0},
    {"off", "in: text, has: unknown, off: yes", {.words = (char[]){"unknown"}},
	0},
};

static void
weigh_row(const char *rule, struct facts facts, struct weighing *weighing_r)
{
	static char empty[] = "";
	struct rules *rules = rules_new();
	struct weigher *weigher = NULL;
	struct said said = {""};
	char text[512];

	(void)snprintf(text, sizeof text,
	    CLASSES "rules:\n  - {name: a, class: bounce, weight: 20, %s}\n",
	    rule);
	if (add_file(rules, "a.yaml", text, &said) != BS_OK)
		fail_msg("%s: %s", rule, said.text);
	assert_int_equal(weigher_new(&rules, &weigher), BS_OK);
	if (facts.words == NULL)
		facts.words = empty;
	if (facts.subject == NULL)
		facts.subject = empty;
	if (facts.from_name == NULL)
		facts.from_name = empty;
	if (facts.status_text == NULL)
		facts.status_text = empty;
	facts.text = empty;
	weigh(weigher, &facts, weighing_r);
	weigher_free(&weigher);
}

static void
test_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static struct weighing weighing;

		weigh_row(rows[i].rule, rows[i].facts, &weighing);
		if (weighing.hit_count != rows[i].hits)
			fail_msg(
			    "%s: %zu hits", rows[i].name, weighing.hit_count);
	}
}

static void
test_headers(void **state)
{
	static struct weighing weighing;
	struct fact_header header[] = {{(char[]){"x-a"}, (char[]){"bulk"}},
	    {(char[]){"x-b"}, (char[]){"list"}}};
	struct facts facts = {.header = header, .header_count = 2};

	(void)state;
	weigh_row("header: x-a", facts, &weighing);
	assert_int_equal(weighing.hit_count, 1);
	weigh_row("header: x-a, has: bulk", facts, &weighing);
	assert_int_equal(weighing.hit_count, 1);
	weigh_row("header: x-a, has: list", facts, &weighing);
	assert_int_equal(weighing.hit_count, 0);
	weigh_row("header: x-c", facts, &weighing);
	assert_int_equal(weighing.hit_count, 0);
}

/* Nothing of one field is near what is in another. */
static void
test_near_headers(void **state)
{
	static struct weighing weighing;
	struct fact_header header[] = {{(char[]){"x-a"}, (char[]){"user"}},
	    {(char[]){"x-a"}, (char[]){"unknown"}},
	    {(char[]){"x-a"}, (char[]){"no user here is unknown"}}};
	struct facts facts = {.header = header, .header_count = 2};

	(void)state;
	weigh_row("header: x-a, has: user, near: unknown", facts, &weighing);
	assert_int_equal(weighing.hit_count, 0);
	facts.header_count = 3;
	weigh_row("header: x-a, has: user, near: unknown", facts, &weighing);
	assert_int_equal(weighing.hit_count, 1);
}

/* Ten ways to say it are one piece of evidence; against has no cap. */
static void
test_caps(void **state)
{
	static struct weighing weighing;
	struct facts facts = {.words = (char[]){"aaa bbb ccc ddd"}};

	(void)state;
	weigh_row("in: text, has: [aaa, bbb, ccc, ddd]", facts, &weighing);
	assert_int_equal(weigh_score(&weighing, JUDGE_BOUNCE), 50);
	weigh_row("in: text, evidence: returned, has: [aaa, bbb, ccc]", facts,
	    &weighing);
	assert_int_equal(weigh_score(&weighing, JUDGE_BOUNCE), 35);
}

/* --- a second file ------------------------------------------------------------- */

#define FIRST                                               \
	CLASSES                                             \
	"rules:\n"                                          \
	"- {name: a, class: bounce, in: text, weight: 30, " \
	"has: [aaa, bbb]}\n"                                \
	"- {name: b, class: bounce, in: text, weight: -30, has: ccc}\n"

static void
test_second_file(void **state)
{
	struct rules *rules = rules_new();
	struct said said = {""};
	const struct rule *rule;

	(void)state;
	assert_int_equal(add_file(rules, "a.yaml", FIRST, &said), BS_OK);
	assert_int_equal(add_file(rules, "b.yaml",
			     "classes: {bounce: {threshold: 80}}\n"
			     "rules:\n"
			     "- {name: a, weight: 10, without: [AAA]}\n"
			     "- {name: b, off: yes}\n"
			     "- {name: c, class: virus, in: subject, "
			     "weight: 5, has: worm, language: en, vendor: x}\n",
			     &said),
	    BS_OK);
	assert_int_equal(rules->count, 3);
	assert_int_equal(rules->kind[JUDGE_BOUNCE].threshold, 80);
	assert_int_equal(rules->kind[JUDGE_BOUNCE].cap[RULE_PROOF], 90);
	rule = rules_find(rules, "a");
	assert_int_equal(rule->weight, 10);
	assert_int_equal(rule->literal_count, 1);
	assert_string_equal(rule->literal[0].text, "bbb");
	assert_string_equal(rule->file, "a.yaml");
	assert_int_equal(rule->line, 3);
	assert_true(rules_find(rules, "b")->off);
	assert_string_equal(rules_find(rules, "c")->vendor, "x");
	assert_int_equal(rules_find(rules, "c")->line, 5);
	assert_null(rules_find(rules, "d"));
	rules_free(&rules);
}

static void
test_last_literal(void **state)
{
	struct rules *rules = rules_new();
	struct said said = {""};

	(void)state;
	assert_int_equal(add_file(rules, "a.yaml", FIRST, &said), BS_OK);
	assert_int_equal(add_file(rules, "b.yaml",
			     "rules: [{name: a, without: [aaa, bbb]}]", &said),
	    BS_OK);
	assert_true(rules_find(rules, "a")->off);
	rules_free(&rules);
}

/* What lost all the words of a list is off, whatever else is said of it. */
static void
test_last_near(void **state)
{
	struct rules *rules = rules_new();
	struct said said = {""};

	(void)state;
	assert_int_equal(
	    add_file(rules, "a.yaml",
		"rules: [{name: a, class: bounce, weight: 9, in: text, "
		"has: [aaa, bbb], near: [aaa, ccc]}]",
		&said),
	    BS_OK);
	assert_int_equal(rules->literal_count, 4);
	assert_int_equal(add_file(rules, "b.yaml",
			     "rules: [{name: a, without: AAA}]", &said),
	    BS_OK);
	assert_int_equal(rules_find(rules, "a")->literal_count, 1);
	assert_int_equal(rules_find(rules, "a")->near_count, 1);
	assert_false(rules_find(rules, "a")->off);
	assert_int_equal(
	    add_file(rules, "c.yaml",
		"rules: [{name: a, without: ccc, off: no}]", &said),
	    BS_OK);
	assert_true(rules_find(rules, "a")->off);
	rules_free(&rules);
}

/* A list that has a name is each rule's own: what one loses the others keep. */
static void
test_named_lists(void **state)
{
	struct rules *rules = rules_new();
	struct said said = {""};
	const struct rule *a, *b;

	(void)state;
	assert_int_equal(add_file(rules, "a.yaml",
			     "rules:\n"
			     "- {name: a, class: bounce, weight: 9, in: text, "
			     "has: {words: one}, near: {words: other}}\n"
			     "- {name: b, class: virus, weight: 9, in: text, "
			     "has: {words: one}}\n"
			     "words: {one: [aaa, BBB], other: ccc}\n",
			     &said),
	    BS_OK);
	assert_int_equal(rules->literal_count, 5);
	assert_int_equal(add_file(rules, "b.yaml",
			     "rules: [{name: a, without: aaa}]", &said),
	    BS_OK);
	a = rules_find(rules, "a");
	b = rules_find(rules, "b");
	assert_int_equal(a->literal_count, 1);
	assert_string_equal(a->literal[0].text, "bbb");
	assert_int_equal(a->near_count, 1);
	assert_string_equal(a->near[0].text, "ccc");
	assert_int_equal(b->literal_count, 2);
	assert_string_equal(b->literal[0].text, "aaa");
	rules_free(&rules);
}

/* --- mistakes ------------------------------------------------------------------- */

#define RULE(keys) "rules:\n- {name: c, class: bounce, weight: 9, " keys "}\n"

/* clang-format off */
static const struct {
	const char *text;
	const char *says;
} wrong[] = {
    {"a", "b.yaml:1: "},
    {"rules: a", "b.yaml:1: rules: neither a list called rules nor"},
    {"rule: []", "b.yaml:1: rule: neither a list"},
    {"rules:\n- a", "b.yaml:2: rules[].name: missing: add name:"},
    {"rules:\n- {name: A}", "b.yaml:2: rules[].name: A: not 1 to 63 small"},
    {"rules:\n- {name: [a]}", "b.yaml:2: rules[].name: one value"},
    {"rules:\n- {name: c}", "b.yaml:2: rules[].class: missing in c: add class"},
    {"rules:\n- {name: c}", "b.yaml:2: rules[].weight: missing in c: add"},
    {"rules:\n- {name: c}", "b.yaml:2: rules[].in: missing in c: add in"},
    {"rules:\n- {name: c, class: bounce}\n- {name: c, class: bounce}", "b.yaml:3: rules[].name: c: given twice, first in line 2"},
    {"rules:\n- {name: c, off: yes}", "b.yaml:2: rules[].name: c: no such rule to change: did you mean `a`?"},
    {"rules:\n- {name: qqqqqq, weight: 5}", "b.yaml:2: rules[].name: qqqqqq: no such rule to change: write the name that classify shows"},
    {"rules:\n- {name: a, has: ddd}", "b.yaml:2: rules[].has: the name a is taken, see a.yaml:3"},
    {"rules:\n- {name: a, weight: -5}", "b.yaml:2: rules[].weight: a speaks for its class"},
    {"rules:\n- {name: a, without: ddd}", "b.yaml:2: rules[].without: `ddd`: not in this rule: see a.yaml:3"},
    {"rules:\n- {name: c, without: ddd}", "b.yaml:2: rules[].without: no rule of an earlier file is called c"},
    {RULE("in: text, has: aaa, wieght: 3"), "b.yaml:2: rules[].wieght: no such key: did you mean `weight`?"},
    {RULE("in: text, has: aaa, zzzzzz: 3"), "rules[].zzzzzz: no such key: remove it"},
    {RULE("in: txet, has: aaa"), "rules[].in: txet: no such in: did you mean `text`?"},
    {RULE("in: qqqqqq, has: aaa"), "rules[].in: qqqqqq: no such in: write one of text, subject"},
    {RULE("in: text, header: b, has: aaa"), "rules[].in: two places to look at in c"},
    {RULE("in: text"), "rules[].has: missing in c: add the texts"},
    {RULE("in: text, has: []"), "rules[].has: a list is needed"},
    {RULE("in: text, has: ab"), "rules[].has: not a text of 3 to 200 bytes"},
    {RULE("in: text, has: [aaa, {b: c}]"), "rules[].has: not a text of 3"},
    {RULE("in: text, has: [aaa, AAA]"), "rules[].has: `aaa`: given twice"},
    {RULE("in: text, has: {}"), "b.yaml:2: rules[].has: neither texts nor the name of a list: write has: [..., ...] or has: {words: NAME}"},
    {RULE("in: text, has: {word: w}"), "b.yaml:2: rules[].has: neither texts nor"},
    {RULE("in: text, has: {words: [w]}"), "b.yaml:2: rules[].has: neither texts nor"},
    {RULE("in: text, has: {words: w, more: w}") "words: {w: aaa}", "b.yaml:2: rules[].has: neither texts nor"},
    {RULE("in: text, has: {words: w}"), "b.yaml:2: rules[].has.words: w: no such list: write it under words:"},
    {RULE("in: text, has: aaa, near: {words: mony}") "words: {money: aaa}", "b.yaml:2: rules[].near.words: mony: no such list: did you mean `money`?"},
    {RULE("in: text, has: {words: w}") "words: {w: []}", "rules[].has: a list is needed"},
    {RULE("in: text, has: {words: w}") "words:\n  w: [aaa, bb]", "b.yaml:4: rules[].has: not a text of 3 to 200 bytes"},
    {RULE("in: text, has: {words: w}") "words:\n  w: [aaa]\n  v: [aaa]", "b.yaml:5: words.v: no rule of this file looks for it: remove it"},
    {RULE("in: text, has: aaa") "words: [aaa]", "b.yaml:3: words: neither a list called rules nor a map called classes or words"},
    {RULE("in: text, has: aaa") "words: {}\nwords: {}", "b.yaml:4: words: given twice"},
    {RULE("in: text, matches: aaa"), "rules[].has: missing in c"},
    {RULE("header: x, matches: aaa"), "rules[].has: missing in c"},
    {RULE("in: text, has: aaa, has: [bbb, ccc]"), "b.yaml:2: "},
    {RULE("in: text, has: aaa, near: bbb, near: ccc"), "b.yaml:2: "},
    {RULE("in: text, has: aaa, matches: a, matches: b"), "b.yaml:2: "},
    {RULE("in: text, near: aaa"), "rules[].has: missing in c"},
    {RULE("header: x, near: aaa"), "rules[].has: missing in c"},
    {RULE("in: text, has: aaa, near: []"), "b.yaml:2: rules[].near: a list is needed"},
    {RULE("in: text, has: aaa, near: bb"), "b.yaml:2: rules[].near: not a text of 3 to 200 bytes"},
    {RULE("in: text, has: aaa, near: [bbb, BBB]"), "rules[].near: `bbb`: given twice"},
    {RULE("in: text, has: aaa, near: bbb, matches: a"), "rules[].near: with matches in c: write one of the two"},
    {RULE("in: text, has: aaa, near: bbb, at: head"), "rules[].near: with at: head in c: write at: word"},
    {RULE("in: text, has: aaa, within: 9"), "rules[].within: nothing to be near in c: add near"},
    {RULE("in: text, has: aaa, near: bbb, within: 0"), "rules[].within: not a whole number from 1 to 200"},
    {RULE("in: text, has: aaa, near: bbb, within: 201"), "rules[].within: not a whole number from 1 to 200"},
    {RULE("fact: null-return-path, near: aaa"), "rules[].has: a fact has no text"},
    {"rules:\n- {name: a, near: ddd}", "b.yaml:2: rules[].near: the name a is taken, see a.yaml:3"},
    {RULE("header: X, has: aaa"), "rules[].header: X: not 1 to 63 small"},
    {RULE("fact: null-path"), "rules[].fact: null-path: no such fact"},
    {RULE("fact: null-return-path, has: aaa"), "rules[].has: a fact has no text"},
    {RULE("in: text, has: aaa, matches: '(a+)+'"), "rules[].matches: may run for long"},
    {RULE("in: text, has: aaa, matches: '(a'"), "rules[].matches: at byte 3: missing"},
    {RULE("in: text, has: aaa, at: end"), "rules[].at: end: no such at: "},
    {RULE("in: text, has: aaa, evidence: prof"), "did you mean `proof`?"},
    {RULE("in: text, has: aaa, says: dead"), "rules[].says: dead: no such says"},
    {RULE("in: text, has: aaa, off: maybe"), "rules[].off: neither yes nor no"},
    {RULE("fact: links"), "b.yaml:2: rules[].fact: links: no such fact: write one of those in backstop-rules(5), as no-link"},
    {RULE("fact: returned-mail-in-text"), "rules[].fact: returned-mail-in-text: no such fact: write one of those in backstop-rules(5), as "},
    {RULE("in: text, has: aaa, if: nothing-here"), "rules[].if: nothing-here: no such if"},
    {RULE("in: text, has: aaa, if: [a, a, a, a, a, a, a, a, a]"), "rules[].if: 9 items: write at most 8"},
    {"rules:\n- {name: c, class: bounce, weight: 201, in: text, has: aaa}", "rules[].weight: not a whole number from -200 to 200"},
    {"rules:\n- {name: c, class: bounce, weight: -201, in: text, has: aaa}", "rules[].weight: not a whole number"},
    {"rules:\n- {name: c, class: bounce, weight: 0, in: text, has: aaa}", "rules[].weight: 0 says nothing"},
    {"rules:\n- {name: c, class: bounce, weight: 1x, in: text, has: aaa}", "rules[].weight: not a whole number"},
    {"rules:\n- {name: c, class: none, weight: 1, in: text, has: aaa}", "rules[].class: none: no such class: write one of bounce"},
    {"classes: {bounce: 3}", "classes.bounce: not a class with its numbers"},
    {"classes: {none: {threshold: 3}}", "classes.none: not a class"},
    {"classes: {bounce: {threshold: 0}}", "classes.threshold: not a whole number from 1 to 1000"},
    {"classes: {bounce: {proof: 1001}}", "classes.most: not a whole number from 0 to 1000"},
    {"classes: {bounce: {prof: 1}}", "classes.prof: no such key"},
};
/* clang-format on */

static void
test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct rules *rules = rules_new();
		struct said said = {""}, none = {""};

		assert_int_equal(
		    add_file(rules, "a.yaml", FIRST, &none), BS_OK);
		if (add_file(rules, "b.yaml", wrong[i].text, &said) !=
			BS_ECONFIG ||
		    strstr(said.text, wrong[i].says) == NULL)
			fail_msg("%s: %s", wrong[i].text, said.text);
		rules_free(&rules);
	}
}

static void
test_weight_range(void **state)
{
	struct rules *rules = rules_new();
	struct said said = {""};

	(void)state;
	assert_int_equal(add_file(rules, "a.yaml",
			     "rules:\n"
			     "- {name: a, class: bounce, weight: 200, "
			     "in: text, has: aaa}\n"
			     "- {name: b, class: bounce, weight: -200, "
			     "in: text, has: aaa}\n",
			     &said),
	    BS_OK);
	rules_free(&rules);
}

/* --- limits --------------------------------------------------------------------- */

/* `count` rules of one literal each. */
static char *
many_rules(size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fputs(CLASSES "rules:\n", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out,
		    "- {name: r%zu, class: bounce, in: text, weight: 1, "
		    "has: t%zu}\n",
		    i, i + 100);
	fclose(out);
	return text;
}

static void
test_rules_max(void **state)
{
	for (size_t more = 0; more <= 1; more++) {
		struct rules *rules = rules_new();
		struct said said = {""};
		char *text = many_rules(RULES_MAX + more);

		(void)state;
		assert_int_equal(add_file(rules, "a.yaml", text, &said),
		    more == 0 ? BS_OK : BS_ECONFIG);
		assert_true(more == 0 || strstr(said.text,
					     "rules: more than 10000") != NULL);
		rules_free(&rules);
		free(text);
	}
}

static void
check_literals_max(const char *keys)
{
	for (size_t more = 0; more <= 1; more++) {
		struct rules *rules = rules_new();
		struct said said = {""};
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		fprintf(out,
		    "rules:\n- {name: a, class: bounce, in: text, weight: 1, "
		    "%s: [aaa",
		    keys);
		for (size_t i = 1; i < RULES_LITERALS_MAX + more; i++)
			fprintf(out, ", t%zu", i + 100);
		fputs("]}\n", out);
		fclose(out);
		assert_int_equal(add_file(rules, "a.yaml", text, &said),
		    more == 0 ? BS_OK : BS_ECONFIG);
		rules_free(&rules);
		free(text);
	}
}

static void
test_literals_max(void **state)
{
	(void)state;
	check_literals_max("has");
	check_literals_max("has: aaa, near");
}

static void
test_patterns_max(void **state)
{
	for (size_t more = 0; more <= 1; more++) {
		struct rules *rules = rules_new();
		struct said said = {""};
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		(void)state;
		fputs("rules:\n", out);
		for (size_t i = 0; i < RULES_PATTERNS_MAX + more; i++)
			fprintf(out,
			    "- {name: r%zu, class: bounce, in: text, weight: "
			    "1, has: aaa, matches: a}\n",
			    i);
		fclose(out);
		assert_int_equal(add_file(rules, "a.yaml", text, &said),
		    more == 0 ? BS_OK : BS_ECONFIG);
		rules_free(&rules);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_holds),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_near_headers),
	    cmocka_unit_test(test_caps),
	    cmocka_unit_test(test_second_file),
	    cmocka_unit_test(test_last_literal),
	    cmocka_unit_test(test_last_near),
	    cmocka_unit_test(test_named_lists),
	    cmocka_unit_test(test_mistakes),
	    cmocka_unit_test(test_weight_range),
	    cmocka_unit_test(test_rules_max),
	    cmocka_unit_test(test_literals_max),
	    cmocka_unit_test(test_patterns_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
