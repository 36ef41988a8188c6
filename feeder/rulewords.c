/*
 * The keys of a rule that take texts to look for: folded as the mail will be,
 * counted, each once in its list.  A list that several rules look for stands once
 * in its file, under `words`.  rulekeys.c calls it.  Pure but for the notes.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "suggest.h"
#include "utf8.h"

#include "fold.h"
#include "literals.h"
#include "rulewords.h"

#define NOTE(reading, line, ...) \
	bs_config_note(&(reading)->notes, true, line, __VA_ARGS__)

/* A list of a rule that is filled or looked through. */
struct words {
	const char *key;
	struct rule_literal *literal;
	size_t *count;
};

const struct bs_yaml_node *
rulewords_first(const struct bs_yaml_node *node)
{
	return node->kind == BS_YAML_LIST ? node->first : node;
}

const struct bs_yaml_node *
rulewords_next(const struct bs_yaml_node *list, const struct bs_yaml_node *item)
{
	return list->kind == BS_YAML_LIST ? item->next : NULL;
}

bool
rulewords_is_list(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, size_t max)
{
	if (node->kind == BS_YAML_MAP ||
	    (node->kind == BS_YAML_LIST && node->count == 0)) {
		NOTE(reading, node->line,
		    "rules[].%s: a list is needed: write %s: [..., ...]", key,
		    key);
		return false;
	}
	if (node->kind == BS_YAML_LIST && node->count > max) {
		NOTE(reading, node->line,
		    "rules[].%s: %zu items: write at most %zu, and the others "
		    "in another rule",
		    key, node->count, max);
		return false;
	}
	return true;
}

/* Makes each run of blanks one, at the start as well: " no" is the word, and not
 * the end of "piano".  Returns the new size. */
static size_t
single_blanks(char *text)
{
	size_t blanks = strspn(text, " \t\r\n\f\v");
	char *rest = blanks > 0 ? text + 1 : text;

	if (blanks > 0)
		text[0] = ' ';
	return (size_t)(rest - text) + fold_blanks(text + blanks, rest);
}

/* A text as it is looked for, new; NULL, and it was said. */
static char *
fold_word(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, size_t *size_r)
{
	size_t size = node->kind == BS_YAML_SCALAR ? strlen(node->text) : 0;
	char *folded = malloc(size + 1);

	if (folded == NULL) {
		reading->no_memory = true;
		return NULL;
	}
	(void)fold_text(
	    node->kind == BS_YAML_SCALAR ? node->text : "", size, folded);
	size = single_blanks(folded);
	if (size >= LITERALS_SIZE_MIN && size <= LITERALS_SIZE_MAX) {
		*size_r = size;
		return folded;
	}
	NOTE(reading, node->line,
	    "rules[].%s: not a text of %d to %d bytes: write a phrase of that "
	    "length",
	    key, LITERALS_SIZE_MIN, LITERALS_SIZE_MAX);
	free(folded);
	return NULL;
}

/* Where in the list a text is; its count: nowhere. */
static size_t
find_word(const struct words *words, const char *text, size_t size)
{
	size_t i = 0;

	while (i < *words->count &&
	       (words->literal[i].size != size ||
		   memcmp(words->literal[i].text, text, size) != 0))
		i++;
	return i;
}

static void
add_word(struct rule_reading *reading, struct words *words,
    const struct bs_yaml_node *node)
{
	size_t size = 0;
	char *text = fold_word(reading, node, words->key, &size);

	if (text == NULL)
		return;
	if (find_word(words, text, size) < *words->count) {
		NOTE(reading, node->line,
		    "rules[].%s: `%.*s`: given twice, upper case and accents "
		    "aside: remove one of the two",
		    words->key, bs_utf8_shown(text), text);
		free(text);
		return;
	}
	words->literal[(*words->count)++] =
	    (struct rule_literal){.text = text, .size = size};
	reading->rules->literal_count++;
}

/* Room for `count` texts; NULL, and it was said. */
static struct rule_literal *
make_room(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key, size_t count)
{
	struct rule_literal *literal;

	if (reading->rules->literal_count + count > LITERALS_MAX) {
		NOTE(reading, node->line,
		    "rules[].%s: more than %d texts in all rules: remove some",
		    key, LITERALS_MAX);
		return NULL;
	}
	literal = calloc(count, sizeof *literal);
	reading->no_memory = reading->no_memory || literal == NULL;
	return literal;
}

/* --- lists that have a name -------------------------------------------------- */

static const struct bs_yaml_node *
find_list(const struct rule_reading *reading, const char *name)
{
	const struct bs_yaml_node *n =
	    reading->words != NULL ? reading->words->first : NULL;

	while (n != NULL && strcmp(n->key, name) != 0)
		n = n->next;
	return n;
}

static void
refuse_list(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key)
{
	struct bs_suggest suggest = bs_suggest_start(node->text);
	const struct bs_yaml_node *n =
	    reading->words != NULL ? reading->words->first : NULL;

	for (; n != NULL; n = n->next)
		bs_suggest_try(&suggest, n->key);
	if (suggest.best != NULL)
		NOTE(reading, node->line,
		    "rules[].%s.words: %.*s: no such list: did you mean `%s`?",
		    key, bs_utf8_shown(node->text), node->text, suggest.best);
	else
		NOTE(reading, node->line,
		    "rules[].%s.words: %.*s: no such list: write it under "
		    "words: in this file",
		    key, bs_utf8_shown(node->text), node->text);
}

/* The list that a rule names by `words`, or what it writes itself; NULL, and it
 * was said. */
static const struct bs_yaml_node *
named_list(struct rule_reading *reading, const struct bs_yaml_node *node,
    const char *key)
{
	const struct bs_yaml_node *name = node->first, *list;

	if (node->kind != BS_YAML_MAP)
		return node;
	if (node->count != 1 || strcmp(name->key, "words") != 0 ||
	    name->kind != BS_YAML_SCALAR) {
		NOTE(reading, node->line,
		    "rules[].%s: neither texts nor the name of a list: write "
		    "%s: [..., ...] or %s: {words: NAME}",
		    key, key, key);
		return NULL;
	}
	list = find_list(reading, name->text);
	if (list == NULL)
		refuse_list(reading, name, key);
	return list;
}

bool
rulewords_names(const struct bs_yaml_node *node, const char *name)
{
	return node->kind == BS_YAML_MAP && node->first != NULL &&
	       node->first->kind == BS_YAML_SCALAR &&
	       strcmp(node->first->text, name) == 0;
}

/* --- the keys ---------------------------------------------------------------- */

static void
read_list(struct rule_making *making, const struct bs_yaml_node *node,
    struct words *words, struct rule_literal **literal_r)
{
	struct rule_reading *reading = making->reading;
	const struct bs_yaml_node *list = named_list(reading, node, words->key);

	if (list == NULL ||
	    !rulewords_is_list(reading, list, words->key, RULES_LITERALS_MAX))
		return;
	*literal_r = words->literal = make_room(reading, node, words->key,
	    list->kind == BS_YAML_LIST ? list->count : 1);
	if (words->literal == NULL)
		return;
	for (const struct bs_yaml_node *n = rulewords_first(list); n != NULL;
	     n = rulewords_next(list, n))
		add_word(reading, words, n);
}

void
rulewords_has(struct rule_making *making, const struct bs_yaml_node *node)
{
	struct rule *rule = making->rule;
	struct words words = {"has", NULL, &rule->literal_count};

	read_list(making, node, &words, &rule->literal);
}

void
rulewords_near(struct rule_making *making, const struct bs_yaml_node *node)
{
	struct rule *rule = making->rule;
	struct words words = {"near", NULL, &rule->near_count};

	read_list(making, node, &words, &rule->near);
}

/* Whether the text was in the list; it is out of it then. */
static bool
take_out_of(const struct words *words, const char *text, size_t size)
{
	size_t i = find_word(words, text, size);

	if (i == *words->count)
		return false;
	free(words->literal[i].text);
	words->literal[i] = words->literal[--*words->count];
	return true;
}

/* Takes one text of an earlier file's rule out. */
static void
take_out(struct rule_making *making, const struct bs_yaml_node *node)
{
	struct rule *rule = making->rule;
	struct words has = {"has", rule->literal, &rule->literal_count};
	struct words near = {"near", rule->near, &rule->near_count};
	bool out_of_has, out_of_near;
	size_t size = 0;
	char *text = fold_word(making->reading, node, "without", &size);

	if (text == NULL)
		return;
	out_of_has = take_out_of(&has, text, size);
	out_of_near = take_out_of(&near, text, size);
	if (!out_of_has && !out_of_near)
		NOTE(making->reading, node->line,
		    "rules[].without: `%.*s`: not in this rule: see %s:%u",
		    bs_utf8_shown(text), text, rule->file, rule->line);
	free(text);
}

void
rulewords_without(struct rule_making *making, const struct bs_yaml_node *node)
{
	if (!rulewords_is_list(
		making->reading, node, "without", RULES_LITERALS_MAX))
		return;
	for (const struct bs_yaml_node *n = rulewords_first(node); n != NULL;
	     n = rulewords_next(node, n))
		take_out(making, n);
}
