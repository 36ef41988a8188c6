/*
 * The policy: defaults, prefixes, what may be listed, verdicts at and beside
 * each threshold, how long; and the table of cases that a mail admin would
 * recognise (policy_rows_*.c), run through the pure policy by a naive model.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "policy.h"
#include "policy_model.h"

#define WEEK_S (7u * 24 * 60 * 60)
#define NOW_S 1800000000u

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
		assert_int_equal(rule->repeat_factor, 2);
		assert_int_equal(rule->repeat_within_s, 52 * WEEK_S);
		assert_int_equal(rule->expire_max_s, 26 * WEEK_S);
	}
	assert_int_equal(policy.ipv6_bits, 64);
	assert_int_equal(policy.widen_48, 16);
	assert_int_equal(policy.widen_32, 16);
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
	    {"remembered for a second more", BS_BOUNCE,
		{.hits = 1, .traps = 1, .seen_until_s = NOW_S + 1},
		BS_VERDICT_REPEAT},
	    {"remembered until now", BS_BOUNCE,
		{.hits = 1, .traps = 1, .seen_until_s = NOW_S},
		BS_VERDICT_LIST},
	    {"a repeat that is old", BS_BOUNCE,
		{.seen_until_s = NOW_S + 1, .received_s = 1},
		BS_VERDICT_REPEAT},
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

static void
lengths(void **state)
{
	static const struct {
		const char *name;
		uint32_t factor, max_s, last_s;
		uint8_t repeats;
		uint32_t expires_s;
	} rows[] = {
	    {"first", 2, 26 * WEEK_S, NOW_S, 0, NOW_S + 4 * WEEK_S},
	    {"second", 2, 26 * WEEK_S, NOW_S, 1, NOW_S + 8 * WEEK_S},
	    {"fourth", 2, 26 * WEEK_S, NOW_S, 3, NOW_S + 26 * WEEK_S},
	    {"ever again", 2, 26 * WEEK_S, NOW_S, 255, NOW_S + 26 * WEEK_S},
	    {"factor 1", 1, 26 * WEEK_S, NOW_S, 255, NOW_S + 4 * WEEK_S},
	    {"max below", 2, WEEK_S, NOW_S, 3, NOW_S + 4 * WEEK_S},
	    {"max the same", 2, 4 * WEEK_S, NOW_S, 3, NOW_S + 4 * WEEK_S},
	    {"largest", BS_POLICY_FACTOR_MAX, BS_POLICY_EXPIRE_MAX_S, NOW_S,
		255, NOW_S + BS_POLICY_EXPIRE_MAX_S},
	    {"not for ever", 2, 26 * WEEK_S, UINT32_MAX - 5, 0,
		BS_LISTING_FOREVER - 1},
	};
	struct bs_policy policy;
	struct bs_policy_class *rule = &policy.class[0];

	(void)state;
	bs_policy_defaults(&policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rule->repeat_factor = rows[i].factor;
		rule->expire_max_s = rows[i].max_s;
		if (bs_policy_expires_s(rule, rows[i].repeats,
			rows[i].last_s) != rows[i].expires_s)
			fail_msg("%s", rows[i].name);
	}
}

static void
repeats(void **state)
{
	static const struct {
		const char *name;
		struct bs_policy_past past;
		uint32_t received_s;
		uint8_t repeats;
	} rows[] = {
	    {"never listed", {0, 0}, NOW_S, 0},
	    {"after the first", {NOW_S - 1, 0}, NOW_S, 1},
	    {"after the third", {NOW_S - 1, 2}, NOW_S, 3},
	    {"in the second of its end", {NOW_S, 2}, NOW_S, 2},
	    {"before its end", {NOW_S, 2}, NOW_S - WEEK_S, 2},
	    {"within a year", {NOW_S - 52 * WEEK_S, 2}, NOW_S, 3},
	    {"after a year", {NOW_S - 52 * WEEK_S - 1, 2}, NOW_S, 0},
	    {"as often as can be", {NOW_S - 1, 255}, NOW_S, 255},
	};
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (bs_policy_repeats(&policy.class[0], &rows[i].past,
			rows[i].received_s) != rows[i].repeats)
			fail_msg("%s", rows[i].name);
	}
}

/* More than `limit` of the times within a window of 10 that holds seen_s. */
static void
windows(void **state)
{
	static const struct {
		const char *name;
		uint32_t limit, seen_s;
		size_t count;
		uint32_t time_s[6];
		uint32_t newest_s; /* 0: no */
	} rows[] = {
	    {"none", 1, 5, 0, {0}, 0},
	    {"as many as may be", 2, 5, 2, {5, 6}, 0},
	    {"one more", 2, 5, 3, {5, 6, 7}, 7},
	    {"in any order", 2, 6, 3, {7, 5, 6}, 7},
	    {"just within", 2, 11, 3, {1, 6, 11}, 11},
	    {"just not", 2, 12, 3, {1, 6, 12}, 0},
	    {"a window before it", 2, 50, 4, {1, 2, 3, 50}, 0},
	    {"a window after it", 2, 1, 4, {1, 50, 51, 52}, 0},
	    {"the second window that holds it", 2, 12, 4, {1, 12, 13, 14}, 14},
	    {"it ends the window", 2, 20, 5, {1, 2, 18, 19, 20}, 20},
	    {"all at once", 3, 9, 4, {9, 9, 9, 9}, 9},
	};
	const struct bs_policy_class rule = {.window_s = 10};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t time_s[6], newest_s = 0;
		struct bs_policy_times times = {.seen_s = rows[i].seen_s,
		    .time_s = time_s,
		    .count = rows[i].count};

		memcpy(time_s, rows[i].time_s, sizeof(time_s));
		if (bs_policy_widens(&rule, rows[i].limit, &times, &newest_s) !=
			(rows[i].newest_s != 0) ||
		    newest_s != rows[i].newest_s)
			fail_msg("%s", rows[i].name);
	}
}

static void
wider(void **state)
{
	static const struct {
		const char *prefix, *wider; /* NULL: none */
		uint8_t limit_48, limit_32;
		uint32_t limit;
	} rows[] = {
	    {"2001:db8:1:2::/64", "2001:db8:1::/48", 16, 17, 16},
	    {"2001:db8:1:2::1", "2001:db8:1::/48", 16, 17, 16},
	    {"2001:db8:1::/49", "2001:db8:1::/48", 16, 17, 16},
	    {"2001:db8:1::/48", "2001:db8::/32", 16, 17, 17},
	    {"2001:db8::/32", NULL, 16, 17, 0},
	    {"2001:db8:1:2::/64", NULL, 0, 17, 0},
	    {"2001:db8:1::/48", NULL, 16, 0, 0},
	    {"192.0.2.1", NULL, 16, 17, 0},
	};
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_prefix prefix = prefix_of(rows[i].prefix), got;
		uint32_t limit;

		policy.widen_48 = rows[i].limit_48;
		policy.widen_32 = rows[i].limit_32;
		if (bs_policy_wider(&policy, &prefix, &got, &limit) !=
		    (rows[i].wider != NULL))
			fail_msg("%s", rows[i].prefix);
		if (rows[i].wider == NULL)
			continue;
		prefix = prefix_of(rows[i].wider);
		assert_int_equal(bs_prefix_compare(&got, &prefix), 0);
		assert_int_equal(limit, rows[i].limit);
	}
}

static void
identities(void **state)
{
	struct bs_policy policy;

	(void)state;
	bs_policy_defaults(&policy);
	assert_int_equal(bs_policy_seen_until_s(&policy, BS_DOOR_LIVE, NOW_S),
	    NOW_S + WEEK_S);
	assert_int_equal(bs_policy_seen_until_s(&policy, BS_DOOR_FILES, NOW_S),
	    NOW_S + 4 * WEEK_S);
	policy.class[2].expire_s = 9 * WEEK_S;
	assert_int_equal(bs_policy_seen_until_s(&policy, BS_DOOR_FILES, NOW_S),
	    NOW_S + 9 * WEEK_S);
}

/* --- the table of cases ------------------------------------------------- */

static size_t
run_rows(const struct policy_row *(*table)(size_t *count_r))
{
	size_t count;
	const struct policy_row *row = table(&count);

	for (size_t i = 0; i < count; i++) {
		struct policy_world world = policy_model_new();

		policy_script_run(&row[i], &world);
		policy_model_free(&world);
	}
	return count;
}

static void
cases(void **state)
{
	size_t count = run_rows(policy_rows_what);

	(void)state;
	count += run_rows(policy_rows_when);
	count += run_rows(policy_rows_again);
	count += run_rows(policy_rows_ipv6);
	assert_true(count >= 100);
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
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(repeats),
	    cmocka_unit_test(windows),
	    cmocka_unit_test(wider),
	    cmocka_unit_test(identities),
	    cmocka_unit_test(cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
