/*
 * The lists of texts of a rule, for rulekeys.c: what it looks for.
 */
#ifndef FEED_RULEWORDS_H
#define FEED_RULEWORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "rulekeys.h"

/* Whether it is a text or a list of 1 to `max`; if not, that is noted. */
bool rulewords_is_list(struct rule_reading *reading,
    const struct bs_yaml_node *node, const char *key, size_t max);

/* The first of a list, or the node itself where it is a single value; the one
 * after `item`, or NULL. */
const struct bs_yaml_node *rulewords_first(const struct bs_yaml_node *node);
const struct bs_yaml_node *rulewords_next(
    const struct bs_yaml_node *list, const struct bs_yaml_node *item);

/* Whether the value of `has` or `near` is {words: NAME}. */
bool rulewords_names(const struct bs_yaml_node *node, const char *name);

/* The keys `has`, `near` and `without`; what is wrong is noted. */
void rulewords_has(struct rule_making *making, const struct bs_yaml_node *node);
void rulewords_near(
    struct rule_making *making, const struct bs_yaml_node *node);
void rulewords_without(
    struct rule_making *making, const struct bs_yaml_node *node);

#endif
