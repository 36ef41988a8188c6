/*
 * Walks the tree of the file along the table of keys: each node is looked up
 * by its path, its kind is checked, and its value goes through config_store.c.
 *
 * Defaults come from the same table through the same code, as if the file had
 * said them.  What needs more than one key (duplicates, lengths that depend on
 * the zone's name) is checked by config.c, single values by config_value.c.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "config_store.h"
#include "config_table.h"
#include "config_value.h"
#include "config_walk.h"
#include "suggest.h"
#include "utf8.h"

#define PATH_SIZE 128 /* of a key's path; all real ones are shorter */
#define ITEM_SIZE 96  /* of a list's default */
#define REST_SIZE 900 /* of what is said of an unknown key */

struct walker {
	struct bs_config_store store;
	struct bs_config_notes *notes;
};

static void walk_map(struct walker *walker, const struct bs_yaml_node *map,
    const char *path, void *object);

/* --- unknown keys ------------------------------------------------------- */

/* "`zone`" for "zone[].file", "the top level" for "listen". */
static const char *
describe_parent(const struct bs_config_key *key, char text[PATH_SIZE])
{
	const char *leaf = bs_config_key_leaf(key);
	int size = (int)(leaf - key->path) - 1;

	if (leaf == key->path)
		return "the top level";
	if (size > 2 && key->path[size - 1] == ']')
		size -= 2;
	(void)snprintf(text, PATH_SIZE, "`%.*s`", size, key->path);
	return text;
}

/* The key of a node in the map at `parent`, or NULL. */
static const struct bs_config_key *
find_key(const struct bs_yaml_node *node, const char *parent)
{
	char path[PATH_SIZE];
	int size;

	if (strpbrk(node->key, ".[") != NULL)
		return NULL;
	size = snprintf(path, sizeof(path), "%s%s%s", parent,
	    parent[0] != '\0' ? "." : "", node->key);
	if (size < 0 || (size_t)size >= sizeof(path))
		return NULL;
	return bs_config_key_find(path);
}

/* The best of the keys of a map, or of the keys of all others. */
static const struct bs_config_key *
nearest(const char *word, const char *parent, bool here)
{
	struct bs_suggest suggest = bs_suggest_start(word);
	const struct bs_config_key *best = NULL;
	size_t count;
	const struct bs_config_key *keys = bs_config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		const char *before = suggest.best;

		if (bs_config_key_is_child(&keys[i], parent) != here)
			continue;
		bs_suggest_try(&suggest, bs_config_key_leaf(&keys[i]));
		if (suggest.best != before)
			best = &keys[i];
	}
	return best;
}

/* "database, listen, workers, ..." */
static const char *
list_keys(const char *parent, char *text, size_t size)
{
	size_t count, used = 0;
	const struct bs_config_key *keys = bs_config_keys(&count);

	text[0] = '\0';
	for (size_t i = 0; i < count && used < size; i++) {
		int more;

		if (!bs_config_key_is_child(&keys[i], parent) ||
		    keys[i].later != NULL)
			continue;
		more = snprintf(text + used, size - used, "%s%s",
		    used > 0 ? ", " : "", bs_config_key_leaf(&keys[i]));
		used += more > 0 ? (size_t)more : 0;
	}
	return text;
}

static void
note_unknown(struct walker *walker, const struct bs_yaml_node *node,
    const char *parent, const char *rest)
{
	bs_config_note(walker->notes, true, node->key_line, "%s%s%.*s: %s",
	    parent, parent[0] != '\0' ? "." : "", bs_utf8_shown(node->key),
	    node->key, rest);
}

static void
refuse_key(
    struct walker *walker, const struct bs_yaml_node *node, const char *parent)
{
	const struct bs_config_key *here = nearest(node->key, parent, true);
	const struct bs_config_key *there = nearest(node->key, parent, false);
	char keys[REST_SIZE / 2], place[PATH_SIZE], rest[REST_SIZE];

	if (strchr(node->key, '.') != NULL &&
	    bs_config_key_find(node->key) != NULL)
		(void)snprintf(rest, sizeof(rest),
		    "keys are not joined by dots: write it nested, as in "
		    "trap: {domains: [trap.example]}");
	else if (there != NULL &&
		 strcmp(bs_config_key_leaf(there), node->key) == 0)
		(void)snprintf(rest, sizeof(rest),
		    "not known here: it belongs into %s, move it there",
		    describe_parent(there, place));
	else if (here != NULL)
		(void)snprintf(rest, sizeof(rest),
		    "unknown key: did you mean `%s`?",
		    bs_config_key_leaf(here));
	else if (there != NULL)
		(void)snprintf(rest, sizeof(rest),
		    "unknown key: did you mean `%s` in %s?",
		    bs_config_key_leaf(there), describe_parent(there, place));
	else
		(void)snprintf(rest, sizeof(rest),
		    "unknown key: remove it, or write one of %s",
		    list_keys(parent, keys, sizeof(keys)));
	note_unknown(walker, node, parent, rest);
}

/* --- values ------------------------------------------------------------- */

static const char *
kind_text(enum bs_yaml_kind kind)
{
	return kind == BS_YAML_SCALAR ? "one value"
	       : kind == BS_YAML_LIST ? "a list"
				      : "a map";
}

static bool
is_empty(const struct bs_yaml_node *node)
{
	return node->kind == BS_YAML_SCALAR && node->text[0] == '\0';
}

static void
refuse_kind(struct walker *walker, const struct bs_config_key *key,
    const struct bs_yaml_node *node)
{
	const char *leaf = bs_config_key_leaf(key);

	if (is_empty(node))
		bs_config_note(walker->notes, true, node->line,
		    "%s: has no value: write %s: %s", key->path, leaf,
		    key->example);
	else
		bs_config_note(walker->notes, true, node->line,
		    "%s: takes %s, here is %s: write %s: %s", key->path,
		    bs_config_type_text(key->type), kind_text(node->kind), leaf,
		    key->example);
}

/* One value, or one item of a list. */
static void
walk_scalar(struct walker *walker, const struct bs_config_slot *slot,
    const struct bs_yaml_node *node)
{
	struct bs_message message;

	if (node->kind != BS_YAML_SCALAR || is_empty(node)) {
		refuse_kind(walker, slot->key, node);
		return;
	}
	if (bs_config_store(&walker->store, slot, node->text, &message) !=
	    BS_OK)
		bs_config_note(walker->notes, true, node->line, "%s: %s",
		    slot->key->path, message.text);
}

static bool
check_count(struct walker *walker, const struct bs_config_key *key,
    const struct bs_yaml_node *list)
{
	if (list->count >= key->min && list->count <= key->max)
		return true;
	if (list->count < key->min)
		bs_config_note(walker->notes, true, list->line,
		    "%s: the list is empty: write %s: %s", key->path,
		    bs_config_key_leaf(key), key->example);
	else
		bs_config_note(walker->notes, true, list->line,
		    "%s: %zu items: write at most %u", key->path, list->count,
		    key->max);
	return false;
}

/* A list; a single value is a list of one, as Knot has it. */
static void
walk_list(struct walker *walker, struct bs_config_slot *slot,
    const struct bs_yaml_node *node)
{
	if (node->kind == BS_YAML_SCALAR) {
		walk_scalar(walker, slot, node);
		return;
	}
	if (node->kind == BS_YAML_MAP) {
		refuse_kind(walker, slot->key, node);
		return;
	}
	if (!check_count(walker, slot->key, node))
		return;
	for (const struct bs_yaml_node *n = node->first; n != NULL;
	     n = n->next) {
		slot->line = n->line;
		walk_scalar(walker, slot, n);
	}
}

static void
note_zone_lines(struct bs_config_zone *zone, const struct bs_yaml_node *map)
{
	zone->line = map->line;
	for (const struct bs_yaml_node *n = map->first; n != NULL;
	     n = n->next) {
		if (strcmp(n->key, "name") == 0)
			zone->line = n->line;
		if (strcmp(n->key, "file") == 0)
			zone->file_line = n->line;
	}
}

/* A list of maps: zones, reporters or feeds. */
static void
walk_maps(struct walker *walker, const struct bs_config_slot *slot,
    const struct bs_yaml_node *list)
{
	char path[PATH_SIZE];

	if (list->kind != BS_YAML_LIST) {
		refuse_kind(walker, slot->key, list);
		return;
	}
	if (!check_count(walker, slot->key, list))
		return;
	(void)snprintf(path, sizeof(path), "%s[]", slot->key->path);
	for (const struct bs_yaml_node *n = list->first; n != NULL;
	     n = n->next) {
		void *item;

		if (n->kind != BS_YAML_MAP) {
			refuse_kind(walker, slot->key, n);
			continue;
		}
		item = bs_config_append(
		    &walker->store, slot, slot->key->item_size);
		if (item != NULL && strcmp(slot->key->path, "zone") == 0)
			note_zone_lines(item, n);
		else if (item != NULL && strcmp(slot->key->path, "feed") == 0)
			((struct bs_policy_feed *)item)->line = n->line;
		walk_map(walker, n, path, item);
	}
}

static void
walk_value(struct walker *walker, const struct bs_config_key *key,
    const struct bs_yaml_node *node, void *object)
{
	struct bs_config_slot slot = {key, object, node->line};

	if (key->later != NULL)
		bs_config_note(walker->notes, key->refused, node->key_line,
		    key->refused ? "%s: %s" : "%s: not in this version yet: %s",
		    key->path, key->later);
	if (bs_config_type_is_list(key->type))
		walk_list(walker, &slot, node);
	else if (key->type == BS_CONFIG_MAPS)
		walk_maps(walker, &slot, node);
	else if (key->type != BS_CONFIG_MAP)
		walk_scalar(walker, &slot, node);
	else if (node->kind != BS_YAML_MAP)
		refuse_kind(walker, key, node);
	else
		walk_map(walker, node, key->path, object);
}

/* --- keys that the file does not have ----------------------------------- */

/* The default, an item after the other. */
static void
store_default(
    struct walker *walker, const struct bs_config_key *key, void *object)
{
	struct bs_config_slot slot = {key, object, 0};
	bool is_list = bs_config_type_is_list(key->type);
	struct bs_message message;
	const char *text = key->initial;

	while (text != NULL) {
		const char *comma = is_list ? strstr(text, ", ") : NULL;
		size_t size =
		    comma != NULL ? (size_t)(comma - text) : strlen(text);
		char item[ITEM_SIZE];
		int error;

		assert(size < sizeof(item));
		memcpy(item, text, size);
		item[size] = '\0';
		error = bs_config_store(&walker->store, &slot, item, &message);
		assert(error == BS_OK);
		text = comma != NULL ? comma + 2 : NULL;
	}
}

static void
refuse_missing(struct walker *walker, const struct bs_config_key *key,
    const struct bs_yaml_node *map)
{
	const char *leaf = bs_config_key_leaf(key);

	if (leaf == key->path)
		bs_config_note(walker->notes, true, 0,
		    "%s: missing: add a line %s: %s", leaf, leaf, key->example);
	else
		bs_config_note(walker->notes, true, map->line,
		    "%s: missing: add %s: %s", key->path, leaf, key->example);
}

/* Whether the map has a key that refuse_key took for this one misspelt: one
 * mistake gets one message. */
static bool
is_misspelt(const struct bs_config_key *key, const struct bs_yaml_node *map,
    const char *parent)
{
	for (const struct bs_yaml_node *n = map->first; n != NULL;
	     n = n->next) {
		if (find_key(n, parent) == NULL &&
		    nearest(n->key, parent, true) == key)
			return true;
	}
	return false;
}

static void
walk_missing(struct walker *walker, const struct bs_config_key *key,
    const struct bs_yaml_node *map, const char *parent, void *object)
{
	if (key->required && map != NULL && !is_misspelt(key, map, parent))
		refuse_missing(walker, key, map);
	if (key->initial != NULL)
		store_default(walker, key, object);
	if (key->type == BS_CONFIG_MAP)
		walk_map(walker, NULL, key->path, object);
}

/* --- maps --------------------------------------------------------------- */

/* All keys of the map at `path`; `map` NULL: it is not in the file.  A key
 * that is there twice was reported by the YAML reader: the first counts. */
static void
walk_map(struct walker *walker, const struct bs_yaml_node *map,
    const char *path, void *object)
{
	bool seen[BS_CONFIG_KEYS_MAX] = {false};
	size_t count;
	const struct bs_config_key *keys = bs_config_keys(&count);
	const struct bs_yaml_node *node = map != NULL ? map->first : NULL;

	for (; node != NULL; node = node->next) {
		const struct bs_config_key *key = find_key(node, path);

		if (key == NULL) {
			refuse_key(walker, node, path);
		} else if (!seen[bs_config_key_index(key)]) {
			seen[bs_config_key_index(key)] = true;
			walk_value(walker, key, node, object);
		}
		if (walker->notes->left_out > 0)
			return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!seen[i] && bs_config_key_is_child(&keys[i], path))
			walk_missing(walker, &keys[i], map, path, object);
	}
}

int
bs_config_walk(struct bs_config *config, struct bs_config_notes *notes,
    const char *folder, const struct bs_yaml_node *root)
{
	struct walker walker = {.store = {.folder = folder}, .notes = notes};

	if (root != NULL && root->kind != BS_YAML_MAP)
		bs_config_note(notes, true, root->line,
		    "configuration: %s where keys are due: write KEY: VALUE, "
		    "as in database: /var/lib/backstop",
		    kind_text(root->kind));
	else
		walk_map(&walker, root, "", config);
	return walker.store.no_memory ? BS_ENOMEM : BS_OK;
}
