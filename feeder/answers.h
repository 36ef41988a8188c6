/*
 * Signals of automatic replies, and of what only looks like one: the rules know
 * them by the names in signals.c.
 */
#ifndef FEED_ANSWERS_H
#define FEED_ANSWERS_H

#include <stdbool.h>

#include "view.h"

/* No sign that it answers something. */
bool answers_nothing(const struct view *view);

/* Trackers' and forums' notices go back to a message of their own, or of their
 * house, and have the address of a page with them. */
bool answers_itself(const struct view *view);

/* What programs put on what they write. */
bool answers_marked_automatic(const struct view *view);

/* A program answers a mail that came from elsewhere. */
bool answers_as_robot(const struct view *view);

/* Nothing says that a program answers; web sites' robots send what is
 * auto-generated too, but not in answer. */
bool answers_not_as_robot(const struct view *view);

/* By one field alone it is an automatic reply: no list, no mail system and no
 * report has it from elsewhere. */
bool answers_by_field(const struct view *view);

/* "Automatic reply: " and the like: what stands behind it are the words of what
 * is answered. */
bool answers_by_subject(const struct view *view);

/* People quote what they answer, and their programs name it. */
bool answers_with_quotes(const struct view *view);

/* A report on mail (RFC 6522) that answers none: DMARC's and others'. */
bool answers_is_other_report(const struct view *view);

/* A subject that read receipts have, before that of what was read or behind it. */
bool answers_read_by_subject(const struct view *view);

/* A short text with no more links than a signature has, that quotes nothing, asks
 * nothing and does not say what it answers: a program's of old, or somebody's first
 * letter. */
bool answers_as_lone_letter(const struct view *view);

#endif
