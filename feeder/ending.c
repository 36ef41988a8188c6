/*
 * Looks now and then whether all is done, and when its time is over has the
 * senders of what is not keep their mail.  Started by serve.c, which closes and
 * frees.
 *
 * A thread that waits for another writer of the database can't be called off, so
 * a program that was stopped in the midst of a write would keep us for ever.  What
 * was answered with 421 and is written nevertheless comes again, and is a repeat.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "ending.h"

#define STEP_MS 50 /* between looks */

static void
complain(const struct ending *ending)
{
	const struct smtpserver *smtp = ending->smtp;
	struct servecount_now now = {0};

	room_look(smtp->room, &now);
	if (now.messages + now.writing == 0)
		return;
	bs_log(smtp->log, BS_LOG_ERROR,
	    "ending: %zu messages could not be kept in %u s, their senders keep "
	    "them (%zu are being judged, %zu sightings wait for the database): "
	    "where another program holds it, `fuser -v %s/lock.mdb` tells: end "
	    "that",
	    now.messages, ending->time_s, now.judging, now.writing,
	    smtp->config->database);
}

/* Those that are as if they had not been. */
static void
tell_callouts(const struct ending *ending)
{
	const struct smtpserver *smtp = ending->smtp;
	struct servecount_now now = {0};

	room_look(smtp->room, &now);
	if (now.callouts > 0)
		bs_log(smtp->log, BS_LOG_WARNING,
		    "ending: callouts that could not be written: %" PRIu64
		    ": they are forgotten, and count when their hosts ask "
		    "again",
		    now.callouts);
}

static void
finish(struct ending *ending, bool clean)
{
	uv_close((uv_handle_t *)&ending->timer, NULL);
	ending->over(ending->context, clean);
}

static void
on_step(uv_timer_t *timer)
{
	struct ending *ending = timer->data;
	struct smtpserver *smtp = ending->smtp;
	uint64_t age_ms = uv_now(smtp->loop) - ending->start_ms;
	uint64_t time_ms = ending->time_s * 1000ull;

	if (smtp->conn_count + milterdoor_count(ending->milter) > 0 &&
	    age_ms < time_ms)
		return;
	if (age_ms >= time_ms && !ending->given_up) {
		ending->given_up = true;
		complain(ending);
		smtpserver_give_up(smtp);
		milterdoor_close(ending->milter);
	}
	if (room_count(smtp->room) == 0 && room_end(smtp->room))
		finish(ending, true);
	else if (age_ms >= time_ms + ENDING_LINGER_MS) {
		tell_callouts(ending);
		finish(ending, false);
	}
}

void
ending_begin(struct ending *ending)
{
	struct smtpserver *smtp = ending->smtp;

	smtpserver_end(smtp);
	milterdoor_end(ending->milter);
	ending->start_ms = uv_now(smtp->loop);
	(void)uv_timer_init(smtp->loop, &ending->timer);
	ending->timer.data = ending;
	(void)uv_timer_start(&ending->timer, on_step, STEP_MS, STEP_MS);
}
