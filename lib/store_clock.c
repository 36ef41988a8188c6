/*
 * Whether the clock can be right.  A machine that starts with its clock years
 * ahead would end the whole list at its first write, for good.  So the time of
 * the newest write is kept, and where the clock is more than a day ahead of it,
 * time does nothing until a day has gone by on that clock, or a person says
 * that it is right: by then a wrong one was set right, or was noticed.
 *
 * Called by the writer as it begins; what waits is store_expiry.c's and
 * store_journal.c's.
 */
#include "autoconf.h"

#include "store_private.h"

static int
load_clock(struct bs_writer *writer, struct bs_clock_record *clock_r)
{
	MDB_val value;
	int error = bs_writer_fetch_meta(writer, BS_META_CLOCK, &value);

	*clock_r = (struct bs_clock_record){0};
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_clock_decode(value.mv_data, value.mv_size, clock_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static int
put_clock(struct bs_writer *writer, const struct bs_clock_record *clock)
{
	uint8_t bytes[BS_CLOCK_VALUE_SIZE];

	writer->clock = *clock;
	bs_clock_encode(clock, bytes);
	return bs_writer_put_meta(writer, BS_META_CLOCK, bytes, sizeof(bytes));
}

/* What this write makes of the record. */
static struct bs_clock_record
next_clock(const struct bs_writer *writer, const struct bs_clock_record *old)
{
	uint32_t now_s = writer->now_s, leap_s = writer->store->limits.leap_s;
	struct bs_clock_record new = *old;

	if (leap_s == 0 || old->written_s == 0 ||
	    (uint64_t)now_s <= (uint64_t)old->written_s + leap_s) {
		new.leap_s = 0;
		/* back, or on by a good while */
		if (now_s < old->written_s ||
		    now_s - old->written_s >= BS_STORE_CLOCK_S)
			new.written_s = now_s;
		return new;
	}
	/* ahead: since now, or since longer than we wait */
	if (old->leap_s == 0 || now_s < old->leap_s)
		new.leap_s = now_s;
	else if (now_s - old->leap_s >= BS_STORE_LEAP_WAIT_S)
		new = (struct bs_clock_record){.written_s = now_s};
	return new;
}

int
bs_writer_check_clock(struct bs_writer *writer, bool note)
{
	struct bs_clock_record old, new;
	int error = load_clock(writer, &old);

	if (error != BS_OK)
		return error;
	new = next_clock(writer, &old);
	writer->clock = new;
	writer->tidied.held = new.leap_s != 0;
	writer->tidied.written_s = new.written_s;
	if (!note ||
	    (new.written_s == old.written_s &&new.leap_s == old.leap_s))
		return BS_OK;
	return put_clock(writer, &new);
}

int
bs_writer_believe_clock(struct bs_writer *writer)
{
	const struct bs_clock_record clock = {.written_s = writer->now_s};

	if (writer->failed != BS_OK)
		return writer->failed;
	writer->tidied.held = false;
	return put_clock(writer, &clock);
}
