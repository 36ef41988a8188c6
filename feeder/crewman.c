/*
 * One process of a crew: how it is started, what it does, how it is spoken to.
 * It has no file but its socket, answers one piece after the other, and ends
 * when the socket does.  crew.c says who gets which piece.
 *
 * A process may be started anew while the caller has an LMDB environment open.
 * It never touches that, and closing its copy of a descriptor takes no lock
 * from the parent: fcntl locks are not inherited.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crewman.h"

/* What goes before the bytes of a piece. */
struct head {
	uint64_t size, kind;
};

static bool
write_all(int fd, const void *bytes, size_t size)
{
	const char *next = bytes;

	while (size > 0) {
		ssize_t written = send(fd, next, size, MSG_NOSIGNAL);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		next += written;
		size -= (size_t)written;
	}
	return true;
}

static bool
read_all(int fd, void *bytes, size_t size)
{
	char *next = bytes;

	while (size > 0) {
		ssize_t got = read(fd, next, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		next += got;
		size -= (size_t)got;
	}
	return true;
}

/* --- the process ----------------------------------------------------------- */

/* A message that never ends ends its process by SIGXCPU; and what it held is
 * nobody's to keep on a disk. */
static void
limit_time(void)
{
	struct rusage used;
	struct rlimit limit;

	if (getrusage(RUSAGE_SELF, &used) != 0 ||
	    getrlimit(RLIMIT_CPU, &limit) != 0)
		return;
	limit.rlim_cur =
	    (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + CREW_CPU_S;
	if (limit.rlim_max == RLIM_INFINITY || limit.rlim_cur < limit.rlim_max)
		(void)setrlimit(RLIMIT_CPU, &limit);
}

/* Keeps standard error and the socket, which becomes number 3. */
static void
close_others(int socket)
{
	static const struct rlimit no_core = {0, 0};
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
	}
	(void)dup2(socket, 3);
	(void)close_range(4, ~0U, 0);
	(void)setrlimit(RLIMIT_CORE, &no_core);
}

/* One piece; false at the end. */
static bool
serve_one(const struct crew_setup *setup, void *answer)
{
	struct head head;
	struct crew_piece piece = {0};
	char *bytes;
	bool done;

	if (!read_all(3, &head, sizeof(head)))
		return false;
	bytes = malloc(head.size + 1);
	if (bytes == NULL || !read_all(3, bytes, head.size)) {
		free(bytes);
		return false;
	}
	limit_time();
	memset(answer, 0, setup->answer_size);
	piece.bytes = bytes;
	piece.size = head.size;
	piece.kind = head.kind;
	setup->work(setup->context, &piece, answer);
	free(bytes);
	done = write_all(3, answer, setup->answer_size);
	return done;
}

static void __attribute__((noreturn))
serve(const struct crew_setup *setup, int socket)
{
	void *answer = malloc(setup->answer_size);

	close_others(socket);
	while (answer != NULL && serve_one(setup, answer))
		;
	_exit(0); /* nothing of the parent's is ours to end */
}

/* --- the other side -------------------------------------------------------- */

int
crewman_start(const struct crew_setup *setup, struct crewman *man_r)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return BS_ESYSTEM;
	pid = fork();
	if (pid == 0)
		serve(setup, pair[1]);
	(void)close(pair[1]);
	if (pid < 0) {
		(void)close(pair[0]);
		return BS_ESYSTEM;
	}
	*man_r = (struct crewman){.pid = pid, .socket = pair[0]};
	return BS_OK;
}

bool
crewman_send(const struct crewman *man, const struct crew_piece *piece)
{
	struct head head = {.size = piece->size, .kind = piece->kind};

	return write_all(man->socket, &head, sizeof(head)) &&
	       write_all(man->socket, piece->bytes, piece->size);
}

bool
crewman_receive(const struct crewman *man, void *answer, size_t size)
{
	return read_all(man->socket, answer, size);
}

void
crewman_end(struct crewman *man, char *why)
{
	int status = 0;
	pid_t got;

	if (man->socket < 0)
		return;
	(void)close(man->socket);
	man->socket = -1;
	do {
		got = waitpid(man->pid, &status, 0);
	} while (got < 0 && errno == EINTR);
	if (why == NULL)
		return;
	if (WIFSIGNALED(status))
		(void)snprintf(why, CREWMAN_WHY_MAX, "signal %d, %s",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		(void)snprintf(
		    why, CREWMAN_WHY_MAX, "exit code %d", WEXITSTATUS(status));
}
