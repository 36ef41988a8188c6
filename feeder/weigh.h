/*
 * Weighing: the rules applied to the facts of one message.
 */
#ifndef FEED_WEIGH_H
#define FEED_WEIGH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"
#include "judge.h"
#include "rules.h"
#include "weigher.h"

#define WEIGH_HITS_MAX 512 /* what is beyond does not count */

/* A rule that holds; the numbers + 1 of its literal that was found, and of what is
 * near that, 0: none. */
struct weigh_hit {
	const struct rule *rule;
	uint16_t literal;
	uint16_t near;
};

struct weighing {
	int group[JUDGE_KIND_COUNT][RULE_GROUP_COUNT]; /* capped sums */
	enum judge_type type; /* what the strongest phrase says */
	int type_weight;
	uint64_t signals; /* bits, see signals.h */
	size_t hit_count;
	struct weigh_hit hit[WEIGH_HITS_MAX]; /* hit_count of them */
};

/* Applies the rules; hits are in the order of the rules.  Pure: threads may
 * share a weigher.  Without memory nothing holds. */
void weigh(const struct weigher *weigher, const struct facts *facts,
    struct weighing *weighing_r);

/* The sum of all sorts of evidence for a kind. */
int weigh_score(const struct weighing *weighing, enum judge_kind kind);

#endif
