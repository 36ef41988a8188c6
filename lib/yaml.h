/*
 * YAML: the one door to libyaml.  Turns a text into a tree of nodes that know
 * their line, with limits, and refuses what libyaml lets pass: duplicate keys,
 * aliases and anchors, tags, several documents.
 *
 * What the keys mean is the reader's business (config.c, later the
 * classifier's rules).
 */
#ifndef BS_YAML_H
#define BS_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/* Limits, each with a test at it and one past it. */
#define BS_YAML_SIZE_MAX (4u * 1024 * 1024) /* bytes of text */
#define BS_YAML_DEPTH_MAX 8                 /* nested lists and maps */
#define BS_YAML_NODES_MAX 200000u           /* nodes in all */

enum bs_yaml_kind {
	BS_YAML_SCALAR,
	BS_YAML_LIST,
	BS_YAML_MAP,
};

struct bs_yaml_node {
	enum bs_yaml_kind kind;
	unsigned line;   /* from 1 */
	unsigned column; /* from 1 */
	const char *key; /* in a map: this node's key, else NULL */
	unsigned key_line;
	const char *text; /* SCALAR: its value, NUL-terminated, no NUL inside */
	bool quoted;      /* SCALAR: written in quotes */
	struct bs_yaml_node *first; /* LIST, MAP: the children in order */
	struct bs_yaml_node *next;  /* the next child of the same parent */
	size_t count;               /* LIST, MAP: number of children */
};

struct bs_yaml; /* owns all nodes and texts */

/* Called for each error: the line (from 1; 0: none) and a text that says what
 * is wrong and what to write instead, without "FILE:LINE: " before it. */
typedef void bs_yaml_report(void *context, unsigned line, const char *text);

/*
 * Parses `size` bytes.  On success *yaml_r is new (free with bs_yaml_free).
 * BS_EEXIST: duplicate keys, all reported; *yaml_r is new all the same, so
 * that the reader can look for further errors.  BS_EINVAL: syntax, reported;
 * BS_ETOOLONG: past a limit, reported; BS_ENOMEM, reported.  An empty text is
 * an empty map.
 */
int bs_yaml_parse(const char *text, size_t size, bs_yaml_report *report,
    void *context, struct bs_yaml **yaml_r);

/* The top node; lives as long as `yaml`. */
const struct bs_yaml_node *bs_yaml_root(const struct bs_yaml *yaml);

void bs_yaml_free(struct bs_yaml **yaml);

#endif
