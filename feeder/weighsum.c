/*
 * Adds up the rules that hold for a message.  The same words count once, whether
 * one rule has them within longer ones or two have them for the same sort of
 * evidence, and a sort counts up to its class's cap.  weigh.c calls it.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "weighsum.h"

#define SORT_FEW 64 /* hits that are sorted without a library's set-up */

/* Stretches of texts that are told apart, so that only hits that may overlap
 * are compared: with what is beyond, some are taken for others. */
#define STRETCH_SIZE 32 /* bytes */
#define STRETCHES 256
#define STRETCHES_APART 37 /* of one text and the next */

_Static_assert(RULES_MAX <= UINT16_MAX && WEIGH_HITS_MAX <= UINT16_MAX,
    "numbers of these in a key");

/* By rule, then by literal, then as they were found; its last bits are the
 * hit's index. */
static uint64_t
key_of(const struct found *hit, size_t index)
{
	return (uint64_t)hit->rule << 32 | (uint64_t)hit->literal << 16 | index;
}

static int
by_key(const void *a, const void *b)
{
	uint64_t left, right;

	memcpy(&left, a, sizeof left);
	memcpy(&right, b, sizeof right);
	return (left > right) - (left < right);
}

/* The hits' keys in the order of the rules. */
static void
sort_hits(const struct found *hit, size_t count, uint64_t *key)
{
	if (count > SORT_FEW) {
		for (size_t i = 0; i < count; i++)
			key[i] = key_of(&hit[i], i);
		qsort(key, count, sizeof *key, by_key);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t one = key_of(&hit[i], i);
		size_t k = i;

		for (; k > 0 && one < key[k - 1]; k--)
			key[k] = key[k - 1];
		key[k] = one;
	}
}

static void
add(const struct rules *rules, const struct rule *rule,
    struct weighing *weighing)
{
	int *sum = &weighing->group[rule->kind][rule->group];
	int cap = rules->kind[rule->kind].cap[rule->group];

	*sum += rule->weight;
	if (rule->weight > 0 && *sum > cap)
		*sum = cap;
	if (rule->type != JUDGE_TYPE_NONE &&
	    rule->weight > weighing->type_weight) {
		weighing->type = rule->type;
		weighing->type_weight = rule->weight;
	}
}

/* Whether two hits say the same thing: the same words, for the same sort of
 * evidence. */
static bool
is_same(const struct rules *rules, const struct found *a, const struct found *b)
{
	const struct rule *first = &rules->rule[a->rule];
	const struct rule *other = &rules->rule[b->rule];

	return a->look == b->look && a->start < b->end && b->start < a->end &&
	       (a->rule == b->rule ||
		   (a->start == b->start && a->end == b->end)) &&
	       first->kind == other->kind && first->group == other->group &&
	       first->type == other->type && first->weight > 0 &&
	       other->weight > 0;
}

/* Notes the stretch of a text that a hit takes; whether a part of it may have
 * been taken before. */
static bool
take_stretch(uint8_t *taken, const struct found *hit)
{
	bool may_be = false;

	for (uint32_t i = hit->start / STRETCH_SIZE;
	     i <= hit->end / STRETCH_SIZE; i++) {
		uint8_t *slot =
		    &taken[(i + hit->look * STRETCHES_APART) % STRETCHES];

		may_be = may_be || *slot != 0;
		*slot = 1;
	}
	return may_be;
}

/* What is said twice counts once, and as much as the more of both.  How many of
 * the keys' hits are left; in kept_r their indexes. */
static size_t
drop_same(const struct rules *rules, const struct found *hit,
    const uint64_t *key, size_t count, uint16_t *kept_r)
{
	uint8_t taken[STRETCHES] = {0};
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		uint16_t index = (uint16_t)key[i];
		const struct found *one = &hit[index];
		size_t k = kept;

		if (one->look != 0 && take_stretch(taken, one))
			k = 0;
		while (k < kept && !is_same(rules, &hit[kept_r[k]], one))
			k++;
		if (k == kept)
			kept_r[kept++] = index;
		else if (rules->rule[one->rule].weight >
			 rules->rule[hit[kept_r[k]].rule].weight)
			kept_r[k] = index;
	}
	return kept;
}

static void
write_hit(const struct rules *rules, const struct found *found,
    struct weigh_hit *hit_r)
{
	const struct rule *rule = &rules->rule[found->rule];

	hit_r->rule = rule;
	hit_r->literal =
	    found->literal > 0 ? &rule->literal[found->literal - 1] : NULL;
	hit_r->near = found->near > 0 ? &rule->near[found->near - 1] : NULL;
}

void
weighsum(const struct rules *rules, const struct found *found, size_t count,
    struct weighing *weighing)
{
	uint64_t key[WEIGH_HITS_MAX];
	uint16_t kept[WEIGH_HITS_MAX];

	sort_hits(found, count, key);
	count = drop_same(rules, found, key, count, kept);
	weighing->hit_count = count;
	for (size_t i = 0; i < count; i++) {
		write_hit(rules, &found[kept[i]], &weighing->hit[i]);
		add(rules, weighing->hit[i].rule, weighing);
	}
}

int
weigh_score(const struct weighing *weighing, enum judge_kind kind)
{
	int sum = 0;

	for (int i = 0; i < RULE_GROUP_COUNT; i++)
		sum += weighing->group[kind][i];
	return sum;
}
