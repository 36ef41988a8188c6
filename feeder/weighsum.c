/*
 * Adds up the rules that hold for a message.  The same words count once, whether
 * one rule has them within longer ones or two have them for the same sort of
 * evidence, and a sort counts up to its class's cap.  weigh.c calls it.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "weighsum.h"

#define SORT_FEW 64 /* hits that are sorted without a library's set-up */

static bool
is_before(const struct found *left, const struct found *right)
{
	return left->rule < right->rule ||
	       (left->rule == right->rule && left->literal < right->literal);
}

static int
by_rule(const void *a, const void *b)
{
	return is_before(a, b) ? -1 : is_before(b, a);
}

/* In the order of the rules. */
static void
sort_hits(struct found *hit, size_t count)
{
	if (count > SORT_FEW) {
		qsort(hit, count, sizeof *hit, by_rule);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct found one = hit[i];
		size_t k = i;

		for (; k > 0 && is_before(&one, &hit[k - 1]); k--)
			hit[k] = hit[k - 1];
		hit[k] = one;
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

/* What is said twice counts once, and as much as the more of both.  How many are
 * left. */
static size_t
drop_same(const struct rules *rules, struct found *hit, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct found one = hit[i];
		size_t k = 0;

		while (k < kept &&
		       (one.look == 0 || !is_same(rules, &hit[k], &one)))
			k++;
		if (k == kept)
			hit[kept++] = one;
		else if (rules->rule[one.rule].weight >
			 rules->rule[hit[k].rule].weight)
			hit[k] = one;
	}
	return kept;
}

void
weighsum(const struct rules *rules, struct found *found, size_t count,
    struct weighing *weighing)
{
	sort_hits(found, count);
	count = drop_same(rules, found, count);
	weighing->hit_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &rules->rule[found[i].rule];
		struct weigh_hit *hit = &weighing->hit[i];

		hit->rule = rule;
		hit->literal = found[i].literal > 0
				   ? &rule->literal[found[i].literal - 1]
				   : NULL;
		hit->near =
		    found[i].near > 0 ? &rule->near[found[i].near - 1] : NULL;
		add(rules, rule, weighing);
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
