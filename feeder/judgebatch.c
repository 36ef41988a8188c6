/*
 * Puts requests behind each other, sends them and takes the answers apart,
 * which come in the same order.  Who gets which messages, and what becomes of
 * them when their judge dies, is judgepool.c's.
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "bytes.h"
#include "filepass.h"
#include "judgebatch.h"

void
judgebatch_reset(struct judgebatch *batch)
{
	batch->count = batch->answered = 0;
	batch->out_size = batch->sent = 0;
	batch->in_size = batch->in_used = 0;
	batch->file = -1;
}

bool
judgebatch_is_small(const struct spool *spool)
{
	return spool_file(spool) < 0 &&
	       spool_size(spool) <= JUDGEBATCH_MESSAGE_MAX;
}

bool
judgebatch_fits(const struct judgebatch *batch, const struct spool *spool)
{
	return batch->count < JUDGEBATCH_MAX && judgebatch_is_small(spool) &&
	       batch->out_size + JUDGEWIRE_REQUEST_MAX + spool_size(spool) <=
		   sizeof(batch->out);
}

void
judgebatch_add(struct judgebatch *batch, struct judgepool_job *job,
    struct judgewire_request *request, const struct spool *spool)
{
	const char *bytes = spool_bytes(spool);

	request->message_size = (uint32_t)spool_size(spool);
	request->in_file = bytes == NULL;
	batch->job[batch->count++] = job;
	batch->out_size +=
	    judgewire_put_request(request, batch->out + batch->out_size);
	if (bytes == NULL) {
		batch->file = spool_file(spool);
		return;
	}
	memcpy(batch->out + batch->out_size, bytes, request->message_size);
	batch->out_size += request->message_size;
}

/* --- sending ------------------------------------------------------------- */

int
judgebatch_send(struct judgebatch *batch, int socket)
{
	struct iovec part = {
	    batch->out + batch->sent, batch->out_size - batch->sent};
	struct filepass file = {
	    batch->file >= 0 && batch->sent == 0, {batch->file, -1}};
	ssize_t sent = filepass_send(socket, part, &file, MSG_DONTWAIT);

	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	batch->sent += (size_t)sent;
	return batch->sent < batch->out_size ? BS_EBUSY : BS_OK;
}

/* --- answers ------------------------------------------------------------- */

int
judgebatch_receive(struct judgebatch *batch, int socket)
{
	ssize_t got = recv(socket, batch->in + batch->in_size,
	    sizeof(batch->in) - batch->in_size, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	/* also where there is no room: all answers together have that */
	if (got == 0 || batch->answered == batch->count)
		return BS_EIO;
	batch->in_size += (size_t)got;
	return BS_OK;
}

int
judgebatch_next(struct judgebatch *batch, struct judgepool_job **job_r,
    struct judgewire_answer *answer_r)
{
	const uint8_t *bytes = batch->in + batch->in_used;
	size_t size = batch->in_size - batch->in_used, wanted;

	if (size == 0)
		return BS_EBUSY;
	/* an answer to nothing, or to what it does not have yet */
	if (batch->answered == batch->count || batch->sent < batch->out_size)
		return BS_EIO;
	if (size < JUDGEWIRE_SIZE_BYTES)
		return BS_EBUSY;
	wanted = bs_get_be32(bytes);
	if (wanted > JUDGEWIRE_ANSWER_MAX - JUDGEWIRE_SIZE_BYTES)
		return BS_EIO;
	if (size < JUDGEWIRE_SIZE_BYTES + wanted)
		return BS_EBUSY;
	if (judgewire_get_answer(
		bytes + JUDGEWIRE_SIZE_BYTES, wanted, answer_r) != BS_OK)
		return BS_EIO;
	batch->in_used += JUDGEWIRE_SIZE_BYTES + wanted;
	*job_r = batch->job[batch->answered++];
	return BS_OK;
}
