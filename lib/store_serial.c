/*
 * The SOA serial is the journal's number plus an offset; here the offset moves.
 * A reset goes with it: a secondary's old serial would otherwise be taken for
 * another number, and it would be sent the wrong changes.  Called by the tool.
 */
#include "autoconf.h"

#include <stdio.h>

#include "store_private.h"

/* RFC 1982 section 3.2: whether a is less than b. */
static bool
serial_is_less(uint32_t a, uint32_t b)
{
	return a != b && b - a < (uint32_t)1 << 31;
}

int
bs_writer_serial_at_least(
    struct bs_writer *writer, uint32_t serial, bool *moved_r)
{
	struct bs_journal_entry entry = {.kind = BS_JOURNAL_RESET};
	uint32_t now = (uint32_t)(writer->state.number + writer->state.offset);
	int error = writer->failed;

	if (error != BS_OK)
		return error;
	if (!serial_is_less(now, serial)) {
		*moved_r = false;
		return BS_OK;
	}
	/* the reset's own number is one more */
	writer->state.offset += serial - now - 1;
	writer->state_changed = true;
	(void)snprintf(
	    entry.reason, sizeof(entry.reason), "serial moved to %u", serial);
	error = bs_writer_journal(writer, &entry);
	if (error == BS_OK)
		*moved_r = true;
	return error;
}
