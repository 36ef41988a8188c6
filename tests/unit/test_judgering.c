/*
 * The ring between `serve` and a judge, both sides in one process: what comes
 * through, who wakes whom, and what is believed of the other side.
 */
#include "autoconf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "judgering_private.h"

struct trial {
	struct judgering *serve, *judge;
	struct judgering_shared *shared; /* as a judge that is taken over */
	int file;
};

static int
begin(void **state)
{
	struct trial *trial = calloc(1, sizeof(*trial));

	assert_non_null(trial);
	assert_int_equal(judgering_new(&trial->serve, &trial->file), BS_OK);
	assert_int_equal(judgering_join(trial->file, &trial->judge), BS_OK);
	trial->shared = mmap(NULL, sizeof(*trial->shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED, trial->file, 0);
	assert_true(trial->shared != MAP_FAILED);
	*state = trial;
	return 0;
}

static int
end(void **state)
{
	struct trial *trial = *state;

	(void)munmap(trial->shared, sizeof(*trial->shared));
	(void)close(trial->file);
	judgering_free(&trial->serve);
	judgering_free(&trial->judge);
	judgering_free(&trial->judge); /* of none */
	free(trial);
	return 0;
}

/* --- the side of `serve` -------------------------------------------------- */

/* Message number i, of `size` bytes, in a file where that is too large. */
static void
put(const struct trial *trial, unsigned i, size_t size)
{
	struct judgewire_request request = {0};
	struct spool *spool = spool_new("/tmp");
	char *bytes = malloc(size + 1);

	assert_non_null(bytes);
	memset(bytes, (int)('a' + i % 26), size);
	(void)snprintf(request.helo, sizeof(request.helo), "%u", i);
	assert_int_equal(spool_add(spool, bytes, size), BS_OK);
	free(bytes);
	if (spool_is_due(spool, true))
		assert_int_equal(spool_write(spool), BS_OK);
	judgering_put(trial->serve, &request, spool);
	assert_int_equal(request.message_size, size);
	spool_free(&spool);
}

static void
check_answer(const struct trial *trial, unsigned i)
{
	struct judgewire_answer answer;

	assert_int_equal(judgering_take(trial->serve, &answer), BS_OK);
	assert_int_equal(answer.received_s, i);
}

static void
check_none(const struct trial *trial)
{
	struct judgewire_answer answer;

	assert_int_equal(judgering_take(trial->serve, &answer), BS_EBUSY);
}

/* --- the judge's side ----------------------------------------------------- */

/* Takes message number i and answers it. */
static void
answer(const struct trial *trial, unsigned i, size_t size)
{
	struct judgewire_answer answer = {.class = BS_BOUNCE, .received_s = i};
	struct judgewire_request request;
	const char *message;

	assert_int_equal(
	    judgering_next(trial->judge, &request, &message), BS_OK);
	assert_int_equal(strtoul(request.helo, NULL, 10), i);
	assert_int_equal(request.message_size, size);
	assert_int_equal(message == NULL, size > SPOOL_MEMORY_MAX);
	for (size_t k = 0; message != NULL && k < size; k++)
		assert_int_equal(message[k], 'a' + i % 26);
	judgering_answer(trial->judge, &answer);
}

/* --- cases ---------------------------------------------------------------- */

/* All sizes, and more than once around. */
static void
through(void **state)
{
	static const size_t sizes[] = {
	    0, 1, 4096, SPOOL_MEMORY_MAX, SPOOL_MEMORY_MAX + 1};
	const size_t count = sizeof(sizes) / sizeof(*sizes);
	const struct trial *trial = *state;

	for (unsigned i = 0; i < 5 * JUDGERING_SLOTS; i++) {
		assert_int_equal(judgering_look(trial->judge), 0);
		put(trial, i, sizes[i % count]);
		assert_int_equal(judgering_look(trial->judge), 0);
		assert_false(judgering_show(trial->serve));
		assert_int_equal(judgering_look(trial->judge), 1);
		check_none(trial);
		answer(trial, i, sizes[i % count]);
		check_answer(trial, i);
		check_none(trial);
	}
}

/* As many as there is room for, answered one by one. */
static void
full(void **state)
{
	const struct trial *trial = *state;

	for (unsigned round = 0; round < 3; round++) {
		unsigned first = round * JUDGERING_SLOTS;

		for (unsigned i = 0; i < JUDGERING_SLOTS; i++)
			put(trial, first + i, 100);
		(void)judgering_show(trial->serve);
		for (unsigned i = 0; i < JUDGERING_SLOTS; i++) {
			assert_int_equal(
			    judgering_look(trial->judge), JUDGERING_SLOTS - i);
			answer(trial, first + i, 100);
		}
		for (unsigned i = 0; i < JUDGERING_SLOTS; i++)
			check_answer(trial, first + i);
		check_none(trial);
	}
}

/* A byte is due only to who waits, and once. */
static void
wakes(void **state)
{
	const struct trial *trial = *state;

	put(trial, 0, 1);
	assert_false(judgering_show(trial->serve));
	assert_false(judgering_rest(trial->judge)); /* there is one */
	answer(trial, 0, 1);
	assert_false(judgering_tell(trial->judge));
	assert_false(judgering_await(trial->serve)); /* there is one */
	check_answer(trial, 0);

	assert_true(judgering_rest(trial->judge));
	put(trial, 1, 1);
	assert_true(judgering_show(trial->serve));
	assert_false(judgering_show(trial->serve));
	assert_true(judgering_await(trial->serve));
	answer(trial, 1, 1);
	assert_true(judgering_tell(trial->judge));
	assert_false(judgering_tell(trial->judge));
	assert_int_equal(judgering_heard(trial->serve, 1), BS_OK);
	check_answer(trial, 1);

	put(trial, 2, 1);
	(void)judgering_show(trial->serve);
	assert_true(judgering_await(trial->serve));
	judgering_awake(trial->serve);
	answer(trial, 2, 1);
	assert_false(judgering_tell(trial->judge));
	check_answer(trial, 2);
}

/* Bytes of a judge are no more than its answers, told of or not. */
static void
heard(void **state)
{
	const struct trial *trial = *state;

	assert_int_equal(judgering_heard(trial->serve, 1), BS_EIO);
	for (unsigned i = 0; i < 3; i++)
		put(trial, i, 1);
	(void)judgering_show(trial->serve);
	for (unsigned i = 0; i < 3; i++)
		answer(trial, i, 1);
	assert_int_equal(judgering_heard(trial->serve, 1), BS_OK);
	check_answer(trial, 0);
	assert_int_equal(judgering_heard(trial->serve, 1), BS_OK);
	assert_int_equal(judgering_heard(trial->serve, 1), BS_EIO);
}

/* What a judge that is taken over may write. */
static void
hostile(void **state)
{
	static const struct {
		const char *name;
		unsigned answered; /* of two requests */
		const char *bytes; /* of the first answer; NULL: a right one */
		int rc;
	} rows[] = {
	    {"two answers", 2, NULL, BS_OK},
	    {"three answers", 3, NULL, BS_EIO},
	    {"less than none", -1u, NULL, BS_EIO},
	    {"the most there can be", INT32_MAX, NULL, BS_EIO},
	    {"an empty one", 1, "\0\0\0\0", BS_EIO},
	    {"one that is too long", 1, "\0\0\7\375", BS_EIO},
	    {"one that has no end", 1, "\377\377\377\377", BS_EIO},
	    {"as long as can be", 1, "\0\0\7\374", BS_EIO},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct judgewire_answer right = {.class = BS_BOUNCE}, got;
		const struct trial *trial;
		int rc;

		(void)end(state);
		(void)begin(state);
		trial = *state;
		put(trial, 0, 1);
		put(trial, 1, 1);
		(void)judgering_show(trial->serve);
		for (size_t k = 0; k < JUDGERING_SLOTS; k++)
			(void)judgewire_put_answer(
			    &right, trial->shared->answer[k]);
		if (rows[i].bytes != NULL)
			memcpy(trial->shared->answer[0], rows[i].bytes, 4);
		atomic_store(&trial->shared->answered, rows[i].answered);
		rc = judgering_take(trial->serve, &got);
		if (rc != rows[i].rc)
			fail_msg("%s: %d", rows[i].name, rc);
		if (rows[i].bytes == NULL)
			assert_int_equal(judgering_await(trial->serve), false);
	}
}

/* An answer, or a claim that cannot be, that is gone when it is to be taken: the
 * loop of `serve` asks for it until there is none, and would never end. */
static void
taken_back(void **state)
{
	static const unsigned answered[] = {1, 2, 3, -1u};

	for (size_t i = 0; i < sizeof(answered) / sizeof(*answered); i++) {
		struct judgewire_answer right = {.class = BS_BOUNCE}, got;
		const struct trial *trial;

		(void)end(state);
		(void)begin(state);
		trial = *state;
		put(trial, 0, 1);
		put(trial, 1, 1);
		(void)judgering_show(trial->serve);
		for (size_t k = 0; k < JUDGERING_SLOTS; k++)
			(void)judgewire_put_answer(
			    &right, trial->shared->answer[k]);
		assert_true(judgering_await(trial->serve));
		assert_int_equal(judgering_take(trial->serve, &got), BS_EBUSY);
		atomic_store(&trial->shared->answered, answered[i]);
		assert_false(judgering_await(trial->serve));
		atomic_store(&trial->shared->answered, 0);
		assert_int_equal(judgering_take(trial->serve, &got), BS_EIO);
		/* and so it stays */
		atomic_store(&trial->shared->answered, 1);
		assert_int_equal(judgering_take(trial->serve, &got), BS_EIO);
		assert_int_equal(judgering_heard(trial->serve, 0), BS_EIO);
	}
}

/* And what comes to one that is in order cannot be read beyond its place. */
static void
bad_requests(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t at, size;
	} rows[] = {
	    {"its size", "\0\0\10\0", 0, 4},
	    {"its version", "\0", 4, 1},
	    {"a message of more than there is", "\0\1\0\1", 8, 4},
	};
	struct judgewire_request request;
	const struct trial *trial = *state;
	uint8_t *head = trial->shared->request[0].head;
	const char *message;

	put(trial, 0, 1);
	(void)judgering_show(trial->serve);
	assert_int_equal(
	    judgering_next(trial->judge, &request, &message), BS_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t kept[16];
		int rc;

		memcpy(kept, head, sizeof(kept));
		memcpy(head + rows[i].at, rows[i].bytes, rows[i].size);
		rc = judgering_next(trial->judge, &request, &message);
		if (rc != BS_ECORRUPT)
			fail_msg("%s: %d", rows[i].name, rc);
		memcpy(head, kept, sizeof(kept));
	}
}

/* Nobody can make it shorter: reading what is gone would kill `serve`. */
static void
sealed(void **state)
{
	const struct trial *trial = *state;

	errno = 0;
	assert_int_equal(ftruncate(trial->file, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(trial->file, 1 << 30), -1);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(through),
	    CASE(full),
	    CASE(wakes),
	    CASE(heard),
	    CASE(hostile),
	    CASE(taken_back),
	    CASE(bad_requests),
	    CASE(sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
