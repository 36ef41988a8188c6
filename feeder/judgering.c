/*
 * The memory between `serve` and a judge: where things lie in it, who may write
 * which mark, and what is believed of it.  Which judge gets which message is
 * judgepool.c's, what a judge does with it judgework.c's.
 *
 * Who is about to wait sets its flag and looks once more; who has put something
 * looks at the flag afterwards.  All four are in one order that both sides see
 * (memory_order_seq_cst, which is what stands for where nothing is said), so one
 * of them sees the other.
 */
#include "autoconf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bytes.h"
#include "judgering.h"
#include "judgering_private.h"

#ifndef MFD_NOEXEC_SEAL /* Linux 6.3 */
#	define MFD_NOEXEC_SEAL 0x0008u
#endif

struct judgering {
	struct judgering_shared *shared;
	unsigned put;   /* by `serve`; shown or not */
	unsigned taken; /* answers: by `serve`; requests: by the judge */
	unsigned seen;  /* answers, by `serve`; taken or not */
	bool broken;    /* what the judge claimed cannot be */
	uint64_t answers, bytes; /* that came, in all */
};

/* --- memory --------------------------------------------------------------- */

static int
join(int file, struct judgering **ring_r)
{
	struct judgering *ring = calloc(1, sizeof(*ring));
	void *shared;

	if (ring == NULL)
		return BS_ENOMEM;
	shared = mmap(NULL, sizeof(*ring->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED, file, 0);
	if (shared == MAP_FAILED) {
		free(ring);
		return BS_ESYSTEM;
	}
	ring->shared = shared;
	*ring_r = ring;
	return BS_OK;
}

void
judgering_free(struct judgering **ring)
{
	if (*ring == NULL)
		return;
	(void)munmap((*ring)->shared, sizeof(*(*ring)->shared));
	free(*ring);
	*ring = NULL;
}

/* Where the system forbids memory that could be run one has to ask for the
 * other; older ones don't know it. */
static int
make_memory(void)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file = memfd_create("backstop-judge", flags | MFD_NOEXEC_SEAL);

	if (file < 0 && errno == EINVAL)
		file = memfd_create("backstop-judge", flags);
	return file;
}

int
judgering_new(struct judgering **ring_r, int *file_r)
{
	int file = make_memory(), rc = BS_ESYSTEM;

	if (file < 0)
		return BS_ESYSTEM;
	if (ftruncate(file, sizeof(struct judgering_shared)) == 0 &&
	    fcntl(file, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		rc = join(file, ring_r);
	if (rc == BS_OK)
		*file_r = file;
	else
		(void)close(file);
	return rc;
}

int
judgering_join(int file, struct judgering **ring_r)
{
	return join(file, ring_r);
}

/* --- the side of `serve` -------------------------------------------------- */

void
judgering_put(struct judgering *ring, struct judgewire_request *request,
    const struct spool *spool)
{
	struct judgering_request *slot =
	    &ring->shared->request[ring->put % JUDGERING_SLOTS];
	const char *bytes = spool_bytes(spool);
	size_t size = spool_size(spool);

	assert(ring->put - ring->taken < JUDGERING_SLOTS);
	assert(bytes == NULL || size <= sizeof(slot->message));
	request->message_size = (uint32_t)size;
	request->in_file = bytes == NULL;
	(void)judgewire_put_request(request, slot->head);
	if (bytes != NULL)
		memcpy(slot->message, bytes, size);
	ring->put++;
}

bool
judgering_show(struct judgering *ring)
{
	struct judgering_shared *shared = ring->shared;

	atomic_store(&shared->put, ring->put);
	return atomic_load(&shared->judge_waits) != 0 &&
	       atomic_exchange(&shared->judge_waits, 0) != 0;
}

/*
 * Answers that are there; more than were asked for are none.  What was seen once
 * stays: who could take an answer back each time before it is taken would have
 * `serve` look for it for ever.
 */
static int
count_answers(struct judgering *ring, unsigned *count_r)
{
	unsigned count = atomic_load(&ring->shared->answered) - ring->taken;

	if (count > ring->put - ring->taken || count < ring->seen - ring->taken)
		ring->broken = true;
	if (ring->broken)
		return BS_EIO;
	ring->seen = ring->taken + count;
	*count_r = count;
	return BS_OK;
}

int
judgering_take(struct judgering *ring, struct judgewire_answer *answer_r)
{
	uint8_t bytes[JUDGEWIRE_ANSWER_MAX];
	const uint8_t *slot =
	    ring->shared->answer[ring->taken % JUDGERING_SLOTS];
	unsigned count;
	size_t size;

	if (count_answers(ring, &count) != BS_OK)
		return BS_EIO;
	if (count == 0)
		return BS_EBUSY;
	memcpy(bytes, slot, JUDGEWIRE_SIZE_BYTES);
	/* it may be another one now: what was checked is what is used */
	atomic_signal_fence(memory_order_seq_cst);
	size = bs_get_be32(bytes);
	if (size > sizeof(bytes) - JUDGEWIRE_SIZE_BYTES)
		return BS_EIO;
	memcpy(bytes, slot + JUDGEWIRE_SIZE_BYTES, size);
	atomic_signal_fence(memory_order_seq_cst);
	if (judgewire_get_answer(bytes, size, answer_r) != BS_OK)
		return BS_EIO;
	ring->taken++;
	ring->answers++;
	return BS_OK;
}

bool
judgering_await(struct judgering *ring)
{
	unsigned count;

	atomic_store(&ring->shared->serve_waits, 1);
	return count_answers(ring, &count) == BS_OK && count == 0;
}

void
judgering_awake(struct judgering *ring)
{
	atomic_store_explicit(
	    &ring->shared->serve_waits, 0, memory_order_relaxed);
}

int
judgering_heard(struct judgering *ring, size_t bytes)
{
	unsigned count;

	if (count_answers(ring, &count) != BS_OK)
		return BS_EIO;
	ring->bytes += bytes;
	return ring->bytes <= ring->answers + count ? BS_OK : BS_EIO;
}

/* --- the judge's side ----------------------------------------------------- */

size_t
judgering_look(struct judgering *ring)
{
	return atomic_load(&ring->shared->put) - ring->taken;
}

int
judgering_next(struct judgering *ring, struct judgewire_request *request_r,
    const char **message_r)
{
	const struct judgering_request *slot =
	    &ring->shared->request[ring->taken % JUDGERING_SLOTS];
	size_t size = bs_get_be32(slot->head);
	struct judgewire_request request;

	if (size > sizeof(slot->head) - JUDGEWIRE_SIZE_BYTES ||
	    judgewire_get_request(
		slot->head + JUDGEWIRE_SIZE_BYTES, size, &request) != BS_OK ||
	    (!request.in_file && request.message_size > sizeof(slot->message)))
		return BS_ECORRUPT;
	*request_r = request;
	*message_r = request.in_file ? NULL : (const char *)slot->message;
	return BS_OK;
}

void
judgering_answer(struct judgering *ring, const struct judgewire_answer *answer)
{
	struct judgering_shared *shared = ring->shared;

	(void)judgewire_put_answer(
	    answer, shared->answer[ring->taken % JUDGERING_SLOTS]);
	ring->taken++;
	atomic_store(&shared->answered, ring->taken);
}

bool
judgering_tell(struct judgering *ring)
{
	struct judgering_shared *shared = ring->shared;

	return atomic_load(&shared->serve_waits) != 0 &&
	       atomic_exchange(&shared->serve_waits, 0) != 0;
}

bool
judgering_rest(struct judgering *ring)
{
	struct judgering_shared *shared = ring->shared;

	atomic_store(&shared->judge_waits, 1);
	if (judgering_look(ring) == 0)
		return true;
	atomic_store(&shared->judge_waits, 0);
	return false;
}
