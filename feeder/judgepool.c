/*
 * Hands jobs to judges and takes their answers (judgering.h), on the loop of
 * `serve`.  A judge has several small messages at a time where many wait; those
 * of one that died are judged again one by one, so that it is known which
 * message it died of.  One that has judged many gives way to a new one, for what
 * it may have become.  Processes come from nursery.c; called by room.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filepass.h"
#include "judgepool.h"
#include "judgering.h"
#include "judgework.h"
#include "way.h"

#define WATCH_MS 1000
#define STUCK_MS ((JUDGEWORK_TIME_S + 15) * 1000ull) /* beyond its alarm */
#define WAIT_MS 60000ull                             /* a job in the queue */
#define AGAIN_MS 10000ull /* after one that never got ready */
#define SLOW_MS 20ull     /* without an answer: it gets no more meanwhile */
#define HEARD_MAX 64      /* bytes read at a time */

TAILQ_HEAD(job_queue, judgepool_job);

struct judge_slot {
	struct judgepool *pool;
	struct way *way;        /* NULL: there is no process */
	struct judgering *ring; /* there is one with each way */
	bool ready;             /* it has said so */
	bool renew;             /* when it has nothing to do */
	uint64_t born_ms;
	uint32_t judged;   /* messages since then */
	bool overdue;      /* there was no process to take its place */
	uint64_t again_ms; /* then it is tried again */
	uint64_t since_ms; /* that it has what it has, or answered last */

	/* what it has, in order; borrowed */
	struct judgepool_job *job[JUDGERING_SLOTS];
	size_t first, count;
	bool alone;   /* what it has: no other one goes with it */
	bool company; /* the last one of that was not alone at first */
	bool put;     /* some of it is not shown yet */
};

struct judgepool {
	struct judgepool_setup setup;
	struct judge_slot *slot;
	struct job_queue queue;
	size_t queued;
	uv_timer_t watch;
	uv_prepare_t turn; /* of the loop: before it waits */
	uv_check_t woken;  /* and after that */
	struct judgepool_counts counts;
	bool complained;
	bool waits; /* judges are to wake the loop */
};

static void on_poll(uv_poll_t *poll, int status, int events);

/* --- processes ----------------------------------------------------------- */

static void
complain(struct judgepool *pool)
{
	if (!pool->complained)
		bs_log(pool->setup.log, BS_LOG_ERROR,
		    "judges: no process: %s: where none is left, messages are "
		    "answered with 451: raise the limits of processes and open "
		    "files, then restart",
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

static int
open_ring(struct judge_slot *slot, int *socket_r)
{
	int memory, rc = judgering_new(&slot->ring, &memory);

	if (rc != BS_OK)
		return rc;
	rc = nursery_judge(slot->pool->setup.nursery, memory, socket_r);
	(void)close(memory);
	return rc;
}

static void
close_way(struct judge_slot *slot)
{
	way_close(&slot->way);
	judgering_free(&slot->ring);
}

static void
open_way(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;
	int socket;

	slot->renew = false;
	slot->ready = false;
	slot->judged = 0;
	slot->overdue = false;
	if (open_ring(slot, &socket) == BS_OK)
		slot->way = way_new(pool->setup.loop, socket, on_poll, slot);
	if (slot->way != NULL) {
		slot->born_ms = uv_now(pool->setup.loop);
		return;
	}
	judgering_free(&slot->ring);
	complain(pool);
}

/* Another process takes its place.  Where there can be none (too many files are
 * open), this one, which is well, stays, and it is tried again. */
static void
renew(struct judge_slot *slot)
{
	struct judge_slot before = *slot;

	slot->way = NULL;
	slot->ring = NULL;
	open_way(slot);
	if (slot->way != NULL) {
		slot->pool->counts.renewals += before.way != NULL;
		close_way(&before);
		return;
	}
	*slot = before;
	slot->renew = false;
	slot->overdue = true;
	slot->again_ms = uv_now(slot->pool->setup.loop) + AGAIN_MS;
}

/* --- jobs ---------------------------------------------------------------- */

static bool
is_busy(const struct judge_slot *slot)
{
	return slot->count > 0;
}

static struct judgepool_job *
take_first(struct judgepool *pool)
{
	struct judgepool_job *job = TAILQ_FIRST(&pool->queue);

	TAILQ_REMOVE(&pool->queue, job, in_queue);
	pool->queued--;
	return job;
}

/* The oldest that it has is no longer its. */
static struct judgepool_job *
drop_first(struct judge_slot *slot)
{
	struct judgepool_job *job = slot->job[slot->first];

	slot->first = (slot->first + 1) % JUDGERING_SLOTS;
	slot->count--;
	return job;
}

/* What a judge had when it died waits again, before all others, and the next
 * time each alone. */
static void
put_back(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;

	while (slot->count > 0) {
		size_t last = (slot->first + --slot->count) % JUDGERING_SLOTS;

		slot->job[last]->alone = true;
		TAILQ_INSERT_HEAD(&pool->queue, slot->job[last], in_queue);
		pool->queued++;
	}
}

static void
count_gone(const struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;

	pool->counts.gone++;
	if (slot->ready)
		bs_log(pool->setup.log, BS_LOG_WARNING,
		    "judges: one ended with no message: replaced: see whether "
		    "somebody killed it, or the system for want of memory");
	else
		complain_unready(pool);
}

/* It was gone before it had any. */
static void
miss(struct judge_slot *slot)
{
	count_gone(slot);
	close_way(slot);
	put_back(slot);
	open_way(slot);
}

/* Its process died, or must. */
static void
lose(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;
	struct judgepool_job *job;

	close_way(slot);
	if (!is_busy(slot)) {
		count_gone(slot);
		return; /* replaced by on_watch: not in a hot loop */
	}
	pool->counts.deaths++;
	bs_log(pool->setup.log, BS_LOG_WARNING,
	    "judges: one died of a message, or took longer than %d s: "
	    "replaced",
	    JUDGEWORK_TIME_S);
	open_way(slot);
	/* the last one of several may just have had no time left */
	if (slot->count > 1 || slot->company) {
		put_back(slot);
		return;
	}
	job = drop_first(slot);
	job->done(job->context, BS_EIO, NULL);
}

/* --- answers ------------------------------------------------------------- */

/* Its first word.  BS_EBUSY: not yet. */
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

/* BS_EBUSY: that is all for now. */
static int
take_answers(struct judge_slot *slot)
{
	struct judgewire_answer answer;
	int rc;

	while ((rc = judgering_take(slot->ring, &answer)) == BS_OK) {
		struct judgepool_job *job = drop_first(slot);

		slot->since_ms = uv_now(slot->pool->setup.loop);
		slot->judged++;
		job->done(job->context, BS_OK, &answer);
	}
	return rc;
}

/* Bytes say that there are answers, nothing else. */
static int
hear(struct judge_slot *slot)
{
	char bytes[HEARD_MAX];
	ssize_t got =
	    recv(slot->way->socket, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	return got > 0 ? judgering_heard(slot->ring, (size_t)got) : BS_EIO;
}

/* Those that are there count, also where their judge is gone. */
static void
look_after(struct judge_slot *slot)
{
	int heard = slot->ready ? hear(slot) : take_ready(slot);
	int rc = take_answers(slot);

	if (heard == BS_EIO || rc == BS_EIO)
		lose(slot);
	else if (slot->renew && !is_busy(slot))
		renew(slot);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct way *way = poll->data;
	struct judge_slot *slot = way->owner;

	(void)events;
	if (slot == NULL)
		return;
	if (status != 0)
		lose(slot);
	else
		look_after(slot);
}

/* What was answered while nobody listened. */
static void
take_all(struct judgepool *pool)
{
	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (!is_busy(slot))
			continue;
		if (take_answers(slot) == BS_EIO)
			lose(slot);
		else if (slot->renew && !is_busy(slot))
			renew(slot);
	}
}

/* --- giving way ---------------------------------------------------------- */

static bool
is_old(const struct judge_slot *slot)
{
	const struct bs_config_judge *renewal = &slot->pool->setup.renewal;
	uint64_t now_ms = uv_now(slot->pool->setup.loop);
	uint64_t age_ms = now_ms - slot->born_ms;

	if (slot->overdue)
		return now_ms >= slot->again_ms;
	return slot->judged >= renewal->messages ||
	       (slot->judged > 0 && age_ms >= renewal->time_s * 1000ull);
}

/* One that is old, when it has nothing to do; none while another one is on its
 * way, so that mail has the others meanwhile. */
static void
renew_old(struct judgepool *pool)
{
	struct judge_slot *oldest = NULL;

	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (slot->renew || !slot->ready || slot->way == NULL)
			return;
		if (is_old(slot) &&
		    (oldest == NULL || slot->born_ms < oldest->born_ms))
			oldest = slot;
	}
	if (oldest == NULL)
		return;
	oldest->renew = true;
	if (!is_busy(oldest))
		renew(oldest);
}

/* --- handing out --------------------------------------------------------- */

/* A large one goes alone: others would wait for it. */
static bool
goes_alone(const struct judgepool_job *job)
{
	return job->alone || spool_file(job->spool) >= 0 ||
	       spool_size(job->spool) > JUDGEPOOL_SMALL_MAX;
}

static bool
can_take(const struct judge_slot *slot, const struct judgepool_job *job)
{
	if (slot->way == NULL || !slot->ready || slot->renew ||
	    slot->count == JUDGERING_SLOTS)
		return false;
	return slot->count == 0 ||
	       (!slot->alone && !goes_alone(job) &&
		   uv_now(slot->pool->setup.loop) - slot->since_ms < SLOW_MS);
}

/* Who has least to do. */
static struct judge_slot *
find_slot(struct judgepool *pool, const struct judgepool_job *job)
{
	struct judge_slot *best = NULL;

	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (can_take(slot, job) &&
		    (best == NULL || slot->count < best->count))
			best = slot;
	}
	return best;
}

static void
give(struct judge_slot *slot, struct judgepool_job *job)
{
	if (slot->count == 0)
		slot->since_ms = uv_now(slot->pool->setup.loop);
	slot->company = slot->count > 0;
	slot->alone = goes_alone(job);
	slot->job[(slot->first + slot->count++) % JUDGERING_SLOTS] = job;
	slot->put = true;
	judgering_put(slot->ring, &job->request, job->spool);
}

/* A byte for a judge that waits, with the file of the one message that it has,
 * to be read only: who is somebody else's by now must neither change what is set
 * aside or delivered, nor fill the disk.  BS_EIO. */
static int
wake(const struct judge_slot *slot)
{
	const struct spool *spool = slot->job[slot->first]->spool;
	char byte = 0;
	struct iovec part = {&byte, 1};
	int lent = spool_lend(spool);
	/* where there is no /proc, as it is */
	int file = lent >= 0 ? lent : spool_file(spool);
	struct filepass files = {file >= 0, {file, -1}};
	ssize_t sent =
	    filepass_send(slot->way->socket, part, &files, MSG_DONTWAIT);

	if (lent >= 0)
		(void)close(lent);
	return sent == 1 ? BS_OK : BS_EIO;
}

static void
show(struct judge_slot *slot)
{
	bool file =
	    slot->alone && spool_file(slot->job[slot->first]->spool) >= 0;
	bool waits = judgering_show(slot->ring);

	slot->put = false;
	if ((waits || file) && wake(slot) != BS_OK)
		miss(slot);
}

/* Gives out what waits, each to a judge that can take it. */
static void
hand_out(struct judgepool *pool)
{
	struct judge_slot *slot;

	while (pool->queued > 0 &&
	       (slot = find_slot(pool, TAILQ_FIRST(&pool->queue))) != NULL)
		give(slot, take_first(pool));
	for (size_t i = 0; i < pool->setup.judges; i++) {
		if (pool->slot[i].put)
			show(&pool->slot[i]);
	}
}

/* Before the loop waits; judges are to wake it from then on.  False: one of them
 * has answered meanwhile. */
static bool
await_all(struct judgepool *pool)
{
	bool waits = true;

	for (size_t i = 0; i < pool->setup.judges; i++) {
		if (is_busy(&pool->slot[i]))
			waits = judgering_await(pool->slot[i].ring) && waits;
	}
	return waits;
}

static void
wake_up(struct judgepool *pool)
{
	for (size_t i = 0; pool->waits && i < pool->setup.judges; i++) {
		if (pool->slot[i].ring != NULL)
			judgering_awake(pool->slot[i].ring);
	}
	pool->waits = false;
}

static void
on_turn(uv_prepare_t *turn)
{
	struct judgepool *pool = turn->data;

	renew_old(pool);
	do {
		take_all(pool);
		hand_out(pool);
	} while (!await_all(pool));
	pool->waits = true;
}

static void
on_woken(uv_check_t *woken)
{
	wake_up(woken->data);
}

void
judgepool_submit(struct judgepool *pool, struct judgepool_job *job)
{
	wake_up(pool);
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
		return now_ms - slot->since_ms > STUCK_MS;
	return slot->way != NULL && !slot->ready &&
	       now_ms - slot->born_ms > STUCK_MS;
}

static void
on_watch(uv_timer_t *timer)
{
	struct judgepool *pool = timer->data;
	uint64_t now_ms = uv_now(pool->setup.loop);

	take_all(pool);
	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (is_stuck(slot, now_ms))
			lose(slot);
		if (slot->way == NULL &&
		    (slot->ready || now_ms - slot->born_ms > AGAIN_MS))
			open_way(slot);
	}
	give_up(pool, now_ms);
}

void
judgepool_renew(struct judgepool *pool, const struct bs_config_judge *renewal)
{
	pool->setup.renewal = *renewal;
	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		slot->renew = true;
		if (!is_busy(slot))
			renew(slot);
	}
}

const struct judgepool_counts *
judgepool_counts(const struct judgepool *pool)
{
	return &pool->counts;
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
	if (pool->slot == NULL) {
		judgepool_free(&pool);
		return BS_ENOMEM;
	}
	(void)uv_prepare_init(setup->loop, &pool->turn);
	pool->turn.data = pool;
	(void)uv_prepare_start(&pool->turn, on_turn);
	(void)uv_check_init(setup->loop, &pool->woken);
	pool->woken.data = pool;
	(void)uv_check_start(&pool->woken, on_woken);
	(void)uv_timer_init(setup->loop, &pool->watch);
	pool->watch.data = pool;
	(void)uv_timer_start(&pool->watch, on_watch, WATCH_MS, WATCH_MS);
	for (size_t i = 0; i < setup->judges; i++) {
		pool->slot[i].pool = pool;
		open_way(&pool->slot[i]);
	}
	*pool_r = pool;
	return BS_OK;
}

void
judgepool_close(struct judgepool *pool)
{
	for (size_t i = 0; i < pool->setup.judges; i++)
		close_way(&pool->slot[i]);
	uv_close((uv_handle_t *)&pool->watch, NULL);
	uv_close((uv_handle_t *)&pool->turn, NULL);
	uv_close((uv_handle_t *)&pool->woken, NULL);
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
