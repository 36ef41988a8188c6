/*
 * The keys of a rule, for rulesread.c.
 */
#ifndef FEED_RULEKEYS_H
#define FEED_RULEKEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "config_report.h"
#include "yaml.h"

#include "rules.h"

/* One file under way. */
struct rule_reading {
	struct rules *rules;
	struct bs_config_notes notes;
	const char *file;                 /* owned by the rules */
	const struct bs_yaml_node *words; /* its map of lists, or NULL */
	size_t rules_before;
	bool no_memory;
};

/* One rule under way. */
struct rule_making {
	struct rule_reading *reading;
	struct rule *rule;
	const struct bs_yaml_node *map;
	bool changes; /* one of an earlier file */
	bool has_class, has_weight, has_group, has_field;
};

/* Reads one key of a rule, noting what is wrong with it. */
void rulekeys_read(struct rule_making *making, const struct bs_yaml_node *node);

/* Whether it is one value; if not, that is noted. */
bool rulekeys_is_scalar(struct rule_reading *reading,
    const struct bs_yaml_node *node, const char *key, const char *example);

/* A whole number from min to max, else false and noted; `key` as in
 * "rules[].weight". */
bool rulekeys_number(struct rule_reading *reading,
    const struct bs_yaml_node *node, const char *key, int min, int max,
    int *number_r);

/* 1 to RULES_NAME_MAX small letters, digits, hyphens and underscores. */
bool rulekeys_is_name(const char *text);

#endif
