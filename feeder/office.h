/*
 * Office: what comes from a postmaster or root, by hand or by a program.
 */
#ifndef FEED_OFFICE_H
#define FEED_OFFICE_H

#include <stdbool.h>

#include "view.h"

/* Whether From is of the trap's own domain, or of one above or below it. */
bool office_is_of_traps_house(const struct view *view);

/* Whether the text has what an SMTP server was told of a message from the trap
 * (MAIL FROM and RCPT TO, RFC 5321 section 4.1.1) and its reply code. */
bool office_transcript(const struct view *view);

/* Whether somebody writes in person, or somebody who is no mail system: the
 * envelope takes answers and nothing is returned. */
bool office_is_by_hand(const struct view *view);

/* Whether an office wrote it that greets nobody: a program, or a curt postmaster. */
bool office_may_be_by_hand(const struct view *view);

#endif
