/*
 * The keys of a rule: what each takes, and what is said of a wrong value.
 * rulesread.c hands over the keys of a rule one by one.  Pure but for the
 * notes.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suggest.h"
#include "utf8.h"

#include "near.h"
#include "rulekeys.h"
#include "rulewords.h"
#include "signals.h"

#define NOTE(reading, line, ...) \
	bs_config_note(&(reading)->notes, true, line, __VA_ARGS__)

/* --- words ----------------------------------------------------------------- */

#define WORDS_TOLD_MAX 12 /* all are told where there are no more */
#define WORDS_LIKE 3      /* so many are told of more */
#define WORDS_SIZE 512    /* for these */

/* The words that there are. */
static void
write_all(
    char *to, size_t size, const char *(*word)(size_t index), size_t count)
{
	to[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(to);

		if (word(i)[0] != '\0')
			(void)snprintf(to + used, size - used, "%s%s",
			    used > 0 ? ", " : "", word(i));
	}
}

/* The page that has them, and those that are likest to what was written. */
static void
write_like(char *to, size_t size, const char *written,
    const char *(*word)(size_t index), size_t count)
{
	const char *like[WORDS_LIKE] = {NULL};
	unsigned distance[WORDS_LIKE];

	for (size_t i = 0; i < count; i++) {
		unsigned far = bs_suggest_distance(written, word(i));
		size_t k = WORDS_LIKE;

		while (k > 0 && (like[k - 1] == NULL || far < distance[k - 1]))
			k--;
		if (k == WORDS_LIKE)
			continue;
		for (size_t n = WORDS_LIKE - 1; n > k; n--) {
			like[n] = like[n - 1];
			distance[n] = distance[n - 1];
		}
		like[k] = word(i);
		distance[k] = far;
	}
	(void)snprintf(to, size, "those in backstop-rules(5), as %s, %s or %s",
	    like[0], like[1], like[2]);
}

/* Says which words there are, or the one that was meant. */
static void
refuse_word(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, const char *(*word)(size_t index), size_t count)
{
	struct bs_suggest suggest = bs_suggest_start(node->text);
	char words[WORDS_SIZE];

	for (size_t i = 0; i < count; i++)
		bs_suggest_try(&suggest, word(i));
	if (suggest.best != NULL) {
		NOTE(reading, node->line,
		    "rules[].%s: %.*s: no such %s: did you mean `%s`?", key,
		    bs_utf8_shown(node->text), node->text, key, suggest.best);
		return;
	}
	if (count > WORDS_TOLD_MAX)
		write_like(words, sizeof words, node->text, word, count);
	else
		write_all(words, sizeof words, word, count);
	NOTE(reading, node->line,
	    "rules[].%s: %.*s: no such %s: write one of %s", key,
	    bs_utf8_shown(node->text), node->text, key, words);
}

bool
rulekeys_is_scalar(struct rule_reading *reading,
    const struct bs_yaml_node *node, const char *key, const char *example)
{
	if (node->kind == BS_YAML_SCALAR && node->text[0] != '\0')
		return true;
	NOTE(reading, node->line,
	    "rules[].%s: one value is needed: write %s: "
	    "%s",
	    key, key, example);
	return false;
}

/* The index of the node's text among `count` words; -1, and it was said. */
static int
read_word(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, const char *(*word)(size_t index), size_t count)
{
	if (!rulekeys_is_scalar(reading, node, key, word(0)))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(node->text, word(i)) == 0 && node->text[0] != '\0')
			return (int)i;
	}
	refuse_word(reading, node, key, word, count);
	return -1;
}

static const char *
class_word(size_t index)
{
	return judge_kind_name((enum judge_kind)index);
}

static const char *
field_word(size_t index)
{
	return rules_field_name((enum rule_field)index);
}

static const char *
place_word(size_t index)
{
	return rules_place_name((enum rule_place)index);
}

static const char *
group_word(size_t index)
{
	return rules_group_name((enum rule_group)index);
}

static const char *
type_word(size_t index)
{
	return judge_type_name((enum judge_type)index);
}

bool
rulekeys_number(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, int min, int max, int *number_r)
{
	char *end = NULL;
	long number = 0;

	if (node->kind == BS_YAML_SCALAR)
		number = strtol(node->text, &end, 10);
	if (end == NULL || *end != '\0' || end == node->text || number < min ||
	    number > max ||
	    strspn(node->text, "-0123456789") != strlen(node->text)) {
		NOTE(reading, node->line,
		    "%s: not a whole number from %d to %d: write one, as in "
		    "%s: 20",
		    key, min, max, strrchr(key, '.') + 1);
		return false;
	}
	*number_r = (int)number;
	return true;
}

/* --- the keys of a rule ------------------------------------------------------ */

bool
rulekeys_is_name(const char *text)
{
	size_t size = strlen(text);

	return size > 0 && size <= RULES_NAME_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == size;
}

static void
read_name_word(struct rule_making *making, const struct bs_yaml_node *node,
    const char *key, const char **word_r)
{
	if (!rulekeys_is_scalar(making->reading, node, key, "example"))
		return;
	if (!rulekeys_is_name(node->text))
		NOTE(making->reading, node->line,
		    "rules[].%s: %.*s: not 1 to %d small letters, digits, - and "
		    "_: write it so",
		    key, bs_utf8_shown(node->text), node->text, RULES_NAME_MAX);
	else
		*word_r = node->text;
}

static void
read_name(struct rule_making *making, const struct bs_yaml_node *node)
{
	(void)making; /* it was looked at before: see read_rule */
	(void)node;
}

static void
read_class(struct rule_making *making, const struct bs_yaml_node *node)
{
	int kind = read_word(
	    making->reading, node, "class", class_word, JUDGE_GENUINE);

	making->has_class = true;
	if (kind >= 0)
		making->rule->kind = (enum judge_kind)kind;
}

static void
read_in(struct rule_making *making, const struct bs_yaml_node *node)
{
	int field =
	    read_word(making->reading, node, "in", field_word, RULE_IN_HEADER);

	making->has_field = true;
	if (field >= 0)
		making->rule->field = (enum rule_field)field;
}

static void
read_header(struct rule_making *making, const struct bs_yaml_node *node)
{
	making->has_field = true;
	making->rule->field = RULE_IN_HEADER;
	making->rule->header = "";
	read_name_word(making, node, "header", &making->rule->header);
}

static void
read_fact(struct rule_making *making, const struct bs_yaml_node *node)
{
	int fact = read_word(
	    making->reading, node, "fact", signals_name, signals_count());

	making->has_field = true;
	making->rule->field = RULE_IN_FACT;
	if (fact >= 0)
		making->rule->fact = (unsigned)fact;
}

static void
read_at(struct rule_making *making, const struct bs_yaml_node *node)
{
	int place = read_word(
	    making->reading, node, "at", place_word, RULE_AS_WORD + 1);

	if (place >= 0)
		making->rule->place = (enum rule_place)place;
}

static void
read_evidence(struct rule_making *making, const struct bs_yaml_node *node)
{
	int group = read_word(
	    making->reading, node, "evidence", group_word, RULE_AGAINST);

	making->has_group = true;
	if (group >= 0)
		making->rule->group = (enum rule_group)group;
}

static void
read_weight(struct rule_making *making, const struct bs_yaml_node *node)
{
	making->has_weight = true;
	if (rulekeys_number(making->reading, node, "rules[].weight",
		-RULES_WEIGHT_MAX, RULES_WEIGHT_MAX, &making->rule->weight) &&
	    making->rule->weight == 0)
		NOTE(making->reading, node->line,
		    "rules[].weight: 0 says nothing: write another number, or "
		    "off: yes");
}

static void
read_says(struct rule_making *making, const struct bs_yaml_node *node)
{
	int type = read_word(
	    making->reading, node, "says", type_word, JUDGE_TYPE_COUNT);

	if (type >= 0)
		making->rule->type = (enum judge_type)type;
}

static void
read_language(struct rule_making *making, const struct bs_yaml_node *node)
{
	read_name_word(making, node, "language", &making->rule->language);
}

static void
read_vendor(struct rule_making *making, const struct bs_yaml_node *node)
{
	read_name_word(making, node, "vendor", &making->rule->vendor);
}

static void
read_off(struct rule_making *making, const struct bs_yaml_node *node)
{
	if (node->kind == BS_YAML_SCALAR && strcmp(node->text, "yes") == 0)
		making->rule->off = true;
	else if (node->kind == BS_YAML_SCALAR && strcmp(node->text, "no") == 0)
		making->rule->off = false;
	else
		NOTE(making->reading, node->line,
		    "rules[].off: neither yes nor no: write off: yes");
}

/* --- patterns, distances ------------------------------------------------- */

static void
read_matches(struct rule_making *making, const struct bs_yaml_node *node)
{
	struct rule_reading *reading = making->reading;
	struct bs_message message;
	int error;

	if (!rulekeys_is_scalar(
		reading, node, "matches", "'(?:no|unknown) user'"))
		return;
	if (reading->rules->pattern_count == RULES_PATTERNS_MAX) {
		NOTE(reading, node->line,
		    "rules[].matches: more than %d patterns in all rules: "
		    "remove some",
		    RULES_PATTERNS_MAX);
		return;
	}
	bs_message_set(&message, "out of memory: free some, then try again");
	error = pattern_new(node->text, &making->rule->pattern, &message);
	if (error != BS_OK)
		NOTE(reading, node->line, "rules[].matches: %s", message.text);
	else
		reading->rules->pattern_count++;
}

static void
read_within(struct rule_making *making, const struct bs_yaml_node *node)
{
	int within = 0;

	if (rulekeys_number(making->reading, node, "rules[].within", 1,
		NEAR_WITHIN_MAX, &within))
		making->rule->within = (unsigned)within;
}

/* --- conditions -------------------------------------------------------------- */

static uint64_t
read_facts(struct rule_making *making, const struct bs_yaml_node *node,
    const char *key)
{
	uint64_t facts = 0;

	if (!rulewords_is_list(making->reading, node, key, RULES_FACTS_MAX))
		return 0;
	for (const struct bs_yaml_node *n = rulewords_first(node); n != NULL;
	     n = rulewords_next(node, n)) {
		int fact = read_word(
		    making->reading, n, key, signals_name, signals_count());

		if (fact >= 0)
			facts |= UINT64_C(1) << fact;
	}
	return facts;
}

static void
read_if(struct rule_making *making, const struct bs_yaml_node *node)
{
	making->rule->needs = read_facts(making, node, "if");
}

static void
read_unless(struct rule_making *making, const struct bs_yaml_node *node)
{
	making->rule->bars = read_facts(making, node, "unless");
}

/* --- all of them -------------------------------------------------------------------- */

static const struct rule_key {
	const char *name;
	void (*read)(
	    struct rule_making *making, const struct bs_yaml_node *node);
	bool changes; /* may stand with a rule of an earlier file */
	bool makes;   /* may stand with a new one */
} rule_keys[] = {
    {"name", read_name, true, true},
    {"class", read_class, false, true},
    {"in", read_in, false, true},
    {"header", read_header, false, true},
    {"fact", read_fact, false, true},
    {"at", read_at, false, true},
    {"evidence", read_evidence, false, true},
    {"weight", read_weight, true, true},
    {"says", read_says, false, true},
    {"language", read_language, false, true},
    {"vendor", read_vendor, false, true},
    {"has", rulewords_has, false, true},
    {"near", rulewords_near, false, true},
    {"within", read_within, false, true},
    {"without", rulewords_without, true, false},
    {"matches", read_matches, false, true},
    {"if", read_if, false, true},
    {"unless", read_unless, false, true},
    {"off", read_off, true, true},
};
#define RULE_KEY_COUNT (sizeof rule_keys / sizeof *rule_keys)

static const struct rule_key *
find_key(const char *name)
{
	for (size_t i = 0; i < RULE_KEY_COUNT; i++) {
		if (strcmp(rule_keys[i].name, name) == 0)
			return &rule_keys[i];
	}
	return NULL;
}

static void
refuse_key(struct rule_reading *reading, const struct bs_yaml_node *node)
{
	struct bs_suggest suggest = bs_suggest_start(node->key);

	for (size_t i = 0; i < RULE_KEY_COUNT; i++)
		bs_suggest_try(&suggest, rule_keys[i].name);
	if (suggest.best != NULL)
		NOTE(reading, node->key_line,
		    "rules[].%.*s: no such key: did you mean `%s`?",
		    bs_utf8_shown(node->key), node->key, suggest.best);
	else
		NOTE(reading, node->key_line,
		    "rules[].%.*s: no such key: remove it, or see "
		    "backstop-rules(5)",
		    bs_utf8_shown(node->key), node->key);
}

void
rulekeys_read(struct rule_making *making, const struct bs_yaml_node *node)
{
	const struct rule_key *key = find_key(node->key);

	if (key == NULL)
		refuse_key(making->reading, node);
	else if (making->changes && !key->changes)
		NOTE(making->reading, node->key_line,
		    "rules[].%s: the name %s is taken, see %s:%u: choose "
		    "another, or change that rule with weight, without and off "
		    "only",
		    key->name, making->rule->name, making->rule->file,
		    making->rule->line);
	else if (!making->changes && !key->makes)
		NOTE(making->reading, node->key_line,
		    "rules[].%s: no rule of an earlier file is called %s: "
		    "write the name of one",
		    key->name, making->rule->name);
	else
		key->read(making, node);
}
