/*
 * Signals: named yes/no questions about the facts of a message, for the rules.
 */
#ifndef FEED_SIGNALS_H
#define FEED_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"

#define SIGNALS_MAX 64

/* How many there are, at most SIGNALS_MAX. */
size_t signals_count(void);

/* "null-return-path", as the rules call it; index < signals_count(). */
const char *signals_name(size_t index);

/* "Return-Path: <>", as people read it. */
const char *signals_text(size_t index);

/* All of them: bit `index` is set where that signal holds. */
uint64_t signals_of(const struct facts *facts);

/* Whether the envelope's sender is known, and neither the null sender nor a mail
 * system's address. */
bool signals_sender_is_no_system(const struct facts *facts);

/* Whether a list passed it on for somebody, as its header fields show. */
bool signals_is_list_post(const struct facts *facts);

/* Whether it has a link where a notice has what it returns: nothing that a mail
 * system wrote tells it from spam. */
bool signals_is_lure(const struct facts *facts);

#endif
