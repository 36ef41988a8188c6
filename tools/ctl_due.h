/*
 * What a killed `backstop-feed serve` left in ahead.log, said beside what the
 * database has.
 */
#ifndef CTL_DUE_H
#define CTL_DUE_H

#include "store_admin.h"

#include "ctl.h"

/* How much it is; where that can't be read, says so and takes it for nothing.
 * The store is open. */
struct bs_store_due ctl_due_find(const struct ctl *ctl);

/* Says, to stderr, that so much is not in `what` ("the list"), where nobody is
 * about to commit it; nothing else. */
void ctl_due_say(
    const struct ctl *ctl, const struct bs_store_due *due, const char *what);

/* Both, after looking in the list. */
void ctl_due_hint(const struct ctl *ctl);

/* What becomes of it, in brackets, or "". */
const char *ctl_due_note(const struct bs_store_due *due);

#endif
