/*
 * Applies the rules to facts.  All literals are looked for in one pass over
 * each text (literals.c), and what is near what is told from their places
 * (near.c); a rule's pattern runs only where a literal of the rule was found.  A literal counts once however often it is there.
 * weighsum.c adds up what was found; classify.c decides from the sums.
 */
#include "autoconf.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

#include "literals.h"
#include "near.h"
#include "signals.h"
#include "weigh.h"
#include "weighsum.h"

/* A pattern sees so many bytes before and after a literal's start. */
#define PATTERN_AROUND ((size_t)240)

/* Texts that are looked through apart, as they differ in size. */
enum scope {
	SCOPE_TEXT,
	SCOPE_SUBJECT,
	SCOPE_OTHER, /* From, header fields, status fields */
};
#define SCOPE_COUNT 3

/* A literal and its rule. */
struct binding {
	uint32_t rule;
	uint16_t literal; /* beyond the rule's literals: of those near them */
	uint16_t number;  /* of its rule's pattern, or pair of lists */
};

_Static_assert(2 * RULES_LITERALS_MAX <= UINT16_MAX &&
		   RULES_PATTERNS_MAX <= UINT16_MAX && RULES_MAX <= UINT16_MAX,
    "numbers of these");

/* A rule that needs a fact, or a header field to be there: what it takes, so
 * that the rule itself is looked at only where it holds. */
struct plain {
	uint64_t needs; /* facts, its own too */
	uint64_t bars;
	uint32_t rule;
	uint32_t header; /* its number among the names; header_count: none */
};

struct weigher {
	struct rules *rules;
	struct literals *scope[SCOPE_COUNT];
	struct binding *binding; /* a literal's id is its index here */
	size_t binding_count;
	size_t pattern_count;
	size_t pair_count;   /* rules with words near their literals */
	struct plain *plain; /* rules without literals */
	size_t plain_count;
	const char **header; /* names that rules look at */
	size_t header_count;
	uint16_t *slot; /* a header's number + 1 by its name's hash; 0: empty */
	size_t slot_mask;
};

/* Up to where a rule's pattern saw a text. */
struct looked {
	const char *text;
	size_t end;
};

/* A rule's two lists of words, in one text. */
struct pair {
	uint32_t look; /* the look at that text */
	struct near_pair near;
};

/* One message under way. */
struct weighing_job {
	const struct weigher *weigher;
	const struct facts *facts;
	struct weighing *weighing;
	uint8_t *seen;         /* a bit for each binding */
	struct looked *looked; /* for each pattern */
	struct pair *pair;     /* for each pair of lists */
	uint8_t *has_header;   /* for each name of the weigher's, and no name */
	size_t hit_count;

	/* what is looked through just now */
	enum rule_field field;
	const char *header; /* its name */
	const char *text;
	size_t size;
	uint32_t look; /* counts them, from 1 */

	struct found hit[WEIGH_HITS_MAX];   /* hit_count of them */
	struct near_text near;              /* what is looked through */
	uint16_t number[FACTS_HEADERS_MAX]; /* of each field, as find_header */
};

_Static_assert(RULES_MAX <= UINT16_MAX, "numbers of names");

/* --- making ready ---------------------------------------------------------- */

static enum scope
scope_of(enum rule_field field)
{
	return field == RULE_IN_TEXT      ? SCOPE_TEXT
	       : field == RULE_IN_SUBJECT ? SCOPE_SUBJECT
					  : SCOPE_OTHER;
}

/* All literals of a rule: those near the others come after them. */
static size_t
count_literals(const struct rule *rule)
{
	return rule->literal_count + rule->near_count;
}

static const struct rule_literal *
literal_at(const struct rule *rule, size_t index)
{
	return index < rule->literal_count
		   ? &rule->literal[index]
		   : &rule->near[index - rule->literal_count];
}

static int
bind_literals(struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	struct literals *scope = weigher->scope[scope_of(rule->field)];
	size_t number =
	    rule->near_count > 0 ? weigher->pair_count : weigher->pattern_count;
	int error = BS_OK;

	for (size_t i = 0; error == BS_OK && i < count_literals(rule); i++) {
		const struct rule_literal *literal = literal_at(rule, i);
		uint32_t id = (uint32_t)weigher->binding_count++;

		weigher->binding[id] =
		    (struct binding){index, (uint16_t)i, (uint16_t)number};
		error = literals_add(scope, literal->text, literal->size, id);
	}
	weigher->pattern_count += rule->pattern != NULL;
	weigher->pair_count += rule->near_count > 0;
	return error;
}

/* The slot of a header field's name: its own, or the empty one where it would
 * go. */
static uint16_t *
find_slot(const struct weigher *weigher, const char *name)
{
	size_t i = rules_hash(name) & weigher->slot_mask;

	while (weigher->slot[i] != 0 &&
	       strcmp(weigher->header[weigher->slot[i] - 1], name) != 0)
		i = (i + 1) & weigher->slot_mask;
	return &weigher->slot[i];
}

/* The number of a header field that rules look at; header_count: none. */
static size_t
find_header(const struct weigher *weigher, const char *name)
{
	size_t slot = *find_slot(weigher, name);

	return slot > 0 ? slot - 1 : weigher->header_count;
}

/* The names of the header fields that rules look at. */
static void
number_headers(struct weigher *weigher)
{
	const struct rules *rules = weigher->rules;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];
		uint16_t *slot;

		if (rule->off || rule->field != RULE_IN_HEADER)
			continue;
		slot = find_slot(weigher, rule->header);
		if (*slot > 0)
			continue;
		weigher->header[weigher->header_count++] = rule->header;
		*slot = (uint16_t)weigher->header_count;
	}
}

static void
add_plain(struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	struct plain *plain = &weigher->plain[weigher->plain_count++];

	plain->rule = index;
	plain->needs = rule->needs;
	plain->bars = rule->bars;
	plain->header = (uint32_t)weigher->header_count;
	if (rule->field == RULE_IN_FACT)
		plain->needs |= UINT64_C(1) << rule->fact;
	else
		plain->header = (uint32_t)find_header(weigher, rule->header);
}

static int
bind_rules(struct weigher *weigher)
{
	const struct rules *rules = weigher->rules;
	int error = BS_OK;

	number_headers(weigher);
	for (size_t i = 0; error == BS_OK && i < rules->count; i++) {
		if (rules->rule[i].off)
			continue;
		if (rules->rule[i].literal_count == 0)
			add_plain(weigher, (uint32_t)i);
		error = bind_literals(weigher, (uint32_t)i);
	}
	for (size_t i = 0; error == BS_OK && i < SCOPE_COUNT; i++)
		error = literals_build(weigher->scope[i]);
	return error;
}

static bool
make_room(struct weigher *weigher)
{
	const struct rules *rules = weigher->rules;

	weigher->binding =
	    calloc(rules->literal_count + 1, sizeof *weigher->binding);
	weigher->plain = calloc(rules->count + 1, sizeof *weigher->plain);
	weigher->header = calloc(rules->count + 1, sizeof(const char *));
	weigher->slot_mask = 1;
	while (weigher->slot_mask < 2 * rules->count)
		weigher->slot_mask = 2 * weigher->slot_mask + 1;
	weigher->slot = calloc(weigher->slot_mask + 1, sizeof *weigher->slot);
	for (size_t i = 0; i < SCOPE_COUNT; i++) {
		weigher->scope[i] = literals_new();
		if (weigher->scope[i] == NULL)
			return false;
	}
	return weigher->binding != NULL && weigher->plain != NULL &&
	       weigher->header != NULL && weigher->slot != NULL;
}

int
weigher_new(struct rules **rules, struct weigher **weigher_r)
{
	struct weigher *weigher = calloc(1, sizeof *weigher);
	int error = BS_ENOMEM;

	if (weigher == NULL) {
		rules_free(rules);
		return BS_ENOMEM;
	}
	weigher->rules = *rules;
	*rules = NULL;
	if (make_room(weigher))
		error = bind_rules(weigher);
	if (error != BS_OK)
		weigher_free(&weigher);
	else
		*weigher_r = weigher;
	return error;
}

void
weigher_free(struct weigher **weigher)
{
	if (*weigher == NULL)
		return;
	for (size_t i = 0; i < SCOPE_COUNT; i++)
		literals_free(&(*weigher)->scope[i]);
	free((*weigher)->binding);
	free((*weigher)->plain);
	free((*weigher)->header);
	free((*weigher)->slot);
	rules_free(&(*weigher)->rules);
	free(*weigher);
	*weigher = NULL;
}

const struct rules *
weigher_rules(const struct weigher *weigher)
{
	return weigher->rules;
}

/* --- finding ----------------------------------------------------------------- */

static bool
conditions_hold(const struct rule *rule, uint64_t signals)
{
	return (rule->needs & ~signals) == 0 && (rule->bars & signals) == 0;
}

static void
hit(struct weighing_job *job, const struct found *found)
{
	if (job->hit_count < WEIGH_HITS_MAX)
		job->hit[job->hit_count++] = *found;
}

/* A literal of what is looked through; the numbers + 1 of it and of the one near
 * it, 0: none. */
static void
hit_literal(struct weighing_job *job, uint32_t index, unsigned literal,
    unsigned near, size_t offset)
{
	const struct rule *rule = &job->weigher->rules->rule[index];
	size_t end = offset + rule->literal[literal - 1].size;

	hit(job, &(struct found){index, (uint16_t)literal, (uint16_t)near,
		     job->look, (uint32_t)offset, (uint32_t)end});
}

/* Brackets and stars before the first word do not count. */
static size_t
start_of(const char *text)
{
	return strspn(text, " [(*\"'<");
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Behind the "[list] " or "[ticket 4711] " that programs put first; where there
 * is none, so is the start. */
static size_t
start_behind_tag(const char *text)
{
	size_t tag = text[0] == '[' ? strcspn(text, "]") : 0;

	return tag > 0 && text[tag] == ']' ? tag + 1 + start_of(text + tag + 1)
					   : start_of(text);
}

static bool
is_at_start(const struct weighing_job *job, size_t offset)
{
	return offset == start_of(job->text) ||
	       offset == start_behind_tag(job->text);
}

/* "Absence: hello", but not "Absence of evidence". */
static bool
ends_head(const char *text)
{
	text += strspn(text, " ");
	return *text == '\0' || strchr(":(-!.)]\",;", *text) != NULL;
}

static bool
stands_right(const struct weighing_job *job, enum rule_place place,
    size_t offset, size_t size)
{
	const char *end = job->text + offset + size;

	switch (place) {
	case RULE_AT_START:
		return is_at_start(job, offset);
	case RULE_AT_HEAD:
		return is_at_start(job, offset) && ends_head(end);
	case RULE_AS_WORD:
		return (offset == 0 || !is_word_byte(job->text[offset - 1])) &&
		       !is_word_byte(*end);
	case RULE_ANYWHERE:
		break;
	}
	return true;
}

static bool
looks_here(const struct weighing_job *job, const struct rule *rule)
{
	return rule->field == job->field &&
	       (rule->field != RULE_IN_HEADER ||
		   strcmp(rule->header, job->header) == 0);
}

static bool
is_seen(const struct weighing_job *job, uint32_t id)
{
	return (job->seen[id >> 3] >> (id & 7) & 1) != 0;
}

static void
set_seen(struct weighing_job *job, uint32_t id)
{
	job->seen[id >> 3] |= (uint8_t)(1u << (id & 7));
}

/* A start or an end that cuts no character in two. */
static size_t
whole_characters(const struct weighing_job *job, size_t offset)
{
	while (offset > 0 && offset < job->size &&
	       ((unsigned char)job->text[offset] & 0xc0) == 0x80)
		offset--;
	return offset;
}

/* Whether the rule's pattern matches around a literal; what was looked at for
 * one before is not looked at again. */
static bool
matches_here(
    struct weighing_job *job, const struct binding *binding, size_t offset)
{
	const struct rule *rule = &job->weigher->rules->rule[binding->rule];
	struct looked *looked = &job->looked[binding->number];
	size_t start = offset > PATTERN_AROUND ? offset - PATTERN_AROUND : 0;
	size_t end = offset + PATTERN_AROUND;
	unsigned flags = start > 0 ? PATTERN_NOT_START : 0;

	if (looked->text == job->text && offset < looked->end)
		return false;
	looked->text = job->text;
	looked->end = offset + PATTERN_AROUND / 2;
	if (end < job->size)
		flags |= PATTERN_NOT_END;
	else
		end = job->size;
	start = whole_characters(job, start);
	end = whole_characters(job, end);
	return pattern_matches(
	    rule->pattern, job->text + start, end - start, flags);
}

/* What counts once is done with: all its rule's literals are. */
static void
set_all_seen(struct weighing_job *job, uint32_t id)
{
	const struct binding *binding = &job->weigher->binding[id];
	uint32_t first = id - binding->literal;
	size_t count =
	    count_literals(&job->weigher->rules->rule[binding->rule]);

	for (uint32_t i = first; i < first + count; i++)
		set_seen(job, i);
}

static void
on_pattern(struct weighing_job *job, uint32_t id, size_t offset)
{
	const struct binding *binding = &job->weigher->binding[id];

	if (!matches_here(job, binding, offset))
		return;
	set_all_seen(job, id);
	hit_literal(job, binding->rule, binding->literal + 1u, 0, offset);
}

/* The pair of lists of the literal's rule, for this text. */
static struct near_pair *
pair_of(struct weighing_job *job, const struct binding *binding)
{
	struct pair *pair = &job->pair[binding->number];

	if (pair->look != job->look) {
		const struct rule *rule =
		    &job->weigher->rules->rule[binding->rule];

		*pair = (struct pair){job->look, {.within = rule->within}};
	}
	return &pair->near;
}

static void
on_near(struct weighing_job *job, uint32_t id, size_t offset)
{
	const struct binding *binding = &job->weigher->binding[id];
	const struct rule *rule = &job->weigher->rules->rule[binding->rule];
	bool is_near = binding->literal >= rule->literal_count;
	struct near_place place = {.start = (uint32_t)offset,
	    .word = (uint16_t)(binding->literal -
			       (is_near ? rule->literal_count : 0))};
	const struct near_place *other;

	place.end =
	    (uint32_t)(offset + literal_at(rule, binding->literal)->size);
	other = near_add(&job->near, pair_of(job, binding),
	    is_near ? NEAR_NEAR : NEAR_HAS, &place);
	if (other == NULL)
		return;
	set_all_seen(job, id);
	hit_literal(job, binding->rule, (is_near ? other : &place)->word + 1u,
	    (is_near ? &place : other)->word + 1u,
	    (is_near ? other : &place)->start);
}

static void
on_literal(void *context, uint32_t id, size_t offset)
{
	struct weighing_job *job = context;
	const struct binding *binding = &job->weigher->binding[id];
	const struct rule *rule = &job->weigher->rules->rule[binding->rule];

	if (is_seen(job, id) || !looks_here(job, rule) ||
	    !stands_right(job, rule->place, offset,
		literal_at(rule, binding->literal)->size))
		return;
	if (!conditions_hold(rule, job->weighing->signals)) {
		set_seen(job, id);
	} else if (rule->near_count > 0) {
		on_near(job, id, offset);
	} else if (rule->pattern != NULL) {
		on_pattern(job, id, offset);
	} else {
		set_seen(job, id);
		hit_literal(
		    job, binding->rule, binding->literal + 1u, 0, offset);
	}
}

static void
look(struct weighing_job *job, enum rule_field field, const char *header,
    const char *text)
{
	job->field = field;
	job->header = header;
	job->text = text;
	job->size = strlen(text);
	job->look++;
	near_start(&job->near, text);
	literals_scan(job->weigher->scope[scope_of(field)], text, job->size,
	    on_literal, job);
}

/* Rules without a literal: a signal, or a header field that is there. */
static void
look_at_plain(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;
	uint64_t signals = job->weighing->signals;

	for (size_t i = 0; i < weigher->plain_count; i++) {
		const struct plain *plain = &weigher->plain[i];

		if (((plain->needs & ~signals) | (plain->bars & signals)) ==
			0 &&
		    job->has_header[plain->header] != 0)
			hit(job, &(struct found){.rule = plain->rule});
	}
}

/* Tells each header field's number, and which are there. */
static void
number_fields(struct weighing_job *job)
{
	job->has_header[job->weigher->header_count] = 1;
	for (size_t i = 0; i < job->facts->header_count; i++) {
		size_t number =
		    find_header(job->weigher, job->facts->header[i].name);

		job->number[i] = (uint16_t)number;
		if (number < job->weigher->header_count)
			job->has_header[number] = 1;
	}
}

static void
look_at_headers(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;

	for (size_t i = 0; i < job->facts->header_count; i++) {
		if (job->number[i] < weigher->header_count)
			look(job, RULE_IN_HEADER,
			    weigher->header[job->number[i]],
			    job->facts->header[i].value);
	}
}

static void
look_everywhere(struct weighing_job *job)
{
	const struct facts *facts = job->facts;

	number_fields(job);
	look_at_plain(job);
	look(job, RULE_IN_FROM, NULL, facts->from_name);
	look(job, RULE_IN_FROM_ADDRESS, NULL, facts->from_address);
	look_at_headers(job);
	look(job, RULE_IN_SUBJECT, NULL, facts->subject);
	look(job, RULE_IN_STATUS, NULL, facts->status_text);
	look(job, RULE_IN_TEXT, NULL, facts->words);
}

void
weigh(const struct weigher *weigher, const struct facts *facts,
    struct weighing *weighing_r)
{
	size_t looked_size = weigher->pattern_count * sizeof(struct looked);
	size_t pair_size = weigher->pair_count * sizeof(struct pair);
	struct weighing_job job;

	memset(&job, 0, offsetof(struct weighing_job, hit));
	job.weigher = weigher;
	job.facts = facts;
	job.weighing = weighing_r;
	memset(weighing_r, 0, offsetof(struct weighing, hit));
	weighing_r->signals = signals_of(facts);
	job.looked = calloc(1, looked_size + pair_size + weigher->header_count +
				   1 + weigher->binding_count / 8 + 1);
	if (job.looked == NULL)
		return;
	job.pair = (struct pair *)(job.looked + weigher->pattern_count);
	job.has_header = (uint8_t *)(job.pair + weigher->pair_count);
	job.seen = job.has_header + weigher->header_count + 1;
	look_everywhere(&job);
	weighsum(weigher->rules, job.hit, job.hit_count, weighing_r);
	free(job.looked);
}
