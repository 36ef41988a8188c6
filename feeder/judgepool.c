/*
 * Hands jobs to judges and takes their answers, on the loop of `serve`.  Small
 * messages go several at a time where many wait (judgebatch.h); those of a judge
 * that died are judged again one by one, so that it is known which message it
 * died of.  Processes come from nursery.c; called by room.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judgebatch.h"
#include "judgepool.h"
#include "judgework.h"
#include "way.h"

#define WATCH_MS 1000
#define STUCK_MS ((JUDGEWORK_TIME_S + 15) * 1000ull) /* beyond its alarm */
#define WAIT_MS 60000ull                             /* a job in the queue */
#define AGAIN_MS 10000ull /* after one that never got ready */

TAILQ_HEAD(job_queue, judgepool_job);

struct judge_slot {
	struct judgepool *pool;
	struct way *way; /* NULL: there is no process */
	bool ready;      /* it has said so */
	bool renew;      /* when it has nothing to do */
	uint64_t born_ms;
	uint64_t since_ms;       /* that it has its batch */
	struct judgebatch batch; /* empty: it has nothing to do */
};

struct judgepool {
	struct judgepool_setup setup;
	struct judge_slot *slot;
	struct job_queue queue;
	size_t queued;
	uv_timer_t watch;
	uv_prepare_t turn; /* of the loop: before it waits */
	unsigned deaths;
	bool complained;
};

static void on_poll(uv_poll_t *poll, int status, int events);
static void hand_out(struct judgepool *pool);

/* --- processes ----------------------------------------------------------- */

static void
complain(struct judgepool *pool)
{
	if (!pool->complained)
		bs_log(pool->setup.log, BS_LOG_ERROR,
		    "judges: no process: %s: messages are answered with 451: "
		    "raise the limits of processes and open files, then "
		    "restart",
		    strerror(errno));
	pool->complained = true;
}

/* That is no message's fault: those that come wait for one that can. */
static void
complain_unready(struct judgepool *pool)
{
	if (!pool->complained)
		bs_log(pool->setup.log, BS_LOG_ERROR,
		    "judges: one ended before it could read mail: where none "
		    "can, messages are answered with 451: see the lines "
		    "before, mend that, then send SIGHUP");
	pool->complained = true;
}

static void
open_way(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;
	int socket;

	slot->renew = false;
	slot->ready = false;
	if (nursery_judge(pool->setup.nursery, &socket) == BS_OK)
		slot->way = way_new(pool->setup.loop, socket, on_poll, slot);
	if (slot->way != NULL)
		slot->born_ms = uv_now(pool->setup.loop);
	else
		complain(pool);
}

/* Another process takes its place. */
static void
renew(struct judge_slot *slot)
{
	way_close(&slot->way);
	open_way(slot);
}

/* --- jobs ---------------------------------------------------------------- */

static bool
is_busy(const struct judge_slot *slot)
{
	return slot->batch.answered < slot->batch.count;
}

/* What a judge had when it died waits again, before all others, and the next
 * time each alone. */
static void
put_back(struct judgepool *pool, struct judgebatch *batch)
{
	while (batch->count > batch->answered) {
		struct judgepool_job *job = batch->job[--batch->count];

		job->alone = true;
		TAILQ_INSERT_HEAD(&pool->queue, job, in_queue);
		pool->queued++;
	}
}

/* Its process died, or must. */
static void
lose(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;
	struct judgebatch *batch = &slot->batch;
	struct judgepool_job *job;

	way_close(&slot->way);
	if (!slot->ready)
		complain_unready(pool);
	if (!is_busy(slot))
		return;         /* replaced by on_watch: not in a hot loop */
	if (batch->sent == 0) { /* it was gone before it had any */
		put_back(pool, batch);
		open_way(slot);
		return;
	}
	pool->deaths++;
	bs_log(pool->setup.log, BS_LOG_WARNING,
	    "judges: one died of a message, or took longer than %d s: "
	    "replaced",
	    JUDGEWORK_TIME_S);
	open_way(slot);
	job = batch->job[batch->answered];
	if (batch->count - batch->answered > 1) {
		put_back(pool, batch);
		return;
	}
	judgebatch_reset(batch);
	job->done(job->context, BS_EIO, NULL);
}

static void
push(struct judge_slot *slot)
{
	int rc = judgebatch_send(&slot->batch, slot->way->socket);

	if (rc == BS_EIO)
		lose(slot);
	else
		way_await(slot->way,
		    rc == BS_EBUSY ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

static struct judgepool_job *
take_first(struct judgepool *pool)
{
	struct judgepool_job *job = TAILQ_FIRST(&pool->queue);

	TAILQ_REMOVE(&pool->queue, job, in_queue);
	pool->queued--;
	return job;
}

/* Gives a judge what waits, up to its share. */
static void
begin(struct judge_slot *slot, size_t share)
{
	struct judgepool *pool = slot->pool;
	struct judgepool_job *job = take_first(pool);
	struct judgebatch *batch = &slot->batch;
	bool more = !job->alone && judgebatch_is_small(job->spool);

	judgebatch_reset(batch);
	judgebatch_add(batch, job, &job->request, job->spool);
	while (more && batch->count < share) {
		job = TAILQ_FIRST(&pool->queue);
		more = job != NULL && !job->alone &&
		       judgebatch_fits(batch, job->spool);
		if (more) {
			job = take_first(pool);
			judgebatch_add(batch, job, &job->request, job->spool);
		}
	}
	slot->since_ms = uv_now(pool->setup.loop);
	push(slot);
}

/* --- answers ------------------------------------------------------------- */

/* Its first word.  BS_EBUSY: not yet, or there is nothing else. */
static int
take_ready(struct judge_slot *slot)
{
	char word;
	ssize_t got = recv(slot->way->socket, &word, 1, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	if (got == 0 || word != JUDGEWORK_READY)
		return BS_EIO;
	slot->ready = true;
	slot->pool->complained = false;
	return BS_EBUSY;
}

/* BS_EBUSY: more later. */
static int
take_answers(struct judge_slot *slot)
{
	struct judgebatch *batch = &slot->batch;
	struct judgewire_answer answer;
	struct judgepool_job *job;
	int rc = judgebatch_receive(batch, slot->way->socket);

	while (rc == BS_OK) {
		rc = judgebatch_next(batch, &job, &answer);
		if (rc == BS_OK)
			job->done(job->context, BS_OK, &answer);
	}
	return rc;
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct way *way = poll->data;
	struct judge_slot *slot = way->owner;
	int rc = BS_EBUSY;

	if (slot == NULL)
		return;
	if (status != 0)
		rc = BS_EIO;
	else if ((events & UV_READABLE) != 0)
		rc = slot->ready ? take_answers(slot) : take_ready(slot);
	if (rc == BS_EIO)
		lose(slot);
	else if ((events & UV_WRITABLE) != 0 && is_busy(slot))
		push(slot);
	if (slot->renew && !is_busy(slot))
		renew(slot);
	hand_out(slot->pool);
}

/* --- handing out --------------------------------------------------------- */

static void
hand_out(struct judgepool *pool)
{
	size_t judges = pool->setup.judges;
	size_t share = (pool->queued + judges - 1) / judges;

	for (size_t i = 0; i < judges && pool->queued > 0; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (slot->way != NULL && slot->ready && !is_busy(slot))
			begin(slot, share);
	}
}

static void
on_turn(uv_prepare_t *turn)
{
	hand_out(turn->data);
}

void
judgepool_submit(struct judgepool *pool, struct judgepool_job *job)
{
	job->since_ms = uv_now(pool->setup.loop);
	/* what a judge may have died of */
	job->alone = job->request.head_only;
	TAILQ_INSERT_TAIL(&pool->queue, job, in_queue);
	pool->queued++;
}

/* Jobs that nobody took for too long. */
static void
give_up(struct judgepool *pool, uint64_t now_ms)
{
	struct judgepool_job *job;

	while ((job = TAILQ_FIRST(&pool->queue)) != NULL &&
	       now_ms - job->since_ms > WAIT_MS) {
		(void)take_first(pool);
		job->done(job->context, BS_EBUSY, NULL);
	}
}

static bool
is_stuck(const struct judge_slot *slot, uint64_t now_ms)
{
	if (is_busy(slot))
		return now_ms - slot->since_ms > slot->batch.count * STUCK_MS;
	return slot->way != NULL && !slot->ready &&
	       now_ms - slot->born_ms > STUCK_MS;
}

static void
on_watch(uv_timer_t *timer)
{
	struct judgepool *pool = timer->data;
	uint64_t now_ms = uv_now(pool->setup.loop);

	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (is_stuck(slot, now_ms))
			lose(slot);
		if (slot->way == NULL &&
		    (slot->ready || now_ms - slot->born_ms > AGAIN_MS))
			open_way(slot);
	}
	hand_out(pool);
	give_up(pool, now_ms);
}

void
judgepool_renew(struct judgepool *pool)
{
	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		slot->renew = true;
		if (!is_busy(slot))
			renew(slot);
	}
}

unsigned
judgepool_deaths(const struct judgepool *pool)
{
	return pool->deaths;
}

/* --- life ---------------------------------------------------------------- */

int
judgepool_new(const struct judgepool_setup *setup, struct judgepool **pool_r)
{
	struct judgepool *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		return BS_ENOMEM;
	pool->setup = *setup;
	TAILQ_INIT(&pool->queue);
	pool->slot = calloc(setup->judges, sizeof(*pool->slot));
	if (pool->slot == NULL ||
	    uv_prepare_init(setup->loop, &pool->turn) != 0) {
		judgepool_free(&pool);
		return BS_ENOMEM;
	}
	pool->turn.data = pool;
	(void)uv_prepare_start(&pool->turn, on_turn);
	(void)uv_timer_init(setup->loop, &pool->watch);
	pool->watch.data = pool;
	(void)uv_timer_start(&pool->watch, on_watch, WATCH_MS, WATCH_MS);
	for (size_t i = 0; i < setup->judges; i++) {
		pool->slot[i].pool = pool;
		judgebatch_reset(&pool->slot[i].batch);
		open_way(&pool->slot[i]);
	}
	*pool_r = pool;
	return BS_OK;
}

void
judgepool_close(struct judgepool *pool)
{
	for (size_t i = 0; i < pool->setup.judges; i++)
		way_close(&pool->slot[i].way);
	uv_close((uv_handle_t *)&pool->watch, NULL);
	uv_close((uv_handle_t *)&pool->turn, NULL);
}

void
judgepool_free(struct judgepool **pool)
{
	if (*pool == NULL)
		return;
	free((*pool)->slot);
	free(*pool);
	*pool = NULL;
}
