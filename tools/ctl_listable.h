/*
 * What may be listed by hand, and until when: for `add` and `import`.
 */
#ifndef CTL_LISTABLE_H
#define CTL_LISTABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl.h"

/* Whether a prefix may be listed; says of `text`, what the user knows it by,
 * why it may not.  What is exempt may: it is kept and not served. */
bool ctl_may_list(
    const struct ctl *ctl, const char *text, const struct bs_prefix *prefix);

/* Reads --for, else what the policy keeps the longest of the classes; false
 * after having said what is wrong. */
bool ctl_parse_expires(
    const struct ctl *ctl, bs_classes classes, uint32_t *expires_s_r);

#endif
