/*
 * The classifier's rules: which fact, header field or phrase speaks for which
 * kind of message, and how much.  rulesread.c fills them from files,
 * rulesload.c says from which; weigh.c applies them.
 *
 * The weights of one sort of evidence are added up to a class's cap for it, so
 * that ten ways to say the same thing are one piece of evidence; a kind is told
 * from the sum of its sorts.
 */
#ifndef FEED_RULES_H
#define FEED_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yaml.h"

#include "judge.h"
#include "pattern.h"

/* Limits, each with a test at it and one past it. */
#define RULES_MAX 10000
#define RULES_FILES_MAX 72      /* ours, and BS_CONFIG_FILES_MAX */
#define RULES_LITERALS_MAX 2000 /* of a rule */
#define RULES_PATTERNS_MAX 1000
#define RULES_WEIGHT_MAX 200
#define RULES_THRESHOLD_MAX 1000
#define RULES_NAME_MAX 63 /* bytes; of a header field's name too */
#define RULES_FACTS_MAX 8 /* in `if` or `unless` */

/* Independent sorts of evidence. */
enum rule_group {
	RULE_PROOF,  /* fields that only a mail system writes */
	RULE_SENDER, /* the sender and the envelope */
	RULE_HEADER, /* other header fields, the content type */
	RULE_SUBJECT,
	RULE_TEXT,     /* phrases of the text */
	RULE_RETURNED, /* the returned message and reply codes */
	RULE_AGAINST,  /* negative weights */
};
#define RULE_GROUP_COUNT 7

/* Where a rule looks. */
enum rule_field {
	RULE_IN_TEXT,
	RULE_IN_SUBJECT,
	RULE_IN_FROM, /* all of the From value, the name included */
	RULE_IN_FROM_ADDRESS,
	RULE_IN_STATUS, /* the fields of a delivery-status part */
	RULE_IN_HEADER, /* a header field by name */
	RULE_IN_FACT,   /* a signal of signals.c */
};
#define RULE_FIELD_COUNT 7

/* Where in it a literal must stand. */
enum rule_place {
	RULE_ANYWHERE,
	RULE_AT_START, /* brackets, stars, quotes and blanks aside */
	RULE_AT_HEAD,  /* so, and then the end or : ( - or the like */
	RULE_AS_WORD,  /* no letter or digit before or after it */
};

struct rule_literal {
	char *text; /* folded, owned by the rules */
	size_t size;
};

struct rule {
	const char *name; /* all texts: borrowed from the rules' files */
	const char *file; /* its last part, or the path of an operator's */
	unsigned line;
	enum judge_kind kind;
	enum rule_group group;
	int weight;
	enum rule_field field;
	enum rule_place place;
	const char *header;   /* lower case; IN_HEADER only */
	unsigned fact;        /* of signals.h; IN_FACT only */
	enum judge_type type; /* what it says happened, or JUDGE_TYPE_NONE */
	const char *language; /* or NULL */
	const char *vendor;   /* or NULL */
	/* one of these found is needed, each counts; none for facts and for
	 * headers that need only be there */
	struct rule_literal *literal;
	size_t literal_count;
	/* one of these must stand near one of the others: it counts once then;
	 * none for most rules */
	struct rule_literal *near;
	size_t near_count;
	unsigned within;         /* characters, see near.h */
	struct pattern *pattern; /* or NULL; it counts once */
	uint64_t needs;          /* facts that must hold */
	uint64_t bars;           /* facts that must not */
	bool off;
};

/* What a kind needs. */
struct rule_kind {
	int threshold; /* 0: no such class */
	int cap[RULE_GROUP_COUNT];
};

struct rules {
	struct rule *rule;
	size_t count;
	size_t capacity;
	size_t literal_count; /* of all rules */
	size_t pattern_count;
	struct rule_kind kind[JUDGE_KIND_COUNT];
	uint32_t *slot; /* rule number + 1 by hash of its name; 0: empty */

	struct bs_yaml *yaml[RULES_FILES_MAX]; /* they own the texts */
	char *file[RULES_FILES_MAX];
	size_t file_count;
};

/* No rules; NULL when out of memory. */
struct rules *rules_new(void);

/* One more rule at the end, all zero but its name (borrowed), which no other
 * has; NULL when out of memory.  Pointers to rules do not survive it. */
struct rule *rules_add(struct rules *rules, const char *name);

/* Spreads names over tables. */
uint32_t rules_hash(const char *name);

/* The rule of that name, or NULL. */
struct rule *rules_find(const struct rules *rules, const char *name);

void rules_free(struct rules **rules);

/* "proof" … "against", "text" … "fact", "anywhere" …; static storage. */
const char *rules_group_name(enum rule_group group);
const char *rules_field_name(enum rule_field field);
const char *rules_place_name(enum rule_place place);

#endif
