/*
 * Puts values where the table of keys says: one small reader for each type,
 * which has config_value.c read the text and stores the result.
 *
 * A key that is only checked (BS_CONFIG_NOWHERE) goes the same way and is
 * dropped at the end of it.  Called by config_walk.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_store.h"
#include "config_value.h"
#include "idna.h"

#define ADDRESS_MAX 512 /* bytes; longer ones are refused in any case */

/* --- places ------------------------------------------------------------- */

static void *
place(const struct bs_config_slot *slot)
{
	if (slot->object == NULL || slot->key->offset == BS_CONFIG_NOWHERE)
		return NULL;
	return (char *)slot->object + slot->key->offset;
}

/* Takes `text`, which may be NULL for no memory. */
static void
store_text(struct bs_config_store *store, const struct bs_config_slot *slot,
    char *text)
{
	char **member = place(slot);

	if (text == NULL)
		store->no_memory = true;
	if (member == NULL) {
		free(text);
		return;
	}
	free(*member);
	*member = text;
}

void *
bs_config_append(struct bs_config_store *store,
    const struct bs_config_slot *slot, size_t size)
{
	void *member = place(slot);
	size_t *count;
	char *items;

	if (member == NULL)
		return NULL;
	count =
	    (size_t *)(void *)((char *)slot->object + slot->key->count_offset);
	memcpy(&items, member, sizeof(items));
	if ((*count & (*count - 1)) == 0) { /* grows at powers of two */
		size_t capacity = *count > 0 ? 2 * *count : 1;

		items = reallocarray(items, capacity, size);
		if (items == NULL) {
			store->no_memory = true;
			return NULL;
		}
		memcpy(member, &items, sizeof(items));
	}
	memset(items + *count * size, 0, size);
	return items + (*count)++ * size;
}

/* An item of a list, in lower case. */
static void
store_item(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, size_t size)
{
	char *name = strndup(text, size);
	char **item;

	if (name == NULL) {
		store->no_memory = true;
		return;
	}
	for (char *c = name; *c != '\0'; c++)
		*c += *c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0;
	item = bs_config_append(store, slot, sizeof(*item));
	if (item == NULL)
		free(name);
	else
		*item = name;
}

/* --- single values ------------------------------------------------------ */

/* Below the folder, where it is not absolute; NULL without memory. */
static char *
make_absolute(const struct bs_config_store *store, const char *text)
{
	char *path = NULL;

	if (text[0] == '/')
		return strdup(text);
	if (asprintf(&path, "%s/%s", store->folder, text) < 0)
		return NULL;
	return path;
}

static int
read_path(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	int error = bs_config_value_path(text, message);

	if (error == BS_OK)
		store_text(store, slot, make_absolute(store, text));
	return error;
}

static int
read_file(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	struct bs_config_file file = {.line = slot->line}, *item;
	int error = bs_config_value_path(text, message);

	if (error != BS_OK)
		return error;
	file.path = make_absolute(store, text);
	if (file.path == NULL)
		store->no_memory = true;
	item = file.path != NULL ? bs_config_append(store, slot, sizeof(*item))
				 : NULL;
	if (item != NULL)
		*item = file;
	else
		free(file.path);
	return BS_OK;
}

static int
read_name(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	char ascii[BS_IDNA_MAX + 1];
	size_t size;
	int error;

	if (bs_idna_ascii(text, ascii) == BS_OK)
		text = ascii; /* else the check says what is wrong */
	error = bs_config_value_name(text, &size, message);

	if (error == BS_OK && slot->key->type == BS_CONFIG_NAME)
		store_text(store, slot, strndup(text, size));
	else if (error == BS_OK)
		store_item(store, slot, text, size);
	return error;
}

static int
read_address(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	char ascii[ADDRESS_MAX];
	int error;

	if (bs_idna_ascii_address(text, ascii, sizeof(ascii)) == BS_OK)
		text = ascii;
	error = bs_config_value_address(
	    text, slot->key->type == BS_CONFIG_ADDRESSES, message);

	if (error == BS_OK)
		store_item(store, slot, text, strlen(text));
	return error;
}

static int
read_pattern(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	int error = bs_config_value_pattern(text, message);

	if (error == BS_OK)
		store_item(store, slot, text, strlen(text));
	return error;
}

/* Keeps a text as it is, unless its check found an error. */
static int
keep_text(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, int error)
{
	if (error == BS_OK)
		store_text(store, slot, strdup(text));
	return error;
}

static int
read_word(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	return keep_text(
	    store, slot, text, bs_config_value_word(text, message));
}

static int
read_text(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	return keep_text(
	    store, slot, text, bs_config_value_text(slot->key, text, message));
}

static int
read_template(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	return keep_text(
	    store, slot, text, bs_config_value_template(text, message));
}

/* Keeps a number in a member of 32 bits, unless reading it was an error. */
static int
keep_number(const struct bs_config_slot *slot, uint32_t number, int error)
{
	uint32_t *member = place(slot);

	if (error == BS_OK && member != NULL)
		*member = number;
	return error;
}

static int
read_number(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	uint32_t number = 0;
	int error = bs_config_value_number(slot->key, text, &number, message);

	(void)store;
	return keep_number(slot, number, error);
}

static int
read_duration(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	uint32_t duration_s = 0;
	int error =
	    bs_config_value_duration(slot->key, text, &duration_s, message);

	(void)store;
	return keep_number(slot, duration_s, error);
}

static int
read_bits(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	uint8_t *member = place(slot);
	uint32_t number;
	int error = bs_config_value_number(slot->key, text, &number, message);

	(void)store;
	if (error == BS_OK && member != NULL)
		*member = (uint8_t)number;
	return error;
}

static int
read_bool(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	bool *member = place(slot);
	bool value;
	int error = bs_config_value_bool(text, &value, message);

	(void)store;
	if (error == BS_OK && member != NULL)
		*member = value;
	return error;
}

static int
read_choice(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	uint32_t choice = 0;
	int error = bs_config_value_choice(slot->key, text, &choice, message);

	(void)store;
	return keep_number(slot, choice, error);
}

static int
read_class(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	bs_classes nowhere = 0;
	bs_classes *member = place(slot);

	(void)store;
	return bs_config_value_class(
	    text, member != NULL ? member : &nowhere, message);
}

static int
read_prefix(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	struct bs_prefix prefix, *item;
	int error = bs_config_value_prefix(text, &prefix, message);

	if (error != BS_OK)
		return error;
	item = bs_config_append(store, slot, sizeof(*item));
	if (item != NULL)
		*item = prefix;
	return BS_OK;
}

static int
read_endpoint(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	struct bs_config_listen listen = {.line = slot->line}, *item;
	int error = bs_config_value_endpoint(text, &listen.endpoint, message);

	if (error != BS_OK)
		return error;
	item = bs_config_append(store, slot, sizeof(*item));
	if (item != NULL)
		*item = listen;
	return BS_OK;
}

static int
read_door(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	struct bs_config_door door = {.line = slot->line}, *item;
	bool is_unix;
	int error =
	    bs_config_value_door(text, &door.endpoint, &is_unix, message);

	if (error != BS_OK)
		return error;
	item = bs_config_append(store, slot, sizeof(*item));
	if (item == NULL)
		return BS_OK;
	if (is_unix && (door.path = strdup(text + strlen("unix:"))) == NULL)
		store->no_memory = true;
	*item = door;
	return BS_OK;
}

static int
read_peer(struct bs_config_store *store, const struct bs_config_slot *slot,
    const char *text, struct bs_message *message)
{
	(void)store;
	(void)slot;
	return bs_config_value_peer(text, message);
}

/* Reads one value, or one item of a list, and stores it. */
typedef int read_value(struct bs_config_store *store,
    const struct bs_config_slot *slot, const char *text,
    struct bs_message *message);

static read_value *const readers[] = {
    [BS_CONFIG_PATH] = read_path,
    [BS_CONFIG_NAME] = read_name,
    [BS_CONFIG_WORD] = read_word,
    [BS_CONFIG_TEXT] = read_text,
    [BS_CONFIG_TEMPLATE] = read_template,
    [BS_CONFIG_NUMBER] = read_number,
    [BS_CONFIG_BITS] = read_bits,
    [BS_CONFIG_DURATION] = read_duration,
    [BS_CONFIG_BOOL] = read_bool,
    [BS_CONFIG_CLASSES] = read_class,
    [BS_CONFIG_NAMES] = read_name,
    [BS_CONFIG_PATHS] = read_file,
    [BS_CONFIG_PREFIXES] = read_prefix,
    [BS_CONFIG_ENDPOINTS] = read_endpoint,
    [BS_CONFIG_DOORS] = read_door,
    [BS_CONFIG_ADDRESSES] = read_address,
    [BS_CONFIG_ROLES] = read_address,
    [BS_CONFIG_PATTERNS] = read_pattern,
    [BS_CONFIG_PEERS] = read_peer,
    [BS_CONFIG_CHOICE] = read_choice,
};

int
bs_config_store(struct bs_config_store *store,
    const struct bs_config_slot *slot, const char *text,
    struct bs_message *message)
{
	return readers[slot->key->type](store, slot, text, message);
}
