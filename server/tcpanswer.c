/*
 * Answers the queries of a stream, in order.  An answer may be as long as a
 * message can be, so one is only begun where there is room for that.  Called by
 * tcpconn.c.
 */
#include "autoconf.h"

#include "bytes.h"

#include "tcpanswer.h"

enum tcpframe_state
tcpanswer_batch(struct tcpframe *frame, const struct respond_context *context,
    struct tcpanswer *answer, size_t *count)
{
	size_t most = *count;

	for (*count = 0; *count < most; (*count)++) {
		uint8_t *head = answer->bytes + answer->size;
		enum tcpframe_state state;
		const uint8_t *message;
		size_t size;

		if (answer->room - answer->size < TCPFRAME_MAX)
			return TCPFRAME_WHOLE;
		state = tcpframe_next(frame, &message, &size);
		if (state != TCPFRAME_WHOLE)
			return state;
		size =
		    respond_tcp(context, message, size, head + TCPFRAME_HEAD);
		if (size == 0) /* as to a response */
			continue;
		bs_put_be16(head, (uint16_t)size);
		answer->size += TCPFRAME_HEAD + size;
	}
	return TCPFRAME_WHOLE;
}
