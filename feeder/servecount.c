/*
 * Names what serve counts.  The doors and the room count, serve.c has it told to
 * backstopctl.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "servecount.h"
#include "smtp_session.h"

static const char *const door_names[SERVECOUNT_DOORS] = {
    [SERVECOUNT_SMTP] = "smtp",
    [SERVECOUNT_LMTP] = "lmtp",
    [SERVECOUNT_MILTER] = "milter",
};

/* Who is told. */
struct teller {
	servecount_take *take;
	void *context;
};

struct named {
	const char *name;
	uint64_t number;
};

static void
tell(const struct teller *teller, const char *group,
    const struct named *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		teller->take(
		    teller->context, group, numbers[i].name, numbers[i].number);
}

static void
tell_doors(const struct teller *teller, const char *group,
    const uint64_t number[SERVECOUNT_DOORS])
{
	for (size_t i = 0; i < SERVECOUNT_DOORS; i++)
		teller->take(teller->context, group, door_names[i], number[i]);
}

static void
tell_now(const struct teller *teller, const struct servecount_now *now)
{
	const struct named numbers[] = {
	    {"pid", now->pid},
	    {"uptime", now->uptime_s},
	    {"connections_open", now->connections},
	    {"milter_open", now->links},
	    {"messages_queued", now->messages},
	    {"messages_judging", now->judging},
	    {"sightings_waiting", now->writing},
	    {"judges_replaced", now->judges_replaced},
	    {"judges_gone", now->judges_gone},
	    {"judges_renewed", now->judges_renewed},
	    {"ahead_refused", now->ahead_refused},
	};

	tell(teller, "feeder", numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void
tell_replies(const struct teller *teller, const struct servecount *count)
{
	const struct named numbers[] = {
	    {"4xx", count->replies[SMTP_REPLIES_4XX]},
	    {"5xx", count->replies[SMTP_REPLIES_5XX]},
	};

	tell(teller, "replies", numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void
tell_verdicts(const struct teller *teller, const struct servecount *count)
{
	for (size_t i = 0; i < JUDGE_KIND_COUNT; i++)
		teller->take(teller->context, "verdict",
		    judge_kind_name((enum judge_kind)i), count->verdicts[i]);
	teller->take(teller->context, "verdict", "unread", count->unread);
}

static void
tell_mail(const struct teller *teller, const struct servecount *count)
{
	const struct named numbers[] = {
	    {"roles", count->roles},
	    {"not_kept", count->later},
	    {"callouts", count->callouts},
	    {"new_sightings", count->sightings},
	    {"new_listings", count->listed},
	};

	tell(teller, "mail", numbers, sizeof(numbers) / sizeof(numbers[0]));
}

void
servecount_tell(const struct servecount *count,
    const struct servecount_now *now, servecount_take *take, void *context)
{
	const struct teller teller = {take, context};

	tell_now(&teller, now);
	tell_doors(&teller, "connections", count->connections);
	tell_doors(&teller, "refused", count->refused);
	tell_doors(&teller, "messages", count->messages);
	tell_replies(&teller, count);
	tell_verdicts(&teller, count);
	tell_mail(&teller, count);
}

uint64_t
servecount_messages(const struct servecount *count)
{
	uint64_t messages = 0;

	for (size_t i = 0; i < SERVECOUNT_DOORS; i++)
		messages += count->messages[i];
	return messages;
}

static void
log_lost(const struct bs_log *log, uint64_t lost)
{
	if (lost > 0)
		bs_log(log, BS_LOG_WARNING,
		    "callouts that could not be kept: %" PRIu64
		    ": see the lines before, or whether the disk is slow",
		    lost);
}

void
servecount_log(const struct bs_log *log, const struct servecount *now,
    const struct servecount *old)
{
	uint64_t messages = servecount_messages(now) - servecount_messages(old);

	log_lost(log, now->callouts_lost - old->callouts_lost);
	if (messages + now->callouts - old->callouts == 0)
		return;
	bs_log(log, BS_LOG_INFO,
	    "last minute: %" PRIu64 " messages (%" PRIu64 " for roles, %" PRIu64
	    " answered with 451), %" PRIu64 " callouts, %" PRIu64
	    " sightings, %" PRIu64 " new listings",
	    messages, now->roles - old->roles, now->later - old->later,
	    now->callouts - old->callouts, now->sightings - old->sightings,
	    now->listed - old->listed);
}
