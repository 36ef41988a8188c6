/*
 * Hands jobs to judges and takes their answers, on the loop of `serve`.  A
 * judge has one job at a time, so it is known which message it died of.
 * Processes come from nursery.c, bytes by judgewire.c; called by room.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "judgepool.h"
#include "judgework.h"

#define WATCH_MS 1000
#define STUCK_MS ((JUDGEWORK_TIME_S + 15) * 1000ull) /* beyond its alarm */
#define WAIT_MS 60000ull                             /* a job in the queue */

TAILQ_HEAD(job_queue, judgepool_job);

/* A judge's way, closed asynchronously. */
struct way {
	uv_poll_t poll;
	int socket;
	struct judge_slot *slot; /* NULL: closing */
};

struct judge_slot {
	struct judgepool *pool;
	struct way *way; /* NULL: there is no process */
	struct judgepool_job *job;
	bool renew; /* when it has nothing to do */

	uint8_t head[JUDGEWIRE_REQUEST_MAX];
	size_t head_size, sent, total; /* of the request */
	uint8_t answer[JUDGEWIRE_ANSWER_MAX];
	size_t answer_size;
};

struct judgepool {
	struct judgepool_setup setup;
	struct judge_slot *slot;
	struct job_queue queue;
	uv_timer_t watch;
	uv_async_t kick;
	unsigned deaths;
	bool complained;
};

static void on_poll(uv_poll_t *poll, int status, int events);
static void hand_out(struct judgepool *pool);

/* --- processes ----------------------------------------------------------- */

static void
on_way_closed(uv_handle_t *handle)
{
	struct way *way = handle->data;

	(void)close(way->socket);
	free(way);
}

static void
close_way(struct judge_slot *slot)
{
	struct way *way = slot->way;

	if (way == NULL)
		return;
	slot->way = NULL;
	way->slot = NULL;
	(void)uv_poll_stop(&way->poll);
	uv_close((uv_handle_t *)&way->poll, on_way_closed);
}

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

static void
open_way(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;
	struct way *way = calloc(1, sizeof(*way));

	slot->renew = false;
	if (way == NULL)
		return;
	if (nursery_judge(pool->setup.nursery, &way->socket) != BS_OK) {
		complain(pool);
		free(way);
		return;
	}
	if (uv_poll_init(pool->setup.loop, &way->poll, way->socket) != 0) {
		complain(pool);
		(void)close(way->socket);
		free(way);
		return;
	}
	pool->complained = false;
	way->poll.data = way;
	way->slot = slot;
	slot->way = way;
	(void)uv_poll_start(&way->poll, UV_READABLE, on_poll);
}

/* The job of a slot is done. */
static void
end_job(struct judge_slot *slot, int rc, const struct judgewire_answer *answer)
{
	struct judgepool_job *job = slot->job;

	slot->job = NULL;
	if (slot->renew)
		close_way(slot);
	job->done(job->context, rc, answer);
}

/* Its process died, or must. */
static void
lose(struct judge_slot *slot)
{
	struct judgepool *pool = slot->pool;

	close_way(slot);
	if (slot->job == NULL)
		return; /* replaced by on_watch: not in a hot loop */
	pool->deaths++;
	bs_log(pool->setup.log, BS_LOG_WARNING,
	    "judges: one died of a message, or took longer than %d s: "
	    "replaced",
	    JUDGEWORK_TIME_S);
	open_way(slot);
	end_job(slot, BS_EIO, NULL);
}

/* --- a request ----------------------------------------------------------- */

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

/* The file goes with the first byte. */
static void
attach(struct msghdr *message, union control *control, int file)
{
	struct cmsghdr *head;

	memset(control, 0, sizeof(*control));
	message->msg_control = control->bytes;
	message->msg_controllen = sizeof(control->bytes);
	head = CMSG_FIRSTHDR(message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &file, sizeof(int));
}

/* Sends what is left of head and body; BS_EBUSY: more later. */
static int
send_request(struct judge_slot *slot)
{
	const struct spool *spool = slot->job->spool;
	struct iovec part[2];
	struct msghdr message = {.msg_iov = part, .msg_iovlen = 1};
	union control control;
	size_t body =
	    slot->sent > slot->head_size ? slot->sent - slot->head_size : 0;
	size_t head =
	    slot->sent < slot->head_size ? slot->sent : slot->head_size;
	ssize_t sent;

	part[0] = (struct iovec){slot->head + head, slot->head_size - head};
	if (spool_bytes(spool) != NULL) {
		/* sendmsg takes no pointer to const */
		memcpy(&part[1].iov_base, &(const char *){spool_bytes(spool)},
		    sizeof(char *));
		part[1].iov_base = (char *)part[1].iov_base + body;
		part[1].iov_len = spool_size(spool) - body;
		message.msg_iovlen = 2;
	} else if (slot->sent == 0) {
		attach(&message, &control, spool_file(spool));
	}
	sent =
	    sendmsg(slot->way->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	slot->sent += (size_t)sent;
	return slot->sent < slot->total ? BS_EBUSY : BS_OK;
}

static void
push(struct judge_slot *slot)
{
	int rc = send_request(slot);

	if (rc == BS_EIO)
		lose(slot);
	else
		(void)uv_poll_start(&slot->way->poll,
		    rc == BS_EBUSY ? UV_READABLE | UV_WRITABLE : UV_READABLE,
		    on_poll);
}

static void
begin(struct judge_slot *slot, struct judgepool_job *job)
{
	bool in_file = spool_bytes(job->spool) == NULL;

	job->request.message_size = (uint32_t)spool_size(job->spool);
	job->request.in_file = in_file;
	job->since_ms = uv_now(slot->pool->setup.loop);
	slot->job = job;
	slot->head_size = judgewire_put_request(&job->request, slot->head);
	slot->sent = 0;
	slot->total = slot->head_size + (in_file ? 0 : spool_size(job->spool));
	slot->answer_size = 0;
	push(slot);
}

/* --- an answer ----------------------------------------------------------- */

/* BS_OK: it is complete; BS_EBUSY: more later. */
static int
take_answer(struct judge_slot *slot, struct judgewire_answer *answer_r)
{
	size_t room = sizeof(slot->answer) - slot->answer_size, size;
	ssize_t got = recv(slot->way->socket, slot->answer + slot->answer_size,
	    room, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? BS_EBUSY : BS_EIO;
	if (got == 0 || slot->job == NULL)
		return BS_EIO;
	slot->answer_size += (size_t)got;
	if (slot->answer_size < JUDGEWIRE_SIZE_BYTES)
		return BS_EBUSY;
	size = bs_get_be32(slot->answer);
	if (size > sizeof(slot->answer) - JUDGEWIRE_SIZE_BYTES)
		return BS_EIO;
	if (slot->answer_size < JUDGEWIRE_SIZE_BYTES + size)
		return BS_EBUSY;
	if (slot->answer_size > JUDGEWIRE_SIZE_BYTES + size ||
	    slot->sent < slot->total ||
	    judgewire_get_answer(
		slot->answer + JUDGEWIRE_SIZE_BYTES, size, answer_r) != BS_OK)
		return BS_EIO;
	return BS_OK;
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct way *way = poll->data;
	struct judge_slot *slot = way->slot;
	struct judgewire_answer answer;
	int rc = BS_EBUSY;

	if (slot == NULL)
		return;
	if (status != 0)
		rc = BS_EIO;
	else if ((events & UV_READABLE) != 0)
		rc = take_answer(slot, &answer);
	if (rc == BS_OK)
		end_job(slot, BS_OK, &answer);
	else if (rc == BS_EIO)
		lose(slot);
	else if ((events & UV_WRITABLE) != 0 && slot->job != NULL)
		push(slot);
	hand_out(slot->pool);
}

/* --- jobs ---------------------------------------------------------------- */

static void
hand_out(struct judgepool *pool)
{
	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];
		struct judgepool_job *job = TAILQ_FIRST(&pool->queue);

		if (job == NULL)
			return;
		if (slot->way == NULL || slot->job != NULL)
			continue;
		TAILQ_REMOVE(&pool->queue, job, in_queue);
		begin(slot, job);
	}
}

static void
on_kick(uv_async_t *kick)
{
	hand_out(kick->data);
}

void
judgepool_submit(struct judgepool *pool, struct judgepool_job *job)
{
	job->since_ms = uv_now(pool->setup.loop);
	TAILQ_INSERT_TAIL(&pool->queue, job, in_queue);
	(void)uv_async_send(&pool->kick);
}

/* Jobs that nobody took for too long. */
static void
give_up(struct judgepool *pool, uint64_t now_ms)
{
	struct judgepool_job *job;

	while ((job = TAILQ_FIRST(&pool->queue)) != NULL &&
	       now_ms - job->since_ms > WAIT_MS) {
		TAILQ_REMOVE(&pool->queue, job, in_queue);
		job->done(job->context, BS_EBUSY, NULL);
	}
}

static void
on_watch(uv_timer_t *timer)
{
	struct judgepool *pool = timer->data;
	uint64_t now_ms = uv_now(pool->setup.loop);

	for (size_t i = 0; i < pool->setup.judges; i++) {
		struct judge_slot *slot = &pool->slot[i];

		if (slot->job != NULL &&
		    now_ms - slot->job->since_ms > STUCK_MS)
			lose(slot);
		if (slot->way == NULL)
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
		if (slot->job != NULL)
			continue;
		close_way(slot);
		open_way(slot);
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
	    uv_async_init(setup->loop, &pool->kick, on_kick) != 0) {
		judgepool_free(&pool);
		return BS_ENOMEM;
	}
	pool->kick.data = pool;
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
	uv_close((uv_handle_t *)&pool->kick, NULL);
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
