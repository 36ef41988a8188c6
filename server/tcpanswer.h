/*
 * The answers to a stream of queries, in their order: bytes in, bytes out.
 * Pure; together with tcpframe.c this is what is fuzzed.
 */
#ifndef SERVER_TCPANSWER_H
#define SERVER_TCPANSWER_H

#include "respond.h"
#include "tcpframe.h"

/* Answers with their lengths before them. */
struct tcpanswer {
	uint8_t *bytes; /* borrowed */
	size_t room;    /* TCPFRAME_MAX or more */
	size_t size;    /* of the answers in it */
};

/*
 * Answers the whole messages in `frame`, behind what `answer` has already.
 * Returns TCPFRAME_WHOLE where it stopped early, since it answered *count
 * messages or there is no room for any answer: come again; else what is left
 * in the frame.  *count becomes the number of messages that were taken.
 */
enum tcpframe_state tcpanswer_batch(struct tcpframe *frame,
    const struct respond_context *context, struct tcpanswer *answer,
    size_t *count);

#endif
