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
#define SIGNALS_FIELDS_MAX 64 /* header fields that they look at */

/* How many there are, at most SIGNALS_MAX. */
size_t signals_count(void);

/* "null-return-path", as the rules call it; index < signals_count(). */
const char *signals_name(size_t index);

/* "Return-Path: <>", as people read it. */
const char *signals_text(size_t index);

/* The header fields that they look at, whose values signals_of takes; index <
 * signals_field_count(), which is SIGNALS_FIELDS_MAX at most; in lower case. */
size_t signals_field_count(void);
const char *signals_field_name(size_t index);

/* All of them: bit `index` is set where that signal holds.  `field`: the value of
 * the first header field of each name, or NULL. */
uint64_t signals_of(const struct facts *facts, const char *const *field);

/* Whether a list passed it on for somebody, as its header fields show. */
bool signals_are_of_list_post(uint64_t signals);

/* Whether it comes from a postmaster and does not show that a program wrote it. */
bool signals_are_of_office(uint64_t signals);

/* Whether it has a link where a notice has what it returns: nothing that a mail
 * system wrote tells it from spam. */
bool signals_are_of_lure(uint64_t signals);

/* Whether its From is of the trap's own domain, or of one above or below it, and it
 * has a link and returns nothing: a trap's domain has nothing to bounce. */
bool signals_are_of_own_lure(uint64_t signals);

/* Whether what stands beside a delivery status is there to be run, and nothing is
 * returned: who makes a status up has no message to return. */
bool signals_are_of_made_up_status(uint64_t signals);

/* Whether it has a lure, and nothing but HTML is there. */
bool signals_are_of_page(uint64_t signals);

/* Whether it is a program's answer to a message, and a field marks it as one. */
bool signals_are_of_robots_answer(uint64_t signals);

/* Whether it is a short letter that names no other and that nothing marks. */
bool signals_are_of_letter(uint64_t signals);

/* So, and something may mark it. */
bool signals_are_of_lone_letter(uint64_t signals);

/* Whether the envelope sender is empty. */
bool signals_are_of_null_sender(uint64_t signals);

/* Whether they say that a program's field marks it as an answer. */
bool signals_are_of_answer(uint64_t signals);

/* Whether a system that turns mail into tickets wrote it. */
bool signals_are_of_desk(uint64_t signals);

/* Whether the envelope's sender is known, and neither the null sender nor a mail
 * system's address. */
bool signals_sender_is_no_system(const struct facts *facts);

#endif
