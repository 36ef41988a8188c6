/*
 * Confines itself as a daemon does and tries what must work then and what must
 * not; "NAME yes|no" lines on stdout.  Then it waits for the end of its
 * standard input, so that others can look at it.  Called by
 * tests/system/confine: confineprobe FOLDER-IT-MAY-USE ANOTHER-FOLDER [USER].
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine.h"

static void
say(const char *what, bool works)
{
	printf("%s %s\n", what, works ? "yes" : "no");
}

/* Whether a file can be opened below a folder. */
static bool
opens(const char *folder, const char *name, int flags)
{
	char path[4096];
	int file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, flags | O_CLOEXEC, 0600);
	if (file >= 0)
		(void)close(file);
	return file >= 0;
}

static bool
removes(const char *folder, const char *name)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return unlink(path) == 0;
}

static bool
makes_socket(void)
{
	int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (file >= 0)
		(void)close(file);
	return file >= 0;
}

/* Whether a child lives, and what it can become. */
static bool
runs(bool another_program)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		if (another_program)
			(void)execl("/bin/true", "true", (char *)NULL);
		_exit(another_program);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool
has_core_limit(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max > 0;
}

/* The one that started this. */
static bool
limits_another(void)
{
	struct rlimit limit;

	return prlimit(getppid(), RLIMIT_CORE, NULL, &limit) == 0;
}

static bool
signals_another(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

/* By way of what is open: 0 where that is refused. */
static int
owner_calls(void)
{
	struct f_owner_ex owner = {F_OWNER_PID, getppid()};
	int pid = getppid(), count = 0;

	count += fcntl(STDIN_FILENO, F_SETOWN, pid) == 0;
	count += fcntl(STDIN_FILENO, F_SETOWN_EX, &owner) == 0;
	count += fcntl(STDIN_FILENO, F_SETSIG, SIGKILL) == 0;
	/* it is no socket: another error, were they let through */
	count += ioctl(STDIN_FILENO, FIOSETOWN, &pid) == 0 || errno != EPERM;
	count += ioctl(STDIN_FILENO, SIOCSPGRP, &pid) == 0 || errno != EPERM;
	return count;
}

/* Whether it has no children any more, nor may end any. */
static bool
lets_go_of_children(void)
{
	struct bs_message message;

	return bs_confine_calls(BS_CONFINE_FILES, NULL, 0, &message) == BS_OK;
}

static void
try_all(const char *inside, const char *outside)
{
	say("read-inside", opens(inside, "file", O_RDONLY));
	say("make-inside", opens(inside, "new", O_RDWR | O_CREAT));
	say("remove-inside", removes(inside, "new"));
	say("write-inside", opens(inside, "file", O_RDWR | O_TRUNC));
	say("read-outside", opens(outside, "file", O_RDONLY));
	say("make-outside", opens(outside, "new", O_RDWR | O_CREAT));
	say("remove-outside", removes(outside, "file"));
	say("write-outside", opens(outside, "file", O_WRONLY));
	say("make-socket", makes_socket());
	say("fork", runs(false));
	say("exec", runs(true));
	say("chroot", chroot(inside) == 0);
	say("mount", mount("none", inside, "tmpfs", 0, NULL) == 0);
	say("setuid-0", geteuid() != 0 && setuid(0) == 0);
	say("limit-another", limits_another());
	say("let-go-of-children", lets_go_of_children());
	say("signal-another", signals_another());
	say("signal-another-by-file", owner_calls() > 0);
	say("signal-itself", raise(0) == 0);
	say("core-files", has_core_limit());
}

int
main(int argc, char **argv)
{
	struct bs_log log = bs_log_stderr("confineprobe");
	struct bs_confine_path path = {.path = argc > 1 ? argv[1] : NULL,
	    .rights = BS_CONFINE_READ | BS_CONFINE_WRITE | BS_CONFINE_MAKE};
	const struct bs_confine want = {
	    .path = &path,
	    .path_count = 1,
	    .groups = BS_CONFINE_FILES | BS_CONFINE_CHILDREN,
	};
	struct bs_confine_user user;
	struct bs_message message;

	if (argc < 3)
		return 2;
	if (argc > 3 &&
	    (bs_confine_find_user(argv[3], &user, &message) != BS_OK ||
		bs_confine_become(&user, &message) != BS_OK)) {
		bs_log(&log, BS_LOG_ERROR, "%s", message.text);
		return 1;
	}
	if (!bs_confine_apply(&log, &want))
		return 3;
	try_all(argv[1], argv[2]);
	(void)fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
