/*
 * feeder/judgering with a judge that is somebody else's: any bytes in the
 * memory, any number of answers, any bytes on the socket.  The first byte of the input
 * is how many it claims, the second how often it rings, the rest its answers.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "judgering_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
put_some(struct judgering *ring, unsigned count)
{
	struct judgewire_request request = {0};
	struct spool *spool = spool_new("/tmp");

	assert(spool != NULL && spool_add(spool, "x", 1) == BS_OK);
	for (unsigned i = 0; i < count; i++)
		judgering_put(ring, &request, spool);
	(void)judgering_show(ring);
	spool_free(&spool);
}

static void
write_over(struct judgering_shared *shared, const uint8_t *bytes, size_t size)
{
	size_t room = sizeof(shared->answer);

	memcpy(shared->answer, bytes, size < room ? size : room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct judgering *ring;
	struct judgering_shared *shared;
	struct judgewire_answer answer;
	unsigned asked = JUDGERING_SLOTS - 1, taken = 0;
	int file, rc;

	if (size < 2 || judgering_new(&ring, &file) != BS_OK)
		return 0;
	shared = mmap(
	    NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert(shared != MAP_FAILED);
	put_some(ring, asked);
	write_over(shared, bytes + 2, size - 2);
	atomic_store(&shared->answered, (unsigned)(int8_t)bytes[0]);
	rc = judgering_heard(ring, bytes[1]);
	assert(rc == BS_EIO || bytes[1] <= asked);
	(void)judgering_await(ring);
	while ((rc = judgering_take(ring, &answer)) == BS_OK)
		taken++;
	assert(taken <= asked);
	assert(rc == BS_EBUSY ? taken == bytes[0] : rc == BS_EIO);
	(void)munmap(shared, sizeof(*shared));
	(void)close(file);
	judgering_free(&ring);
	return 0;
}
