/*
 * Sightings as JSON Lines, an object in each line: what feeds send us, and what
 * we send to partners.  Pure.
 *
 *	{"v":1,"id":HEX,"source":"192.0.2.99","class":"bounce",
 *	 "time":"2026-11-22T03:00:00Z","trap":HEX,"feed":"partner"}
 *
 * id and trap are hashes under a key of the sender: they tell that two
 * sightings are the same one, or of one trap, and no more.  Members that v 1
 * does not know are passed over; another v is refused.
 */
#ifndef BS_SIGHTING_LINE_H
#define BS_SIGHTING_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "class.h"
#include "error.h"
#include "ipprefix.h"

#define BS_SIGHTING_LINE_MAX 4096 /* bytes of a line, its newline aside */
#define BS_SIGHTING_LINE_HEX_MIN 8
#define BS_SIGHTING_LINE_HEX_MAX 128
#define BS_SIGHTING_LINE_FEED_MAX 63

struct bs_sighting_line {
	char id[BS_SIGHTING_LINE_HEX_MAX + 1]; /* lower case */
	char trap[BS_SIGHTING_LINE_HEX_MAX + 1];
	struct bs_addr source; /* v4-mapped ones are IPv4 by now */
	enum bs_class class;
	uint32_t time_s;
	char feed[BS_SIGHTING_LINE_FEED_MAX + 1]; /* "": it does not say */
};

/* Reads a line without its newline.  BS_EINVAL, BS_ETOOLONG with "KEY: what is
 * wrong: what to write instead" in `message`; BS_ENOMEM. */
int bs_sighting_line_read(const char *line, size_t size,
    struct bs_sighting_line *line_r, struct bs_message *message);

/* Writes one; what bs_json_write returns. */
int bs_sighting_line_write(const struct bs_sighting_line *line, FILE *out);

#endif
