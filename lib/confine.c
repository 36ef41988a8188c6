/*
 * Gives up rights: user, capabilities, new privileges, core files; and all of
 * the confinement in one go.  Paths are confine_paths.c's, calls are
 * confine_calls.c's.  Called by the programs that serve, once, at their start.
 */
#include "autoconf.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_CAPABILITY_H
#	include <linux/capability.h>
#endif

#include "confine.h"

/* --- what exec could give back ----------------------------------------------- */

#ifdef HAVE_LINUX_CAPABILITY_H
/* Needs a right that goes with the user; without it there is nothing to be
 * given either, as new privileges are barred. */
static void
clear_bounds(void)
{
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		(void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}
#else
static void
clear_bounds(void)
{
}
#endif

/* --- the user -------------------------------------------------------------- */

static int
take_account(const struct passwd *account, struct bs_confine_user *user_r)
{
	struct bs_confine_user user = {
	    .uid = account->pw_uid, .gid = account->pw_gid};

	if (strlen(account->pw_name) >= sizeof(user.name))
		return BS_ETOOLONG;
	(void)snprintf(user.name, sizeof(user.name), "%s", account->pw_name);
	*user_r = user;
	return BS_OK;
}

/* An account by its number in decimal; NULL for none. */
static const struct passwd *
account_of_number(const char *text)
{
	char *end;
	unsigned long number;

	if (text[0] < '0' || text[0] > '9')
		return NULL;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || number > (unsigned long)(uid_t)-2)
		return NULL;
	return getpwuid((uid_t)number);
}

int
bs_confine_find_user(const char *name, struct bs_confine_user *user_r,
    struct bs_message *message)
{
	const struct passwd *account = getpwnam(name);

	if (account == NULL)
		account = account_of_number(name);
	if (account != NULL && take_account(account, user_r) == BS_OK)
		return BS_OK;
	bs_message_set(message,
	    "%s: no such user: make it (`useradd --system --user-group %s`), "
	    "or name another",
	    name, name);
	return BS_ENOTFOUND;
}

int
bs_confine_find_owner(const char *path, struct bs_confine_user *user_r)
{
	struct bs_confine_user user = {0};
	const struct passwd *account;
	struct stat status;

	if (stat(path, &status) != 0)
		return BS_ENOTFOUND;
	account = getpwuid(status.st_uid);
	if (account == NULL || take_account(account, &user) != BS_OK)
		user.uid = status.st_uid;
	user.gid = status.st_gid;
	*user_r = user;
	return BS_OK;
}

static bool
is_already(const struct bs_confine_user *user)
{
	return getuid() == user->uid && geteuid() == user->uid &&
	       getgid() == user->gid && getegid() == user->gid;
}

static bool
take_groups(const struct bs_confine_user *user)
{
	if (user->name[0] == '\0')
		return setgroups(0, NULL) == 0;
	return initgroups(user->name, user->gid) == 0;
}

/* What was given up must not come back. */
static bool
is_for_good(const struct bs_confine_user *user)
{
	return user->uid == 0 ||
	       (setuid(0) != 0 && seteuid(0) != 0 && getuid() == user->uid &&
		   geteuid() == user->uid);
}

int
bs_confine_become(
    const struct bs_confine_user *user, struct bs_message *message)
{
	if (is_already(user) && user->uid != 0)
		return BS_OK;
	clear_bounds();
	if (take_groups(user) &&
	    setresgid(user->gid, user->gid, user->gid) == 0 &&
	    setresuid(user->uid, user->uid, user->uid) == 0 &&
	    is_for_good(user))
		return BS_OK;
	bs_message_set(message,
	    "user %s (%lu): can't become that: %s: start as root, or as that "
	    "user",
	    user->name, (unsigned long)user->uid, strerror(errno));
	return errno == EPERM ? BS_EACCES : BS_ESYSTEM;
}

/* --- capabilities, new privileges, core files -------------------------------- */

#ifdef HAVE_LINUX_CAPABILITY_H
int
bs_confine_capabilities(struct bs_message *message)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	clear_bounds();
	memset(data, 0, sizeof(data));
	if (syscall(SYS_capset, &header, data) == 0)
		return BS_OK;
	bs_message_set(
	    message, "capabilities: can't be given up: %s", strerror(errno));
	return errno == ENOSYS ? BS_ENOTFOUND : BS_ESYSTEM;
}
#else
int
bs_confine_capabilities(struct bs_message *message)
{
	bs_message_set(message,
	    "capabilities: this program was built without linux/capability.h: "
	    "build it where the kernel's headers are");
	return BS_ENOTFOUND;
}
#endif

int
bs_confine_no_new_privileges(struct bs_message *message)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		return BS_OK;
	bs_message_set(message, "no_new_privs: %s: use Linux 3.5 or later",
	    strerror(errno));
	return BS_ENOTFOUND;
}

/* What is in memory is nobody's business: traps in the feeder's. */
static void
bar_core_files(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
}

/* --- all ------------------------------------------------------------------- */

static const char *const step_names[] = {
    "no capabilities",
    "no new privileges",
    "Landlock",
    "seccomp",
};

#define STEPS (sizeof(step_names) / sizeof(step_names[0]))

static int
take_step(
    size_t step, const struct bs_confine *want, struct bs_message *message)
{
	switch (step) {
	case 0:
		return bs_confine_capabilities(message);
	case 1:
		return bs_confine_no_new_privileges(message);
	case 2:
		return bs_confine_paths(want->path, want->path_count, message);
	default:
		return bs_confine_calls(
		    want->groups, want->call, want->call_count, message);
	}
}

/* Warnings for those steps that can't be taken; false at one that failed. */
static bool
take_steps(const struct bs_log *log, const struct bs_confine *want,
    struct bs_message *held)
{
	size_t size = 0;

	for (size_t step = 0; step < STEPS; step++) {
		struct bs_message message;
		int result = take_step(step, want, &message);

		if (result != BS_OK)
			bs_log(log,
			    result == BS_ENOTFOUND ? BS_LOG_WARNING
						   : BS_LOG_ERROR,
			    "not confined: %s", message.text);
		if (result != BS_OK && result != BS_ENOTFOUND)
			return false;
		if (result == BS_OK)
			size += (size_t)snprintf(held->text + size,
			    sizeof(held->text) - size, ", %s",
			    step_names[step]);
	}
	return true;
}

bool
bs_confine_apply(const struct bs_log *log, const struct bs_confine *want)
{
	struct bs_message held = {""};

	bar_core_files();
	if (!take_steps(log, want, &held))
		return false;
	bs_log(log, BS_LOG_INFO, "confined: user %lu, no core files%s",
	    (unsigned long)geteuid(), held.text);
	return true;
}
