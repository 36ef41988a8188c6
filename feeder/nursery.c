/*
 * Makes processes on demand.  A request is one message on a socket: a letter
 * and open files; the process that it asks for is answerable on one of
 * those.  Used by judgepool.c, milterdoor.c and room.c, started by serve.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filepass.h"
#include "judgework.h"
#include "milter.h"
#include "milterwork.h"
#include "nursery.h"

#define REQUEST_JUDGE 'J'
#define REQUEST_MILTER 'M'
#define REQUEST_SENDMAIL 'S'
#define REQUEST_RELOAD 'R'
#define READY 'K'
#define POLL_MS 50
#define CONTROL_FILE (STDERR_FILENO + 1)

struct request {
	char kind;
	struct filepass files; /* -1 where there is none */
};

/* --- the parent's side --------------------------------------------------- */

/* Sends a letter and files. */
static int
ask(const struct nursery *nursery, const struct request *request)
{
	char letter = request->kind;
	struct iovec part = {&letter, 1};

	return filepass_send(nursery->control, part, &request->files, 0) > 0
		   ? BS_OK
		   : BS_ESYSTEM;
}

/* Asks for a process that has the other end of a new socket. */
static int
ask_for(const struct nursery *nursery, struct request *request, int *socket_r)
{
	int type =
	    request->kind == REQUEST_MILTER ? SOCK_SEQPACKET : SOCK_STREAM;
	int pair[2], rc;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0)
		return BS_ESYSTEM;
	request->files.file[request->files.count++] = pair[1];
	rc = ask(nursery, request);
	(void)close(pair[1]);
	if (rc == BS_OK && fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0)
		rc = BS_ESYSTEM;
	if (rc == BS_OK)
		*socket_r = pair[0];
	else
		(void)close(pair[0]);
	return rc;
}

int
nursery_judge(const struct nursery *nursery, int memory, int *socket_r)
{
	struct request request = {REQUEST_JUDGE, {1, {memory, -1}}};

	return ask_for(nursery, &request, socket_r);
}

int
nursery_milter(const struct nursery *nursery, int *socket_r)
{
	struct request request = {REQUEST_MILTER, {0, {-1, -1}}};

	return ask_for(nursery, &request, socket_r);
}

int
nursery_sendmail(const struct nursery *nursery, int file, int *socket_r)
{
	struct request request = {REQUEST_SENDMAIL, {1, {file, -1}}};

	return ask_for(nursery, &request, socket_r);
}

void
nursery_reload(const struct nursery *nursery)
{
	struct request request = {REQUEST_RELOAD, {0, {-1, -1}}};

	(void)ask(nursery, &request);
}

/* --- the child's side ---------------------------------------------------- */

struct child {
	const struct bs_log *log;
	const struct bs_config *config; /* the first one is the parent's */
	struct bs_config *own;          /* from a reload, or NULL */
	const char *hostname;
	int control;
};

/* False at the end: the parent is gone. */
static bool
receive(int control_socket, struct request *request_r)
{
	struct request request = {0, {0, {-1, -1}}};
	struct iovec part = {&request.kind, 1};

	if (filepass_receive(control_socket, part, &request.files, 0) <= 0)
		return false;
	*request_r = request;
	return true;
}

/* Waits for a process; its exit code, or 255 where it took too long. */
static int
wait_for(pid_t pid)
{
	struct timespec pause = {0, POLL_MS * 1000000L};
	int status = 0;

	for (int i = 0; i < NURSERY_SENDMAIL_TIME_S * 1000 / POLL_MS; i++) {
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
		if (ended < 0 && errno != EINTR)
			return 255;
		(void)nanosleep(&pause, NULL);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return 255;
}

static void
run_sendmail(const struct child *child, const struct request *request)
{
	const struct bs_config *config = child->config;
	/* posix_spawn takes no pointers to const */
	/* whatever becomes of it, nobody is sent a bounce */
	char ignore_dots[] = "-i", from[] = "-f", sender[] = "<>", end[] = "--";
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *arguments[] = {config->role_sendmail, ignore_dots, from, sender,
	    end, config->role_to[0], NULL};
	char *environment[] = {path, NULL};
	posix_spawn_file_actions_t actions;
	uint8_t code = 255;
	pid_t pid;

	(void)signal(SIGCHLD, SIG_DFL);
	(void)lseek(request->files.file[0], 0, SEEK_SET);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return;
	(void)posix_spawn_file_actions_adddup2(
	    &actions, request->files.file[0], STDIN_FILENO);
	if (posix_spawn(&pid, config->role_sendmail, &actions, NULL, arguments,
		environment) == 0)
		code = (uint8_t)wait_for(pid);
	(void)posix_spawn_file_actions_destroy(&actions);
	/* who waits takes no answer for a failure */
	if (write(request->files.file[1], &code, 1) != 1)
		_exit(1);
}

/* A judge reads hostile mail: the milter's socket is none of its business. */
static void
be_judge(const struct child *child, const struct request *request)
{
	static const struct judgework_ways ways = {
	    .socket = CONTROL_FILE, .memory = CONTROL_FILE + 1};
	const int *file = request->files.file;

	/* both came behind CONTROL_FILE, so neither is lost by the first */
	if (dup3(file[1], ways.socket, O_CLOEXEC) < 0 ||
	    (file[0] != ways.memory &&
		dup3(file[0], ways.memory, O_CLOEXEC) < 0))
		return;
	(void)close_range((unsigned)ways.memory + 1, ~0u, 0);
	(void)prctl(PR_SET_NAME, "backstop-judge");
	judgework_run(child->log, child->config, child->hostname, &ways);
}

static void
become(const struct child *child, const struct request *request)
{
	if (request->kind == REQUEST_JUDGE) {
		be_judge(child, request);
		_exit(0);
	}
	(void)close(child->control);
	if (request->kind == REQUEST_MILTER) {
		(void)prctl(PR_SET_NAME, "backstop-milter");
		milterwork_run(child->log, child->config, child->hostname,
		    request->files.file[0]);
	} else if (child->config->role_sendmail != NULL) {
		run_sendmail(child, request);
	}
	_exit(0);
}

/* The parent has said what is wrong with it. */
static void
ignore(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)fatal;
	(void)line;
}

static void
reload(struct child *child)
{
	struct bs_config *config = NULL;

	if (bs_config_load(child->config->path, ignore, NULL, &config) != BS_OK)
		return;
	bs_config_free(&child->own);
	child->own = config;
	child->config = config;
}

static void
serve_requests(struct child *child)
{
	struct request request;

	while (receive(child->control, &request)) {
		if (request.kind == REQUEST_RELOAD)
			reload(child);
		else if (fork() == 0)
			become(child, &request);
		for (size_t i = 0; i < FILEPASS_MAX; i++) {
			if (request.files.file[i] >= 0)
				(void)close(request.files.file[i]);
		}
	}
}

/* Nothing of the parent's stays open but our socket and the standard files: a
 * listener that lives on in a judge would keep the next start from its port. */
static void
close_others(struct child *child)
{
	if (child->control != CONTROL_FILE) {
		(void)dup3(child->control, CONTROL_FILE, O_CLOEXEC);
		child->control = CONTROL_FILE;
	}
	(void)close_range(CONTROL_FILE + 1, ~0u, 0);
}

/* Binds what only the first user may, then becomes the other; says so. */
static bool
get_ready(const struct nursery_setup *setup, int control)
{
	struct bs_message message;
	char word = READY;

	if (setup->config->milter_listen_count > 0 &&
	    milter_open(setup->log, setup->config) != BS_OK)
		return false;
	if (setup->user != NULL &&
	    bs_confine_become(setup->user, &message) != BS_OK) {
		bs_log(setup->log, BS_LOG_ERROR, "%s", message.text);
		return false;
	}
	return send(control, &word, 1, MSG_NOSIGNAL) == 1;
}

/* Signals are the parent's: the end of the socket is ours. */
static void
run(const struct nursery_setup *setup, int control)
{
	struct child child = {
	    setup->log, setup->config, NULL, setup->hostname, control};

	close_others(&child);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN); /* nobody waits for them */
	(void)prctl(PR_SET_NAME, "backstop-nurse");
	if (get_ready(setup, child.control))
		serve_requests(&child);
	bs_config_free(&child.own);
}

/* False: it has said why not. */
static bool
is_ready(int control)
{
	char word;
	ssize_t got;

	do
		got = recv(control, &word, 1, 0);
	while (got < 0 && errno == EINTR);
	return got == 1;
}

int
nursery_start(const struct nursery_setup *setup, struct nursery *nursery_r)
{
	struct nursery nursery;
	int pair[2];
	pid_t pid = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0) {
		pid = fork();
		if (pid == 0) {
			(void)close(pair[0]);
			run(setup, pair[1]);
			_exit(0);
		}
		(void)close(pair[1]);
		if (pid < 0)
			(void)close(pair[0]);
	}
	if (pid < 0) {
		bs_log(setup->log, BS_LOG_ERROR,
		    "judges: no process: %s: raise the limit of processes "
		    "(ulimit -u) or of open files",
		    strerror(errno));
		return BS_ESYSTEM;
	}
	nursery = (struct nursery){pair[0], pid};
	if (!is_ready(nursery.control)) {
		nursery_stop(&nursery);
		return BS_ESYSTEM;
	}
	*nursery_r = nursery;
	return BS_OK;
}

void
nursery_stop(struct nursery *nursery)
{
	int status;

	if (nursery->control < 0)
		return;
	(void)close(nursery->control);
	nursery->control = -1;
	while (waitpid(nursery->pid, &status, 0) < 0 && errno == EINTR)
		;
}
