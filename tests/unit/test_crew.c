/*
 * A crew of real processes: order, deaths, stops, sizes.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "crew.h"

#define PIECES 40

struct answer {
	uint64_t kind, sum;
	pid_t pid;
	bool has_files;
};

struct seen {
	size_t count, died, dropped;
	uintptr_t ticket[PIECES];
	uint64_t sum[PIECES];
	pid_t first, last;
	bool has_files;
	char why[64];
	size_t stop_at; /* after so many; 0: never */
};

/* Adds up the bytes; "!" kills, "#" ends the process, "~" takes its time. */
static void
add(void *context, const struct crew_piece *piece, void *result)
{
	static const struct rlimit second = {1, 10};
	struct answer *answer = result;

	(void)context;
	if (piece->size > 0 && piece->bytes[0] == '!') {
		(void)signal(SIGSEGV, SIG_DFL);
		(void)raise(SIGSEGV);
	}
	if (piece->size > 0 && piece->bytes[0] == '#')
		_exit(7);
	if (piece->size > 0 && piece->bytes[0] == '~')
		(void)usleep(50000);
	if (piece->size > 0 && piece->bytes[0] == '@') {
		(void)setrlimit(RLIMIT_CPU, &second);
		for (volatile unsigned i = 0;; i++)
			;
	}
	for (size_t i = 0; i < piece->size; i++)
		answer->sum += (unsigned char)piece->bytes[i];
	answer->kind = piece->kind;
	answer->pid = getpid();
	answer->has_files = lseek(5, 0, SEEK_CUR) >= 0;
}

static int
note(void *context, void *ticket, const void *result, const char *why)
{
	struct seen *seen = context;
	const struct answer *answer = result;
	size_t i = seen->count++;

	assert_true(i < PIECES);
	seen->ticket[i] = (uintptr_t)ticket;
	if (answer == NULL) {
		seen->died++;
		(void)snprintf(seen->why, sizeof(seen->why), "%s", why);
	} else {
		assert_int_equal(answer->kind, (uintptr_t)ticket * 3);
		seen->sum[i] = answer->sum;
		seen->last = answer->pid;
		if (seen->first == 0)
			seen->first = answer->pid;
		seen->has_files = seen->has_files || answer->has_files;
	}
	return seen->count == seen->stop_at ? CREW_STOPPED : BS_OK;
}

static void
drop(void *context, void *ticket)
{
	struct seen *seen = context;

	(void)ticket;
	seen->dropped++;
}

static struct crew *
start(struct seen *seen, size_t jobs)
{
	struct crew_setup setup = {.jobs = jobs,
	    .answer_size = sizeof(struct answer),
	    .work = add,
	    .done = note,
	    .dropped = drop,
	    .context = seen};
	struct crew *crew = NULL;

	assert_int_equal(crew_new(&setup, &crew), BS_OK);
	return crew;
}

static int
put(struct crew *crew, uintptr_t ticket, const char *bytes, size_t size)
{
	struct crew_piece piece = {.bytes = bytes,
	    .size = size,
	    .kind = ticket * 3,
	    .ticket = (void *)ticket};

	return crew_put(crew, &piece);
}

static void
order(void **state)
{
	(void)state;
	for (size_t jobs = 1; jobs <= 5; jobs += 2) {
		struct seen seen = {0};
		struct crew *crew = start(&seen, jobs);

		for (uintptr_t i = 0; i < PIECES; i++)
			assert_int_equal(
			    put(crew, i, i % 5 == 0 ? "~a" : "bc", 2), BS_OK);
		assert_int_equal(crew_drain(crew), BS_OK);
		assert_int_equal(seen.count, PIECES);
		for (uintptr_t i = 0; i < PIECES; i++) {
			assert_int_equal(seen.ticket[i], i);
			assert_int_equal(
			    seen.sum[i], i % 5 == 0 ? '~' + 'a' : 'b' + 'c');
		}
		crew_free(&crew);
		assert_null(crew);
		assert_int_equal(seen.dropped, 0);
	}
}

static void
deaths(void **state)
{
	static const struct {
		const char *bytes, *why;
	} rows[] = {{"!", "signal 11, Segmentation fault"},
	    {"#", "exit code 7"}, {"@", "signal 24, CPU time limit exceeded"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t jobs = 1; jobs <= 2; jobs++) {
			struct seen seen = {0};
			struct crew *crew = start(&seen, jobs);

			assert_int_equal(put(crew, 0, "a", 1), BS_OK);
			assert_int_equal(put(crew, 1, rows[i].bytes, 1), BS_OK);
			assert_int_equal(put(crew, 2, "b", 1), BS_OK);
			assert_int_equal(put(crew, 3, "c", 1), BS_OK);
			assert_int_equal(crew_drain(crew), BS_OK);
			assert_int_equal(seen.count, 4);
			assert_int_equal(seen.died, 1);
			assert_string_equal(seen.why, rows[i].why);
			assert_int_equal(seen.sum[0], 'a');
			assert_int_equal(seen.sum[2], 'b');
			assert_int_equal(seen.sum[3], 'c');
			if (jobs == 1)
				assert_int_not_equal(seen.first, seen.last);
			crew_free(&crew);
		}
	}
}

/* One that is killed while it has nothing to do costs no piece. */
static void
idle_death(void **state)
{
	struct seen seen = {0};
	struct crew *crew = start(&seen, 1);
	siginfo_t end;

	(void)state;
	assert_int_equal(put(crew, 0, "a", 1), BS_OK);
	assert_int_equal(crew_drain(crew), BS_OK);
	assert_int_equal(kill(seen.first, SIGKILL), 0);
	/* dead, and the crew's to find so */
	assert_int_equal(
	    waitid(P_PID, (id_t)seen.first, &end, WEXITED | WNOWAIT), 0);
	assert_int_equal(put(crew, 1, "b", 1), BS_OK);
	assert_int_equal(crew_drain(crew), BS_OK);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.died, 0);
	assert_int_equal(seen.sum[1], 'b');
	crew_free(&crew);
}

static void
stops(void **state)
{
	struct seen seen = {.stop_at = 2};
	struct crew *crew = start(&seen, 1);
	uintptr_t i = 0;

	(void)state;
	while (i < PIECES && put(crew, i, "a", 1) == BS_OK)
		i++;
	assert_int_equal(seen.count, 2);
	assert_true(i < PIECES);
	assert_int_equal(put(crew, i + 1, "a", 1), CREW_STOPPED);
	assert_int_equal(crew_drain(crew), CREW_STOPPED);
	crew_free(&crew);
	/* each ticket was told of, once */
	assert_int_equal(seen.count + seen.dropped, i + 2);
}

static void
sizes(void **state)
{
	static const size_t rows[] = {0, 1, 65536, 8u << 20};
	struct seen seen = {0};
	struct crew *crew = start(&seen, 2);
	char *bytes = malloc(8u << 20);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 1, 8u << 20);
	for (uintptr_t i = 0; i < 4; i++)
		assert_int_equal(put(crew, i, bytes, rows[i]), BS_OK);
	assert_int_equal(crew_drain(crew), BS_OK);
	for (uintptr_t i = 0; i < 4; i++)
		assert_int_equal(seen.sum[i], rows[i]);
	crew_free(&crew);
	free(bytes);
}

/* Files of ours are none of theirs. */
static void
files(void **state)
{
	struct seen seen = {0};
	struct crew *crew;
	int fd = dup2(STDERR_FILENO, 5);

	(void)state;
	assert_int_equal(fd, 5);
	crew = start(&seen, 2);
	assert_int_equal(put(crew, 0, "a", 1), BS_OK);
	assert_int_equal(crew_drain(crew), BS_OK);
	assert_false(seen.has_files);
	crew_free(&crew);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(order),
	    cmocka_unit_test(deaths),
	    cmocka_unit_test(idle_death),
	    cmocka_unit_test(stops),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
