/*
 * Forks the process that serves and waits for its end.  It opens no database
 * (an LMDB environment must not cross a fork), parses nothing and speaks to
 * nobody but the service manager, so that nothing of what crashes the other one
 * can reach it.  Called by the programs that serve.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "notify.h"
#include "supervisor.h"

#define PAUSE_FIRST_MS 100
#define PAUSE_MAX_MS 30000
#define FORK_PAUSE_MS 1000 /* where there is no process to be had */
#define MS_NS 1000000ull

struct supervisor {
	const struct bs_log *log;
	const struct bs_supervised *what;
	int signals; /* signalfd */
	sigset_t before;
	pid_t child;      /* 0: there is none now */
	int reports;      /* of the child; -1: none */
	bool was_ready;   /* one of them has served */
	bool ending;      /* SIGTERM or SIGINT came */
	unsigned crashes; /* in a row */
	unsigned faults;  /* of these, that may be the database's */
	bool suspect;     /* the last one may */
	uint64_t started_ns, start_at_ns;
};

unsigned
bs_supervisor_pause_ms(unsigned crashes)
{
	unsigned pause_ms = PAUSE_FIRST_MS;

	if (crashes <= 1)
		return 0;
	for (unsigned i = 2; i < crashes && pause_ms < PAUSE_MAX_MS; i++)
		pause_ms *= 2;
	return pause_ms < PAUSE_MAX_MS ? pause_ms : PAUSE_MAX_MS;
}

void
bs_supervisor_report(int report, int event)
{
	uint8_t byte = (uint8_t)event;
	ssize_t written;

	do
		written = write(report, &byte, 1);
	while (written < 0 && errno == EINTR);
}

/* --- the child ----------------------------------------------------------------- */

/* In the new process. */
static void
live(const struct supervisor *supervisor, int reports, pid_t parent)
{
	const struct bs_supervised *what = supervisor->what;
	struct bs_supervisor_orders orders = {
	    .again = supervisor->was_ready || supervisor->crashes > 0,
	    .doubt = supervisor->suspect &&
		     supervisor->faults >= BS_SUPERVISOR_CRASHES,
	    .report = reports,
	};

	(void)close(supervisor->signals);
	/* it does not outlive who would start it again */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(BS_EXIT_ENVIRONMENT);
	(void)sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
	exit((int)what->serve(what->context, &orders));
}

static void
start_child(struct supervisor *supervisor)
{
	pid_t parent = getpid();
	uint64_t now_ns = bs_clock_monotonic_ns();
	int ends[2] = {-1, -1};

	supervisor->start_at_ns = now_ns + FORK_PAUSE_MS * MS_NS;
	if (pipe2(ends, O_CLOEXEC) == 0)
		supervisor->child = fork();
	else
		supervisor->child = -1;
	if (supervisor->child == 0) {
		(void)close(ends[0]);
		live(supervisor, ends[1], parent);
	}
	if (ends[1] >= 0)
		(void)close(ends[1]);
	if (supervisor->child > 0) {
		supervisor->reports = ends[0];
		supervisor->started_ns = now_ns;
		return;
	}
	bs_log(supervisor->log, BS_LOG_ERROR,
	    "no process to serve in: %s: raise the limits of processes and "
	    "memory",
	    strerror(errno));
	if (ends[0] >= 0)
		(void)close(ends[0]);
	supervisor->child = 0;
}

static void
forget_child(struct supervisor *supervisor)
{
	supervisor->child = 0;
	if (supervisor->reports >= 0)
		(void)close(supervisor->reports);
	supervisor->reports = -1;
}

/* --- its end ------------------------------------------------------------------- */

static void
describe_end(int status, char *text, size_t room)
{
	if (WIFSIGNALED(status))
		(void)snprintf(text, room, "by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		(void)snprintf(
		    text, room, "with exit code %d", WEXITSTATUS(status));
}

bool
bs_supervisor_may_be_database(int status)
{
	if (!WIFSIGNALED(status))
		return false;
	switch (WTERMSIG(status)) {
	case SIGABRT: /* what LMDB or the C library found wrong */
	case SIGBUS:  /* a page that is not there, or can't be read */
	case SIGFPE:
	case SIGILL:
	case SIGSEGV:
		return true;
	default:
		return false;
	}
}

/* Whose fault it may be, and what to do. */
static const char *
explain_end(int status)
{
	if (bs_supervisor_may_be_database(status))
		return "`backstopctl check` tells whether the database is "
		       "damaged, `backstopctl restore` mends it; if it is not, "
		       "report a bug";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return "not the database's fault: the kernel does so where "
		       "memory runs out, see its log, and give it more";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return "not the database's fault: its confinement forbids a "
		       "system call that it needs: report a bug";
	if (WIFSIGNALED(status))
		return "not the database's fault: somebody sent that signal";
	return "not the database's fault: see what it said before";
}

static void
count_crash(struct supervisor *supervisor, int status, uint64_t lived_s)
{
	if (lived_s >= BS_SUPERVISOR_CRASH_S)
		supervisor->crashes = supervisor->faults = 0;
	supervisor->crashes++;
	supervisor->suspect = bs_supervisor_may_be_database(status);
	supervisor->faults += supervisor->suspect;
}

static void
note_crash(struct supervisor *supervisor, int status)
{
	uint64_t now_ns = bs_clock_monotonic_ns();
	uint64_t lived_s = (now_ns - supervisor->started_ns) / (1000 * MS_NS);
	unsigned pause_ms;
	char end[96];

	count_crash(supervisor, status, lived_s);
	pause_ms = bs_supervisor_pause_ms(supervisor->crashes);
	supervisor->start_at_ns = now_ns + pause_ms * MS_NS;
	describe_end(status, end, sizeof(end));
	bs_log(supervisor->log, BS_LOG_ERROR,
	    "the process that served was ended %s after %llu s: the next one "
	    "starts in %u ms: %s",
	    end, (unsigned long long)lived_s, pause_ms, explain_end(status));
	if (supervisor->suspect && supervisor->what->doubt != NULL &&
	    supervisor->faults == BS_SUPERVISOR_CRASHES)
		bs_log(supervisor->log, BS_LOG_ERROR, "%u times in a row: %s",
		    supervisor->faults, supervisor->what->doubt);
}

/* A terminal, or a service manager, may send its signal to both processes, and
 * ours is the second one, for which nobody waits any more. */
static bool
was_told_to_end(const struct supervisor *supervisor, int status)
{
	return supervisor->ending && WIFSIGNALED(status) &&
	       (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT);
}

/* True: the program ends with *exit_r. */
static bool
is_the_end(
    const struct supervisor *supervisor, int status, enum bs_exit *exit_r)
{
	bool exited =
	    WIFEXITED(status) && WEXITSTATUS(status) <= BS_EXIT_ENVIRONMENT;

	if ((exited && WEXITSTATUS(status) == BS_EXIT_OK) ||
	    was_told_to_end(supervisor, status)) {
		*exit_r = BS_EXIT_OK;
		return true;
	}
	/* what can't start need not be tried again */
	if (exited && !supervisor->was_ready && supervisor->crashes == 0) {
		*exit_r = (enum bs_exit)WEXITSTATUS(status);
		return true;
	}
	*exit_r = BS_EXIT_ENVIRONMENT;
	return supervisor->ending;
}

static bool
take_end(struct supervisor *supervisor, enum bs_exit *exit_r)
{
	int status;

	if (supervisor->child == 0 ||
	    waitpid(supervisor->child, &status, WNOHANG) != supervisor->child)
		return false;
	forget_child(supervisor);
	if (is_the_end(supervisor, status, exit_r))
		return true;
	note_crash(supervisor, status);
	return false;
}

/* --- signals and reports --------------------------------------------------------- */

static void
take_signal(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;
	int number;

	if (read(supervisor->signals, &info, sizeof(info)) !=
	    (ssize_t)sizeof(info))
		return;
	number = (int)info.ssi_signo;
	if (number == SIGTERM || number == SIGINT) {
		supervisor->ending = true;
		bs_notify_send(supervisor->what->notify, BS_NOTIFY_STOPPING);
	}
	if (number != SIGCHLD && supervisor->child > 0)
		(void)kill(supervisor->child, number);
}

static void
take_report(struct supervisor *supervisor)
{
	uint8_t event;

	if (read(supervisor->reports, &event, 1) != 1) {
		(void)close(supervisor->reports);
		supervisor->reports = -1;
		return;
	}
	if (event == BS_NOTIFY_READY)
		supervisor->was_ready = true;
	if (!supervisor->ending)
		bs_notify_send(
		    supervisor->what->notify, (enum bs_notify_event)event);
}

/* Until the next child is to start; -1: for ever. */
static int
patience_ms(const struct supervisor *supervisor)
{
	uint64_t now_ns = bs_clock_monotonic_ns();

	if (supervisor->child > 0)
		return -1;
	if (supervisor->start_at_ns <= now_ns)
		return 0;
	return (int)((supervisor->start_at_ns - now_ns) / MS_NS) + 1;
}

static void
wait_for_something(struct supervisor *supervisor)
{
	struct pollfd files[2] = {
	    {.fd = supervisor->signals, .events = POLLIN},
	    {.fd = supervisor->reports, .events = POLLIN},
	};

	if (poll(files, 2, patience_ms(supervisor)) <= 0)
		return;
	/* a report first: it was sent before the end */
	if (files[1].revents != 0)
		take_report(supervisor);
	else if (files[0].revents != 0)
		take_signal(supervisor);
}

/* --- the whole ------------------------------------------------------------------- */

static bool
catch_signals(struct supervisor *supervisor)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGHUP);
	sigaddset(&ours, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &ours, &supervisor->before);
	supervisor->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	return supervisor->signals >= 0;
}

enum bs_exit
bs_supervisor_run(const struct bs_log *log, const struct bs_supervised *what)
{
	struct supervisor supervisor = {
	    .log = log, .what = what, .reports = -1};
	enum bs_exit exit_code = BS_EXIT_OK;

	if (!catch_signals(&supervisor)) {
		bs_log(log, BS_LOG_ERROR,
		    "signalfd: %s: raise the limit of open files",
		    strerror(errno));
		return BS_EXIT_ENVIRONMENT;
	}
	for (;;) {
		if (supervisor.child == 0 && supervisor.ending)
			break; /* between two of them */
		if (supervisor.child == 0 && patience_ms(&supervisor) == 0)
			start_child(&supervisor);
		wait_for_something(&supervisor);
		if (take_end(&supervisor, &exit_code))
			break;
	}
	(void)close(supervisor.signals);
	forget_child(&supervisor);
	return exit_code;
}
