/*
 * Mail of mailing lists, told from the view of a message.
 */
#ifndef FEED_LISTMAIL_H
#define FEED_LISTMAIL_H

#include <stdbool.h>

#include "view.h"

/* Whether its fields or envelope are those of a post to a list's members. */
bool listmail_is_passed_on(const struct view *view);

/* Whether it has a field of a list (RFC 2369, RFC 2919 or older), a newsletter
 * too; what is passed on is known. */
bool listmail_is(const struct view *view);

/* Whether From is an office of a list: its program, or who looks after it. */
bool listmail_is_robot(const struct view *view);

/* Whether the subject asks to confirm something, as a double opt-in does. */
bool listmail_asks(const struct view *view);

#endif
