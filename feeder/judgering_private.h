/*
 * What lies in the memory that `serve` shares with a judge.  For judgering.c
 * and the tests that play a judge that is somebody else's by now.
 */
#ifndef FEED_JUDGERING_PRIVATE_H
#define FEED_JUDGERING_PRIVATE_H

#include <stdalign.h>
#include <stdatomic.h>

#include "judgering.h"

#define JUDGERING_LINE 64 /* of a core's cache: each side writes its own */

struct judgering_request {
	uint8_t head[JUDGEWIRE_REQUEST_MAX];
	uint8_t message[SPOOL_MEMORY_MAX];
};

/* Marks count requests and answers from the beginning on, and wrap. */
struct judgering_shared {
	alignas(JUDGERING_LINE) atomic_uint put;      /* written by `serve` */
	alignas(JUDGERING_LINE) atomic_uint answered; /* by the judge */
	/* set by who waits, taken back by who sends it a byte for that */
	alignas(JUDGERING_LINE) atomic_uint judge_waits;
	alignas(JUDGERING_LINE) atomic_uint serve_waits;
	alignas(
	    JUDGERING_LINE) struct judgering_request request[JUDGERING_SLOTS];
	uint8_t answer[JUDGERING_SLOTS][JUDGEWIRE_ANSWER_MAX];
};

#endif
