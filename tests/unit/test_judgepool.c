/*
 * The pool of judges on a loop, with judges that the test itself plays: what
 * goes together and what alone, whose answer is whose, and what becomes of
 * messages when a judge dies.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "judgepool.h"
#include "judgering_private.h"
#include "judgework.h"

#define JUDGES 2
#define JOBS_MAX 40
#define PLAYED_MAX 32

/* A message and what became of it. */
struct mail {
	struct judgepool_job job;
	struct spool *spool;
	int told, rc;
	enum judge_kind kind;
};

/* A judge's side of its way, which the nursery below made. */
struct played {
	int socket;
	struct judgering_shared *shared;
	unsigned heard, answered;
};

struct trial {
	uv_loop_t loop;
	FILE *null;
	struct bs_log log;
	struct nursery nursery; /* its control is where judges' ends arrive */
	struct judgepool *pool;
	struct mail mail[JOBS_MAX];
	struct played played[PLAYED_MAX];
	size_t played_count;
	uint64_t later_ms; /* than it is: uv_now below */
	bool mute;         /* new judges do not say that they are ready */
	bool closed;
};

/* --- instead of nursery.c, and of libuv's clock ---------------------------- */

/* Sends the other ends of a new way through the nursery's own. */
int
nursery_judge(const struct nursery *nursery, int memory, int *socket_r)
{
	int pair[2], ends[2];

	if (nursery->control < 0) /* there are no more */
		return BS_ESYSTEM;
	assert_int_equal(
	    socketpair(
		AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
	    0);
	ends[0] = pair[1];
	ends[1] = dup(memory);
	assert_int_equal(
	    write(nursery->control, ends, sizeof(ends)), sizeof(ends));
	*socket_r = pair[0];
	return BS_OK;
}

uint64_t
uv_now(const uv_loop_t *loop)
{
	const struct trial *trial = loop->data;

	return 1000 + trial->later_ms;
}

static void
meet_judges(struct trial *trial)
{
	int ends[2];

	while (recv(trial->nursery.pid, ends, sizeof(ends), MSG_DONTWAIT) ==
	       (ssize_t)sizeof(ends)) {
		const char word = JUDGEWORK_READY;
		struct played *judge = &trial->played[trial->played_count++];

		assert_true(trial->played_count <= PLAYED_MAX);
		judge->socket = ends[0];
		judge->shared = mmap(NULL, sizeof(*judge->shared),
		    PROT_READ | PROT_WRITE, MAP_SHARED, ends[1], 0);
		assert_true(judge->shared != MAP_FAILED);
		(void)close(ends[1]);
		atomic_store(&judge->shared->judge_waits, 1);
		if (!trial->mute)
			assert_int_equal(write(ends[0], &word, 1), 1);
	}
}

/* Lets the loop do what there is to do. */
static void
turn(struct trial *trial)
{
	for (int i = 0; i < 5; i++)
		(void)uv_run(&trial->loop, UV_RUN_NOWAIT);
	meet_judges(trial);
	for (int i = 0; i < 5; i++)
		(void)uv_run(&trial->loop, UV_RUN_NOWAIT);
}

/* None gives way by itself, but where a case says so. */
static const struct bs_config_judge never = {UINT32_MAX, UINT32_MAX};

/* --- a trial -------------------------------------------------------------- */

static int
begin(void **state)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	struct judgepool_setup setup;
	int pair[2];

	assert_non_null(trial);
	assert_int_equal(uv_loop_init(&trial->loop), 0);
	trial->loop.data = trial;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	trial->nursery.control = pair[0];
	trial->nursery.pid = pair[1];
	trial->null = fopen("/dev/null", "w");
	trial->log = bs_log_stderr("test");
	trial->log.stream = trial->null;
	setup = (struct judgepool_setup){
	    &trial->loop, &trial->log, &trial->nursery, JUDGES, never};
	assert_int_equal(judgepool_new(&setup, &trial->pool), BS_OK);
	turn(trial);
	assert_int_equal(trial->played_count, JUDGES);
	*state = trial;
	return 0;
}

static int
end(void **state)
{
	struct trial *trial = *state;

	judgepool_close(trial->pool);
	(void)uv_run(&trial->loop, UV_RUN_DEFAULT);
	judgepool_free(&trial->pool);
	assert_int_equal(uv_loop_close(&trial->loop), 0);
	for (size_t i = 0; i < JOBS_MAX; i++)
		spool_free(&trial->mail[i].spool);
	for (size_t i = 0; i < trial->played_count; i++) {
		if (trial->played[i].socket >= 0)
			(void)close(trial->played[i].socket);
		(void)munmap(
		    trial->played[i].shared, sizeof(*trial->played[i].shared));
	}
	(void)close(trial->nursery.control);
	(void)close((int)trial->nursery.pid);
	(void)fclose(trial->null);
	free(trial);
	return 0;
}

static void
on_done(void *context, int rc, const struct judgewire_answer *answer)
{
	struct mail *mail = context;

	mail->told++;
	mail->rc = rc;
	assert_int_equal(rc == BS_OK, answer != NULL);
	if (answer != NULL)
		mail->kind = answer->kind;
}

/* Submits message number i of a size; its HELO is its number. */
static void
submit(struct trial *trial, size_t i, size_t size)
{
	struct mail *mail = &trial->mail[i];
	char byte = (char)('a' + i % 26);

	memset(mail->job.request.helo, 0, sizeof(mail->job.request.helo));
	(void)snprintf(
	    mail->job.request.helo, sizeof(mail->job.request.helo), "%zu", i);
	mail->spool = spool_new("/tmp");
	for (size_t at = 0; at < size; at++)
		assert_int_equal(spool_add(mail->spool, &byte, 1), BS_OK);
	if (spool_is_due(mail->spool, true))
		assert_int_equal(spool_write(mail->spool), BS_OK);
	mail->job.spool = mail->spool;
	mail->job.done = on_done;
	mail->job.context = mail;
	judgepool_submit(trial->pool, &mail->job);
}

/* --- a judge -------------------------------------------------------------- */

/* Reads the bytes that woke it; whether a file came with one. */
static bool
hear_file(const struct played *judge)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char bytes[64];
	bool file_came = false;

	for (;;) {
		struct iovec part = {bytes, sizeof(bytes)};
		struct msghdr message = {.msg_iov = &part,
		    .msg_iovlen = 1,
		    .msg_control = control.bytes,
		    .msg_controllen = sizeof(control.bytes)};
		const struct cmsghdr *head;
		int file;

		if (recvmsg(judge->socket, &message, MSG_DONTWAIT) <= 0)
			return file_came;
		head = CMSG_FIRSTHDR(&message);
		if (head == NULL)
			continue;
		file_came = true;
		memcpy(&file, CMSG_DATA(head), sizeof(file));
		assert_int_equal(fcntl(file, F_GETFL) & O_ACCMODE, O_RDONLY);
		(void)close(file);
	}
}

/* Reads all requests that have come; their numbers.  *file_r: one came. */
static size_t
hear(struct played *judge, size_t *number_r, bool *file_r)
{
	unsigned put = atomic_load(&judge->shared->put);
	size_t count = 0;

	*file_r = hear_file(judge);
	atomic_store(&judge->shared->judge_waits, 1);
	for (; judge->heard != put; judge->heard++) {
		const struct judgering_request *slot =
		    &judge->shared->request[judge->heard % JUDGERING_SLOTS];
		struct judgewire_request request;

		assert_int_equal(
		    judgewire_get_request(slot->head + JUDGEWIRE_SIZE_BYTES,
			bs_get_be32(slot->head), &request),
		    BS_OK);
		number_r[count] = strtoul(request.helo, NULL, 10);
		for (size_t i = 0; !request.in_file && i < request.message_size;
		     i++)
			assert_int_equal(
			    slot->message[i], 'a' + number_r[count] % 26);
		count++;
	}
	return count;
}

/* The kind that message number i is. */
static enum judge_kind
kind_of(size_t i)
{
	return (enum judge_kind)(i % JUDGE_FORGED);
}

static uint8_t *
answer_slot(const struct played *judge)
{
	return judge->shared->answer[judge->answered % JUDGERING_SLOTS];
}

/* Its answers count from now on. */
static void
tell(struct trial *trial, const struct played *judge)
{
	atomic_store(&judge->shared->answered, judge->answered);
	if (atomic_exchange(&judge->shared->serve_waits, 0) != 0)
		assert_int_equal(write(judge->socket, "A", 1), 1);
	turn(trial);
}

static void
say(struct trial *trial, struct played *judge, const size_t *number,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct judgewire_answer answer = {
		    .kind = kind_of(number[i]), .class = BS_BOUNCE};

		(void)judgewire_put_answer(&answer, answer_slot(judge));
		judge->answered++;
	}
	tell(trial, judge);
}

static void
die(struct trial *trial, struct played *judge)
{
	(void)close(judge->socket);
	judge->socket = -1;
	turn(trial);
}

static void
check_told(const struct trial *trial, size_t i, int rc)
{
	assert_int_equal(trial->mail[i].told, 1);
	assert_int_equal(trial->mail[i].rc, rc);
	if (rc == BS_OK)
		assert_int_equal(trial->mail[i].kind, kind_of(i));
}

/* --- cases ---------------------------------------------------------------- */

/* Each goes to who has least to do. */
static void
shared_out(void **state)
{
	struct trial *trial = *state;
	size_t number[JUDGES][JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 10; i++)
		submit(trial, i, 100 * i);
	turn(trial);
	for (size_t k = 0; k < JUDGES; k++) {
		assert_int_equal(hear(&trial->played[k], number[k], &file), 5);
		assert_false(file);
		for (size_t i = 0; i < 5; i++)
			assert_int_equal(number[k][i], 2 * i + k);
	}
	say(trial, &trial->played[1], number[1], 2);
	submit(trial, 10, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number[0] + 5, &file), 0);
	assert_int_equal(hear(&trial->played[1], number[1] + 5, &file), 1);
	say(trial, &trial->played[0], number[0], 5);
	say(trial, &trial->played[1], number[1] + 2, 4);
	for (size_t i = 0; i < 11; i++)
		check_told(trial, i, BS_OK);
	assert_int_equal(judgepool_deaths(trial->pool), 0);
}

/* Who takes long over a message gets no other one behind it. */
static void
slow(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 1);
	submit(trial, 1, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	assert_int_equal(hear(&trial->played[1], number, &file), 1);
	trial->later_ms = 100;
	submit(trial, 2, 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 0);
	assert_int_equal(hear(&trial->played[1], number, &file), 0);
	say(trial, &trial->played[1], (size_t[]){1}, 1);
	assert_int_equal(hear(&trial->played[1], number, &file), 1);
	say(trial, &trial->played[1], (size_t[]){2}, 1);
	say(trial, &trial->played[0], (size_t[]){0}, 1);
	for (size_t i = 0; i < 3; i++)
		check_told(trial, i, BS_OK);
}

/* An answer that nobody was told of is found in the next turn of the loop. */
static void
unheard(void **state)
{
	struct trial *trial = *state;
	struct played *judge = &trial->played[0];
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 1);
	turn(trial);
	assert_int_equal(hear(judge, number, &file), 1);
	atomic_store(&judge->shared->serve_waits, 0);
	say(trial, judge, number, 1);
	check_told(trial, 0, BS_OK);
}

/* No more than JUDGERING_SLOTS at a time, none beside a large one, and what is
 * in a file comes with it. */
static void
large_ones_alone(void **state)
{
	static const struct {
		size_t size;
		bool small, file;
	} rows[] = {
	    {0, true, false},
	    {JUDGEPOOL_SMALL_MAX, true, false},
	    {JUDGEPOOL_SMALL_MAX + 1, false, false},
	    {SPOOL_MEMORY_MAX, false, false},
	    {SPOOL_MEMORY_MAX + 1, false, true},
	};
	struct trial *trial = *state;
	size_t number[JOBS_MAX], mails = 0;
	bool file;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t first = mails;

		submit(trial, mails++, rows[i].size);
		submit(trial, mails++, 1);
		submit(trial, mails++, 1);
		turn(trial);
		assert_int_equal(hear(&trial->played[0], number, &file),
		    rows[i].small ? 2 : 1);
		assert_int_equal(file, rows[i].file);
		say(trial, &trial->played[0], number, rows[i].small ? 2 : 1);
		assert_int_equal(hear(&trial->played[1], number, &file),
		    rows[i].small ? 1 : 2);
		assert_false(file);
		say(trial, &trial->played[1], number, rows[i].small ? 1 : 2);
		for (; first < mails; first++)
			check_told(trial, first, BS_OK);
	}
	for (size_t i = 0; i < 20; i++)
		submit(trial, mails + i, 1);
	turn(trial);
	for (size_t k = 0; k < JUDGES; k++)
		assert_int_equal(hear(&trial->played[k],
				     number + k * JUDGERING_SLOTS, &file),
		    JUDGERING_SLOTS);
	say(trial, &trial->played[0], number, 3);
	assert_int_equal(hear(&trial->played[0], number + 16, &file), 3);
	say(trial, &trial->played[1], number + 8, 8);
	assert_int_equal(hear(&trial->played[1], number + 19, &file), 1);
	say(trial, &trial->played[0], number + 3, 5);
	say(trial, &trial->played[0], number + 16, 3);
	say(trial, &trial->played[1], number + 19, 1);
	for (size_t i = 0; i < 20; i++)
		check_told(trial, mails + i, BS_OK);
}

/* Of those that a judge had when it died only the one that kills it alone is
 * given up; what was answered before is. */
static void
one_kills(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 10; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 5);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	die(trial, &trial->played[0]);
	assert_int_equal(trial->played_count, JUDGES + 1);
	/* the next one has them one by one */
	for (size_t i = 2; i < 10; i += 2) {
		struct played *judge = &trial->played[trial->played_count - 1];

		assert_int_equal(hear(judge, number, &file), 1);
		assert_int_equal(number[0], i);
		if (i == 4)
			die(trial, judge);
		else
			say(trial, judge, number, 1);
		check_told(trial, i, i == 4 ? BS_EIO : BS_OK);
	}
	assert_int_equal(judgepool_deaths(trial->pool), 2);
	assert_int_equal(hear(&trial->played[1], number, &file), 5);
	say(trial, &trial->played[1], number, 5);
	for (size_t i = 1; i < 10; i += 2)
		check_told(trial, i, BS_OK);
}

/* The last one of several, whose judge may have used up its time on another one,
 * is judged once more. */
static void
last_of_several(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < 4; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 2);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	die(trial, &trial->played[0]);
	assert_int_equal(trial->mail[2].told, 0);
	assert_int_equal(hear(&trial->played[JUDGES], number, &file), 1);
	assert_int_equal(number[0], 2);
	die(trial, &trial->played[JUDGES]);
	check_told(trial, 2, BS_EIO);
	assert_int_equal(judgepool_deaths(trial->pool), 2);
	assert_int_equal(hear(&trial->played[1], number, &file), 2);
	say(trial, &trial->played[1], number, 2);
	check_told(trial, 1, BS_OK);
	check_told(trial, 3, BS_OK);
}

/* A judge that is somebody else's by now is believed nothing. */
static void
nonsense(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		const char *bytes;
		unsigned answers; /* it claims */
		bool right;       /* the first one is an answer */
	} rows[] = {
	    {"too long", 4, "\377\377\377\377", 1, false},
	    {"one byte longer than any", 4, "\0\0\7\375", 1, false},
	    {"empty", 4, "\0\0\0\0", 1, false},
	    {"no answer", 8, "\0\0\0\4abcd", 1, false},
	    {"one more than it was asked", 0, "", 2, true},
	    {"less than none", 0, "", -1u, true},
	    {"many", 0, "", JUDGERING_SLOTS + 1, true},
	};
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct judgewire_answer answer = {.class = BS_BOUNCE};
		struct played *judge = NULL;

		submit(trial, i, 10);
		turn(trial);
		for (size_t k = 0; k < trial->played_count; k++) {
			if (trial->played[k].socket >= 0 &&
			    hear(&trial->played[k], number, &file) == 1)
				judge = &trial->played[k];
		}
		assert_non_null(judge);
		(void)judgewire_put_answer(&answer, answer_slot(judge));
		if (!rows[i].right)
			memcpy(answer_slot(judge), rows[i].bytes, rows[i].size);
		judge->answered += rows[i].answers;
		tell(trial, judge);
		if (trial->mail[i].told != 1)
			fail_msg("%s: it is believed", rows[i].name);
		check_told(trial, i, BS_EIO);
		assert_int_equal(judgepool_deaths(trial->pool), i + 1);
		die(trial, judge);
	}
}

/* It wakes the loop no more often than it has answered. */
static void
too_loud(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 10);
	turn(trial);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	for (size_t k = 0; k < JUDGES; k++)
		assert_int_equal(write(trial->played[k].socket, "AA", 2), 2);
	turn(trial);
	/* both are gone, neither of a message */
	assert_int_equal(judgepool_deaths(trial->pool), 0);
	assert_int_equal(read(trial->played[0].socket, number, 1), 0);
	assert_int_equal(read(trial->played[1].socket, number, 1), 0);
}

/* A reload replaces judges: who is busy, afterwards. */
static void
renewed(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	submit(trial, 0, 10);
	turn(trial);
	judgepool_renew(trial->pool, &never);
	turn(trial);
	assert_int_equal(trial->played_count, JUDGES + 1);
	assert_int_equal(hear(&trial->played[0], number, &file), 1);
	say(trial, &trial->played[0], number, 1);
	check_told(trial, 0, BS_OK);
	assert_int_equal(trial->played_count, JUDGES + 2);
	submit(trial, 1, 10);
	submit(trial, 2, 10);
	turn(trial);
	for (size_t i = JUDGES; i < JUDGES + 2; i++) {
		assert_int_equal(hear(&trial->played[i], number, &file), 1);
		say(trial, &trial->played[i], number, 1);
	}
	check_told(trial, 1, BS_OK);
	check_told(trial, 2, BS_OK);
}

/* New judges, which give way by themselves as `renewal` says. */
static struct played *
begin_again(struct trial *trial, const struct bs_config_judge *renewal)
{
	judgepool_renew(trial->pool, renewal);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	return trial->played + JUDGES;
}

/* The judge hears so many messages, from number `first` on, and answers. */
static void
judge_some(
    struct trial *trial, struct played *judge, size_t first, size_t count)
{
	size_t number[JOBS_MAX];
	bool file;

	assert_int_equal(hear(judge, number, &file), count);
	say(trial, judge, number, count);
	for (size_t i = 0; i < count; i++)
		check_told(trial, number[0] + i, BS_OK);
	assert_int_equal(number[0], first);
}

/* After so many messages one gives way, and another one only when it has said
 * that it is ready. */
static void
enough_messages(void **state)
{
	static const struct bs_config_judge two = {2, UINT32_MAX};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &two);
	size_t number[2][JOBS_MAX];
	const char word = JUDGEWORK_READY;
	bool file;

	for (size_t i = 0; i < 4; i++)
		submit(trial, i, 10);
	turn(trial);
	assert_int_equal(hear(&judge[0], number[0], &file), 2);
	assert_int_equal(hear(&judge[1], number[1], &file), 2);
	say(trial, &judge[0], number[0], 1);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	trial->mute = true;
	say(trial, &judge[0], number[0] + 1, 1);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	say(trial, &judge[1], number[1], 2);
	for (size_t i = 0; i < 4; i++)
		check_told(trial, i, BS_OK);
	/* the other one takes mail meanwhile, old as it is */
	submit(trial, 4, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	judge_some(trial, &judge[1], 4, 1);
	/* its turn */
	trial->mute = false;
	assert_int_equal(write(judge[2].socket, &word, 1), 1);
	turn(trial);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	submit(trial, 5, 10);
	submit(trial, 6, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	for (size_t i = 2; i < 4; i++) {
		assert_int_equal(hear(&judge[i], number[0], &file), 1);
		say(trial, &judge[i], number[0], 1);
	}
	check_told(trial, 5, BS_OK);
	check_told(trial, 6, BS_OK);
}

/* After so long one that has judged any gives way, when it has nothing to do;
 * one that has not may stay. */
static void
long_enough(void **state)
{
	static const struct bs_config_judge minute = {UINT32_MAX, 60};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &minute);

	submit(trial, 0, 10);
	turn(trial);
	judge_some(trial, &judge[0], 0, 1);
	trial->later_ms += 59999;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	submit(trial, 1, 10);
	turn(trial);
	trial->later_ms += 1;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	judge_some(trial, &judge[0], 1, 1);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
	trial->later_ms += 120000;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 1);
}

/* There is no process to take its place: it stays, and takes mail; later there
 * is one. */
static void
no_other(void **state)
{
	static const struct bs_config_judge one = {1, UINT32_MAX};
	struct trial *trial = *state;
	struct played *judge = begin_again(trial, &one);
	int control = trial->nursery.control;
	size_t number[JOBS_MAX];
	bool file;

	trial->nursery.control = -1;
	for (size_t i = 0; i < 2; i++)
		submit(trial, i, 10);
	turn(trial);
	for (size_t i = 0; i < 2; i++)
		judge_some(trial, &judge[i], i, 1);
	turn(trial);
	submit(trial, 2, 10);
	submit(trial, 3, 10);
	turn(trial);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(hear(&judge[i], number, &file), 1);
		say(trial, &judge[i], number, 1);
	}
	check_told(trial, 2, BS_OK);
	check_told(trial, 3, BS_OK);
	/* nor at a reload */
	judgepool_renew(trial->pool, &one);
	submit(trial, 4, 10);
	turn(trial);
	judge_some(trial, &judge[0], 4, 1);
	trial->nursery.control = control;
	trial->later_ms += 9999;
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	trial->later_ms += 1;
	turn(trial);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES + 2);
	assert_int_equal(judgepool_deaths(trial->pool), 0);
}

/* One that ends before it is ready, as its rules can't be read, say, did not die
 * of a message: that waits for one that can. */
static void
never_ready(void **state)
{
	struct trial *trial = *state;
	const char word = JUDGEWORK_READY;
	size_t number[JOBS_MAX];
	bool file;

	trial->mute = true;
	judgepool_renew(trial->pool, &never);
	submit(trial, 0, 10);
	turn(trial);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	for (size_t i = JUDGES; i < 2 * JUDGES; i++)
		assert_int_equal(hear(&trial->played[i], number, &file), 0);
	die(trial, &trial->played[JUDGES]);
	assert_int_equal(trial->mail[0].told, 0);
	assert_int_equal(judgepool_deaths(trial->pool), 0);
	assert_int_equal(trial->played_count, 2 * JUDGES); /* not at once */
	assert_int_equal(write(trial->played[JUDGES + 1].socket, &word, 1), 1);
	turn(trial);
	assert_int_equal(hear(&trial->played[JUDGES + 1], number, &file), 1);
	say(trial, &trial->played[JUDGES + 1], number, 1);
	check_told(trial, 0, BS_OK);
}

/* Nor did one that was gone before the message came. */
static void
gone_before(void **state)
{
	struct trial *trial = *state;
	size_t number[JOBS_MAX];
	bool file;

	for (size_t i = 0; i < JUDGES; i++) {
		(void)close(trial->played[i].socket);
		trial->played[i].socket = -1;
		submit(trial, i, 10);
	}
	turn(trial);
	assert_int_equal(judgepool_deaths(trial->pool), 0);
	assert_int_equal(trial->played_count, 2 * JUDGES);
	turn(trial);
	for (size_t i = 0; i < JUDGES; i++)
		assert_int_equal(trial->mail[i].told, 0);
	for (size_t i = 0; i < JUDGES; i++) {
		struct played *judge = &trial->played[JUDGES + i];

		assert_int_equal(hear(judge, number, &file), 1);
		say(trial, judge, number, 1);
	}
	check_told(trial, 0, BS_OK);
	check_told(trial, 1, BS_OK);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(shared_out),
	    CASE(slow),
	    CASE(unheard),
	    CASE(large_ones_alone),
	    CASE(one_kills),
	    CASE(last_of_several),
	    CASE(nonsense),
	    CASE(too_loud),
	    CASE(renewed),
	    CASE(enough_messages),
	    CASE(long_enough),
	    CASE(no_other),
	    CASE(never_ready),
	    CASE(gone_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
