/*
 * Child processes for work that may crash.  What is done in them is the
 * callers': the tool's check, restore and compact.
 */
#include "autoconf.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "child.h"

static void
work(int (*run)(void *context), void *context)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	const struct rlimit none = {0, 0};
	int code;

	/* a crash is expected here: no core, no report, no handler of others */
	(void)setrlimit(RLIMIT_CORE, &none);
	for (unsigned i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		(void)signal(crashes[i], SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	code = run(context);
	(void)fflush(NULL);
	_exit(code);
}

int
bs_child_run(
    int (*run)(void *context), void *context, struct bs_child_end *end_r)
{
	struct bs_child_end end = {0};
	int status;
	pid_t child;

	(void)fflush(NULL);
	child = fork();
	if (child < 0)
		return BS_ESYSTEM;
	if (child == 0)
		work(run, context);
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return BS_ESYSTEM;
	}
	end.crashed = WIFSIGNALED(status);
	if (end.crashed)
		end.signal = WTERMSIG(status);
	else
		end.code = WEXITSTATUS(status);
	*end_r = end;
	return BS_OK;
}

void *
bs_child_share(unsigned long size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void
bs_child_unshare(void *memory, unsigned long size)
{
	if (memory != NULL)
		(void)munmap(memory, size);
}
