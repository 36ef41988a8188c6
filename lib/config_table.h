/*
 * The table of the configuration's keys: what each is called, what it takes,
 * its range, its default, where its value goes, a line of help.  The reader
 * (config_walk.c), its messages and the manual (config_mdoc.c) come from it.
 * Pure data.
 */
#ifndef BS_CONFIG_TABLE_H
#define BS_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bs_config_type {
	BS_CONFIG_MAP,       /* keys of its own */
	BS_CONFIG_MAPS,      /* a list of maps */
	BS_CONFIG_PATH,      /* char *: a file or folder, made absolute */
	BS_CONFIG_NAME,      /* char *: a domain name as written */
	BS_CONFIG_WORD,      /* char *: letters, digits, - and _ */
	BS_CONFIG_TEXT,      /* char *: printable ASCII */
	BS_CONFIG_TEMPLATE,  /* char *: text with %c, %a, %z, %% */
	BS_CONFIG_NUMBER,    /* uint32_t */
	BS_CONFIG_BITS,      /* uint8_t */
	BS_CONFIG_DURATION,  /* uint32_t, seconds */
	BS_CONFIG_BOOL,      /* bool */
	BS_CONFIG_CHOICE,    /* uint32_t: which one of `choices`, from 0 */
	BS_CONFIG_CLASSES,   /* bs_classes: a list of names, or all */
	BS_CONFIG_NAMES,     /* char **: a list of domain names, lower case */
	BS_CONFIG_PATHS,     /* struct bs_config_file *: a list */
	BS_CONFIG_PREFIXES,  /* struct bs_prefix *: a list */
	BS_CONFIG_ENDPOINTS, /* struct bs_config_listen *: a list */
	BS_CONFIG_DOORS,     /* struct bs_config_door *: a list */
	BS_CONFIG_ADDRESSES, /* char **: a list of mail addresses, lower case */
	BS_CONFIG_ROLES,     /* char **: the same, the domain may be missing */
	BS_CONFIG_PATTERNS,  /* char **: the same with * and ?, and <> */
	BS_CONFIG_PEERS,     /* a list of ADDRESS or ADDRESS@PORT */
};

/* The value is checked and not kept. */
#define BS_CONFIG_NOWHERE ((size_t)-1)

struct bs_config_key {
	const char *path; /* "policy.bounce.hits", "zone[].ttl" */
	enum bs_config_type type;
	uint32_t min; /* of a number, a time, or a list's count */
	uint32_t max;
	const char *initial; /* the default as it would be written (a list's
				items with ", " between), NULL: none */
	const char *example; /* what to write after "KEY: " */
	const char *help;    /* one sentence */
	const char *later;   /* not in this version: what to do instead */
	bool refused;        /* and none that could be passed over */
	const char *choices; /* of a choice, with ", " between */
	bool required;
	size_t offset;       /* in struct bs_config or bs_config_zone */
	size_t count_offset; /* of a list's size_t */
	size_t item_size;    /* of a list of maps that is kept */
};

/* No fewer than there are keys. */
#define BS_CONFIG_KEYS_MAX 192

/* All keys; parents stand before their children. */
const struct bs_config_key *bs_config_keys(size_t *count_r);

/* The key of a path, or NULL. */
const struct bs_config_key *bs_config_key_find(const char *path);

/* Its index in bs_config_keys. */
size_t bs_config_key_index(const struct bs_config_key *key);

/* The last part of its path: "ttl" of "zone[].ttl". */
const char *bs_config_key_leaf(const struct bs_config_key *key);

/* Whether it is a key of that map itself: "zone[].ttl" of "zone[]", and
 * "listen" of "". */
bool bs_config_key_is_child(
    const struct bs_config_key *key, const char *parent);

/* What the type takes, in words: "a list of ADDRESS@PORT". */
const char *bs_config_type_text(enum bs_config_type type);

/* Whether the type is a list of single values. */
bool bs_config_type_is_list(enum bs_config_type type);

#endif
