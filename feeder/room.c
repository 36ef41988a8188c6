/*
 * Takes messages from the doors through judges, group commit and delivery, all
 * of it on the loop's thread.  What is put into files is rolemail.c's and
 * quarantine.c's.  Doors are smtpconn.c and whoever else fills an envelope; started by
 * serve.c.
 */
#include "autoconf.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callout.h"
#include "groupqueue.h"
#include "judgepool.h"
#include "killers.h"
#include "maildrop.h"
#include "quarantine.h"
#include "report.h"
#include "rolemail.h"
#include "room.h"
#include "roomsight.h"
#include "strput.h"

#define MINUTE_MS 60000
#define SENDMAILS_MAX 16 /* at a time; one may take a minute */

struct room {
	struct room_setup setup;
	struct judgepool *pool;
	struct groupqueue *queue;
	struct bs_keyhash *hash;
	uv_async_t collect;
	uv_timer_t minute;
	bool closed;
	struct quarantine *quarantine;
	struct killers killers;
	size_t visits, judging, sendmails;
	size_t callouts;          /* that wait to be written */
	struct servecount logged; /* as it was last */
};

/* A message in the room. */
struct visit {
	struct room *room;
	const struct envelope *envelope;
	const struct spool *spool;
	room_done *done;
	void *context;
	struct envelope_result result;
	unsigned pending; /* parts of it, for its traps, that are under way */
	char feed[BS_FEED_NAME_MAX + 1]; /* whose report it is; "": none */

	struct judgepool_job job;
};

/* --- the end of a visit -------------------------------------------------- */

static void
end_visit(struct visit *visit)
{
	struct room *room = visit->room;
	const struct envelope_result *result = &visit->result;

	room->visits--;
	if (visit->envelope->role_count > 0)
		room->sendmails -= room->setup.config->role_sendmail != NULL;
	if (result->trap != ENVELOPE_TAKEN || result->role != ENVELOPE_TAKEN)
		room->setup.count->later++;
	visit->done(visit->context, result);
	free(visit);
}

static void
on_delivered(void *context, int rc)
{
	struct visit *visit = context;

	if (rc != BS_OK) {
		visit->result.role = envelope_taken_of(rc);
		bs_log(visit->room->setup.log, BS_LOG_ERROR,
		    "mail for postmaster or a role: %s: answered with %s: see "
		    "role.maildir or role.sendmail",
		    bs_strerror((enum bs_error)rc),
		    rc == BS_EFULL ? "452" : "451");
	}
	end_visit(visit);
}

static int
start_delivery(struct visit *visit)
{
	const struct room_setup *setup = &visit->room->setup;
	const struct rolemail_setup mail = {
	    setup->loop, setup->config, setup->hostname, setup->nursery};

	return rolemail_put(
	    &mail, visit->envelope, visit->spool, on_delivered, visit);
}

/* A person gets it last: if the traps' part has to come again, all of it comes
 * again, and nobody wants to read it each time. */
static void
trap_done(struct visit *visit, int rc)
{
	struct envelope_result *result = &visit->result;

	if (rc != BS_OK)
		result->trap = ENVELOPE_TRY_LATER;
	if (--visit->pending > 0)
		return;
	if (visit->envelope->role_count > 0) {
		result->role = result->trap;
		if (result->trap == ENVELOPE_TAKEN) {
			if (start_delivery(visit) == BS_OK)
				return;
			result->role = ENVELOPE_TRY_LATER;
		}
	}
	end_visit(visit);
}

/* --- sightings ----------------------------------------------------------- */

static uint32_t
now_s(void)
{
	return bs_clock_now_s(&bs_clock_system);
}

static void
callout_written(struct room *room, int error)
{
	room->callouts--;
	room->setup.count->callouts_lost += error != BS_OK;
}

/* From groupqueue_collect; a callout has no ticket. */
static void
on_written(void *context, const struct group_entry *entry)
{
	struct room *room = context;

	room->setup.count->sightings += entry->error == BS_OK;
	if (entry->ticket != NULL)
		trap_done(entry->ticket, entry->error);
	else
		callout_written(room, entry->error);
}

/* The same. */
static void
on_known(void *context, const struct group_entry *entry)
{
	struct room *room = context;
	char address[BS_ADDR_TEXT_MAX];
	bool listed;

	if (entry->outcome != BS_OUTCOME_LISTED &&
	    entry->outcome != BS_OUTCOME_WAITING)
		return;
	listed = entry->outcome == BS_OUTCOME_LISTED;
	room->setup.count->listed += listed;
	bs_log(room->setup.log, BS_LOG_INFO, "%s %s: %s",
	    listed ? "listed" : "to be listed",
	    bs_addr_format(&entry->sighting.source, address),
	    bs_class_name(entry->sighting.class));
}

static void
on_trouble(void *context, int error, const char *line)
{
	const struct room *room = context;

	if (error == BS_OK)
		bs_log(room->setup.log, BS_LOG_WARNING, "%s", line);
	else
		bs_log(room->setup.log, BS_LOG_ERROR,
		    "mail is answered with 451 until it can be kept: %s", line);
}

/* In the writer's thread. */
static void
wake(void *context)
{
	struct room *room = context;

	(void)uv_async_send(&room->collect);
}

static void
on_collect(uv_async_t *async)
{
	const struct room *room = async->data;

	(void)groupqueue_collect(room->queue);
}

/* What the message, or what a report hands in, is a sighting of.  BS_ENOTFOUND:
 * of nothing. */
static int
make_sighting(const struct visit *visit, const struct judgewire_answer *answer,
    struct bs_sighting *sighting_r)
{
	const struct room *room = visit->room;
	const struct bs_config *config = room->setup.config;
	struct bs_addr source;

	if (answer->kind >= JUDGE_FORGED && !answer->has_tag)
		return BS_ENOTFOUND;
	if (visit->feed[0] != '\0')
		return roomsight_report(
		    room->hash, config, visit->feed, answer, sighting_r);
	if (!roomsight_source(config, visit->envelope, answer, &source))
		return BS_ENOTFOUND;
	return roomsight_message(
	    room->hash, visit->envelope, answer, &source, sighting_r);
}

/* What the message is, if it is anything to us. */
static void
sight(struct visit *visit, const struct judgewire_answer *answer)
{
	struct room *room = visit->room;
	struct bs_sighting sighting = {.received_s = now_s()};
	int rc = make_sighting(visit, answer, &sighting);

	if (rc == BS_ENOTFOUND) {
		if (visit->feed[0] != '\0')
			bs_log(room->setup.log, BS_LOG_INFO,
			    "a report of feed %s hands nothing in: put one "
			    "like it into a folder of reporter[].folders: "
			    "`classify` says why",
			    visit->feed);
		trap_done(visit, BS_OK);
		return;
	}
	if (rc == BS_OK)
		rc = groupqueue_put(room->queue, &sighting, visit);
	if (rc != BS_OK)
		trap_done(visit, rc);
}

void
room_unused(struct room *room, const struct envelope *envelope)
{
	struct bs_sighting sighting = {.received_s = now_s()};
	struct bs_addr source;

	if (!callout_is(room->setup.config, envelope) ||
	    !roomsight_source(room->setup.config, envelope, NULL, &source))
		return;
	room->setup.count->callouts++;
	if (roomsight_callout(room->hash, envelope, &source, &sighting) ==
		BS_OK &&
	    groupqueue_put(room->queue, &sighting, NULL) == BS_OK)
		room->callouts++;
	else
		room->setup.count->callouts_lost++;
}

/* --- setting aside ------------------------------------------------------- */

/* quarantine_done */
static void
on_aside(void *context, int rc)
{
	struct visit *visit = context;
	struct killer *killer =
	    killers_find(&visit->room->killers, visit->spool);

	if (rc == BS_OK && killer != NULL)
		killer->aside = true;
	trap_done(visit, rc);
}

/* Sets a message aside that a judge died of.  BS_EFULL, BS_ENOMEM: it can't be, and
 * that is no part of the visit. */
static int
set_aside(struct visit *visit)
{
	int rc = quarantine_put(visit->room->quarantine, visit->envelope,
	    visit->spool, on_aside, visit);

	visit->pending += rc == BS_OK;
	return rc;
}

/* --- judging ------------------------------------------------------------- */

/* The writer of sightings waits a moment for what is being judged. */
static void
submit(struct visit *visit)
{
	struct room *room = visit->room;

	groupqueue_expect(room->queue, ++room->judging);
	judgepool_submit(room->pool, &visit->job);
}

static void
on_judged(void *context, int rc, const struct judgewire_answer *answer)
{
	struct visit *visit = context;
	struct room *room = visit->room;

	groupqueue_expect(room->queue, --room->judging);
	if (rc == BS_OK) {
		room->setup.count->verdicts[answer->kind]++;
		sight(visit, answer);
		return;
	}
	if (rc == BS_EIO) {
		struct killer *killer =
		    killers_note(&room->killers, visit->spool);

		if (killer != NULL)
			killer->head = visit->job.request.head_only;
	}
	if (rc == BS_EIO && !visit->job.request.head_only) {
		if (set_aside(visit) != BS_OK)
			visit->result.trap = ENVELOPE_TRY_LATER;
		visit->job.request.head_only = true;
		submit(visit);
		return;
	}
	/* not even by its header: it is set aside, that is all */
	room->setup.count->unread++;
	trap_done(visit, rc == BS_EIO ? BS_OK : rc);
}

static const char *
first_trap(const struct envelope *envelope)
{
	for (size_t i = 0; i < envelope->recipient_count; i++) {
		if (envelope->recipient[i].kind == RECIPIENT_TRAP)
			return envelope->recipient[i].address;
	}
	return "";
}

/* Who reports is told by the address that connects, and by nothing else. */
static void
note_reporter(struct visit *visit)
{
	const struct envelope *envelope = visit->envelope;
	const struct bs_config_reporter *reporter =
	    envelope->has_peer
		? report_of_peer(visit->room->setup.config, &envelope->peer)
		: NULL;

	if (reporter == NULL)
		return;
	visit->job.request.is_report = true;
	(void)snprintf(visit->feed, sizeof(visit->feed), "%s", reporter->feed);
}

static void
have_judged(struct visit *visit)
{
	const struct envelope *envelope = visit->envelope;
	struct judgewire_request *request = &visit->job.request;

	note_reporter(visit);
	request->has_peer = envelope->has_peer;
	request->peer = envelope->peer;
	memcpy(request->helo, envelope->helo, sizeof(request->helo));
	memcpy(request->sender, envelope->sender, sizeof(request->sender));
	(void)strput(
	    request->trap, 0, sizeof(request->trap), first_trap(envelope));
	visit->job.spool = visit->spool;
	visit->job.done = on_judged;
	visit->job.context = visit;
	visit->pending++;
	submit(visit);
}

/* What judges died of before is set aside, where it is not yet, and costs no
 * second one.  BS_EFULL, BS_ENOMEM: it can't be. */
static int
begin_judging(struct visit *visit)
{
	const struct killer *killer =
	    killers_find(&visit->room->killers, visit->spool);
	int rc = BS_OK;

	if (killer != NULL && (killer->head || !killer->aside))
		rc = set_aside(visit);
	if (killer != NULL && killer->head)
		return rc;
	if (rc != BS_OK)
		visit->result.trap = ENVELOPE_TRY_LATER;
	visit->job.request.head_only = killer != NULL;
	have_judged(visit);
	return BS_OK;
}

int
room_take(struct room *room, const struct envelope *envelope,
    const struct spool *spool, room_done *done, void *context)
{
	bool sendmail = envelope->role_count > 0 &&
			room->setup.config->role_sendmail != NULL;
	struct visit *visit;
	int rc;

	if (sendmail && room->sendmails >= SENDMAILS_MAX)
		return BS_EBUSY;
	visit = calloc(1, sizeof(*visit));
	if (visit == NULL)
		return BS_ENOMEM;
	visit->room = room;
	visit->envelope = envelope;
	visit->spool = spool;
	visit->done = done;
	visit->context = context;
	rc = envelope->trap_count > 0 ? begin_judging(visit)
				      : start_delivery(visit);
	if (rc != BS_OK) {
		free(visit);
		return rc == BS_EFULL ? BS_EBUSY : rc;
	}
	room->visits++;
	room->sendmails += sendmail;
	room->setup.count->roles += envelope->role_count > 0;
	return BS_OK;
}

size_t
room_count(const struct room *room)
{
	return room->visits;
}

void
room_look(const struct room *room, struct servecount_now *now)
{
	const struct judgepool_counts *judges = judgepool_counts(room->pool);

	now->messages = room->visits;
	now->judging = room->judging;
	now->writing = groupqueue_count(room->queue);
	now->callouts = room->callouts;
	now->judges_replaced = judges->deaths;
	now->judges_gone = judges->gone;
	now->judges_renewed = judges->renewals;
	now->ahead_refused = bs_store_ahead_refused(room->setup.store);
}

/* --- each minute --------------------------------------------------------- */

static void
log_counts(struct room *room)
{
	servecount_log(room->setup.log, room->setup.count, &room->logged);
	room->logged = *room->setup.count;
}

static void
on_minute(uv_timer_t *timer)
{
	log_counts(timer->data);
}

/* --- life ---------------------------------------------------------------- */

static size_t
judge_count(const struct bs_config *config)
{
	cpu_set_t cores;

	if (config->feed_workers > 0)
		return config->feed_workers;
	if (sched_getaffinity(0, sizeof(cores), &cores) != 0)
		return 1;
	return (size_t)CPU_COUNT(&cores);
}

static int
open_queue(struct room *room, struct bs_message *message)
{
	struct groupqueue_setup setup = {
	    .target =
		{
		    .store = room->setup.store,
		    .policy = &room->setup.config->policy,
		    .clock = &bs_clock_system,
		    .database = room->setup.config->database,
		    .actor = "feeder",
		},
	    .queue_max = GROUPQUEUE_MAX,
	    .group_max = GROUP_MAX,
	    .group_ms = GROUPQUEUE_GROUP_MS,
	    .wait_us = GROUPQUEUE_WAIT_US,
	    .pause_ms = GROUPQUEUE_PAUSE_MS,
	    .wake = wake,
	    .done = on_written,
	    .known = on_known,
	    .trouble = on_trouble,
	    .context = room,
	};

	return groupqueue_new(&setup, &room->queue, message);
}

static int
open_pool(struct room *room, struct bs_message *message)
{
	struct judgepool_setup setup = {room->setup.loop, room->setup.log,
	    room->setup.nursery, judge_count(room->setup.config),
	    room->setup.config->judge};
	int rc = judgepool_new(&setup, &room->pool);

	if (rc != BS_OK)
		bs_message_set(message, "judges: %s: lower feed-workers",
		    bs_strerror((enum bs_error)rc));
	return rc;
}

int
room_prepare(const struct bs_config *config, struct bs_message *message)
{
	int rc = quarantine_prepare(config, message);

	if (rc != BS_OK)
		return rc;
	return config->role_sendmail != NULL
		   ? maildrop_check_program(config, message)
		   : maildrop_make(config->role_maildir, message);
}

static int
open_parts(struct room *room, struct bs_message *message)
{
	int rc = open_queue(room, message);

	if (rc == BS_OK)
		rc = open_pool(room, message);
	return rc;
}

int
room_new(const struct room_setup *setup, struct room **room_r,
    struct bs_message *message)
{
	struct room *room = calloc(1, sizeof(*room));
	int rc;

	if (room != NULL) {
		room->hash = bs_keyhash_new(setup->key);
		room->quarantine = quarantine_new(
		    setup->loop, setup->log, setup->config, setup->hostname);
	}
	if (room == NULL || room->hash == NULL || room->quarantine == NULL) {
		room_free(&room);
		bs_message_set(message, "out of memory: close other programs");
		return BS_ENOMEM;
	}
	room->setup = *setup;
	(void)uv_async_init(setup->loop, &room->collect, on_collect);
	room->collect.data = room;
	(void)uv_timer_init(setup->loop, &room->minute);
	room->minute.data = room;
	(void)uv_timer_start(&room->minute, on_minute, MINUTE_MS, MINUTE_MS);
	rc = open_parts(room, message);
	*room_r = room; /* to be closed in any case: handles are on the loop */
	return rc;
}

void
room_set_config(struct room *room, const struct bs_config *config)
{
	room->setup.config = config;
	groupqueue_set_policy(room->queue, &config->policy);
	killers_forget(&room->killers);
	nursery_reload(room->setup.nursery);
	judgepool_renew(room->pool, &config->judge);
}

bool
room_uses(const struct room *room, const struct bs_config *config)
{
	return groupqueue_uses(room->queue, &config->policy);
}

bool
room_end(struct room *room)
{
	return groupqueue_end(room->queue);
}

void
room_close(struct room *room)
{
	if (room->closed)
		return;
	room->closed = true;
	groupqueue_free(&room->queue);
	log_counts(room);
	if (room->pool != NULL)
		judgepool_close(room->pool);
	uv_close((uv_handle_t *)&room->minute, NULL);
	uv_close((uv_handle_t *)&room->collect, NULL);
}

void
room_free(struct room **room)
{
	struct room *old = *room;

	if (old == NULL)
		return;
	judgepool_free(&old->pool);
	quarantine_free(&old->quarantine);
	bs_keyhash_free(&old->hash);
	free(old);
	*room = NULL;
}
