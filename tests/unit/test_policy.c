/*
 * The policy: defaults, prefixes, what may be listed, verdicts at and beside
 * each threshold.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "policy.h"

#define WEEK_S (7u * 24 * 60 * 60)
#define NOW_S 1800000000u

static struct bs_prefix
prefix_of(const char *text)
{
	struct bs_prefix prefix;

	assert_int_equal(bs_prefix_parse(text, strlen(text), &prefix), BS_OK);
	return prefix;
}

static void
defaults(void **state)
{
	static const struct {
		enum bs_class class;
		uint32_t hits, traps, window_s;
	} rows[] = {
	    {BS_BOUNCE, 1, 1, WEEK_S / 7},
	    {BS_AUTOREPLY, 3, 2, WEEK_S},
	    {BS_CHALLENGE, 1, 1, WEEK_S / 7},
	    {BS_VIRUS, 1, 1, WEEK_S / 7},
	    {BS_CALLOUT, 1, 1, WEEK_S / 7},
	    {BS_SUBSCRIBE, 3, 2, WEEK_S},
	};
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_policy_class *rule =
		    &policy.class[bs_class_index(rows[i].class)];

		assert_int_equal(rule->hits, rows[i].hits);
		assert_int_equal(rule->traps, rows[i].traps);
		assert_int_equal(rule->window_s, rows[i].window_s);
		assert_int_equal(rule->expire_s, 4 * WEEK_S);
	}
	assert_int_equal(policy.ipv6_bits, 64);
	assert_int_equal(policy.exempt_count, 0);
	assert_false(policy.documentation_space);
	assert_int_equal(bs_policy_longest_s(&policy), 4 * WEEK_S);
	policy.class[3].expire_s = 9 * WEEK_S;
	assert_int_equal(bs_policy_longest_s(&policy), 9 * WEEK_S);
}

static void
prefixes(void **state)
{
	static const struct {
		const char *source, *prefix;
		uint8_t ipv6_bits;
	} rows[] = {
	    {"192.0.2.1", "192.0.2.1", 64},
	    {"::ffff:192.0.2.1", "192.0.2.1", 64},
	    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", 64},
	    {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/56", 56},
	    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", 128},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_prefix expected = prefix_of(rows[i].prefix), got;
		struct bs_addr source = prefix_of(rows[i].source).addr;
		struct bs_policy policy;

		bs_policy_defaults(&policy);
		policy.ipv6_bits = rows[i].ipv6_bits;
		got = bs_policy_prefix(&policy, &source);
		assert_int_equal(bs_prefix_compare(&got, &expected), 0);
	}
}

static void
may_list(void **state)
{
	static const struct {
		const char *prefix;
		bool documentation;
		enum bs_verdict verdict;
	} rows[] = {
	    {"8.8.8.8", false, BS_VERDICT_LIST},
	    {"8.0.0.0/8", false, BS_VERDICT_LIST}, /* with a hole */
	    {"8.8.4.0/24", false, BS_VERDICT_EXEMPT},
	    {"8.8.4.4", false, BS_VERDICT_EXEMPT},
	    {"8.8.5.0", false, BS_VERDICT_LIST},
	    {"10.1.2.3", true, BS_VERDICT_RESERVED},
	    {"192.0.2.1", false, BS_VERDICT_RESERVED},
	    {"192.0.2.1", true, BS_VERDICT_LIST},
	    {"192.0.0.0/16", true, BS_VERDICT_RESERVED},
	    {"127.0.0.1", true, BS_VERDICT_RESERVED},
	    {"0.0.0.0/0", true, BS_VERDICT_RESERVED},
	    {"::ffff:127.0.0.1", true, BS_VERDICT_RESERVED},
	    {"::/0", true, BS_VERDICT_RESERVED},
	    {"2001:db8::/64", false, BS_VERDICT_RESERVED},
	    {"2001:db8::/64", true, BS_VERDICT_LIST},
	    {"2a00:1:2:3::/64", false, BS_VERDICT_LIST}, /* with a hole */
	    {"2a00:1:2:3::25", false, BS_VERDICT_EXEMPT},
	    {"2a00:1:2:4::/64", false, BS_VERDICT_LIST},
	};
	struct bs_prefix exempt[] = {
	    prefix_of("8.8.4.0/24"), prefix_of("2a00:1:2:3::25")};
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	policy.exempt = exempt;
	policy.exempt_count = 2;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix);

		policy.documentation_space = rows[i].documentation;
		if (bs_policy_may_list(&policy, &prefix) != rows[i].verdict)
			fail_msg("%s", rows[i].prefix);
	}
}

static void
verdicts(void **state)
{
	static const struct {
		const char *name;
		enum bs_class class;
		struct bs_policy_facts facts;
		enum bs_verdict verdict;
	} rows[] = {
	    {"bounce, first hit", BS_BOUNCE, {.hits = 1, .traps = 1},
		BS_VERDICT_LIST},
	    {"autoreply, two hits", BS_AUTOREPLY, {.hits = 2, .traps = 2},
		BS_VERDICT_COUNT},
	    {"autoreply, one trap", BS_AUTOREPLY, {.hits = 9, .traps = 1},
		BS_VERDICT_COUNT},
	    {"autoreply, enough", BS_AUTOREPLY, {.hits = 3, .traps = 2},
		BS_VERDICT_LIST},
	    {"autoreply, listed", BS_AUTOREPLY,
		{.listed = true, .hits = 1, .traps = 1}, BS_VERDICT_LIST},
	    {"a second before its end", BS_BOUNCE,
		{.hits = 1, .traps = 1, .received_s = NOW_S - 4 * WEEK_S + 1},
		BS_VERDICT_LIST},
	    {"at its end", BS_BOUNCE,
		{.hits = 1, .traps = 1, .received_s = NOW_S - 4 * WEEK_S},
		BS_VERDICT_OLD},
	    {"old though listed", BS_BOUNCE, {.listed = true, .received_s = 1},
		BS_VERDICT_OLD},
	    {"a second before a removal", BS_BOUNCE,
		{.hits = 1, .traps = 1, .removed_s = NOW_S + 1},
		BS_VERDICT_REMOVED},
	    {"in the second of a removal", BS_BOUNCE,
		{.hits = 1, .traps = 1, .removed_s = NOW_S},
		BS_VERDICT_REMOVED},
	    {"a second after a removal", BS_BOUNCE,
		{.hits = 1, .traps = 1, .removed_s = NOW_S - 1},
		BS_VERDICT_LIST},
	};
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_policy_facts facts = rows[i].facts;

		facts.now_s = NOW_S;
		if (facts.received_s == 0)
			facts.received_s = NOW_S;
		if (bs_policy_judge(&policy, rows[i].class, &facts) !=
		    rows[i].verdict)
			fail_msg("%s", rows[i].name);
	}
}

/* Near 2106 the sums would not fit 32 bits. */
static void
no_overflow(void **state)
{
	struct bs_policy policy;
	struct bs_policy_facts facts = {.hits = 1,
	    .traps = 1,
	    .received_s = UINT32_MAX - 5,
	    .now_s = UINT32_MAX - 1};

	(void)state;
	bs_policy_defaults(&policy);
	assert_int_equal(
	    bs_policy_judge(&policy, BS_BOUNCE, &facts), BS_VERDICT_LIST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(prefixes),
	    cmocka_unit_test(may_list),
	    cmocka_unit_test(verdicts),
	    cmocka_unit_test(no_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
