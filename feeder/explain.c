/*
 * Says why: a line for each rule that decided, with its name and place.
 * Reasons quote the rule, never the message, so that no trap shows in them.
 * classify.c calls it.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#include "explain.h"
#include "signals.h"
#include "strput.h"

static struct judge_reason *
new_reason(struct judgement *judgement, int weight)
{
	struct judge_reason *reason;

	if (judgement->wordless || judgement->reason_count == JUDGE_REASONS_MAX)
		return NULL;
	reason = &judgement->reason[judgement->reason_count++];
	reason->weight = weight;
	reason->rule[0] = reason->file[0] = '\0';
	reason->line = 0;
	return reason;
}

void
explain_add(struct judgement *judgement, int weight, const char *format, ...)
{
	struct judge_reason *reason = new_reason(judgement, weight);
	va_list args;

	if (reason == NULL)
		return;
	va_start(args, format);
	(void)vsnprintf(reason->text, sizeof reason->text, format, args);
	va_end(args);
}

void
explain_dsn(const struct dsn *dsn, struct judgement *judgement)
{
	if (dsn->action == DSN_ACTION_NONE && dsn->status[0] == '\0')
		return;
	if (dsn->action == DSN_ACTION_NONE)
		explain_add(judgement, 0, "Status: %s", dsn->status);
	else
		explain_add(judgement, 0, "Action: %s%s%s%s",
		    dsn_action_name(dsn->action),
		    dsn->status[0] != '\0' ? " (" : "", dsn->status,
		    dsn->status[0] != '\0' ? ")" : "");
}

/* Where a rule looked. */
static const char *
where(const struct rule *rule)
{
	static const char *const anywhere[RULE_FIELD_COUNT] = {
	    [RULE_IN_TEXT] = "text has",
	    [RULE_IN_SUBJECT] = "subject has",
	    [RULE_IN_FROM] = "From has",
	    [RULE_IN_FROM_ADDRESS] = "From's address has",
	    [RULE_IN_STATUS] = "status fields have",
	    [RULE_IN_HEADER] = "has",
	    [RULE_IN_FACT] = "",
	};
	static const char *const at_start[RULE_FIELD_COUNT] = {
	    [RULE_IN_TEXT] = "text starts",
	    [RULE_IN_SUBJECT] = "subject starts",
	    [RULE_IN_FROM] = "From starts",
	    [RULE_IN_FROM_ADDRESS] = "From's address starts",
	    [RULE_IN_STATUS] = "status fields start",
	    [RULE_IN_HEADER] = "starts",
	    [RULE_IN_FACT] = "",
	};

	return rule->place == RULE_AT_START || rule->place == RULE_AT_HEAD
		   ? at_start[rule->field]
		   : anywhere[rule->field];
}

/* Bytes of a literal, so that there is room for what stands before it. */
#define QUOTED_MAX 100
#define QUOTED_OF_TWO_MAX 45

/* A literal in quotes; no character of it is cut in two. */
static size_t
put_quoted(char text_r[JUDGE_TEXT_MAX], size_t used,
    const struct rule_literal *literal, size_t max)
{
	char text[QUOTED_MAX + 1];
	size_t size = literal != NULL ? bs_utf8_cut(literal->text, max) : 0;

	if (size > 0)
		memcpy(text, literal->text, size);
	text[size] = '\0';
	used = strput(text_r, used, JUDGE_TEXT_MAX, " \"");
	used = strput(text_r, used, JUDGE_TEXT_MAX, text);
	return strput(text_r, used, JUDGE_TEXT_MAX, "\"");
}

/* "subject has "undeliver"", and what is near it. */
static void
put_text(const struct weigh_hit *hit, char text_r[JUDGE_TEXT_MAX])
{
	const struct rule *rule = hit->rule;
	const struct rule_literal *literal =
	    hit->literal > 0 ? &rule->literal[hit->literal - 1] : NULL;
	bool in_header = rule->field == RULE_IN_HEADER;
	size_t used = 0;

	if (rule->field == RULE_IN_FACT) {
		(void)strput(
		    text_r, 0, JUDGE_TEXT_MAX, signals_text(rule->fact));
		return;
	}
	if (in_header) {
		used = strput(text_r, 0, JUDGE_TEXT_MAX, "header ");
		used = strput(text_r, used, JUDGE_TEXT_MAX, rule->header);
		if (literal == NULL)
			return;
		used = strput(text_r, used, JUDGE_TEXT_MAX, " ");
	}
	used = strput(text_r, used, JUDGE_TEXT_MAX, where(rule));
	if (hit->near == 0) {
		(void)put_quoted(text_r, used, literal, QUOTED_MAX);
		return;
	}
	used = put_quoted(text_r, used, literal, QUOTED_OF_TWO_MAX);
	used = strput(text_r, used, JUDGE_TEXT_MAX, " near");
	(void)put_quoted(
	    text_r, used, &rule->near[hit->near - 1], QUOTED_OF_TWO_MAX);
}

static void
explain_hit(const struct weigh_hit *hit, struct judgement *judgement)
{
	struct judge_reason *reason = new_reason(judgement, hit->rule->weight);

	if (reason == NULL)
		return;
	(void)strput(reason->rule, 0, sizeof reason->rule, hit->rule->name);
	(void)strput(reason->file, 0, sizeof reason->file, hit->rule->file);
	reason->line = hit->rule->line;
	put_text(hit, reason->text);
}

/* The heaviest first, then in the order of the rules, as they come; no more
 * than are told. */
static void
sort_by_weight(struct weighing *weighing)
{
	struct weigh_hit *hit = weighing->hit;

	for (size_t i = 1; i < weighing->hit_count; i++) {
		struct weigh_hit one = hit[i];
		size_t k = i < JUDGE_REASONS_MAX ? i : JUDGE_REASONS_MAX;

		for (; k > 0 &&
		       abs(one.rule->weight) > abs(hit[k - 1].rule->weight);
		     k--)
			hit[k] = hit[k - 1];
		hit[k] = one;
	}
}

/* Of a forged bounce also what spoke against a bounce; of ordinary mail what
 * spoke for and against the nearest class. */
static bool
is_reason(const struct rule *rule, const struct judgement *judgement)
{
	if (rule->kind == judgement->kind)
		return true;
	if (judgement->kind == JUDGE_FORGED)
		return rule->kind == JUDGE_BOUNCE &&
		       rule->group == RULE_AGAINST;
	return judgement->kind == JUDGE_NONE &&
	       rule->kind == judgement->nearest;
}

void
explain_rules(struct weighing *weighing, struct judgement *judgement)
{
	size_t count = 0;

	if (judgement->wordless)
		return;
	for (size_t i = 0; i < weighing->hit_count; i++) {
		if (is_reason(weighing->hit[i].rule, judgement))
			weighing->hit[count++] = weighing->hit[i];
	}
	weighing->hit_count = count;
	sort_by_weight(weighing);
	for (size_t i = 0; i < count; i++)
		explain_hit(&weighing->hit[i], judgement);
	if (judgement->reason_count == 0)
		explain_add(judgement, 0, "nothing speaks for backscatter");
}
