/*
 * The policy: which prefix a source lists as, whether it may be listed, and
 * whether what was seen is enough.  Pure; lib/store_sighting.c gathers the
 * facts and does what the verdict says.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "policy.h"
#include "reserved.h"
#include "testpoint.h"

#define WEEK_S (7 * BS_DAY_S)

/* What repeaters get: 4, 8, 16, then 26 weeks.  A year after its end a listing
 * says little about who has the address now. */
#define EXPIRY                                      \
	.expire_s = 4 * WEEK_S, .repeat_factor = 2, \
	.repeat_within_s = 52 * WEEK_S, .expire_max_s = 26 * WEEK_S

void
bs_policy_defaults(struct bs_policy *policy_r)
{
	static const struct bs_policy_class at_once = {
	    .hits = 1, .traps = 1, .feeds = 1, .window_s = BS_DAY_S, EXPIRY};
	static const struct bs_policy_class patient = {
	    .hits = 3, .traps = 2, .feeds = 1, .window_s = WEEK_S, EXPIRY};

	memset(policy_r, 0, sizeof(*policy_r));
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		policy_r->class[i] = at_once;
	policy_r->class[bs_class_index(BS_AUTOREPLY)] = patient;
	policy_r->class[bs_class_index(BS_SUBSCRIBE)] = patient;
	policy_r->ipv6_bits = 64;
	policy_r->widen_48 = 16;
	policy_r->widen_32 = 16;
	policy_r->tag_uses = 20;
	policy_r->evidence = 5;
}

/* --- prefixes ----------------------------------------------------------- */

struct bs_prefix
bs_policy_prefix(const struct bs_policy *policy, const struct bs_addr *source)
{
	struct bs_addr addr = *source;

	bs_addr_unmap(&addr);
	if (addr.family == BS_IPV4)
		return bs_prefix_single(&addr);
	return bs_prefix_of(&addr, policy->ipv6_bits);
}

bool
bs_policy_is_exempt(
    const struct bs_policy *policy, const struct bs_prefix *prefix)
{
	for (size_t i = 0; i < policy->exempt_count; i++) {
		if (bs_prefix_covers(&policy->exempt[i], prefix))
			return true;
	}
	return false;
}

enum bs_verdict
bs_policy_may_list(
    const struct bs_policy *policy, const struct bs_prefix *prefix)
{
	if (bs_testpoint_never(prefix))
		return BS_VERDICT_RESERVED;
	if (bs_reserved_overlap(prefix, policy->documentation_space) != NULL)
		return BS_VERDICT_RESERVED;
	if (bs_policy_is_exempt(policy, prefix))
		return BS_VERDICT_EXEMPT;
	return BS_VERDICT_LIST;
}

bool
bs_policy_may_widen(
    const struct bs_policy *policy, const struct bs_prefix *wider)
{
	for (size_t i = 0; i < policy->exempt_count; i++) {
		if (bs_prefix_covers(wider, &policy->exempt[i]))
			return false;
	}
	return bs_policy_may_list(policy, wider) == BS_VERDICT_LIST;
}

bool
bs_policy_wider(const struct bs_policy *policy, const struct bs_prefix *prefix,
    struct bs_prefix *wider_r, uint32_t *limit_r)
{
	bool narrow = prefix->bits > 48;
	uint32_t limit = narrow ? policy->widen_48 : policy->widen_32;

	if (prefix->addr.family != BS_IPV6 || prefix->bits <= 32 || limit == 0)
		return false;
	*wider_r = bs_prefix_of(&prefix->addr, narrow ? 48 : 32);
	*limit_r = limit;
	return true;
}

static int
compare_times(const void *a, const void *b)
{
	uint32_t time_a = *(const uint32_t *)a, time_b = *(const uint32_t *)b;

	return (time_a > time_b) - (time_a < time_b);
}

bool
bs_policy_widens(const struct bs_policy_class *rule, uint32_t limit,
    struct bs_policy_times *times, uint32_t *newest_s_r)
{
	const uint32_t *time_s = times->time_s;

	if (times->count <= limit)
		return false;
	qsort(times->time_s, times->count, sizeof(*time_s), compare_times);
	/* the window of limit + 1 that ends with each */
	for (size_t end = limit; end < times->count; end++) {
		if (time_s[end - limit] > times->seen_s)
			return false;
		if (time_s[end] >= times->seen_s &&
		    time_s[end] - time_s[end - limit] <= rule->window_s) {
			*newest_s_r = time_s[end];
			return true;
		}
	}
	return false;
}

/* --- verdicts ----------------------------------------------------------- */

const struct bs_policy_feed *
bs_policy_feed(const struct bs_policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->feed_count; i++) {
		if (strcmp(policy->feed[i].name, name) == 0)
			return &policy->feed[i];
	}
	return NULL;
}

uint32_t
bs_policy_traps(
    const struct bs_policy_class *rule, const struct bs_policy_feed *feed)
{
	return feed != NULL && feed->traps != 0 ? feed->traps : rule->traps;
}

bool
bs_policy_is_enough(const struct bs_policy_class *rule,
    const struct bs_policy_feed *feed, uint32_t hits, uint32_t traps)
{
	return hits >= rule->hits && traps >= bs_policy_traps(rule, feed);
}

/* Whether as many feeds as are asked for have seen enough. */
static bool
agree(const struct bs_policy_class *rule, const struct bs_policy_facts *facts)
{
	if (facts->feeds > 0)
		return facts->feeds >= rule->feeds;
	return rule->feeds <= 1 &&
	       bs_policy_is_enough(rule, NULL, facts->hits, facts->traps);
}

enum bs_verdict
bs_policy_judge(const struct bs_policy *policy, enum bs_class class,
    const struct bs_policy_facts *facts)
{
	const struct bs_policy_class *rule =
	    &policy->class[bs_class_index(class)];

	if (facts->seen_until_s > facts->now_s)
		return BS_VERDICT_REPEAT;
	if (facts->removed_s != 0 && facts->received_s <= facts->removed_s)
		return BS_VERDICT_REMOVED;
	if ((uint64_t)facts->received_s + rule->expire_s <= facts->now_s)
		return BS_VERDICT_OLD;
	if (facts->listed || agree(rule, facts))
		return BS_VERDICT_LIST;
	return BS_VERDICT_COUNT;
}

/* --- how long ----------------------------------------------------------- */

/* time_s + length_s; the last second of all means for ever, so not that. */
static uint32_t
later(uint32_t time_s, uint64_t length_s)
{
	uint64_t sum_s = time_s + length_s;

	return sum_s < BS_LISTING_FOREVER ? (uint32_t)sum_s
					  : BS_LISTING_FOREVER - 1;
}

uint8_t
bs_policy_repeats(const struct bs_policy_class *rule,
    const struct bs_policy_past *past, uint32_t received_s)
{
	if (past->ended_s == 0)
		return 0;
	/* late mail of the listing that ended */
	if (received_s <= past->ended_s)
		return past->repeats;
	if (received_s - past->ended_s > rule->repeat_within_s)
		return 0;
	return past->repeats < UINT8_MAX ? past->repeats + 1 : UINT8_MAX;
}

uint32_t
bs_policy_expires_s(
    const struct bs_policy_class *rule, uint8_t repeats, uint32_t last_s)
{
	uint64_t length_s = rule->expire_s;

	for (; repeats > 0 && length_s < rule->expire_max_s; repeats--) {
		length_s *= rule->repeat_factor;
		if (length_s > rule->expire_max_s)
			length_s = rule->expire_max_s;
	}
	return later(last_s, length_s);
}

uint32_t
bs_policy_oldest_s(const struct bs_policy_class *rule, uint32_t now_s)
{
	uint64_t length_s = rule->expire_s;

	if (length_s < rule->expire_max_s)
		length_s = rule->expire_max_s;
	length_s += rule->window_s;
	return length_s < now_s ? now_s - (uint32_t)length_s : 0;
}

uint32_t
bs_policy_longest_s(const struct bs_policy *policy)
{
	uint32_t longest_s = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (policy->class[i].expire_s > longest_s)
			longest_s = policy->class[i].expire_s;
	}
	return longest_s;
}

uint32_t
bs_policy_seen_until_s(
    const struct bs_policy *policy, enum bs_door door, uint32_t now_s)
{
	return later(now_s, door == BS_DOOR_LIVE ? BS_POLICY_RETRY_S
						 : bs_policy_longest_s(policy));
}
