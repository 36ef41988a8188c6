/*
 * The key list of backstop.conf(5), in mdoc, from the table of keys.
 *
 * doc/configdoc.c calls this at build time; the manual's frame is in doc/.
 * The policy's keys are the same for each class: they are told once.
 */
#include "autoconf.h"

#include <string.h>

#include "clock.h"
#include "config.h"
#include "config_table.h"

#define POLICY_FIRST "policy.bounce."

/* Returns how many bytes of ".  " the caller has yet to pass over. */
static size_t
put_sentence_end(FILE *out)
{
	fputs(".\n", out);
	return 2;
}

/* Text for mdoc: quotes and backslashes by name, a line for each sentence, and
 * no line begins with a dot. */
static void
put_text(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '"')
			fputs("\\(dq", out);
		else if (strncmp(text, ".  ", 3) == 0)
			text += put_sentence_end(out);
		else
			putc(*text, out);
	}
}

static void
put_range(FILE *out, const struct bs_config_key *key)
{
	char min[BS_DURATION_TEXT_MAX], max[BS_DURATION_TEXT_MAX];

	if (key->type == BS_CONFIG_NUMBER || key->type == BS_CONFIG_BITS)
		fprintf(out, " from %u to %u", key->min, key->max);
	else if (key->type == BS_CONFIG_DURATION)
		fprintf(out, " from %s to %s",
		    bs_duration_format(key->min, min),
		    bs_duration_format(key->max, max));
	else if (key->type == BS_CONFIG_CHOICE)
		fprintf(out, " %s", key->choices);
	else if (key->type == BS_CONFIG_TEXT)
		fprintf(out, " of at most %u bytes", key->max);
	else if (bs_config_type_is_list(key->type) && key->max > 0)
		fprintf(out, ", at most %u", key->max);
}

/* "Default: 1; autoreply and subscribe: 3" for a key of each class. */
static void
put_policy_defaults(FILE *out, const struct bs_config_key *key)
{
	fputs("Default:", out);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const char *name = bs_class_name(bs_class_at(i));
		const struct bs_config_key *each;
		char path[64];

		(void)snprintf(path, sizeof(path), "policy.%s.%s", name,
		    bs_config_key_leaf(key));
		each = bs_config_key_find(path);
		fprintf(out, "%s %s %s", i > 0 ? "," : "", name, each->initial);
	}
	fputs(".\n", out);
}

static void
put_key(FILE *out, const struct bs_config_key *key)
{
	bool is_policy =
	    strncmp(key->path, POLICY_FIRST, strlen(POLICY_FIRST)) == 0;

	if (is_policy)
		fprintf(
		    out, ".It Ic policy.CLASS.%s\n", bs_config_key_leaf(key));
	else
		fprintf(out, ".It Ic %s\n", key->path);
	put_text(out, key->help);
	fputs("\nTakes ", out);
	fputs(bs_config_type_text(key->type), out);
	put_range(out, key);
	fputs(key->required ? "; must be there.\n" : ".\n", out);
	if (is_policy) {
		put_policy_defaults(out, key);
	} else if (key->initial != NULL) {
		fputs("Default: ", out);
		put_text(out, key->initial);
		fputs(".\n", out);
	}
	fprintf(out, "Example:\n.Ql \"%s: ", bs_config_key_leaf(key));
	put_text(out, key->example);
	fputs("\"\n", out);
}

/* Whether the key, or the one it is part of, waits for a later version. */
static bool
is_later(const struct bs_config_key *key)
{
	const struct bs_config_key *parent;
	char path[64];
	size_t size = strcspn(key->path, ".[");

	if (key->later != NULL)
		return true;
	(void)snprintf(path, sizeof(path), "%.*s", (int)size, key->path);
	parent = bs_config_key_find(path);
	return parent != NULL && parent->later != NULL;
}

/* The five other classes have the keys of the first, told once. */
static bool
is_told_already(const struct bs_config_key *key)
{
	return strncmp(key->path, "policy.", 7) == 0 &&
	       strchr(key->path + 7, '.') != NULL &&
	       strncmp(key->path, POLICY_FIRST, strlen(POLICY_FIRST)) != 0;
}

static void
put_list(FILE *out, bool later)
{
	size_t count;
	const struct bs_config_key *keys = bs_config_keys(&count);

	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < count; i++) {
		if (keys[i].type != BS_CONFIG_MAP &&
		    !is_told_already(&keys[i]) && is_later(&keys[i]) == later)
			put_key(out, &keys[i]);
	}
	fputs(".El\n", out);
}

void
bs_config_write_mdoc(FILE *out)
{
	put_list(out, false);
	fputs(".Ss Keys for later versions\n"
	      "These are known and checked, and lead to a warning until a "
	      "later version\nacts upon them.\n",
	    out);
	put_list(out, true);
}
