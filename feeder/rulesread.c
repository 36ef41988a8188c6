/*
 * Reads rule files: lib/yaml makes a tree of them, rulekeys.c reads the keys of
 * each rule.  A map with a name of an earlier file changes that
 * rule; any other is a new one.  All errors of a file are told in one run.
 * rulesload.c calls it; no file is opened here.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "suggest.h"
#include "utf8.h"

#include "near.h"
#include "rulekeys.h"
#include "rulesread.h"
#include "rulewords.h"

#define NOTE(reading, line, ...) \
	bs_config_note(&(reading)->notes, true, line, __VA_ARGS__)

/* --- a rule -------------------------------------------------------------------- */

/* What a literal or a pattern of each field speaks for, unless `evidence`
 * says other. */
static enum rule_group
usual_group(enum rule_field field)
{
	static const enum rule_group groups[RULE_FIELD_COUNT] = {
	    [RULE_IN_TEXT] = RULE_TEXT,
	    [RULE_IN_SUBJECT] = RULE_SUBJECT,
	    [RULE_IN_FROM] = RULE_SENDER,
	    [RULE_IN_FROM_ADDRESS] = RULE_SENDER,
	    [RULE_IN_STATUS] = RULE_PROOF,
	    [RULE_IN_HEADER] = RULE_HEADER,
	    [RULE_IN_FACT] = RULE_HEADER,
	};

	return groups[field];
}

static void
refuse_incomplete(
    struct rule_making *making, const char *key, const char *example)
{
	NOTE(making->reading, making->map->line,
	    "rules[].%s: missing in %s: add %s: %s", key, making->rule->name,
	    key, example);
}

static size_t
count_places(const struct bs_yaml_node *map)
{
	size_t count = 0;

	for (const struct bs_yaml_node *n = map->first; n != NULL; n = n->next)
		count += strcmp(n->key, "in") == 0 ||
			 strcmp(n->key, "header") == 0 ||
			 strcmp(n->key, "fact") == 0;
	return count;
}

static void
check_has(struct rule_making *making)
{
	const struct rule *rule = making->rule;
	bool needs_more = rule->pattern != NULL || rule->near != NULL;

	if (rule->field == RULE_IN_FACT
		? rule->literal != NULL || needs_more
		: rule->literal == NULL &&
		      (rule->field != RULE_IN_HEADER || needs_more))
		NOTE(making->reading, making->map->line,
		    rule->field == RULE_IN_FACT
			? "rules[].has: a fact has no text to look at in %s: "
			  "remove has, near and matches"
			: "rules[].has: missing in %s: add the texts to look "
			  "for, of which a match has one at least",
		    rule->name);
}

static void
check_near(struct rule_making *making)
{
	struct rule *rule = making->rule;

	if (rule->near == NULL && rule->within > 0)
		NOTE(making->reading, making->map->line,
		    "rules[].within: nothing to be near in %s: add near: [..., "
		    "...]",
		    rule->name);
	if (rule->near == NULL)
		return;
	if (rule->within == 0)
		rule->within = NEAR_WITHIN_USUAL;
	if (rule->pattern != NULL)
		NOTE(making->reading, making->map->line,
		    "rules[].near: with matches in %s: write one of the two, "
		    "and another rule for the other",
		    rule->name);
	if (rule->place == RULE_AT_START || rule->place == RULE_AT_HEAD)
		NOTE(making->reading, making->map->line,
		    "rules[].near: with at: %s in %s: write at: word, or remove "
		    "at",
		    rules_place_name(rule->place), rule->name);
}

/* What a new rule must have, and must not have together. */
static void
check_rule(struct rule_making *making)
{
	struct rule *rule = making->rule;

	if (!making->has_class)
		refuse_incomplete(making, "class", "bounce");
	if (!making->has_weight)
		refuse_incomplete(making, "weight", "20");
	if (!making->has_field)
		refuse_incomplete(making, "in", "text");
	else if (count_places(making->map) > 1)
		NOTE(making->reading, making->map->line,
		    "rules[].in: two places to look at in %s: write one of in, "
		    "header and fact, and another rule for the other",
		    rule->name);
	check_has(making);
	check_near(making);
	if (!making->has_group)
		rule->group = usual_group(rule->field);
	if (rule->weight < 0)
		rule->group = RULE_AGAINST;
}

static const struct bs_yaml_node *
child(const struct bs_yaml_node *map, const char *key)
{
	for (const struct bs_yaml_node *n = map->first; n != NULL;
	     n = n->next) {
		if (strcmp(n->key, key) == 0)
			return n;
	}
	return NULL;
}

static const char *
name_of(struct rule_reading *reading, const struct bs_yaml_node *map)
{
	const struct bs_yaml_node *node =
	    map->kind == BS_YAML_MAP ? child(map, "name") : NULL;

	if (node == NULL) {
		NOTE(reading, map->line,
		    "rules[].name: missing: add name: my-rule");
		return NULL;
	}
	if (!rulekeys_is_scalar(reading, node, "name", "my-rule"))
		return NULL;
	if (rulekeys_is_name(node->text))
		return node->text;
	NOTE(reading, node->line,
	    "rules[].name: %.*s: not 1 to %d small letters, digits, - and _: "
	    "write it so",
	    bs_utf8_shown(node->text), node->text, RULES_NAME_MAX);
	return NULL;
}

/* Whether a map is there to change a rule: it has nothing to find anything by. */
static bool
only_changes(const struct bs_yaml_node *map)
{
	static const char *const keys[] = {
	    "class", "in", "header", "fact", "has", "near", "matches"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (child(map, keys[i]) != NULL)
			return false;
	}
	return child(map, "off") != NULL || child(map, "weight") != NULL;
}

/* There is no rule of that name to change. */
static void
note_unknown(struct rule_reading *reading, const struct bs_yaml_node *map,
    const char *name)
{
	struct bs_suggest suggest = bs_suggest_start(name);

	for (size_t i = 0; i < reading->rules->count; i++)
		bs_suggest_try(&suggest, reading->rules->rule[i].name);
	if (suggest.best != NULL)
		NOTE(reading, map->line,
		    "rules[].name: %s: no such rule to change: did you mean "
		    "`%s`?",
		    name, suggest.best);
	else
		NOTE(reading, map->line,
		    "rules[].name: %s: no such rule to change: write the name "
		    "that classify shows, or class and what to look for",
		    name);
}

/* Whether there may be another rule of that name; if not it was said. */
static bool
may_add(struct rule_reading *reading, const struct bs_yaml_node *map,
    const struct rule *same)
{
	if (same != NULL &&
	    same >= reading->rules->rule + reading->rules_before) {
		NOTE(reading, map->line,
		    "rules[].name: %s: given twice, first in line %u: choose "
		    "another name",
		    same->name, same->line);
		return false;
	}
	if (same == NULL && reading->rules->count == RULES_MAX) {
		NOTE(reading, map->line,
		    "rules: more than %d in all files: join some, as `has` "
		    "takes a list",
		    RULES_MAX);
		return false;
	}
	return true;
}

/* Whether all texts of a list were taken out: it can't hold any more. */
static bool
is_emptied(const struct rule *rule)
{
	return (rule->literal != NULL && rule->literal_count == 0) ||
	       (rule->near != NULL && rule->near_count == 0);
}

static void
read_rule(struct rule_reading *reading, const struct bs_yaml_node *map)
{
	const char *name = name_of(reading, map);
	struct rule_making making = {.reading = reading, .map = map};

	if (name == NULL)
		return;
	making.rule = rules_find(reading->rules, name);
	if (!may_add(reading, map, making.rule))
		return;
	making.changes = making.rule != NULL;
	if (!making.changes && only_changes(map)) {
		note_unknown(reading, map, name);
		return;
	}
	if (!making.changes)
		making.rule = rules_add(reading->rules, name);
	if (making.rule == NULL) {
		reading->no_memory = true;
		return;
	}
	if (!making.changes) {
		making.rule->file = reading->file;
		making.rule->line = map->line;
	}
	for (const struct bs_yaml_node *n = map->first; n != NULL;
	     n = n->next) {
		if (child(map, n->key) == n) /* if not, it was said */
			rulekeys_read(&making, n);
	}
	making.rule->off = making.rule->off || is_emptied(making.rule);
	if (!making.changes)
		check_rule(&making);
	else if ((making.rule->weight < 0) !=
		 (making.rule->group == RULE_AGAINST))
		NOTE(reading, map->line,
		    "rules[].weight: %s speaks %s its class: write a number of "
		    "the same sign",
		    making.rule->name,
		    making.rule->group == RULE_AGAINST ? "against" : "for");
}

/* --- classes ------------------------------------------------------------------- */

static void
read_class_key(struct rule_reading *reading, struct rule_kind *kind,
    const struct bs_yaml_node *node)
{
	int group = 0;

	if (strcmp(node->key, "threshold") == 0) {
		(void)rulekeys_number(reading, node, "classes.threshold", 1,
		    RULES_THRESHOLD_MAX, &kind->threshold);
		return;
	}
	while (group < RULE_AGAINST &&
	       strcmp(node->key, rules_group_name((enum rule_group)group)) != 0)
		group++;
	if (group == RULE_AGAINST)
		NOTE(reading, node->key_line,
		    "classes.%.*s: no such key: write threshold, proof, sender, "
		    "header, subject, text or returned",
		    bs_utf8_shown(node->key), node->key);
	else
		(void)rulekeys_number(reading, node, "classes.most", 0,
		    RULES_THRESHOLD_MAX, &kind->cap[group]);
}

static void
read_classes(struct rule_reading *reading, const struct bs_yaml_node *map)
{
	for (const struct bs_yaml_node *n = map->first; n != NULL;
	     n = n->next) {
		int kind = 0;

		while (
		    kind < JUDGE_GENUINE &&
		    strcmp(n->key, judge_kind_name((enum judge_kind)kind)) != 0)
			kind++;
		if (kind == JUDGE_GENUINE || n->kind != BS_YAML_MAP) {
			NOTE(reading, n->key_line,
			    "classes.%.*s: not a class with its numbers: write "
			    "as in bounce: {threshold: 75}",
			    bs_utf8_shown(n->key), n->key);
			continue;
		}
		for (const struct bs_yaml_node *k = n->first; k != NULL;
		     k = k->next)
			read_class_key(reading, &reading->rules->kind[kind], k);
	}
}

/* --- lists of words -------------------------------------------------------------- */

static bool
is_used(const struct bs_yaml_node *rules, const char *name)
{
	const struct bs_yaml_node *map = rules != NULL ? rules->first : NULL;

	for (; map != NULL; map = map->next) {
		const struct bs_yaml_node *n =
		    map->kind == BS_YAML_MAP ? map->first : NULL;

		for (; n != NULL; n = n->next) {
			if (rulewords_names(n, name))
				return true;
		}
	}
	return false;
}

/* A list that no rule looks for is a name that was written in two ways. */
static void
check_words(struct rule_reading *reading, const struct bs_yaml_node *words,
    const struct bs_yaml_node *rules)
{
	for (const struct bs_yaml_node *n = words->first; n != NULL;
	     n = n->next) {
		if (!is_used(rules, n->key))
			NOTE(reading, n->key_line,
			    "words.%.*s: no rule of this file looks for it: "
			    "remove it, or write has: {words: NAME} in a rule",
			    bs_utf8_shown(n->key), n->key);
	}
}

/* --- a file -------------------------------------------------------------------- */

/* The key of a file, if it is of that kind. */
static const struct bs_yaml_node *
part(const struct bs_yaml_node *root, const char *key, enum bs_yaml_kind kind)
{
	const struct bs_yaml_node *node = child(root, key);

	return node != NULL && node->kind == kind ? node : NULL;
}

static void
read_root(struct rule_reading *reading, const struct bs_yaml_node *root)
{
	const struct bs_yaml_node *rules, *classes;

	if (root->kind != BS_YAML_MAP) {
		NOTE(reading, root->line,
		    "rules: missing: write rules: and the list of them below");
		return;
	}
	rules = part(root, "rules", BS_YAML_LIST);
	classes = part(root, "classes", BS_YAML_MAP);
	reading->words = part(root, "words", BS_YAML_MAP);
	for (const struct bs_yaml_node *n = root->first; n != NULL;
	     n = n->next) {
		if (n == rules) {
			for (const struct bs_yaml_node *map = n->first;
			     map != NULL; map = map->next)
				read_rule(reading, map);
		} else if (n == classes) {
			read_classes(reading, n);
		} else if (n == reading->words) {
			check_words(reading, n, rules);
		} else if (child(root, n->key) == n) { /* if not, it was said */
			NOTE(reading, n->key_line,
			    "%.*s: neither a list called rules nor a map called "
			    "classes or words: write one of these",
			    bs_utf8_shown(n->key), n->key);
		}
	}
}

static void
note_yaml(void *context, unsigned line, const char *text)
{
	bs_config_note(context, true, line, "%s", text);
}

/* Keeps the tree: the rules borrow its texts. */
static int
keep(struct rules *rules, const char *path, struct bs_yaml *yaml)
{
	char *copy = rules->file_count < RULES_FILES_MAX ? strdup(path) : NULL;

	if (copy == NULL)
		return BS_ENOMEM;
	rules->yaml[rules->file_count] = yaml;
	rules->file[rules->file_count++] = copy;
	return BS_OK;
}

static int
read_text(struct rule_reading *reading, const char *path, const char *text,
    size_t size)
{
	struct bs_yaml *yaml = NULL;
	int error =
	    bs_yaml_parse(text, size, note_yaml, &reading->notes, &yaml);

	if (yaml == NULL)
		return error;
	error = keep(reading->rules, path, yaml);
	if (error != BS_OK) {
		bs_yaml_free(&yaml);
		return error;
	}
	reading->file = reading->rules->file[reading->rules->file_count - 1];
	read_root(reading, bs_yaml_root(yaml));
	return reading->no_memory ? BS_ENOMEM : BS_OK;
}

int
rulesread(struct rules *rules, const char *path, const char *text, size_t size,
    bs_config_report *report, void *context)
{
	struct rule_reading reading = {.rules = rules,
	    .notes = {.path = path},
	    .rules_before = rules->count};
	int error = read_text(&reading, path, text, size);

	if (error == BS_ENOMEM && reading.notes.errors == 0)
		NOTE(&reading, 0,
		    "memory: none is left: free some, then try again");
	if (reading.notes.errors > 0 && error != BS_ENOMEM)
		error = BS_ECONFIG;
	bs_config_notes_flush(&reading.notes, report, context);
	return error;
}
