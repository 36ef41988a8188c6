/*
 * Weighs the facts of a message by the rules and says which kind it is and
 * why.  Special kinds go first (a challenge or a virus notice may be a perfect
 * delivery report as well); nothing is told from one sort of evidence alone.
 * Reasons quote the rule, never the message, so that no trap shows in them.
 * judge.c calls it.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#include "classify.h"
#include "rules.h"
#include "signals.h"

#define HITS_MAX 128
#define BOUNCE_WORDS_MIN 25
#define BOUNCE_PHRASE_MIN 15
#define BOUNCE_SUBJECT_MIN 20 /* one that only bounces have */
#define BOUNCE_PROOF_MIN 50
#define BOUNCE_WHO_MIN 40      /* two signs of a mail system as the sender */
#define BOUNCE_QUOTED_MIN 20   /* a returned message */
#define BOUNCE_RETURNED_MIN 35 /* a returned message and a reply code */
#define LIST_FIELD_MIN 15      /* a header field of a list's program */

struct weighing {
	int group[JUDGE_KIND_COUNT][RULE_GROUP_COUNT]; /* capped sums */
	enum judge_type type; /* what the strongest phrase says */
	int type_weight;
	size_t hit[HITS_MAX]; /* for rules_at */
	size_t hit_count;
};

/* --- weighing ------------------------------------------------------------- */

static bool
header_has(const struct facts *facts, const char *name, const char *needle)
{
	for (size_t i = 0; i < facts->header_count; i++) {
		if (strcmp(facts->header[i].name, name) == 0 &&
		    strstr(facts->header[i].value, needle) != NULL)
			return true;
	}
	return false;
}

/* Brackets and stars before the first word do not count. */
static bool
subject_starts(const char *subject, const char *needle)
{
	subject += strspn(subject, " [(*\"'");
	return strncmp(subject, needle, strlen(needle)) == 0;
}

/* "Absence: hello", but not "Absence of evidence". */
static bool
subject_head_is(const char *subject, const char *needle)
{
	subject += strspn(subject, " [(*\"'");
	if (strncmp(subject, needle, strlen(needle)) != 0)
		return false;
	subject += strlen(needle);
	subject += strspn(subject, " ");
	return *subject == '\0' || strchr(":(-!.)]\"", *subject) != NULL;
}

static bool
rule_holds(const struct rule *rule, const struct facts *facts)
{
	switch (rule->field) {
	case RULE_IF_FACT:
		return signal_holds(facts, rule->name);
	case RULE_IF_HEADER:
		return header_has(facts, rule->name, rule->needle);
	case RULE_IF_FROM:
		return strstr(facts->from_name, rule->needle) != NULL;
	case RULE_IF_FROM_LOCAL:
		return strncmp(facts->from_address, rule->needle,
			   strlen(rule->needle)) == 0;
	case RULE_IF_SUBJECT:
		return strstr(facts->subject, rule->needle) != NULL;
	case RULE_IF_SUBJECT_IS:
		return subject_starts(facts->subject, rule->needle);
	case RULE_IF_SUBJECT_HEAD:
		return subject_head_is(facts->subject, rule->needle);
	case RULE_IF_WORDS:
		return strstr(facts->words, rule->needle) != NULL;
	}
	return false;
}

static void
add(struct weighing *weighing, size_t index)
{
	const struct rule *rule = rules_at(index);
	const struct rule_kind *kind = rules_kind(rule->kind);
	int *sum = &weighing->group[rule->kind][rule->group];

	*sum += rule->weight;
	if (rule->weight > 0 && *sum > kind->cap[rule->group])
		*sum = kind->cap[rule->group];
	if (rule->type != JUDGE_TYPE_NONE &&
	    rule->weight > weighing->type_weight) {
		weighing->type = rule->type;
		weighing->type_weight = rule->weight;
	}
	if (weighing->hit_count < HITS_MAX)
		weighing->hit[weighing->hit_count++] = index;
}

static void
weigh(const struct facts *facts, struct weighing *weighing_r)
{
	memset(weighing_r, 0, sizeof *weighing_r);
	for (size_t i = 0; i < rules_count(); i++) {
		if (rule_holds(rules_at(i), facts))
			add(weighing_r, i);
	}
}

static int
score(const struct weighing *weighing, enum judge_kind kind)
{
	int sum = 0;

	for (int i = 0; i < RULE_GROUP_COUNT; i++)
		sum += weighing->group[kind][i];
	return sum;
}

/* How many independent sorts of evidence speak for it. */
static int
witnesses(const struct weighing *weighing, enum judge_kind kind)
{
	int count = 0;

	for (int i = 0; i < RULE_GROUP_COUNT; i++)
		count += weighing->group[kind][i] > 0;
	return count;
}

/* A bounce that is text alone must say more than one stock phrase: fields of a
 * mail system, a remote MTA's reply, or a sentence that is a form.  Less will
 * do where both envelope and From are a mail system's, and the subject is a
 * bounce's. */
static bool
has_form(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_BOUNCE];

	if (group[RULE_WHO] >= BOUNCE_WHO_MIN &&
	    group[RULE_SUBJECT] >= BOUNCE_SUBJECT_MIN &&
	    (group[RULE_WORDS] >= BOUNCE_PHRASE_MIN ||
		group[RULE_RETURNED] > 0))
		return true;
	return group[RULE_PROOF] > 0 || group[RULE_WORDS] >= BOUNCE_WORDS_MIN ||
	       group[RULE_RETURNED] >= BOUNCE_RETURNED_MIN;
}

/* Nor is it a bounce when nothing but its text comes from a mail system (people
 * quote bounces), or when one sign of a sender is all (postmasters write, and
 * get statistics). */
static bool
has_sender(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_BOUNCE];

	if (group[RULE_PROOF] >= BOUNCE_PROOF_MIN)
		return true;
	return group[RULE_WHO] > 0 &&
	       (group[RULE_SUBJECT] > 0 || group[RULE_PROOF] > 0 ||
		   group[RULE_RETURNED] >= BOUNCE_QUOTED_MIN ||
		   group[RULE_WHO] >= BOUNCE_WHO_MIN);
}

/* Forgotten passwords are asked for, too, and a club's fee is a subscription:
 * a list's answer has a list's subject or field, and a robot's sender or
 * field. */
static bool
has_list(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_SUBSCRIBE];

	return group[RULE_HEAD] >= LIST_FIELD_MIN ||
	       (group[RULE_SUBJECT] > 0 &&
		   group[RULE_WHO] + group[RULE_HEAD] > 0);
}

static bool
passes(const struct weighing *weighing, enum judge_kind kind)
{
	if (kind == JUDGE_BOUNCE &&
	    (!has_form(weighing) || !has_sender(weighing)))
		return false;
	if (kind == JUDGE_SUBSCRIBE && !has_list(weighing))
		return false;
	return score(weighing, kind) >= rules_kind(kind)->threshold &&
	       witnesses(weighing, kind) >= 2;
}

static enum judge_kind
decide(const struct weighing *weighing)
{
	static const enum judge_kind order[] = {JUDGE_VIRUS, JUDGE_CHALLENGE,
	    JUDGE_SUBSCRIBE, JUDGE_BOUNCE, JUDGE_AUTOREPLY, JUDGE_FORGED};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (passes(weighing, order[i]))
			return order[i];
	}
	return JUDGE_NONE;
}

/* --- what the judgement says ----------------------------------------------- */

static const struct dsn *
dsn_of(const struct facts *facts)
{
	return facts->has_status_part || facts->has_disposition_part
		   ? &facts->dsn
		   : &facts->text_dsn;
}

static enum judge_type
type_of_action(const struct dsn *dsn)
{
	switch (dsn->action) {
	case DSN_FAILED:
		return strncmp(dsn->status, "5.7.", 4) == 0 ? JUDGE_REJECTED
							    : JUDGE_FAILED;
	case DSN_DELAYED:
		return JUDGE_DELAYED;
	case DSN_DELIVERED:
		return JUDGE_DELIVERED;
	case DSN_RELAYED:
		return JUDGE_RELAYED;
	case DSN_EXPANDED:
		return JUDGE_EXPANDED;
	case DSN_ACTION_NONE:
		break;
	}
	return JUDGE_TYPE_NONE;
}

static enum judge_type
bounce_type(const struct facts *facts, const struct weighing *weighing)
{
	const struct dsn *dsn = dsn_of(facts);
	enum judge_type type = type_of_action(dsn);

	if (dsn->has_disposition)
		return JUDGE_DISPLAYED;
	if (type != JUDGE_TYPE_NONE)
		return type;
	if (weighing->type != JUDGE_TYPE_NONE)
		return weighing->type;
	if (dsn->status[0] == '2')
		return JUDGE_DELIVERED;
	return JUDGE_FAILED;
}

static bool
type_lists(enum judge_type type)
{
	return type == JUDGE_FAILED || type == JUDGE_REJECTED ||
	       type == JUDGE_TYPE_NONE;
}

static bool
class_of(enum judge_kind kind, enum bs_class *class_r)
{
	static const struct {
		enum judge_kind kind;
		enum bs_class class;
	} classes[] = {{JUDGE_BOUNCE, BS_BOUNCE}, {JUDGE_VIRUS, BS_VIRUS},
	    {JUDGE_AUTOREPLY, BS_AUTOREPLY}, {JUDGE_CHALLENGE, BS_CHALLENGE},
	    {JUDGE_SUBSCRIBE, BS_SUBSCRIBE}};

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (classes[i].kind == kind) {
			*class_r = classes[i].class;
			return true;
		}
	}
	return false;
}

static struct judge_reason *
new_reason(struct judgement *judgement, int weight)
{
	struct judge_reason *reason;

	if (judgement->reason_count == JUDGE_REASONS_MAX)
		return NULL;
	reason = &judgement->reason[judgement->reason_count++];
	reason->weight = weight;
	return reason;
}

static void
explain_rule(const struct rule *rule, struct judgement *judgement)
{
	static const char *const wheres[] = {"", "", "From has", "From starts",
	    "subject has", "subject starts", "subject starts", "text has"};
	struct judge_reason *reason = new_reason(judgement, rule->weight);

	if (reason == NULL)
		return;
	if (rule->field == RULE_IF_FACT)
		snprintf(reason->text, sizeof reason->text, "%s", rule->name);
	else if (rule->field == RULE_IF_HEADER)
		snprintf(reason->text, sizeof reason->text, "header %s%s%s",
		    rule->name, rule->needle[0] != '\0' ? ": " : "",
		    rule->needle);
	else
		snprintf(reason->text, sizeof reason->text, "%s \"%s\"",
		    wheres[rule->field], rule->needle);
}

static void
explain_dsn(const struct dsn *dsn, struct judgement *judgement)
{
	struct judge_reason *reason;

	if (dsn->action == DSN_ACTION_NONE && dsn->status[0] == '\0')
		return;
	reason = new_reason(judgement, 0);
	if (reason == NULL)
		return;
	if (dsn->action == DSN_ACTION_NONE)
		snprintf(reason->text, sizeof reason->text, "Status: %s",
		    dsn->status);
	else
		snprintf(reason->text, sizeof reason->text, "Action: %s%s%s%s",
		    dsn_action_name(dsn->action),
		    dsn->status[0] != '\0' ? " (" : "", dsn->status,
		    dsn->status[0] != '\0' ? ")" : "");
}

static int
by_weight(const void *a, const void *b)
{
	const size_t *left = a, *right = b;
	int difference =
	    abs(rules_at(*right)->weight) - abs(rules_at(*left)->weight);

	return difference != 0 ? difference
			       : (*left > *right) - (*left < *right);
}

/* Of a forged bounce also what spoke against a bounce; of ordinary mail what
 * spoke for and against one. */
static bool
is_reason(const struct rule *rule, enum judge_kind kind)
{
	if (rule->kind == kind)
		return true;
	return rule->kind == JUDGE_BOUNCE &&
	       (kind == JUDGE_NONE ||
		   (kind == JUDGE_FORGED && rule->group == RULE_AGAINST));
}

/* The rules that decided, the heaviest first. */
static void
explain(struct weighing *weighing, struct judgement *judgement)
{
	qsort(weighing->hit, weighing->hit_count, sizeof *weighing->hit,
	    by_weight);
	for (size_t i = 0; i < weighing->hit_count; i++) {
		const struct rule *rule = rules_at(weighing->hit[i]);

		if (is_reason(rule, judgement->kind))
			explain_rule(rule, judgement);
	}
	if (judgement->reason_count == 0)
		snprintf(new_reason(judgement, 0)->text, JUDGE_TEXT_MAX,
		    "nothing speaks for backscatter");
}

/* Who hands a notice on is not its source: a person (RFC 5322 section 3.6.6),
 * or a list that its members' notices come through. */
static const char *
handed_on(const struct facts *facts, enum judge_kind kind)
{
	if (header_has(facts, "resent-from", ""))
		return "Resent-From: handed on by who received it";
	if (kind == JUDGE_BOUNCE &&
	    (header_has(facts, "list-id", "") ||
		header_has(facts, "list-post", "") ||
		header_has(facts, "x-beenthere", "") ||
		header_has(facts, "x-mailing-list", "")))
		return "List-Id or the like: handed on by a mailing list";
	return NULL;
}

/* Says so, first of all reasons. */
static bool
is_handed_on(const struct facts *facts, struct judgement *judgement)
{
	const char *why = handed_on(facts, judgement->kind);
	struct judge_reason *reason;

	if (why == NULL)
		return false;
	reason = new_reason(judgement, 0);
	if (reason != NULL)
		snprintf(reason->text, sizeof reason->text, "%s", why);
	return true;
}

/* What the notice states, for who wants to know. */
static void
state(const struct facts *facts, const struct dsn *dsn,
    struct judgement *judgement)
{
	snprintf(
	    judgement->status, sizeof judgement->status, "%s", dsn->status);
	snprintf(judgement->action, sizeof judgement->action, "%s",
	    dsn_action_name(dsn->action));
	snprintf(judgement->reporting_mta, sizeof judgement->reporting_mta,
	    "%s", dsn->reporting_mta);
	snprintf(judgement->subject, sizeof judgement->subject, "%.*s",
	    (int)bs_utf8_cut(
		facts->subject_shown, sizeof judgement->subject - 1),
	    facts->subject_shown);
}

void
classify(const struct facts *facts, struct judgement *judgement_r)
{
	struct weighing weighing;
	const struct dsn *dsn = dsn_of(facts);
	bool is_class;

	weigh(facts, &weighing);
	judgement_r->kind = decide(&weighing);
	judgement_r->type = JUDGE_TYPE_NONE;
	judgement_r->reason_count = 0;
	judgement_r->status[0] = judgement_r->action[0] = '\0';
	judgement_r->reporting_mta[0] = judgement_r->subject[0] = '\0';
	if (judgement_r->kind == JUDGE_BOUNCE)
		judgement_r->type = bounce_type(facts, &weighing);
	is_class = class_of(judgement_r->kind, &judgement_r->class);
	judgement_r->lists = is_class && type_lists(judgement_r->type) &&
			     !is_handed_on(facts, judgement_r);
	if (is_class) {
		explain_dsn(dsn, judgement_r);
		state(facts, dsn, judgement_r);
	}
	explain(&weighing, judgement_r);
}
