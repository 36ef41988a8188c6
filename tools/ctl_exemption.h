/*
 * An exemption in print: as JSON, as a line of `exempt list`, as a few words.
 */
#ifndef CTL_EXEMPTION_H
#define CTL_EXEMPTION_H

#include <stdio.h>

#include "error.h"
#include "exemption.h"
#include "json.h"

/* An object with all of it. */
struct bs_json *ctl_exemption_json(const struct bs_exemption *exemption);

/* One line: prefix, since, by whom, reason. */
void ctl_exemption_write_row(const struct bs_exemption *exemption, FILE *out);

/* "198.51.100.0/24 (operator:alice, its reason)". */
void ctl_exemption_words(
    const struct bs_exemption *exemption, struct bs_message *words);

#endif
