/*
 * libyaml's complaints in words for the person who writes the file: the thing,
 * what is wrong, what to write instead, and the line to mend.  Pure; called by
 * yaml.c only.
 */
#ifndef BS_YAML_WORDS_H
#define BS_YAML_WORDS_H

#include "error.h"

/* What libyaml says of a failure; lines from 1. */
struct bs_yaml_problem {
	const char *context; /* "while scanning a quoted scalar", or NULL */
	unsigned context_line;
	const char *problem; /* "found unexpected end of stream", or NULL */
	unsigned problem_line;
	char at; /* the byte at the problem, 0 at the end of the text */
};

/* Fills the message (never empty) and returns the line to mend, which is
 * where an open quote or bracket began rather than where it was noticed. */
unsigned bs_yaml_words(
    const struct bs_yaml_problem *problem, struct bs_message *message_r);

#endif
