/*
 * UTF-8 (RFC 3629), read strictly.  Pure.
 */
#ifndef BS_UTF8_H
#define BS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text is shown up to here in a message. */
#define BS_UTF8_SHOWN_MAX 80

/* The size in bytes of the sequence at `at` and its code point; 0 for what is
 * none: overlong, a surrogate, beyond U+10FFFF, or cut by the end.  `left` is
 * at least 1. */
size_t bs_utf8_read(const uint8_t *at, size_t left, uint32_t *code_r);

/* Whether YAML 1.1 section 5.1 allows the character, as libyaml reads it. */
bool bs_utf8_is_printable(uint32_t code);

/* The size of the character that a text begins with, 0 where it should not get
 * to a terminal: what is no UTF-8, control characters (also those beyond ASCII
 * and those that turn the direction of writing), and the end of the text. */
size_t bs_utf8_plain(const char *text);

/* The size of a text, or of what of it fits into `max` bytes without cutting a
 * character in two. */
size_t bs_utf8_cut(const char *text, size_t max);

/* Makes ASCII letters lower case; all else stays, whatever the locale. */
void bs_utf8_lower(char *text);

/* How many bytes of a text to show in a message, for "%.*s": at most
 * BS_UTF8_SHOWN_MAX, and no character is cut in two. */
int bs_utf8_shown(const char *text);

#endif
