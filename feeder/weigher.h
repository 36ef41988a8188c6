/*
 * The rules made ready to be applied: their literals in sets, their header fields
 * by number.
 */
#ifndef FEED_WEIGHER_H
#define FEED_WEIGHER_H

#include <stddef.h>
#include <stdint.h>

#include "literals.h"
#include "rules.h"

/* Texts that are looked through apart, as they differ in size. */
enum weigher_scope {
	WEIGHER_TEXT,
	WEIGHER_SUBJECT,
	WEIGHER_OTHER, /* From, header fields, status fields */
};
#define WEIGHER_SCOPES 3

/* What a rule's literals take beside their being found. */
enum weigher_way {
	WEIGHER_ALONE,
	WEIGHER_NEAR, /* two lists of words */
	WEIGHER_PATTERN,
};

/* A literal and what of its rule is asked where it is found: most are in a place
 * where they do not count. */
struct weigher_binding {
	uint64_t needs; /* facts */
	uint64_t bars;
	uint32_t rule;
	uint16_t literal; /* beyond the rule's literals: of those near them */
	uint16_t number;  /* of its rule's pattern, or pair of lists */
	uint16_t where;   /* see weigher_where */
	uint8_t size;     /* of the literal */
	uint8_t place;    /* enum rule_place */
	uint8_t way;      /* enum weigher_way */
};

/* A rule that needs a fact, or a header field to be there: what it takes, so
 * that the rule itself is looked at only where it holds. */
struct weigher_plain {
	uint64_t needs; /* facts, its own too */
	uint64_t bars;
	uint32_t rule;
	uint32_t header; /* its number among the names; name_count: none */
};

/* What a rule that holds is worth: all that is asked of most, and few lines of the
 * cache for those that a message meets. */
struct weigher_worth {
	int32_t weight;
	uint8_t kind;  /* enum judge_kind */
	uint8_t group; /* enum rule_group */
	uint8_t type;  /* enum judge_type */
};

/* A rule whose words are done with all at once: one of two lists, or with a
 * pattern. */
struct weigher_words {
	uint16_t count;  /* of both lists */
	uint16_t first;  /* of them in the first list */
	uint16_t within; /* characters, see near.h */
};

/* Pure: threads may share one. */
struct weigher {
	struct rules *rules;
	struct weigher_worth *worth; /* by rule */
	struct literals *scope[WEIGHER_SCOPES];
	struct weigher_binding *binding; /* a literal's id is its index here */
	size_t binding_count;
	size_t pattern_count;
	size_t pair_count; /* rules with words near their literals */
	struct weigher_words *pattern; /* by number */
	struct weigher_words *pair;
	struct weigher_plain *plain; /* rules without literals */
	size_t plain_count;
	const char **header; /* names that rules look at, then signals' */
	size_t header_count; /* of rules */
	size_t name_count;
	uint16_t *signal_field; /* the names' numbers, as signals.h has them */
	uint16_t *slot; /* a header's number + 1 by its name's hash; 0: empty */
	size_t slot_mask;
};

/* Takes the rules (owned from then on, also on failure); *weigher_r is new.
 * BS_OK or BS_ENOMEM. */
int weigher_new(struct rules **rules, struct weigher **weigher_r);

void weigher_free(struct weigher **weigher);

/* The texts that a field's rules look at. */
enum weigher_scope weigher_scope_of(enum rule_field field);

/* All literals of a rule, by index: those near the others come after them. */
size_t weigher_count_literals(const struct rule *rule);
const struct rule_literal *weigher_literal(
    const struct rule *rule, size_t index);

/* A number for what a rule looks at: for a header field its name's (`header`),
 * for all others one behind those of names. */
size_t weigher_where(
    const struct weigher *weigher, enum rule_field field, size_t header);

/* The number of a header field's name; name_count: none. */
size_t weigher_find_header(const struct weigher *weigher, const char *name);

#endif
