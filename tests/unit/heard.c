/*
 * Notes what an intake hands on.  For tests/unit/test_milter.c and
 * test_milterintake.c.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "heard.h"

static int
hear_text(void *context, const uint8_t *bytes, size_t size)
{
	struct heard *heard = context;

	if (heard->text_fails)
		return BS_EFULL;
	assert_true(size <= sizeof(heard->text) - heard->text_size);
	memcpy(heard->text + heard->text_size, bytes, size);
	heard->text_size += size;
	return BS_OK;
}

static void
hear_unused(void *context, const struct envelope *envelope)
{
	struct heard *heard = context;

	strcat(heard->events, "u");
	heard->traps = envelope->trap_count;
}

static void
hear_drop(void *context)
{
	struct heard *heard = context;

	strcat(heard->events, "d");
}

struct milterintake_sink
heard_sink(struct heard *heard)
{
	return (struct milterintake_sink){
	    heard, hear_text, hear_unused, hear_drop};
}

int
heard_read(struct milterintake *intake, struct heard *heard,
    const uint8_t *bytes, size_t size, size_t piece)
{
	size_t used = 0, step;
	struct envelope envelope;

	while (used < size) {
		size_t part = size - used < piece ? size - used : piece;
		int rc = milterintake_read(intake, bytes + used, part, &step);

		if (rc != BS_OK)
			return rc;
		used += step;
		if (intake->state != MILTERINTAKE_COMPLETE) {
			assert_int_equal(step, part);
			continue;
		}
		strcat(heard->events, intake->waited ? "m" : "n");
		milterintake_take(intake, &envelope);
		assert_true(envelope.trap_count > 0);
		envelope_reset(&envelope);
	}
	return BS_OK;
}
