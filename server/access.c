/*
 * Access lists.  The prefixes of a family are turned into steps: addresses in
 * order, at each of which the verdict changes, so that a search for the last
 * step up to an address finds what the narrowest prefix says.  Made by zone.c
 * and guard.c when the configuration is read, asked by respond.c.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "bytes.h"

#include "access.h"

#define FAMILIES 2
#define DEPTH_MAX 129 /* of prefixes in each other: one of each length */

/* From this address on, up to the next step's. */
struct step {
	uint64_t high, low; /* the address, an IPv4 one in the upper half of
			       `high` */
	enum access_verdict verdict;
};

struct steps {
	struct step *step;
	size_t count;
};

struct access {
	struct steps family[FAMILIES]; /* IPv4, IPv6 */
	enum access_verdict outside;
};

/* A prefix with what it says. */
struct rule {
	struct bs_prefix prefix;
	enum access_verdict verdict;
};

/* --- finding --------------------------------------------------------------- */

static struct step
step_at(const struct bs_addr *addr, enum access_verdict verdict)
{
	return (struct step){
	    .high = bs_get_be64(addr->octet),
	    .low = bs_get_be64(addr->octet + 8),
	    .verdict = verdict,
	};
}

static bool
is_after(const struct step *a, const struct step *b)
{
	return a->high != b->high ? a->high > b->high : a->low > b->low;
}

enum access_verdict
access_find(const struct access *access, const struct bs_addr *addr)
{
	const struct steps *steps;
	struct step wanted;
	size_t from = 0, to;

	if (access == NULL)
		return ACCESS_OPEN;
	wanted = step_at(addr, ACCESS_OPEN);
	steps = &access->family[addr->family == BS_IPV6];
	to = steps->count; /* the step is before it */
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (is_after(&steps->step[middle], &wanted))
			to = middle;
		else
			from = middle + 1;
	}
	return from > 0 ? steps->step[from - 1].verdict : access->outside;
}

/* --- making ---------------------------------------------------------------- */

/* By address, a wider prefix before what it holds, of equal ones the denial
 * last, since what comes last counts. */
static int
compare_rules(const void *left, const void *right)
{
	const struct rule *a = left, *b = right;
	int order = bs_prefix_compare(&a->prefix, &b->prefix);

	return order != 0 ? order : (int)a->verdict - (int)b->verdict;
}

/* A step where the last one is not of the same address: that it replaces. */
static void
add_step(struct steps *steps, struct step step)
{
	if (steps->count > 0 &&
	    !is_after(&step, &steps->step[steps->count - 1]))
		steps->count--;
	steps->step[steps->count++] = step;
}

/* The step behind a prefix; false: there is no address behind it. */
static bool
step_behind(const struct bs_prefix *prefix, enum access_verdict verdict,
    struct step *step_r)
{
	struct bs_addr addr = bs_prefix_last(prefix);

	for (size_t i = bs_family_octets(addr.family); i-- > 0;) {
		addr.octet[i]++;
		if (addr.octet[i] != 0) {
			*step_r = step_at(&addr, verdict);
			return true;
		}
	}
	return false;
}

/* Prefixes that hold the place that is at, the widest first. */
struct stack {
	const struct rule *rule[DEPTH_MAX];
	size_t depth;
};

/* Ends all prefixes that do not hold `next` (NULL: all). */
static void
close_prefixes(struct stack *stack, const struct rule *next,
    enum access_verdict outside, struct steps *steps)
{
	while (stack->depth > 0) {
		const struct rule *last = stack->rule[stack->depth - 1];
		struct step step;

		if (next != NULL &&
		    bs_prefix_covers(&last->prefix, &next->prefix))
			return;
		stack->depth--;
		if (step_behind(&last->prefix,
			stack->depth > 0
			    ? stack->rule[stack->depth - 1]->verdict
			    : outside,
			&step))
			add_step(steps, step);
	}
}

/* Rules of one family, in order. */
static void
make_steps(const struct rule *rule, size_t count, enum access_verdict outside,
    struct steps *steps)
{
	struct stack stack = {.depth = 0};

	for (size_t i = 0; i < count; i++) {
		/* of equal ones the last */
		if (i + 1 < count && bs_prefix_compare(&rule[i].prefix,
					 &rule[i + 1].prefix) == 0)
			continue;
		close_prefixes(&stack, &rule[i], outside, steps);
		add_step(steps, step_at(&rule[i].prefix.addr, rule[i].verdict));
		stack.rule[stack.depth++] = &rule[i];
	}
	close_prefixes(&stack, NULL, outside, steps);
}

static void
add_rules(
    struct rule *rule, struct access_list list, enum access_verdict verdict)
{
	for (size_t i = 0; i < list.count; i++)
		rule[i] = (struct rule){list.prefix[i], verdict};
}

static int
make_families(struct access *access, const struct rule *rule, size_t count)
{
	size_t ipv4 = 0;

	while (ipv4 < count && rule[ipv4].prefix.addr.family == BS_IPV4)
		ipv4++;
	for (size_t i = 0; i < FAMILIES; i++) {
		size_t first = i == 0 ? 0 : ipv4;
		size_t rules = i == 0 ? ipv4 : count - ipv4;
		struct steps *steps = &access->family[i];

		steps->step = calloc(2 * rules + 1, sizeof(*steps->step));
		if (steps->step == NULL)
			return BS_ENOMEM;
		make_steps(rule + first, rules, access->outside, steps);
	}
	return BS_OK;
}

int
access_new(
    struct access_list allow, struct access_list deny, struct access **access_r)
{
	size_t count = allow.count + deny.count;
	struct access *access = calloc(1, sizeof(*access));
	struct rule *rule = calloc(count + 1, sizeof(*rule));
	int result = BS_ENOMEM;

	if (access != NULL && rule != NULL) {
		add_rules(rule, allow, ACCESS_ALLOWED);
		add_rules(rule + allow.count, deny, ACCESS_DENIED);
		qsort(rule, count, sizeof(*rule), compare_rules);
		access->outside = allow.count > 0 ? ACCESS_DENIED : ACCESS_OPEN;
		result = make_families(access, rule, count);
	}
	free(rule);
	if (result == BS_OK)
		*access_r = access;
	else
		access_free(&access);
	return result;
}

void
access_free(struct access **access)
{
	if (*access == NULL)
		return;
	for (size_t i = 0; i < FAMILIES; i++)
		free((*access)->family[i].step);
	free(*access);
	*access = NULL;
}
