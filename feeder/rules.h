/*
 * The classifier's rules: which fact, header or phrase speaks for which kind
 * of message, and how much.  A table, so that a file can take its place.
 *
 * The weights of one group are added up to the group's cap, so that ten ways to
 * say the same thing are one piece of evidence; a kind is told from the sum of
 * its groups.  Phrases are case-folded UTF-8 (ß is ss, no typographic quotes).
 */
#ifndef FEED_RULES_H
#define FEED_RULES_H

#include <stddef.h>

#include "judge.h"

/* Independent sorts of evidence. */
enum rule_group {
	RULE_PROOF, /* fields that only a mail system writes */
	RULE_WHO,   /* the sender and the envelope */
	RULE_HEAD,  /* other header fields, the content type */
	RULE_SUBJECT,
	RULE_WORDS,    /* phrases of the text */
	RULE_RETURNED, /* the returned message and reply codes */
	RULE_AGAINST,  /* negative weights */
};
#define RULE_GROUP_COUNT 7

/* Where a rule looks. */
enum rule_field {
	RULE_IF_FACT,         /* `name`: a signal of signals.c */
	RULE_IF_HEADER,       /* header `name` has `needle` in it ("": any) */
	RULE_IF_FROM,         /* the From value has `needle` in it */
	RULE_IF_FROM_LOCAL,   /* From's local part starts with `needle` */
	RULE_IF_SUBJECT,      /* the subject has `needle` in it */
	RULE_IF_SUBJECT_IS,   /* the subject starts with `needle`, [ aside */
	RULE_IF_SUBJECT_HEAD, /* so, and then ends or has : ( - or the like */
	RULE_IF_WORDS,        /* the text has `needle` in it */
};

struct rule {
	enum judge_kind kind;
	enum rule_group group;
	int weight;
	enum rule_field field;
	const char *name;     /* of a fact or header, else NULL */
	const char *needle;   /* NULL for facts */
	enum judge_type type; /* what it says happened, or JUDGE_TYPE_NONE */
};

/* What a kind needs. */
struct rule_kind {
	enum judge_kind kind;
	int threshold;
	int cap[RULE_GROUP_COUNT];
};

/* The rules: rules_at(0) to rules_at(rules_count() - 1); static storage. */
size_t rules_count(void);
const struct rule *rules_at(size_t index);

/* The row of a kind, or NULL where it has none (JUDGE_NONE). */
const struct rule_kind *rules_kind(enum judge_kind kind);

#endif
