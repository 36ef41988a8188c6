/*
 * feeder/milterintake on any bytes: whole and byte by byte the same comes out,
 * and nothing beyond its limits.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>

#include "milterintake.h"

#define RECIPIENTS_MAX 4
#define SIZE_MAX_BYTES 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What came out. */
struct out {
	size_t messages, unused, drops, text, text_all, traps;
	int rc;
};

static int
on_text(void *context, const uint8_t *bytes, size_t size)
{
	struct out *out = context;

	assert(size > 0 && bytes != NULL);
	out->text += size;
	out->text_all += size;
	assert(out->text <= SIZE_MAX_BYTES);
	return BS_OK;
}

static void
check_envelope(const struct envelope *envelope)
{
	assert(envelope->trap_count > 0);
	assert(envelope->trap_count <= RECIPIENTS_MAX);
	assert(envelope->trap_count == envelope->recipient_count);
}

static void
on_unused(void *context, const struct envelope *envelope)
{
	struct out *out = context;

	check_envelope(envelope);
	out->unused++;
}

static void
on_drop(void *context)
{
	struct out *out = context;

	out->drops++;
	out->text = 0;
}

static struct out
run(const uint8_t *bytes, size_t size, size_t piece)
{
	struct out out = {0};
	struct milterintake_sink sink = {&out, on_text, on_unused, on_drop};
	struct milterintake intake;
	struct envelope envelope;
	size_t used = 0, step;

	milterintake_init(&intake, &sink, RECIPIENTS_MAX, SIZE_MAX_BYTES);
	while (used < size && out.rc == BS_OK) {
		size_t part = size - used < piece ? size - used : piece;

		out.rc = milterintake_read(&intake, bytes + used, part, &step);
		if (out.rc == BS_OK)
			used += step;
		if (intake.state == MILTERINTAKE_COMPLETE) {
			milterintake_take(&intake, &envelope);
			check_envelope(&envelope);
			out.messages++;
			out.traps += envelope.trap_count;
			out.text = 0;
			envelope_reset(&envelope);
		}
	}
	milterintake_free(&intake);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct out whole = run(bytes, size, SIZE_MAX);
	struct out pieces = run(bytes, size, 1);

	assert(whole.rc == pieces.rc);
	assert(whole.messages == pieces.messages);
	assert(whole.unused == pieces.unused);
	assert(whole.drops == pieces.drops);
	assert(whole.traps == pieces.traps);
	assert(whole.text_all == pieces.text_all);
	return 0;
}
