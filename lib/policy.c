/*
 * The policy: which prefix a source lists as, whether it may be listed, and
 * whether what was seen is enough.  Pure; lib/store_sighting.c gathers the
 * facts and does what the verdict says.
 */
#include "autoconf.h"

#include <string.h>

#include "policy.h"
#include "reserved.h"
#include "testpoint.h"

#define DAY_S (24u * 60 * 60)
#define EXPIRE_S (28 * DAY_S)

void
bs_policy_defaults(struct bs_policy *policy_r)
{
	static const struct bs_policy_class at_once = {
	    .hits = 1, .traps = 1, .window_s = DAY_S, .expire_s = EXPIRE_S};
	static const struct bs_policy_class patient = {
	    .hits = 3, .traps = 2, .window_s = 7 * DAY_S, .expire_s = EXPIRE_S};

	memset(policy_r, 0, sizeof(*policy_r));
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		policy_r->class[i] = at_once;
	policy_r->class[bs_class_index(BS_AUTOREPLY)] = patient;
	policy_r->class[bs_class_index(BS_SUBSCRIBE)] = patient;
	policy_r->ipv6_bits = 64;
}

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

enum bs_verdict
bs_policy_judge(const struct bs_policy *policy, enum bs_class class,
    const struct bs_policy_facts *facts)
{
	const struct bs_policy_class *rule =
	    &policy->class[bs_class_index(class)];

	if (facts->removed_s != 0 && facts->received_s <= facts->removed_s)
		return BS_VERDICT_REMOVED;
	if ((uint64_t)facts->received_s + rule->expire_s <= facts->now_s)
		return BS_VERDICT_OLD;
	if (facts->listed ||
	    (facts->hits >= rule->hits && facts->traps >= rule->traps))
		return BS_VERDICT_LIST;
	return BS_VERDICT_COUNT;
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
