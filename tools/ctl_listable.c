/*
 * What may be listed by hand: no reserved space, nothing absurdly wide; and for
 * how long.  Says why not and what to do.  ctl_add.c and the reader of imports
 * ask.
 */
#include "autoconf.h"

#include "testpoint.h"

#include "ctl_listable.h"

/* Prefixes shorter than wide_bits need --wide, than refused_bits are refused:
 * a slip of the finger must not list a quarter of the net. */
static const struct width_row {
	enum bs_family family;
	uint8_t wide_bits, refused_bits;
} width_table[] = {
    {BS_IPV4, 16, 8},
    {BS_IPV6, 32, 16},
};

static const struct width_row *
width_of(const struct bs_prefix *prefix)
{
	return &width_table[prefix->addr.family == BS_IPV4 ? 0 : 1];
}

static void
say_reserved(
    const struct ctl *ctl, const char *text, const struct bs_prefix *prefix)
{
	const struct bs_reserved *row = ctl_find_reserved(ctl, prefix);
	char range[BS_PREFIX_TEXT_MAX];
	const char *verb;

	if (row == NULL) { /* the policy knows more than the table */
		ctl_say("%s: is never listed (RFC 5782 section 5): leave it "
			"out",
		    text);
		return;
	}
	bs_prefix_format(&row->prefix, range);
	verb =
	    bs_prefix_covers(&row->prefix, prefix) ? "lies in" : "reaches into";
	if (row->documentation)
		ctl_say("%s: %s %s, %s (%s), reserved for examples, never a "
			"real host, so never listed: for a trial write "
			"`documentation-space: yes` in %s",
		    text, verb, range, row->name, row->source,
		    ctl->config->path);
	else
		ctl_say("%s: %s %s, %s (%s), which is never listed: give the "
			"public address that the mail came from",
		    text, verb, range, row->name, row->source);
}

bool
ctl_may_list(
    const struct ctl *ctl, const char *text, const struct bs_prefix *prefix)
{
	const struct width_row *width = width_of(prefix);
	enum bs_verdict verdict;

	if (prefix->bits < width->refused_bits) {
		ctl_say("%s: wider than /%u is never listed: give the networks "
			"that send backscatter",
		    text, width->refused_bits);
		return false;
	}
	/* unlisted it is how clients tell a sane list */
	if (bs_prefix_is_single(prefix) && bs_testpoint_never(prefix)) {
		ctl_say("%s: 127.0.0.1 must never be listed (RFC 5782 section "
			"5), as clients test lists by it: leave it out",
		    text);
		return false;
	}
	verdict = bs_policy_may_list(&ctl->config->policy, prefix);
	/* what is exempt may be listed: it is kept and not served */
	if (verdict != BS_VERDICT_LIST && verdict != BS_VERDICT_EXEMPT) {
		say_reserved(ctl, text, prefix);
		return false;
	}
	if (prefix->bits < width->wide_bits && !ctl->options->given[CTL_WIDE]) {
		ctl_say("%s: is wider than /%u: add --wide if all of it shall "
			"be listed",
		    text, width->wide_bits);
		return false;
	}
	return true;
}

/* How long the policy keeps the longest of the classes. */
static uint32_t
policy_expire_s(const struct bs_policy *policy, bs_classes classes)
{
	uint32_t longest_s = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) != 0 &&
		    policy->class[i].expire_s > longest_s)
			longest_s = policy->class[i].expire_s;
	}
	return longest_s;
}

/* Reads --for; the end of time is 2106 (clock.h). */
bool
ctl_parse_expires(
    const struct ctl *ctl, bs_classes classes, uint32_t *expires_s_r)
{
	const char *text = ctl->options->value[CTL_FOR];
	uint32_t now_s = ctl->now_s;
	uint32_t duration_s = policy_expire_s(&ctl->config->policy, classes);
	int error = BS_OK;

	if (text != NULL)
		error = bs_duration_parse(text, &duration_s);
	if (error == BS_OK && duration_s == 0)
		error = BS_EINVAL;
	if (error == BS_OK && duration_s >= BS_LISTING_FOREVER - now_s)
		error = BS_ERANGE;
	if (error == BS_OK) {
		*expires_s_r = now_s + duration_s;
		return true;
	}
	if (error == BS_ERANGE)
		ctl_say("--for: %s: too long: times end in 2106", text);
	else
		ctl_say("--for: '%s': not a time to come: write one like 90m, "
			"12h, 3d or 4w",
		    text);
	return false;
}
