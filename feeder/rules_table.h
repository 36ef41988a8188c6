/*
 * How the rows of the rules' tables are written; for rules_*.c only.  Each
 * table is a pure list; rules.c puts them together.
 */
#ifndef FEED_RULES_TABLE_H
#define FEED_RULES_TABLE_H

#include "rules.h"

/* clang-format off */
#define FACT(kind, group, weight, fact) \
	{JUDGE_##kind, RULE_##group, weight, RULE_IF_FACT, fact, NULL, \
	JUDGE_TYPE_NONE}
#define HEADER(kind, group, weight, name, needle) \
	{JUDGE_##kind, RULE_##group, weight, RULE_IF_HEADER, name, needle, \
	JUDGE_TYPE_NONE}
#define FROM(kind, weight, needle) \
	{JUDGE_##kind, RULE_WHO, weight, RULE_IF_FROM, NULL, needle, \
	JUDGE_TYPE_NONE}
#define LOCAL(kind, weight, needle) \
	{JUDGE_##kind, RULE_WHO, weight, RULE_IF_FROM_LOCAL, NULL, needle, \
	JUDGE_TYPE_NONE}
#define SUBJECT(kind, weight, needle) \
	{JUDGE_##kind, RULE_SUBJECT, weight, RULE_IF_SUBJECT, NULL, needle, \
	JUDGE_TYPE_NONE}
#define STARTS(kind, weight, needle) \
	{JUDGE_##kind, RULE_SUBJECT, weight, RULE_IF_SUBJECT_IS, NULL, needle, \
	JUDGE_TYPE_NONE}
#define HEAD_IS(kind, weight, needle) \
	{JUDGE_##kind, RULE_SUBJECT, weight, RULE_IF_SUBJECT_HEAD, NULL, \
	needle, JUDGE_TYPE_NONE}
#define WORDS(kind, weight, needle) \
	{JUDGE_##kind, RULE_WORDS, weight, RULE_IF_WORDS, NULL, needle, \
	JUDGE_TYPE_NONE}
#define DELAY_SUBJECT(weight, needle) \
	{JUDGE_BOUNCE, RULE_SUBJECT, weight, RULE_IF_SUBJECT, NULL, needle, \
	JUDGE_DELAYED}
#define DELAY_WORDS(weight, needle) \
	{JUDGE_BOUNCE, RULE_WORDS, weight, RULE_IF_WORDS, NULL, needle, \
	JUDGE_DELAYED}
#define DONE_WORDS(type, weight, needle) \
	{JUDGE_BOUNCE, RULE_WORDS, weight, RULE_IF_WORDS, NULL, needle, \
	JUDGE_##type}

/* clang-format on */

extern const struct rule rules_bounce[];
extern const size_t rules_bounce_count;
extern const struct rule rules_bounce_tongues[];
extern const size_t rules_bounce_tongues_count;
extern const struct rule rules_reply[];
extern const size_t rules_reply_count;

#endif
