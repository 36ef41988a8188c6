/*
 * What each kind of message needs to be told, and all rules as one list.  The
 * rows are in rules_bounce*.c and rules_reply.c; classify.c applies them.
 */
#include "autoconf.h"

#include "rules.h"
#include "rules_table.h"

/* clang-format off */
static const struct rule_kind kinds[] = {
	/* kind, threshold, caps: proof who head subject words returned */
	{JUDGE_VIRUS, 70, {20, 30, 30, 40, 60, 10, 0}},
	{JUDGE_CHALLENGE, 70, {80, 25, 30, 40, 50, 0, 0}},
	{JUDGE_SUBSCRIBE, 70, {30, 30, 40, 50, 50, 0, 0}},
	{JUDGE_BOUNCE, 75, {90, 45, 30, 25, 50, 35, 0}},
	{JUDGE_AUTOREPLY, 60, {60, 20, 55, 45, 40, 0, 0}},
	{JUDGE_FORGED, 55, {0, 30, 15, 25, 20, 0, 0}},
};
/* clang-format on */

size_t
rules_count(void)
{
	return rules_bounce_count + rules_bounce_tongues_count +
	       rules_reply_count;
}

const struct rule *
rules_at(size_t index)
{
	if (index < rules_bounce_count)
		return &rules_bounce[index];
	index -= rules_bounce_count;
	if (index < rules_bounce_tongues_count)
		return &rules_bounce_tongues[index];
	return &rules_reply[index - rules_bounce_tongues_count];
}

const struct rule_kind *
rules_kind(enum judge_kind kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].kind == kind)
			return &kinds[i];
	}
	return NULL;
}
