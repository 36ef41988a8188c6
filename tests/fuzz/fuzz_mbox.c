/*
 * feeder/mbox and feeder/mailstream on any bytes: the messages are the same
 * whatever the pieces in which they arrive, none is larger than the limit, and
 * together they are no larger than the stream.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "mailstream.h"
#include "mbox.h"

#define LIMIT 300

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct source {
	const char *bytes;
	size_t size, used, piece;
};

/* What a stream gave: a sum over all messages. */
struct result {
	size_t messages, bytes;
	uint64_t sum;
};

static int
read_source(void *context, char *bytes, size_t size, size_t *size_r)
{
	struct source *source = context;

	if (size > source->piece)
		size = source->piece;
	if (size > source->size - source->used)
		size = source->size - source->used;
	memcpy(bytes, source->bytes + source->used, size);
	source->used += size;
	*size_r = size;
	return BS_OK;
}

static struct result
run(const char *bytes, size_t size, size_t piece, bool single)
{
	struct source source = {bytes, size, 0, piece};
	struct result result = {0, 0, 0};
	struct mailstream *stream;
	struct mail mail;
	int rc;

	rc = mailstream_new(read_source, &source, single, LIMIT, &stream);
	assert(rc == BS_OK);
	while ((rc = mailstream_next(stream, &mail)) == BS_OK) {
		assert(mail.size <= LIMIT);
		result.messages++;
		assert(mail.index == 0 || mail.index == result.messages);
		result.bytes += mail.size;
		result.sum = result.sum * 31 + mail.from_s + mail.cut;
		for (size_t i = 0; i < mail.size; i++)
			result.sum = result.sum * 31 + (uint8_t)mail.bytes[i];
	}
	assert(rc == BS_ENOTFOUND);
	assert(!single || result.messages <= 1);
	assert(result.bytes <= size);
	mailstream_free(&stream);
	return result;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;

	for (int single = 0; single < 2; single++) {
		struct result whole = run(text, size, SIZE_MAX, single != 0);
		struct result pieces = run(text, size, 3, single != 0);

		assert(whole.messages == pieces.messages);
		assert(whole.bytes == pieces.bytes);
		assert(whole.sum == pieces.sum);
	}
	return 0;
}
