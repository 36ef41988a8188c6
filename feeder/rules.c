/*
 * The store of rules: memory and names, no more.  How rules are written is
 * rulesread.c's business, what they are worth weigh.c's.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

static const char *const group_names[RULE_GROUP_COUNT] = {
    [RULE_PROOF] = "proof",
    [RULE_SENDER] = "sender",
    [RULE_HEADER] = "header",
    [RULE_SUBJECT] = "subject",
    [RULE_TEXT] = "text",
    [RULE_RETURNED] = "returned",
    [RULE_AGAINST] = "against",
};

static const char *const field_names[RULE_FIELD_COUNT] = {
    [RULE_IN_TEXT] = "text",
    [RULE_IN_SUBJECT] = "subject",
    [RULE_IN_FROM] = "from",
    [RULE_IN_FROM_ADDRESS] = "from-address",
    [RULE_IN_STATUS] = "status",
    [RULE_IN_HEADER] = "header",
    [RULE_IN_FACT] = "fact",
};

static const char *const place_names[] = {
    [RULE_ANYWHERE] = "anywhere",
    [RULE_AT_START] = "start",
    [RULE_AT_HEAD] = "head",
    [RULE_AS_WORD] = "word",
};

const char *
rules_group_name(enum rule_group group)
{
	return group_names[group];
}

const char *
rules_field_name(enum rule_field field)
{
	return field_names[field];
}

const char *
rules_place_name(enum rule_place place)
{
	return place_names[place];
}

struct rules *
rules_new(void)
{
	return calloc(1, sizeof(struct rules));
}

/* --- by name --------------------------------------------------------------- */

/* FNV-1a */
uint32_t
rules_hash(const char *name)
{
	uint32_t value = UINT32_C(2166136261);

	for (; *name != '\0'; name++)
		value = (value ^ (unsigned char)*name) * UINT32_C(16777619);
	return value;
}

/* The slot of a name: its own, or the empty one where it would go. */
static uint32_t *
find_slot(const struct rules *rules, const char *name)
{
	size_t mask = 2 * rules->capacity - 1;
	size_t i = rules_hash(name) & mask;

	while (rules->slot[i] != 0 &&
	       strcmp(rules->rule[rules->slot[i] - 1].name, name) != 0)
		i = (i + 1) & mask;
	return &rules->slot[i];
}

/* Twice the room; the capacity stays a power of two. */
static bool
grow(struct rules *rules)
{
	size_t capacity = rules->capacity > 0 ? 2 * rules->capacity : 256;
	struct rule *rule = reallocarray(rules->rule, capacity, sizeof *rule);
	uint32_t *slot;

	if (rule == NULL)
		return false;
	rules->rule = rule;
	slot = calloc(2 * capacity, sizeof *slot);
	if (slot == NULL)
		return false;
	free(rules->slot);
	rules->slot = slot;
	rules->capacity = capacity;
	for (size_t i = 0; i < rules->count; i++)
		*find_slot(rules, rule[i].name) = (uint32_t)i + 1;
	return true;
}

struct rule *
rules_add(struct rules *rules, const char *name)
{
	struct rule *rule;

	if (rules->count == rules->capacity && !grow(rules))
		return NULL;
	rule = &rules->rule[rules->count++];
	memset(rule, 0, sizeof *rule);
	rule->name = name;
	*find_slot(rules, name) = (uint32_t)rules->count;
	return rule;
}

struct rule *
rules_find(const struct rules *rules, const char *name)
{
	uint32_t slot = rules->capacity > 0 ? *find_slot(rules, name) : 0;

	return slot > 0 ? &rules->rule[slot - 1] : NULL;
}

/* --- the end ------------------------------------------------------------- */

static void
clear(struct rule *rule)
{
	for (size_t i = 0; i < rule->literal_count; i++)
		free(rule->literal[i].text);
	free(rule->literal);
	for (size_t i = 0; i < rule->near_count; i++)
		free(rule->near[i].text);
	free(rule->near);
	pattern_free(&rule->pattern);
}

void
rules_free(struct rules **rules)
{
	if (*rules == NULL)
		return;
	for (size_t i = 0; i < (*rules)->count; i++)
		clear(&(*rules)->rule[i]);
	free((*rules)->rule);
	free((*rules)->slot);
	for (size_t i = 0; i < (*rules)->file_count; i++) {
		bs_yaml_free(&(*rules)->yaml[i]);
		free((*rules)->file[i]);
	}
	free(*rules);
	*rules = NULL;
}
