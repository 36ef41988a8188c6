/*
 * Cuts what a link says into frames and checks their order.  What becomes of
 * the messages is milterinlet.c's.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "milterintake.h"

void
milterintake_init(struct milterintake *intake,
    const struct milterintake_sink *sink, size_t recipients_max,
    uint64_t size_max)
{
	*intake = (struct milterintake){
	    .sink = *sink,
	    .recipients_max = recipients_max,
	    .size_max = size_max,
	};
}

void
milterintake_free(struct milterintake *intake)
{
	envelope_reset(&intake->envelope);
}

static void
begin_anew(struct milterintake *intake)
{
	envelope_reset(&intake->envelope);
	intake->state = MILTERINTAKE_IDLE;
	intake->size = 0;
	intake->failed = false;
}

void
milterintake_take(struct milterintake *intake, struct envelope *envelope_r)
{
	*envelope_r = intake->envelope;
	intake->envelope = (struct envelope){0};
	begin_anew(intake);
}

/* --- frames -------------------------------------------------------------- */

static int
take_sender(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	int rc;

	if (intake->state != MILTERINTAKE_IDLE)
		return BS_ECORRUPT;
	rc = milterwire_get_sender(bytes, size, &intake->envelope);
	if (rc == BS_OK)
		intake->state = MILTERINTAKE_ENVELOPE;
	return rc;
}

static int
take_trap(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	char address[ENVELOPE_ADDRESS_MAX + 1];

	if (intake->state != MILTERINTAKE_ENVELOPE ||
	    intake->envelope.recipient_count >= intake->recipients_max ||
	    milterwire_get_trap(bytes, size, address) != BS_OK)
		return BS_ECORRUPT;
	return envelope_add(&intake->envelope, address, RECIPIENT_TRAP);
}

/* A text may follow, or an end. */
static bool
has_traps(const struct milterintake *intake)
{
	return (intake->state == MILTERINTAKE_ENVELOPE ||
		   intake->state == MILTERINTAKE_TEXT) &&
	       intake->envelope.trap_count > 0;
}

static int
take_end(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	struct milterwire_end end;

	if (!has_traps(intake) ||
	    milterwire_get_end(bytes, size, &end) != BS_OK)
		return BS_ECORRUPT;
	intake->envelope.cut |= end.cut;
	intake->waited = end.waited;
	intake->state = MILTERINTAKE_COMPLETE;
	return BS_OK;
}

static int
take_unused(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	(void)bytes;
	if (size != 0 || intake->state != MILTERINTAKE_ENVELOPE ||
	    !has_traps(intake))
		return BS_ECORRUPT;
	intake->sink.unused(intake->sink.context, &intake->envelope);
	begin_anew(intake);
	return BS_OK;
}

static int
take_drop(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	(void)bytes;
	if (size != 0 || intake->state == MILTERINTAKE_IDLE)
		return BS_ECORRUPT;
	intake->sink.drop(intake->sink.context);
	begin_anew(intake);
	return BS_OK;
}

static int
take_frame(struct milterintake *intake)
{
	static const struct {
		enum milterwire_kind kind;
		int (*take)(struct milterintake *intake, const uint8_t *bytes,
		    size_t size);
	} rows[] = {
	    {MILTERWIRE_SENDER, take_sender},
	    {MILTERWIRE_TRAP, take_trap},
	    {MILTERWIRE_END, take_end},
	    {MILTERWIRE_UNUSED, take_unused},
	    {MILTERWIRE_DROP, take_drop},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].kind == intake->frame[0])
			return rows[i].take(intake,
			    intake->frame + MILTERWIRE_HEAD,
			    intake->frame_size - MILTERWIRE_HEAD);
	}
	return BS_ECORRUPT;
}

/* --- text ---------------------------------------------------------------- */

static int
begin_text(struct milterintake *intake, size_t size)
{
	if (!has_traps(intake) || size > MILTERWIRE_TEXT_MAX)
		return BS_ECORRUPT;
	intake->state = MILTERINTAKE_TEXT;
	intake->text_left = size;
	intake->frame_size = 0;
	return BS_OK;
}

static void
take_text(struct milterintake *intake, const uint8_t *bytes, size_t size)
{
	uint64_t room = intake->size_max - intake->size;

	intake->text_left -= size;
	if (size > room) {
		intake->envelope.cut = true;
		size = (size_t)room;
	}
	intake->size += size;
	if (size > 0 && !intake->failed &&
	    intake->sink.text(intake->sink.context, bytes, size) != BS_OK)
		intake->failed = true;
}

/* --- reading ------------------------------------------------------------- */

/* How long the frame is, as far as that is known. */
static size_t
wanted(const struct milterintake *intake)
{
	if (intake->frame_size < MILTERWIRE_HEAD)
		return MILTERWIRE_HEAD;
	return (size_t)MILTERWIRE_HEAD + bs_get_be16(intake->frame + 1);
}

/* The head, or the whole frame, is there. */
static int
go_on(struct milterintake *intake)
{
	size_t size = wanted(intake);
	int rc = BS_OK;

	if (intake->frame[0] == MILTERWIRE_TEXT)
		return begin_text(intake, size - MILTERWIRE_HEAD);
	if (size > sizeof(intake->frame))
		return BS_ECORRUPT;
	if (intake->frame_size == size) {
		rc = take_frame(intake);
		intake->frame_size = 0;
	}
	return rc;
}

static int
read_some(struct milterintake *intake, const uint8_t *bytes, size_t size,
    size_t *used)
{
	size_t left = size - *used;
	size_t want = intake->text_left;

	if (want > 0) {
		want = left < want ? left : want;
		take_text(intake, bytes + *used, want);
		*used += want;
		return BS_OK;
	}
	want = wanted(intake) - intake->frame_size;
	want = left < want ? left : want;
	memcpy(intake->frame + intake->frame_size, bytes + *used, want);
	intake->frame_size += want;
	*used += want;
	return intake->frame_size < wanted(intake) &&
		       intake->frame_size != MILTERWIRE_HEAD
		   ? BS_OK
		   : go_on(intake);
}

int
milterintake_read(struct milterintake *intake, const uint8_t *bytes,
    size_t size, size_t *used_r)
{
	size_t used = 0;

	while (used < size && intake->state != MILTERINTAKE_COMPLETE) {
		int rc = read_some(intake, bytes, size, &used);

		if (rc != BS_OK)
			return rc;
	}
	*used_r = used;
	return BS_OK;
}
