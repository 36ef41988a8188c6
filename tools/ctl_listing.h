/*
 * A listing in print: as JSON, as a line of `list`, as a block of `show`.
 */
#ifndef CTL_LISTING_H
#define CTL_LISTING_H

#include <stdint.h>
#include <stdio.h>

#include "class.h"
#include "clock.h"
#include "json.h"
#include "listing.h"

/* Room for an answer: "127.0.0.254". */
#define CTL_ANSWER_TEXT_MAX 12

/* The A record of a set of classes that is not empty; returns `text`. */
char *ctl_answer_format(bs_classes classes, char text[CTL_ANSWER_TEXT_MAX]);

/* An end in words: a time, or "never"; returns `text`. */
char *ctl_expires_format(uint32_t expires_s, char text[BS_TIME_TEXT_MAX]);

/* Members "KEY": a time, null for BS_LISTING_FOREVER. */
void ctl_json_time(struct bs_json *json, const char *key, uint32_t time_s);

/* Member "classes": an array of names. */
void ctl_json_classes(struct bs_json *json, bs_classes classes);

/* Sightings counted into it, all classes together. */
uint64_t ctl_listing_hits(const struct bs_listing *listing);

/* An object with all of it. */
struct bs_json *ctl_listing_json(const struct bs_listing *listing);

/* The same as a line, with the exemption that hides it (NULL: none). */
void ctl_listing_write_json(const struct bs_listing *listing,
    const struct bs_prefix *exempt, FILE *out);

/* One line: prefix, classes, last, expires, the exemption that hides it (NULL:
 * none), reason. */
void ctl_listing_write_row(const struct bs_listing *listing,
    const struct bs_prefix *exempt, FILE *out);

/* Several lines, indented. */
void ctl_listing_write_block(const struct bs_listing *listing, FILE *out);

#endif
