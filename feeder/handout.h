/*
 * The export command: our own sightings for a partner, as JSON Lines.
 */
#ifndef FEED_HANDOUT_H
#define FEED_HANDOUT_H

#include <stdint.h>
#include <stdio.h>

#include "config.h"
#include "messages.h"
#include "stop.h"

/* What to hand out; all borrowed. */
struct handout_job {
	const struct bs_config *config;
	const struct stop *stop;
	struct messages *messages; /* told of errors; holds the exit code */
	const char *partner;       /* whom it is for; "" is nobody */
	const char *as;            /* the feed's name in it */
	uint32_t since_s;          /* received from then on */
	FILE *out;
};

/*
 * Writes what our own traps have seen and what lists, in the order of
 * addresses, a line each: ids and traps as hashes that are new for each partner,
 * times by the hour, IPv6 sources by the network that they are counted by.
 */
void handout(const struct handout_job *job);

#endif
