/*
 * The naive model: all that ever came in, in arrays.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "policy_model.h"

#define MANY 2000

struct kept {
	struct bs_sighting sighting;
	struct bs_prefix prefix;
	uint32_t received_s, seen_until_s;
};

struct ended {
	struct bs_prefix prefix;
	enum bs_class class;
	struct bs_policy_past past;
};

struct removal {
	struct bs_prefix prefix;
	uint32_t time_s;
};

struct model {
	struct kept kept[MANY];
	struct bs_listing listing[MANY]; /* classes 0: no more */
	struct ended ended[MANY];        /* ended_s 0: no more */
	struct removal removal[MANY];
	size_t kept_count, listing_count, ended_count, removal_count;
};

static bool
same(const struct bs_prefix *a, const struct bs_prefix *b)
{
	return bs_prefix_compare(a, b) == 0;
}

static struct bs_listing *
find(struct model *model, const struct bs_prefix *prefix)
{
	for (size_t i = 0; i < model->listing_count; i++) {
		struct bs_listing *listing = &model->listing[i];

		if (listing->classes != 0 && same(&listing->prefix, prefix))
			return listing;
	}
	return NULL;
}

static struct bs_listing *
find_or_make(struct model *model, const struct bs_prefix *prefix)
{
	struct bs_listing *listing = find(model, prefix);

	if (listing != NULL)
		return listing;
	assert_true(model->listing_count < MANY);
	listing = &model->listing[model->listing_count++];
	*listing = (struct bs_listing){.prefix = *prefix};
	return listing;
}

/* Listed with the class, by sightings. */
static bool
by_sightings(const struct bs_listing *listing, enum bs_class class)
{
	return listing != NULL && (listing->classes & class) != 0 &&
	       listing->class[bs_class_index(class)].hits > 0;
}

/* --- time --------------------------------------------------------------- */

static void
end_class(struct model *model, struct bs_listing *listing, size_t i)
{
	struct bs_listing_class *class = &listing->class[i];

	assert_true(model->ended_count < MANY);
	if (class->hits > 0)
		model->ended[model->ended_count++] = (struct ended){
		    .prefix = listing->prefix,
		    .class = bs_class_at(i),
		    .past = {.ended_s = class->expires_s,
			.repeats = class->repeats},
		};
	listing->classes &= (bs_classes)~bs_class_at(i);
	*class = (struct bs_listing_class){0};
}

static void
pass(struct model *model, uint32_t now_s)
{
	for (size_t i = 0; i < model->listing_count; i++) {
		struct bs_listing *listing = &model->listing[i];

		for (size_t j = 0; j < BS_CLASS_COUNT; j++) {
			if ((listing->classes & bs_class_at(j)) != 0 &&
			    listing->class[j].expires_s <= now_s)
				end_class(model, listing, j);
		}
	}
}

/* The newest end of that prefix and class; all of them are forgotten. */
static struct bs_policy_past
take_past(
    struct model *model, const struct bs_prefix *prefix, enum bs_class class)
{
	struct bs_policy_past past = {0};

	for (size_t i = 0; i < model->ended_count; i++) {
		struct ended *ended = &model->ended[i];

		if (ended->class != class || !same(&ended->prefix, prefix))
			continue;
		if (ended->past.ended_s > past.ended_s)
			past = ended->past;
		ended->past.ended_s = 0;
	}
	return past;
}

/* --- what is known ------------------------------------------------------ */

static uint32_t
seen_until(const struct model *model, const struct bs_sighting *sighting)
{
	uint32_t until_s = 0;

	for (size_t i = 0; i < model->kept_count; i++) {
		const struct kept *kept = &model->kept[i];

		if (memcmp(kept->sighting.identity, sighting->identity,
			BS_KEYHASH_SIZE) == 0 &&
		    kept->seen_until_s > until_s)
			until_s = kept->seen_until_s;
	}
	return until_s;
}

/* Of the prefix itself and of the /48 and /32 around it. */
static uint32_t
removed_s(const struct model *model, const struct bs_prefix *prefix)
{
	uint32_t latest_s = 0;

	for (size_t i = 0; i < model->removal_count; i++) {
		const struct removal *removal = &model->removal[i];
		bool widened =
		    removal->prefix.addr.family == BS_IPV6 &&
		    (removal->prefix.bits == 48 || removal->prefix.bits == 32);

		if (bs_prefix_covers(&removal->prefix, prefix) &&
		    (widened || removal->prefix.bits == prefix->bits) &&
		    removal->time_s > latest_s)
			latest_s = removal->time_s;
	}
	return latest_s;
}

static bool
removed_inside(struct model *model, const struct bs_prefix *prefix)
{
	for (size_t i = 0; i < model->removal_count; i++) {
		const struct bs_prefix *inner = &model->removal[i].prefix;

		if (bs_prefix_covers(prefix, inner) &&
		    inner->bits > prefix->bits && find(model, inner) == NULL)
			return true;
	}
	return false;
}

/* --- counting ----------------------------------------------------------- */

/* What a script says of one sighting. */
struct seen {
	const struct bs_policy *policy;
	const struct bs_sighting *sighting;
	struct bs_prefix prefix;
	uint32_t now_s, newest_s, hits;
};

static const struct bs_policy_class *
rule_of(const struct seen *seen)
{
	return &seen->policy->class[bs_class_index(seen->sighting->class)];
}

static bool
counts(const struct seen *seen, const struct kept *kept)
{
	return kept->sighting.lists &&
	       kept->sighting.class == seen->sighting->class &&
	       same(&kept->prefix, &seen->prefix);
}

static bool
is_new_trap(const struct model *model, const struct seen *seen, size_t index,
    uint32_t start_s)
{
	const struct kept *kept = &model->kept[index];

	for (size_t i = 0; i < index; i++) {
		const struct kept *before = &model->kept[i];

		if (counts(seen, before) && before->received_s >= start_s &&
		    before->received_s <= seen->newest_s &&
		    memcmp(before->sighting.trap, kept->sighting.trap,
			BS_KEYHASH_SIZE) == 0)
			return false;
	}
	return true;
}

/* Hits and traps of the window that ends at seen->newest_s. */
static void
count_window(const struct model *model, const struct seen *seen,
    struct bs_policy_facts *facts)
{
	uint32_t start_s = seen->newest_s - rule_of(seen)->window_s;

	if (facts->removed_s >= start_s)
		start_s = facts->removed_s + 1;
	facts->hits = facts->traps = 0;
	if (start_s > facts->received_s)
		return;
	for (size_t i = 0; i < model->kept_count; i++) {
		const struct kept *kept = &model->kept[i];

		if (!counts(seen, kept) || kept->received_s < start_s ||
		    kept->received_s > seen->newest_s)
			continue;
		facts->hits++;
		facts->traps += is_new_trap(model, seen, i, start_s);
	}
}

/* The first window with enough, of those that end with this or a later one. */
static void
count(
    const struct model *model, struct seen *seen, struct bs_policy_facts *facts)
{
	uint32_t end_s = facts->received_s;

	for (;;) {
		uint32_t next_s = UINT32_MAX;

		seen->newest_s = end_s;
		count_window(model, seen, facts);
		if (facts->hits >= rule_of(seen)->hits &&
		    facts->traps >= rule_of(seen)->traps)
			break;
		for (size_t i = 0; i < model->kept_count; i++) {
			const struct kept *kept = &model->kept[i];

			if (counts(seen, kept) && kept->received_s > end_s &&
			    kept->received_s < next_s)
				next_s = kept->received_s;
		}
		if (next_s == UINT32_MAX)
			break;
		end_s = next_s;
	}
	seen->hits = facts->hits;
}

/* --- listing ------------------------------------------------------------ */

static bool
list(struct model *model, const struct seen *seen)
{
	enum bs_class bit = seen->sighting->class;
	struct bs_listing *listing = find_or_make(model, &seen->prefix);
	struct bs_listing_class *class = &listing->class[bs_class_index(bit)];
	bool renewed = (listing->classes & bit) != 0;
	uint32_t expires_s;

	if (class->hits == 0) {
		struct bs_policy_past past =
		    take_past(model, &seen->prefix, bit);

		class->repeats =
		    bs_policy_repeats(rule_of(seen), &past, seen->newest_s);
	}
	expires_s =
	    bs_policy_expires_s(rule_of(seen), class->repeats, seen->newest_s);
	if (class->last_s < seen->newest_s)
		class->last_s = seen->newest_s;
	if (class->expires_s < expires_s)
		class->expires_s = expires_s;
	class->hits += seen->hits;
	listing->classes |= bit;
	return renewed;
}

/* The widest listing by sightings around it, where the policy wants one. */
static bool
find_wide(
    struct model *model, const struct seen *seen, struct bs_prefix *wide_r)
{
	struct bs_prefix narrow = seen->prefix, wide;
	uint32_t limit;
	bool found = false;

	while (bs_policy_wider(seen->policy, &narrow, &wide, &limit)) {
		if (by_sightings(find(model, &wide), seen->sighting->class) &&
		    bs_policy_may_widen(seen->policy, &wide)) {
			*wide_r = wide;
			found = true;
		}
		narrow = wide;
	}
	return found;
}

static void
widen(struct model *model, const struct seen *narrow)
{
	enum bs_class bit = narrow->sighting->class;
	struct seen wider = *narrow;
	uint32_t time_s[MANY], limit;
	struct bs_policy_times times = {
	    .seen_s = narrow->newest_s, .time_s = time_s};

	if (!bs_policy_wider(
		narrow->policy, &narrow->prefix, &wider.prefix, &limit) ||
	    !bs_policy_may_widen(narrow->policy, &wider.prefix))
		return;
	for (size_t i = 0; i < model->listing_count; i++) {
		const struct bs_listing *inner = &model->listing[i];
		uint32_t last_s = inner->class[bs_class_index(bit)].last_s;

		if (by_sightings(inner, bit) &&
		    inner->prefix.bits == narrow->prefix.bits &&
		    bs_prefix_covers(&wider.prefix, &inner->prefix) &&
		    last_s > removed_s(model, &wider.prefix))
			time_s[times.count++] = last_s;
	}
	wider.hits = (uint32_t)times.count;
	if (!bs_policy_widens(
		rule_of(narrow), limit, &times, &wider.newest_s) ||
	    removed_inside(model, &wider.prefix))
		return;
	(void)list(model, &wider);
	widen(model, &wider);
}

/* --- the world ---------------------------------------------------------- */

static enum bs_outcome
outcome_of(enum bs_verdict verdict)
{
	static const enum bs_outcome of[] = {
	    [BS_VERDICT_LIST] = BS_OUTCOME_LISTED,
	    [BS_VERDICT_COUNT] = BS_OUTCOME_COUNTED,
	    [BS_VERDICT_REPEAT] = BS_OUTCOME_REPEAT,
	    [BS_VERDICT_REMOVED] = BS_OUTCOME_REMOVED,
	    [BS_VERDICT_OLD] = BS_OUTCOME_OLD,
	    [BS_VERDICT_EXEMPT] = BS_OUTCOME_EXEMPT,
	    [BS_VERDICT_RESERVED] = BS_OUTCOME_RESERVED,
	};

	return of[verdict];
}

static void
keep(struct model *model, const struct seen *seen,
    const struct bs_policy_facts *facts)
{
	assert_true(model->kept_count < MANY);
	model->kept[model->kept_count++] = (struct kept){
	    .sighting = *seen->sighting,
	    .prefix = seen->prefix,
	    .received_s = facts->received_s,
	    .seen_until_s = bs_policy_seen_until_s(
		seen->policy, seen->sighting->door, seen->now_s),
	};
}

/* The sighting is new and its source may be listed. */
static enum bs_outcome
take(struct model *model, struct seen *seen, struct bs_policy_facts *facts,
    const struct bs_prefix *wide)
{
	enum bs_class class = seen->sighting->class;

	keep(model, seen, facts);
	facts->seen_until_s = 0;
	if (!seen->sighting->lists)
		return BS_OUTCOME_COUNTED;
	seen->hits = 1;
	if (!facts->listed)
		count(model, seen, facts);
	if (bs_policy_judge(seen->policy, class, facts) != BS_VERDICT_LIST)
		return BS_OUTCOME_COUNTED;
	if (wide != NULL)
		seen->prefix = *wide;
	facts->listed = list(model, seen);
	widen(model, seen);
	return facts->listed ? BS_OUTCOME_RENEWED : BS_OUTCOME_LISTED;
}

static enum bs_outcome
see(void *state, const struct bs_policy *policy, uint32_t now_s,
    const struct bs_sighting *sighting)
{
	struct model *model = state;
	struct seen seen = {.policy = policy,
	    .sighting = sighting,
	    .prefix = bs_policy_prefix(policy, &sighting->source),
	    .now_s = now_s};
	struct bs_policy_facts facts = {
	    .now_s = now_s, .seen_until_s = seen_until(model, sighting)};
	struct bs_addr addr = sighting->source;
	struct bs_prefix source, wide;
	const struct bs_listing *listing;
	enum bs_verdict verdict;
	bool has_wide;

	pass(model, now_s);
	bs_addr_unmap(&addr);
	source = bs_prefix_single(&addr);
	facts.received_s =
	    sighting->received_s < now_s ? sighting->received_s : now_s;
	seen.newest_s = facts.received_s;
	verdict = bs_policy_may_list(policy, &seen.prefix);
	if (verdict == BS_VERDICT_LIST && bs_policy_is_exempt(policy, &source))
		verdict = BS_VERDICT_EXEMPT;
	if (verdict != BS_VERDICT_LIST && facts.seen_until_s <= now_s)
		return outcome_of(verdict);
	has_wide = find_wide(model, &seen, &wide);
	listing = find(model, &seen.prefix);
	facts.listed = has_wide || (listing != NULL &&
				       (listing->classes & sighting->class));
	facts.removed_s = removed_s(model, &seen.prefix);
	verdict = bs_policy_judge(policy, sighting->class, &facts);
	if (verdict != BS_VERDICT_LIST && verdict != BS_VERDICT_COUNT)
		return outcome_of(verdict);
	return take(model, &seen, &facts, has_wide ? &wide : NULL);
}

static void
add(void *state, uint32_t now_s, const struct bs_prefix *prefix,
    enum bs_class class, uint32_t expires_s)
{
	struct bs_listing *listing;
	struct bs_listing_class *each;

	pass(state, now_s);
	listing = find_or_make(state, prefix);
	each = &listing->class[bs_class_index(class)];
	listing->classes |= class;
	each->last_s = now_s;
	if (each->expires_s < expires_s)
		each->expires_s = expires_s;
}

static void
take_off(void *state, uint32_t now_s, const struct bs_prefix *prefix)
{
	struct model *model = state;
	struct bs_listing *listing;

	pass(model, now_s);
	listing = find(model, prefix);
	assert_non_null(listing);
	listing->classes = 0;
	assert_true(model->removal_count < MANY);
	model->removal[model->removal_count++] =
	    (struct removal){.prefix = *prefix, .time_s = now_s};
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		(void)take_past(model, prefix, bs_class_at(i));
}

static bool
get(void *state, uint32_t now_s, const struct bs_prefix *prefix,
    struct bs_listing *listing_r)
{
	struct bs_listing *listing;

	pass(state, now_s);
	listing = find(state, prefix);
	if (listing != NULL)
		*listing_r = *listing;
	return listing != NULL;
}

struct policy_world
policy_model_new(void)
{
	struct policy_world world = {
	    .state = calloc(1, sizeof(struct model)),
	    .see = see,
	    .add = add,
	    .remove = take_off,
	    .get = get,
	};

	assert_non_null(world.state);
	return world;
}

void
policy_model_free(struct policy_world *world)
{
	free(world->state);
	world->state = NULL;
}
