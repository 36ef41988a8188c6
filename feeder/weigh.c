/*
 * Applies the rules, which weigher.c made ready, to facts.  All literals are
 * looked for in one pass over each text (literals.c), and what is near what is
 * told from their places (near.c); a rule's pattern runs only where a literal of
 * the rule was found.  A literal counts once however often it is there.
 * weighsum.c adds up what was found; classify.c decides from the sums.
 */
#include "autoconf.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "literals.h"
#include "near.h"
#include "signals.h"
#include "tags.h"
#include "weigh.h"
#include "weighsum.h"

/* A pattern sees so many bytes before and after a literal's start. */
#define PATTERN_AROUND ((size_t)240)

#define ROOM_SIZE 8192 /* on the stack, for what most sets of rules need */

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
	uint16_t *first;       /* of each name, the first field's index + 1 */
	size_t hit_count;

	/* what is looked through just now */
	size_t where; /* see weigher_where */
	const char *text;
	size_t size;
	uint32_t look; /* counts them, from 1 */

	struct found hit[WEIGH_HITS_MAX]; /* hit_count of them */
	_Alignas(struct looked) char room[ROOM_SIZE];
	struct near_text near;              /* what is looked through */
	uint16_t number[FACTS_HEADERS_MAX]; /* of each field's name */
};

_Static_assert(FACTS_HEADERS_MAX < UINT16_MAX, "numbers of fields");

/* --- finding ----------------------------------------------------------------- */

static bool
conditions_hold(const struct weigher_binding *binding, uint64_t signals)
{
	return (binding->needs & ~signals) == 0 &&
	       (binding->bars & signals) == 0;
}

static void
hit(struct weighing_job *job, const struct found *found)
{
	if (job->hit_count < WEIGH_HITS_MAX)
		job->hit[job->hit_count++] = *found;
}

/* A rule's literal in what is looked through; the number + 1 of the one near it,
 * 0: none. */
static void
hit_literal(struct weighing_job *job, uint32_t rule,
    const struct near_place *literal, unsigned near)
{
	hit(job, &(struct found){rule, (uint16_t)(literal->word + 1u),
		     (uint16_t)near, job->look, literal->start, literal->end});
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

/* Where the text begins, or behind one of the tags that were put before it. */
static bool
is_at_start(const struct weighing_job *job, size_t offset)
{
	const char *text = job->text;

	for (size_t tag;; text += tag) {
		if (offset == (size_t)(text - job->text) + start_of(text))
			return true;
		tag = tags_first(text);
		if (tag == 0)
			return false;
	}
}

/* "Absence: hello", but not "Absence of evidence". */
static bool
ends_head(const char *text)
{
	text += strspn(text, " ");
	return *text == '\0' || strchr(":(-!.)]\",;", *text) != NULL;
}

static bool
stands_right(const struct weighing_job *job,
    const struct weigher_binding *binding, size_t offset)
{
	const char *end = job->text + offset + binding->size;

	switch ((enum rule_place)binding->place) {
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
matches_here(struct weighing_job *job, const struct weigher_binding *binding,
    size_t offset)
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
set_all_seen(struct weighing_job *job, uint32_t id, size_t count)
{
	size_t first = id - job->weigher->binding[id].literal;
	size_t last = first + count - 1;
	uint8_t *from = &job->seen[first >> 3], *to = &job->seen[last >> 3];
	uint8_t head = (uint8_t)(0xffu << (first & 7));
	uint8_t tail = (uint8_t)(0xffu >> (7 - (last & 7)));

	if (from == to) {
		*from |= head & tail;
		return;
	}
	*from |= head;
	memset(from + 1, 0xff, (size_t)(to - from) - 1);
	*to |= tail;
}

static void
on_pattern(
    struct weighing_job *job, uint32_t id, const struct near_place *place)
{
	const struct weigher_binding *binding = &job->weigher->binding[id];

	if (!matches_here(job, binding, place->start))
		return;
	set_all_seen(job, id, job->weigher->pattern[binding->number].count);
	hit_literal(job, binding->rule, place, 0);
}

/* The pair of lists of the literal's rule, for this text. */
static struct near_pair *
pair_of(struct weighing_job *job, size_t number)
{
	struct pair *pair = &job->pair[number];

	if (pair->look != job->look)
		*pair = (struct pair){
		    job->look, {.within = job->weigher->pair[number].within}};
	return &pair->near;
}

static void
on_near(struct weighing_job *job, uint32_t id, struct near_place *place)
{
	const struct weigher_binding *binding = &job->weigher->binding[id];
	const struct weigher_words *words =
	    &job->weigher->pair[binding->number];
	bool is_near = binding->literal >= words->first;
	const struct near_place *other;

	if (is_near)
		place->word = (uint16_t)(place->word - words->first);
	other = near_add(&job->near, pair_of(job, binding->number),
	    is_near ? NEAR_NEAR : NEAR_HAS, place);
	if (other == NULL)
		return;
	set_all_seen(job, id, words->count);
	hit_literal(job, binding->rule, is_near ? other : place,
	    (is_near ? place : other)->word + 1u);
}

static void
on_literal(void *context, uint32_t id, size_t offset)
{
	struct weighing_job *job = context;
	const struct weigher_binding *binding = &job->weigher->binding[id];
	struct near_place place = {.start = (uint32_t)offset,
	    .end = (uint32_t)(offset + binding->size),
	    .word = binding->literal};

	if (binding->where != job->where || is_seen(job, id) ||
	    !stands_right(job, binding, offset))
		return;
	if (!conditions_hold(binding, job->weighing->signals)) {
		set_seen(job, id);
	} else if (binding->way == WEIGHER_NEAR) {
		on_near(job, id, &place);
	} else if (binding->way == WEIGHER_PATTERN) {
		on_pattern(job, id, &place);
	} else {
		set_seen(job, id);
		hit_literal(job, binding->rule, &place, 0);
	}
}

/* Looks through a text; of a header field's with the number of its name. */
static void
look(struct weighing_job *job, enum rule_field field, size_t header,
    const char *text)
{
	job->where = weigher_where(job->weigher, field, header);
	job->text = text;
	job->size = strlen(text);
	job->look++;
	near_start(&job->near, text);
	literals_scan(job->weigher->scope[weigher_scope_of(field)], text,
	    job->size, on_literal, job);
}

/* Rules without a literal: a signal, or a header field that is there. */
static void
look_at_plain(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;
	uint64_t signals = job->weighing->signals;

	for (size_t i = 0; i < weigher->plain_count; i++) {
		const struct weigher_plain *plain = &weigher->plain[i];

		if (((plain->needs & ~signals) | (plain->bars & signals)) ==
			0 &&
		    job->first[plain->header] != 0)
			hit(job, &(struct found){.rule = plain->rule});
	}
}

/* Tells each header field's number, and which are there. */
static void
number_fields(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;

	for (size_t i = 0; i < job->facts->header_count; i++) {
		size_t number =
		    weigher_find_header(weigher, job->facts->header[i].name);

		job->number[i] = (uint16_t)number;
		if (job->first[number] == 0)
			job->first[number] = (uint16_t)(i + 1);
	}
	job->first[weigher->name_count] = 1; /* what needs none has it */
}

/* The signals, which ask for values of header fields. */
static uint64_t
find_signals(const struct weighing_job *job)
{
	const char *field[SIGNALS_FIELDS_MAX];

	for (size_t i = 0; i < signals_field_count(); i++) {
		size_t first = job->first[job->weigher->signal_field[i]];

		field[i] =
		    first > 0 ? job->facts->header[first - 1].value : NULL;
	}
	return signals_of(job->facts, field);
}

static void
look_at_headers(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;

	for (size_t i = 0; i < job->facts->header_count; i++) {
		if (job->number[i] < weigher->header_count)
			look(job, RULE_IN_HEADER, job->number[i],
			    job->facts->header[i].value);
	}
}

static void
look_everywhere(struct weighing_job *job)
{
	const struct facts *facts = job->facts;

	number_fields(job);
	job->weighing->signals = find_signals(job);
	look_at_plain(job);
	look(job, RULE_IN_FROM, 0, facts->from_name);
	look(job, RULE_IN_FROM_ADDRESS, 0, facts->from_address);
	look_at_headers(job);
	look(job, RULE_IN_SUBJECT, 0, facts->subject);
	look(job, RULE_IN_STATUS, 0, facts->status_text);
	look(job, RULE_IN_TEXT, 0, facts->words);
}

/* Gives the job what it needs for this many rules, all of it 0: its own room, or
 * new memory.  False without memory. */
static bool
take_room(struct weighing_job *job)
{
	const struct weigher *weigher = job->weigher;
	size_t looked_size = weigher->pattern_count * sizeof(struct looked);
	size_t pair_size = weigher->pair_count * sizeof(struct pair);
	size_t first_size = (weigher->name_count + 1) * sizeof(uint16_t);
	size_t size = looked_size + pair_size + first_size +
		      weigher->binding_count / 8 + 1;

	if (size > sizeof job->room) {
		job->looked = calloc(1, size);
	} else {
		job->looked = (struct looked *)(void *)job->room;
		memset(job->room, 0, size);
	}
	if (job->looked == NULL)
		return false;
	job->pair = (struct pair *)(job->looked + weigher->pattern_count);
	job->first = (uint16_t *)(job->pair + weigher->pair_count);
	job->seen = (uint8_t *)(job->first + weigher->name_count + 1);
	return true;
}

static void
give_room(struct weighing_job *job)
{
	if (job->looked != (struct looked *)(void *)job->room)
		free(job->looked);
}

void
weigh(const struct weigher *weigher, const struct facts *facts,
    struct weighing *weighing_r)
{
	struct weighing_job job;

	memset(&job, 0, offsetof(struct weighing_job, hit));
	job.weigher = weigher;
	job.facts = facts;
	job.weighing = weighing_r;
	memset(weighing_r, 0, offsetof(struct weighing, hit));
	if (!take_room(&job))
		return;
	look_everywhere(&job);
	weighsum(weigher, job.hit, job.hit_count, weighing_r);
	give_room(&job);
}
