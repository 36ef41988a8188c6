/*
 * Weighs the facts of a message by the rules and says which kind it is and
 * why.  Special kinds go first (a challenge or a virus notice may be a perfect
 * delivery report as well); nothing is told from one sort of evidence alone.
 * The rules say what each piece of evidence is worth (weigh.c); what is asked
 * for besides a sum is here.  judge.c calls it.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#include "classify.h"
#include "explain.h"
#include "signals.h"
#include "strput.h"

#define BOUNCE_WORDS_MIN 25
#define BOUNCE_PHRASE_MIN 15
#define BOUNCE_NOTICE_MIN 15  /* nothing in it that a spammer wants */
#define BOUNCE_NULL_MIN 25    /* so, and the null sender */
#define BOUNCE_SUBJECT_MIN 20 /* one that only bounces have */
#define BOUNCE_PROOF_MIN 50
#define BOUNCE_WHO_MIN 40      /* two signs of a mail system as the sender */
#define BOUNCE_QUOTED_MIN 20   /* a returned message */
#define BOUNCE_RETURNED_MIN 35 /* a returned message and a reply code */
#define BOUNCE_SAID_MIN 45     /* both, where neither is enough */
#define LIST_FIELD_MIN 15      /* a header field of a list's program */
#define LIST_SENDER_MIN 15     /* more than the null sender */
#define LIST_PROGRAM_MIN 40    /* an address that only its program has */
#define ANSWER_SUBJECT_MIN 40  /* one that only automatic replies have */
#define ANSWER_TEXT_MIN 40     /* of a text that is all an answer's */
#define ANSWER_MARKED_MIN 40   /* a letter that a program marked */
#define ANSWER_SAID_MIN 35     /* two things of them, by text and subject */
#define ANSWER_RE_MAX 15       /* a subject that begins with "Re:" */
#define CHALLENGE_FIELD_MAX 60 /* one field of a product */
#define QUOTED_WORDS_MAX 40    /* as much as a quoted subject may say */
#define CHALLENGE_WORDS_MIN 55 /* three of what challenges say */
#define VIRUS_WORDS_MIN 25     /* a virus that was found, or what was banned */

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
 * do where both envelope and From are a mail system's or the subject is a
 * bounce's: two of these, that it has nothing to click, what it returns or a
 * reply code, and a phrase.  Least will where all of these are, unless the text
 * sells something. */
static bool
has_form(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_BOUNCE];
	bool by_sender = group[RULE_SENDER] >= BOUNCE_WHO_MIN;
	bool by_subject = group[RULE_SUBJECT] >= BOUNCE_SUBJECT_MIN;
	bool unclickable = group[RULE_HEADER] >= BOUNCE_NOTICE_MIN;
	bool says = group[RULE_TEXT] >= BOUNCE_PHRASE_MIN;

	if (by_sender && by_subject &&
	    (says || group[RULE_RETURNED] > 0 ||
		(unclickable && group[RULE_TEXT] >= 0)))
		return true;
	if (by_sender && unclickable &&
	    (says || group[RULE_RETURNED] >= BOUNCE_QUOTED_MIN))
		return true;
	if (by_subject && unclickable + says + (group[RULE_RETURNED] > 0) > 1)
		return true;
	return group[RULE_PROOF] > 0 || group[RULE_TEXT] >= BOUNCE_WORDS_MIN ||
	       group[RULE_RETURNED] >= BOUNCE_RETURNED_MIN ||
	       group[RULE_TEXT] + group[RULE_RETURNED] >= BOUNCE_SAID_MIN;
}

/* Postmasters write themselves, too, and of mail that failed: what a program writes
 * for them says so in its subject and below. */
static bool
is_by_hand(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_BOUNCE];

	return signals_are_of_office(weighing->signals) &&
	       (group[RULE_SUBJECT] < BOUNCE_SUBJECT_MIN ||
		   group[RULE_TEXT] + group[RULE_RETURNED] < BOUNCE_PHRASE_MIN);
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
	return group[RULE_SENDER] > 0 && !is_by_hand(weighing) &&
	       (group[RULE_SUBJECT] > 0 || group[RULE_PROOF] > 0 ||
		   group[RULE_RETURNED] >= BOUNCE_QUOTED_MIN ||
		   group[RULE_HEADER] >= BOUNCE_NULL_MIN ||
		   group[RULE_SENDER] >= BOUNCE_WHO_MIN);
}

/* Forgotten passwords are asked for, too, and a club's fee is a subscription:
 * a list's answer comes from its program's own address, or has two of these: a
 * list's field, its subject, a robot as the sender.  A digest has the fields, and
 * says nothing of a list. */
static bool
has_list(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_SUBSCRIBE];

	if (group[RULE_TEXT] <= 0 && group[RULE_SUBJECT] <= 0 &&
	    group[RULE_PROOF] < LIST_PROGRAM_MIN)
		return false;
	return group[RULE_PROOF] > 0 ||
	       (group[RULE_HEADER] >= LIST_FIELD_MIN &&
		   group[RULE_SENDER] >= LIST_SENDER_MIN) ||
	       (group[RULE_SUBJECT] > 0 &&
		   group[RULE_SENDER] + group[RULE_HEADER] > 0);
}

/* What lists pass on, trackers tell and people write from ticket systems is marked as
 * automatic mail, too, and has one or the other word by chance: where neither a
 * field nor a subject is an automatic reply's, it says two things that one says. */
static bool
says_enough(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_AUTOREPLY];
	int said = group[RULE_TEXT];

	if (group[RULE_PROOF] > 0 ||
	    group[RULE_SUBJECT] >= ANSWER_SUBJECT_MIN ||
	    signals_are_of_answer(weighing->signals))
		return true;
	if (signals_are_of_null_sender(weighing->signals))
		return group[RULE_TEXT] > 0 || group[RULE_SUBJECT] > 0;
	if (group[RULE_SUBJECT] > ANSWER_RE_MAX)
		said += group[RULE_SUBJECT];
	return signals_are_of_lone_letter(weighing->signals) ||
	       said >= ANSWER_SAID_MIN;
}

/* People answer by programs, too: an automatic reply shows that it is one by a
 * field or its subject, or says why nobody answers yet.  A short letter's subject
 * is an answer's or an absence's, and then the null sender is enough, or it says
 * nothing else; HTML with a link where nothing of the kind is said is spam's,
 * whatever it borrows. */
static bool
has_reason(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_AUTOREPLY];
	bool is_letter = signals_are_of_letter(weighing->signals);
	bool is_null = signals_are_of_null_sender(weighing->signals);

	if (signals_are_of_page(weighing->signals) && !is_null &&
	    !signals_are_of_robots_answer(weighing->signals) &&
	    group[RULE_TEXT] <= 0)
		return false;
	if (!says_enough(weighing))
		return false;
	if (is_letter && !is_null && group[RULE_PROOF] <= 0 &&
	    group[RULE_SUBJECT] <= 0 && group[RULE_TEXT] < ANSWER_TEXT_MIN)
		return false;
	return group[RULE_PROOF] > 0 || group[RULE_TEXT] > 0 ||
	       group[RULE_SUBJECT] >= ANSWER_SUBJECT_MIN ||
	       (is_null &&
		   (is_letter ? group[RULE_SUBJECT] > 0
			      : group[RULE_HEADER] >= ANSWER_MARKED_MIN));
}

/* How much of what its class asks for, in percent. */
static int
percent_of(const struct rules *rules, const struct weighing *weighing,
    enum judge_kind kind)
{
	int threshold = rules->kind[kind].threshold;

	return threshold > 0 ? weigh_score(weighing, kind) * 100 / threshold
			     : 0;
}

/* The class that needs least more; JUDGE_NONE where nothing speaks for any. */
static enum judge_kind
nearest(const struct rules *rules, const struct weighing *weighing)
{
	enum judge_kind best = JUDGE_NONE;
	int best_percent = 0;

	for (int kind = 0; kind <= JUDGE_SUBSCRIBE; kind++) {
		int percent =
		    percent_of(rules, weighing, (enum judge_kind)kind);

		if (percent > best_percent) {
			best = (enum judge_kind)kind;
			best_percent = percent;
		}
	}
	return best;
}

/* A robot's field suffices, but not for what is likelier something else, and not
 * where a link is all that is said: spam borrows the field. */
static bool
is_by_field_alone(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_AUTOREPLY];

	return group[RULE_SENDER] == 0 && group[RULE_SUBJECT] == 0 &&
	       group[RULE_TEXT] == 0;
}

/* Spam borrows a product's field: with a link a challenge says what it asks for, or
 * has what more than one field is worth. */
static bool
has_question(const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_CHALLENGE];

	return !signals_are_of_lure(weighing->signals) ||
	       group[RULE_TEXT] > 0 || group[RULE_SUBJECT] > 0 ||
	       group[RULE_PROOF] > CHALLENGE_FIELD_MAX;
}

static bool
passes(const struct rules *rules, const struct weighing *weighing,
    enum judge_kind kind)
{
	int threshold = rules->kind[kind].threshold;

	if (kind == JUDGE_BOUNCE &&
	    (!has_form(weighing) || !has_sender(weighing)))
		return false;
	if (kind == JUDGE_SUBSCRIBE && !has_list(weighing))
		return false;
	if (kind == JUDGE_AUTOREPLY && !has_reason(weighing))
		return false;
	if (kind == JUDGE_AUTOREPLY && is_by_field_alone(weighing) &&
	    (signals_are_of_lure(weighing->signals) ||
		nearest(rules, weighing) != JUDGE_AUTOREPLY))
		return false;
	if (kind == JUDGE_CHALLENGE && !has_question(weighing))
		return false;
	return threshold > 0 && weigh_score(weighing, kind) >= threshold &&
	       witnesses(weighing, kind) >= 2;
}

/* People who are away or have left say what bounces say: no mail system sent
 * it, nothing came back or a field or prefix of a program's is there (which quotes what
 * it answers), and more of it is an automatic reply's. */
static bool
is_rather_left(const struct rules *rules, const struct weighing *weighing)
{
	const int *group = weighing->group[JUDGE_BOUNCE];
	const int *answer = weighing->group[JUDGE_AUTOREPLY];

	return group[RULE_PROOF] <= 0 &&
	       (group[RULE_RETURNED] <= 0 || answer[RULE_PROOF] > 0) &&
	       group[RULE_SENDER] < BOUNCE_WHO_MIN &&
	       (answer[RULE_SUBJECT] > 0 ||
		   (answer[RULE_TEXT] > 0 && group[RULE_SUBJECT] <= 0)) &&
	       passes(rules, weighing, JUDGE_AUTOREPLY) &&
	       percent_of(rules, weighing, JUDGE_AUTOREPLY) >=
		   percent_of(rules, weighing, JUDGE_BOUNCE);
}

/* Bounces and automatic replies have the subject of what they answer, which may
 * have been a list's or a filter's.  These say in their text, too, what they
 * are, or have a field or an address of their own programs. */
static bool
is_by_subject(const struct weighing *weighing, enum judge_kind kind)
{
	const int *group = weighing->group[kind];

	return group[RULE_TEXT] <= 0 &&
	       (kind == JUDGE_VIRUS || group[RULE_PROOF] <= 0);
}

/* A bounce says that mail was refused, and why: by a filter, for what was in it.
 * A virus notice says what was found. */
static bool
is_refusal(const struct weighing *weighing, enum judge_kind kind)
{
	return kind == JUDGE_VIRUS &&
	       weighing->group[kind][RULE_TEXT] < VIRUS_WORDS_MIN;
}

/* A bounce quotes the text as well.  Its own subject says what it is, and the
 * other class has no field of its own or less that speaks for it. */
static bool
is_quoted(const struct rules *rules, const struct weighing *weighing,
    enum judge_kind kind)
{
	const int *group = weighing->group[kind];

	return (kind == JUDGE_CHALLENGE || kind == JUDGE_SUBSCRIBE) &&
	       group[RULE_PROOF] <= 0 &&
	       weighing->group[JUDGE_BOUNCE][RULE_SUBJECT] > 0 &&
	       (group[RULE_HEADER] <= 0 ||
		   percent_of(rules, weighing, JUDGE_BOUNCE) >
		       percent_of(rules, weighing, kind));
}

/* Automatic replies have the subject in their text, too: the other class has its
 * words alone, and few.  Who is away has mail that waits, too, and asks to write to
 * somebody else. */
static bool
is_by_text(const struct weighing *weighing, enum judge_kind kind)
{
	const int *group = weighing->group[kind];

	if (kind == JUDGE_VIRUS || group[RULE_SUBJECT] > 0 ||
	    group[RULE_PROOF] > 0)
		return false;
	if (kind == JUDGE_CHALLENGE)
		return group[RULE_TEXT] < CHALLENGE_WORDS_MIN;
	return group[RULE_TEXT] <= QUOTED_WORDS_MAX &&
	       weighing->group[JUDGE_AUTOREPLY][RULE_SUBJECT] >=
		   ANSWER_SUBJECT_MIN;
}

/* Whether it passes for that kind, and likelier answers one of that kind. */
static bool
is_rather_another(const struct rules *rules, const struct weighing *weighing,
    enum judge_kind kind)
{
	if (kind == JUDGE_BOUNCE)
		return is_rather_left(rules, weighing);
	if (kind != JUDGE_VIRUS && kind != JUDGE_CHALLENGE &&
	    kind != JUDGE_SUBSCRIBE)
		return false;
	if (passes(rules, weighing, JUDGE_BOUNCE))
		return is_by_subject(weighing, kind) ||
		       is_refusal(weighing, kind) ||
		       is_quoted(rules, weighing, kind);
	return (is_by_subject(weighing, kind) || is_by_text(weighing, kind)) &&
	       passes(rules, weighing, JUDGE_AUTOREPLY);
}

static enum judge_kind
decide(const struct rules *rules, const struct weighing *weighing)
{
	static const enum judge_kind order[] = {JUDGE_VIRUS, JUDGE_CHALLENGE,
	    JUDGE_SUBSCRIBE, JUDGE_BOUNCE, JUDGE_AUTOREPLY, JUDGE_FORGED};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (passes(rules, weighing, order[i]) &&
		    !is_rather_another(rules, weighing, order[i]))
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

	/* Sieve's reject is one too (RFC 5429 section 2.2.1) */
	if (dsn->has_disposition)
		return weighing->type == JUDGE_REJECTED ? JUDGE_REJECTED
							: JUDGE_DISPLAYED;
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

/* What a mail system tells its own postmaster answers nobody's mail: Postfix's
 * copies and transcripts, which have a sender of their own, and Sendmail's.
 * Mercury's bounces are called so too, and go to whom they answer. */
static bool
is_for_postmaster(const struct facts *facts)
{
	static const char *const starts[] = {
	    "postmaster copy: ", "postmaster notify: ", "postmaster warning: "};

	if (strncmp(facts->return_path, "double-bounce@", 14) == 0)
		return true;
	if (facts->subject != NULL &&
	    strcmp(facts->subject, "postmaster notify: delivery failure.") == 0)
		return false;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		if (facts->subject != NULL &&
		    strncmp(facts->subject, starts[i], strlen(starts[i])) == 0)
			return true;
	}
	return false;
}

/* By a field that lists put into what they pass on.  Ticket systems name their own
 * queues by the first. */
static bool
is_of_list(const struct facts *facts, uint64_t signals, enum judge_kind kind)
{
	bool is_own = kind == JUDGE_AUTOREPLY && signals_are_of_desk(signals);

	if (kind != JUDGE_BOUNCE && kind != JUDGE_AUTOREPLY)
		return false;
	return (facts_header(facts, "list-id") != NULL && !is_own) ||
	       facts_header(facts, "list-post") != NULL ||
	       facts_header(facts, "x-beenthere") != NULL ||
	       facts_header(facts, "x-mailing-list") != NULL;
}

/* Who hands a notice on is not its source: a person (RFC 5322 section 3.6.6), or
 * a list that its members' notices and answers come through; nor is who made one up. */
static const char *
handed_on(const struct facts *facts, uint64_t signals, enum judge_kind kind)
{
	if (facts_header(facts, "resent-from") != NULL)
		return "Resent-From: handed on by who received it";
	if (signals_are_of_list_post(signals) ||
	    is_of_list(facts, signals, kind))
		return "List-Id or the like: handed on by a mailing list";
	if (kind == JUDGE_BOUNCE && is_for_postmaster(facts))
		return "for a postmaster: no answer to a message's sender";
	/* a notice has the null sender (RFC 5321 section 6.1), a program that
	 * refuses mail its field; who has an account somewhere could have its
	 * host listed by writing one */
	if (kind == JUDGE_BOUNCE && signals_sender_is_no_system(facts) &&
	    !signals_are_of_answer(signals))
		return "Return-Path: somebody's, so no mail system's notice";
	if (kind == JUDGE_BOUNCE && signals_are_of_lure(signals))
		return "a link, nothing returned, no reply code: so is spam";
	if (kind == JUDGE_BOUNCE && signals_are_of_made_up_status(signals))
		return "a status and what runs, nothing returned: so is spam";
	if (kind == JUDGE_BOUNCE && signals_are_of_own_lure(signals))
		return "the trap's own domain, a link, nothing returned: so is "
		       "spam";
	return NULL;
}

/* Says so, first of all reasons. */
static bool
is_handed_on(const struct facts *facts, const struct weighing *weighing,
    struct judgement *judgement)
{
	const char *why = handed_on(facts, weighing->signals, judgement->kind);

	if (why != NULL)
		explain_add(judgement, 0, "%s", why);
	return why != NULL;
}

/* What the notice states, for who wants to know. */
static void
state(const struct facts *facts, const struct dsn *dsn,
    struct judgement *judgement)
{
	size_t size =
	    bs_utf8_cut(facts->subject_shown, sizeof judgement->subject - 1);

	(void)strput(
	    judgement->status, 0, sizeof judgement->status, dsn->status);
	(void)strput(judgement->action, 0, sizeof judgement->action,
	    dsn_action_name(dsn->action));
	(void)strput(judgement->reporting_mta, 0,
	    sizeof judgement->reporting_mta, dsn->reporting_mta);
	memcpy(judgement->subject, facts->subject_shown, size);
	judgement->subject[size] = '\0';
}

/* Of ordinary mail that has the points, what it lacks. */
static void
explain_lack(const struct weighing *weighing, struct judgement *judgement)
{
	if (judgement->kind != JUDGE_NONE || judgement->nearest == JUDGE_NONE ||
	    judgement->score < judgement->threshold)
		return;
	if (judgement->nearest == JUDGE_BOUNCE && !has_form(weighing))
		explain_add(
		    judgement, 0, "too little of what only mail systems write");
	else if (judgement->nearest == JUDGE_BOUNCE && !has_sender(weighing))
		explain_add(judgement, 0, "not sent by a mail system");
	else if (judgement->nearest == JUDGE_SUBSCRIBE && !has_list(weighing))
		explain_add(judgement, 0, "not sent by a list's program");
	else if (judgement->nearest == JUDGE_AUTOREPLY && !has_reason(weighing))
		explain_add(judgement, 0, "says neither absence nor receipt");
	else
		explain_add(judgement, 0, "only one sort of evidence");
}

void
classify(const struct weigher *weigher, const struct facts *facts,
    struct judgement *judgement_r)
{
	const struct rules *rules = weigher->rules;
	const struct dsn *dsn = dsn_of(facts);
	struct weighing weighing;
	bool is_class;

	weigh(weigher, facts, &weighing);
	judgement_r->kind = decide(rules, &weighing);
	judgement_r->nearest = judgement_r->kind == JUDGE_NONE
				   ? nearest(rules, &weighing)
				   : judgement_r->kind;
	judgement_r->score = judgement_r->threshold = 0;
	if (judgement_r->nearest != JUDGE_NONE) {
		judgement_r->score =
		    weigh_score(&weighing, judgement_r->nearest);
		judgement_r->threshold =
		    rules->kind[judgement_r->nearest].threshold;
	}
	judgement_r->type = JUDGE_TYPE_NONE;
	judgement_r->reason_count = 0;
	judgement_r->status[0] = judgement_r->action[0] = '\0';
	judgement_r->reporting_mta[0] = judgement_r->subject[0] = '\0';
	if (judgement_r->kind == JUDGE_BOUNCE)
		judgement_r->type = bounce_type(facts, &weighing);
	is_class = class_of(judgement_r->kind, &judgement_r->class);
	judgement_r->lists = is_class && type_lists(judgement_r->type) &&
			     !is_handed_on(facts, &weighing, judgement_r);
	if (is_class) {
		explain_dsn(dsn, judgement_r);
		state(facts, dsn, judgement_r);
	}
	explain_lack(&weighing, judgement_r);
	explain_rules(&weighing, judgement_r);
}
