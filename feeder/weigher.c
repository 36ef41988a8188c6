/*
 * Makes the rules ready: gives each literal, pattern, pair of lists and header
 * field its number, and puts the literals into the sets that texts are looked
 * through with.  weigh.c applies them; judge.c makes one for each configuration.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

#include "signals.h"
#include "weigher.h"

_Static_assert(
    2 * RULES_LITERALS_MAX <= UINT16_MAX && RULES_PATTERNS_MAX <= UINT16_MAX &&
	RULES_MAX + SIGNALS_FIELDS_MAX + RULE_FIELD_COUNT < UINT16_MAX &&
	LITERALS_SIZE_MAX <= UINT8_MAX,
    "numbers of these");

enum weigher_scope
weigher_scope_of(enum rule_field field)
{
	return field == RULE_IN_TEXT      ? WEIGHER_TEXT
	       : field == RULE_IN_SUBJECT ? WEIGHER_SUBJECT
					  : WEIGHER_OTHER;
}

size_t
weigher_count_literals(const struct rule *rule)
{
	return rule->literal_count + rule->near_count;
}

const struct rule_literal *
weigher_literal(const struct rule *rule, size_t index)
{
	return index < rule->literal_count
		   ? &rule->literal[index]
		   : &rule->near[index - rule->literal_count];
}

size_t
weigher_where(
    const struct weigher *weigher, enum rule_field field, size_t header)
{
	return field == RULE_IN_HEADER
		   ? header
		   : weigher->name_count + 1 + (size_t)field;
}

/* What all literals of a rule have. */
static struct weigher_binding
bind_rule(const struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	size_t header = 0;

	if (rule->field == RULE_IN_HEADER)
		header = weigher_find_header(weigher, rule->header);
	return (struct weigher_binding){
	    .needs = rule->needs,
	    .bars = rule->bars,
	    .rule = index,
	    .number = (uint16_t)(rule->near_count > 0 ? weigher->pair_count
						      : weigher->pattern_count),
	    .where = (uint16_t)weigher_where(weigher, rule->field, header),
	    .place = (uint8_t)rule->place,
	    .way = rule->near_count > 0    ? WEIGHER_NEAR
		   : rule->pattern != NULL ? WEIGHER_PATTERN
					   : WEIGHER_ALONE,
	};
}

/* Notes what is asked of a rule where it holds, or its words are met. */
static void
note_rule(struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	const struct weigher_words words = {
	    .count = (uint16_t)weigher_count_literals(rule),
	    .first = (uint16_t)rule->literal_count,
	    .within = (uint16_t)rule->within,
	};

	weigher->worth[index] = (struct weigher_worth){
	    .weight = rule->weight,
	    .kind = (uint8_t)rule->kind,
	    .group = (uint8_t)rule->group,
	    .type = (uint8_t)rule->type,
	};
	if (rule->near_count > 0)
		weigher->pair[weigher->pair_count++] = words;
	if (rule->pattern != NULL)
		weigher->pattern[weigher->pattern_count++] = words;
}

static int
bind_literals(struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	struct literals *scope = weigher->scope[weigher_scope_of(rule->field)];
	struct weigher_binding binding = bind_rule(weigher, index);
	int error = BS_OK;

	for (size_t i = 0; error == BS_OK && i < weigher_count_literals(rule);
	     i++) {
		const struct rule_literal *literal = weigher_literal(rule, i);
		uint32_t id = (uint32_t)weigher->binding_count++;

		error = literals_add(scope, literal->text, literal->size, id);
		binding.literal = (uint16_t)i;
		binding.size = (uint8_t)literal->size;
		weigher->binding[id] = binding;
	}
	note_rule(weigher, index);
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

size_t
weigher_find_header(const struct weigher *weigher, const char *name)
{
	size_t slot = *find_slot(weigher, name);

	return slot > 0 ? slot - 1 : weigher->name_count;
}

/* The number of a name: what it has, or the next one. */
static size_t
number_header(struct weigher *weigher, const char *name)
{
	uint16_t *slot = find_slot(weigher, name);

	if (*slot == 0) {
		weigher->header[weigher->name_count++] = name;
		*slot = (uint16_t)weigher->name_count;
	}
	return *slot - (size_t)1;
}

/* The names of the header fields that rules look at, and signals. */
static void
number_headers(struct weigher *weigher)
{
	const struct rules *rules = weigher->rules;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];

		if (!rule->off && rule->field == RULE_IN_HEADER)
			(void)number_header(weigher, rule->header);
	}
	weigher->header_count = weigher->name_count;
	for (size_t i = 0; i < signals_field_count(); i++)
		weigher->signal_field[i] =
		    (uint16_t)number_header(weigher, signals_field_name(i));
}

static void
add_plain(struct weigher *weigher, uint32_t index)
{
	const struct rule *rule = &weigher->rules->rule[index];
	struct weigher_plain *plain = &weigher->plain[weigher->plain_count++];

	plain->rule = index;
	plain->needs = rule->needs;
	plain->bars = rule->bars;
	plain->header = (uint32_t)weigher->name_count;
	if (rule->field == RULE_IN_FACT)
		plain->needs |= UINT64_C(1) << rule->fact;
	else
		plain->header =
		    (uint32_t)weigher_find_header(weigher, rule->header);
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
	for (size_t i = 0; error == BS_OK && i < WEIGHER_SCOPES; i++)
		error = literals_build(weigher->scope[i]);
	return error;
}

static bool
make_room(struct weigher *weigher)
{
	const struct rules *rules = weigher->rules;
	size_t names = rules->count + signals_field_count();

	weigher->binding =
	    calloc(rules->literal_count + 1, sizeof *weigher->binding);
	weigher->plain = calloc(rules->count + 1, sizeof *weigher->plain);
	weigher->worth = calloc(rules->count + 1, sizeof *weigher->worth);
	weigher->pattern = calloc(rules->count + 1, sizeof *weigher->pattern);
	weigher->pair = calloc(rules->count + 1, sizeof *weigher->pair);
	weigher->header = calloc(names + 1, sizeof(const char *));
	weigher->signal_field =
	    calloc(signals_field_count(), sizeof *weigher->signal_field);
	weigher->slot_mask = 1;
	while (weigher->slot_mask < 2 * names)
		weigher->slot_mask = 2 * weigher->slot_mask + 1;
	weigher->slot = calloc(weigher->slot_mask + 1, sizeof *weigher->slot);
	for (size_t i = 0; i < WEIGHER_SCOPES; i++) {
		weigher->scope[i] = literals_new();
		if (weigher->scope[i] == NULL)
			return false;
	}
	return weigher->binding != NULL && weigher->plain != NULL &&
	       weigher->worth != NULL && weigher->pattern != NULL &&
	       weigher->pair != NULL && weigher->header != NULL &&
	       weigher->slot != NULL && weigher->signal_field != NULL;
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
	for (size_t i = 0; i < WEIGHER_SCOPES; i++)
		literals_free(&(*weigher)->scope[i]);
	free((*weigher)->binding);
	free((*weigher)->plain);
	free((*weigher)->worth);
	free((*weigher)->pattern);
	free((*weigher)->pair);
	free((*weigher)->header);
	free((*weigher)->signal_field);
	free((*weigher)->slot);
	rules_free(&(*weigher)->rules);
	free(*weigher);
	*weigher = NULL;
}
