/*
 * A pool of judges with another nursery and another clock: the judges' side is
 * the test's.  For tests/unit/test_judgepool.c and test_judgerenewal.c.
 */
#include "autoconf.h"

#include "judgepool_fixture.h"

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

void
turn(struct trial *trial)
{
	for (int i = 0; i < 5; i++)
		(void)uv_run(&trial->loop, UV_RUN_NOWAIT);
	meet_judges(trial);
	for (int i = 0; i < 5; i++)
		(void)uv_run(&trial->loop, UV_RUN_NOWAIT);
}

const struct bs_config_judge never = {UINT32_MAX, UINT32_MAX};

/* --- a trial -------------------------------------------------------------- */

int
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

int
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

void
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

size_t
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

enum judge_kind
kind_of(size_t i)
{
	return (enum judge_kind)(i % JUDGE_FORGED);
}

uint8_t *
answer_slot(const struct played *judge)
{
	return judge->shared->answer[judge->answered % JUDGERING_SLOTS];
}

void
tell(struct trial *trial, const struct played *judge)
{
	atomic_store(&judge->shared->answered, judge->answered);
	if (atomic_exchange(&judge->shared->serve_waits, 0) != 0)
		assert_int_equal(write(judge->socket, "A", 1), 1);
	turn(trial);
}

void
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

void
die(struct trial *trial, struct played *judge)
{
	(void)close(judge->socket);
	judge->socket = -1;
	turn(trial);
}

void
check_told(const struct trial *trial, size_t i, int rc)
{
	assert_int_equal(trial->mail[i].told, 1);
	assert_int_equal(trial->mail[i].rc, rc);
	if (rc == BS_OK)
		assert_int_equal(trial->mail[i].kind, kind_of(i));
}
