/*
 * Who sent a message, by the names and addresses that mail systems use.
 */
#ifndef FEED_SENDER_H
#define FEED_SENDER_H

#include <stdbool.h>

#include "pairs.h"

/* Whether the local part of an address (lower case) is one that no person writes
 * from. */
bool sender_is_robot(const char *address);

/* Behind it may be a person. */
bool sender_is_postmaster(const char *address);

/* Whether it is one that takes no answers, or a program's. */
bool sender_takes_nothing(const char *address);

/* Behind the tag of BATV: prvs=TAG=local@domain. */
const char *sender_without_tag(const char *address);

/* Whether a From value, its display name included, is a mail system's. */
bool sender_has_system_name(const struct pairs *from);

/* Whether it is that of a filter against viruses. */
bool sender_has_filter_name(const struct pairs *from);

#endif
