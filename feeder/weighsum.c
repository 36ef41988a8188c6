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

#define KEPT_FIRST 64 /* hits that have a bit for each stretch */

/* The hits that count. */
struct keeping {
	size_t count;
	uint64_t taken[STRETCHES]; /* by which of the first */
	uint16_t index[WEIGH_HITS_MAX];
};

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
add(const struct rules *rules, const struct weigher_worth *worth,
    struct weighing *weighing)
{
	int *sum = &weighing->group[worth->kind][worth->group];
	int cap = rules->kind[worth->kind].cap[worth->group];

	*sum += worth->weight;
	if (worth->weight > 0 && *sum > cap)
		*sum = cap;
	if (worth->type != JUDGE_TYPE_NONE &&
	    worth->weight > weighing->type_weight) {
		weighing->type = (enum judge_type)worth->type;
		weighing->type_weight = worth->weight;
	}
}

/* Whether two hits say the same thing: the same words, for the same sort of
 * evidence. */
static bool
is_same(const struct weigher_worth *worth, const struct found *a,
    const struct found *b)
{
	const struct weigher_worth *first = &worth[a->rule];
	const struct weigher_worth *other = &worth[b->rule];

	return a->look == b->look && a->start < b->end && b->start < a->end &&
	       (a->rule == b->rule ||
		   (a->start == b->start && a->end == b->end)) &&
	       first->kind == other->kind && first->group == other->group &&
	       first->type == other->type && first->weight > 0 &&
	       other->weight > 0;
}

/* The place of a text's stretch. */
static size_t
place_of(uint32_t look, uint32_t stretch)
{
	return (stretch + look * STRETCHES_APART) % STRETCHES;
}

/* Which of the first hits that are kept may have a byte with this one in common: a
 * bit each. */
static uint64_t
taken_by(const uint64_t *taken, const struct found *hit)
{
	uint64_t by = 0;

	for (uint32_t i = hit->start / STRETCH_SIZE;
	     i <= hit->end / STRETCH_SIZE; i++)
		by |= taken[place_of(hit->look, i)];
	return by;
}

static void
take(uint64_t *taken, const struct found *hit, size_t kept)
{
	for (uint32_t i = hit->start / STRETCH_SIZE;
	     kept < KEPT_FIRST && i <= hit->end / STRETCH_SIZE; i++)
		taken[place_of(hit->look, i)] |= UINT64_C(1) << kept;
}

/* The first hit that is kept and says the same; `kept`: none. */
static size_t
find_same(const struct weigher_worth *worth, const struct found *hit,
    const struct keeping *keeping, const struct found *one)
{
	uint64_t by = taken_by(keeping->taken, one);

	for (; by != 0; by &= by - 1) {
		size_t k = (size_t)__builtin_ctzll(by);

		if (is_same(worth, &hit[keeping->index[k]], one))
			return k;
	}
	for (size_t k = KEPT_FIRST; k < keeping->count; k++) {
		if (is_same(worth, &hit[keeping->index[k]], one))
			return k;
	}
	return keeping->count;
}

/* What is said twice counts once, and as much as the more of both.  Keeps the
 * indexes of those hits that are left of the keys'. */
static void
drop_same(const struct weigher_worth *worth, const struct found *hit,
    const uint64_t *key, size_t count, struct keeping *keeping_r)
{
	keeping_r->count = 0;
	memset(keeping_r->taken, 0, sizeof keeping_r->taken);
	for (size_t i = 0; i < count; i++) {
		uint16_t index = (uint16_t)key[i];
		const struct found *one = &hit[index];
		size_t k = keeping_r->count;

		if (one->look != 0) {
			k = find_same(worth, hit, keeping_r, one);
			take(keeping_r->taken, one, k);
		}
		if (k == keeping_r->count)
			keeping_r->index[keeping_r->count++] = index;
		else if (worth[one->rule].weight >
			 worth[hit[keeping_r->index[k]].rule].weight)
			keeping_r->index[k] = index;
	}
}

void
weighsum(const struct weigher *weigher, const struct found *found, size_t count,
    struct weighing *weighing)
{
	uint64_t key[WEIGH_HITS_MAX];
	struct keeping kept;

	sort_hits(found, count, key);
	drop_same(weigher->worth, found, key, count, &kept);
	weighing->hit_count = kept.count;
	for (size_t i = 0; i < kept.count; i++) {
		const struct found *one = &found[kept.index[i]];

		weighing->hit[i] = (struct weigh_hit){
		    &weigher->rules->rule[one->rule], one->literal, one->near};
		add(weigher->rules, &weigher->worth[one->rule], weighing);
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
