/*
 * Content-Type and Content-Disposition as nearly all mail has them: tokens and
 * quoted strings of ASCII (RFC 2045 section 5.1), nothing that needs decoding.
 * What is written in any other way is GMime's to read.  Pure.
 */
#ifndef FEED_TYPEFIELD_H
#define FEED_TYPEFIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define TYPEFIELD_PARAMETERS_MAX 8

/* Bytes of the field's value; borrowed. */
struct typefield_text {
	const char *text;
	size_t size; /* 0: missing; no text is empty */
};

struct typefield {
	struct typefield_text type;    /* "text", or "attachment" */
	struct typefield_text subtype; /* "plain"; missing of a disposition */
	struct {
		struct typefield_text name, value;
	} parameter[TYPEFIELD_PARAMETERS_MAX];
	size_t parameter_count;
};

/* Reads "TYPE/SUBTYPE; NAME=VALUE ...".  False where it is not plain. */
bool typefield_read_type(
    const char *value, size_t size, struct typefield *field_r);

/* Reads "DISPOSITION; NAME=VALUE ...".  False where it is not plain. */
bool typefield_read_disposition(
    const char *value, size_t size, struct typefield *field_r);

/* The parameter of that name (lower case), in any case; missing where there is
 * none. */
struct typefield_text typefield_find(
    const struct typefield *field, const char *name);

/* Whether a text is that word (lower case), in any case. */
static inline bool
typefield_is(struct typefield_text text, const char *word)
{
	return text.size == strlen(word) &&
	       strncasecmp(text.text, word, text.size) == 0;
}

#endif
