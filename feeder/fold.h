/*
 * Folding: what makes two spellings of a phrase the same.  Pure.
 */
#ifndef FEED_FOLD_H
#define FEED_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Folds `size` bytes of UTF-8 to folded_r and ends it with a NUL; folded_r has
 * room for size + 1 bytes and may be `text` itself.  Returns the new size,
 * never more than `size`.  Letters become lower case without accents (ß ss, æ
 * ae, œ oe), typographic quotes, dashes and blanks and full-width letters
 * plain ones; marks and characters without width go.  A byte that is no UTF-8
 * becomes '?', a NUL byte a blank.
 */
size_t fold_text(const char *text, size_t size, char *folded_r);

/* Whether all bytes are ASCII. */
bool fold_is_ascii(const char *text, size_t size);

/* Copies a text, each run of white space as one blank, none at the start; to_r
 * has room for it and may be `text` itself.  Returns the new size. */
size_t fold_blanks(const char *text, char *to_r);

#endif
