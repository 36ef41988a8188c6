/*
 * Landlock: the file system becomes the paths that a program names.  What is
 * open already stays open.  Called by confine.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H
#	include <linux/landlock.h>
#endif

#include "confine.h"
#include "confine_sanitizer.h"

#if defined(HAVE_LINUX_LANDLOCK_H) && defined(SYS_landlock_create_ruleset)

#	define FS(name) ((uint64_t)LANDLOCK_ACCESS_FS_##name)

/* Later versions of Landlock know more; headers may be older than kernels. */
#	define FS_REFER ((uint64_t)1 << 13)    /* version 2 */
#	define FS_TRUNCATE ((uint64_t)1 << 14) /* version 3 */

#	define READ_FILE (FS(READ_FILE))
#	define READ_FOLDER (FS(READ_FILE) | FS(READ_DIR))
#	define WRITE_FILE (FS(WRITE_FILE) | FS_TRUNCATE)
/* and move what they made from folder to folder, within what they may */
#	define MAKE_FOLDER \
		(FS(MAKE_REG) | FS(MAKE_SOCK) | FS(REMOVE_FILE) | FS_REFER)
#	define ALL_FIRST (((uint64_t)1 << 13) - 1) /* of version 1 */

/* What a kernel of that version can bar. */
static uint64_t
barred_by(long version)
{
	uint64_t all = ALL_FIRST;

	if (version >= 2)
		all |= FS_REFER;
	if (version >= 3)
		all |= FS_TRUNCATE;
	return all;
}

static uint64_t
access_of(unsigned rights, bool is_folder)
{
	uint64_t access = 0;

	if ((rights & BS_CONFINE_READ) != 0)
		access |= is_folder ? READ_FOLDER : READ_FILE;
	if ((rights & BS_CONFINE_WRITE) != 0)
		access |= WRITE_FILE;
	if ((rights & BS_CONFINE_MAKE) != 0 && is_folder)
		access |= MAKE_FOLDER;
	return access;
}

/* 0 or an errno; a path that is not there, or not to be reached, can't be used
 * anyway. */
static int
allow(int ruleset, const struct bs_confine_path *path, uint64_t barred)
{
	struct landlock_path_beneath_attr rule = {0};
	struct stat status;
	int number = 0;

	rule.parent_fd = open(path->path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0;
	if (fstat(rule.parent_fd, &status) != 0)
		number = errno;
	rule.allowed_access =
	    access_of(path->rights, S_ISDIR(status.st_mode)) & barred;
	if (number == 0 && rule.allowed_access != 0 &&
	    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		&rule, 0) != 0)
		number = errno;
	(void)close(rule.parent_fd);
	return number;
}

static int
restrict_to(const struct bs_confine_path *path, size_t count, long version)
{
	const struct landlock_ruleset_attr attributes = {
	    .handled_access_fs = barred_by(version)};
	int number = 0;
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes,
	    sizeof(attributes.handled_access_fs), 0);

	if (ruleset < 0)
		return errno;
	for (size_t i = 0; i < count && number == 0; i++)
		number = allow(ruleset, &path[i], attributes.handled_access_fs);
	if (number == 0)
		number = bs_confine_sanitizer_paths(
		    ruleset, attributes.handled_access_fs, allow);
	/* where it has the right to, a process could do without this */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (number == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		number = errno;
	(void)close(ruleset);
	return number;
}

int
bs_confine_paths(const struct bs_confine_path *path, size_t count,
    struct bs_message *message)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	int number;

	if (version < 1) {
		bs_message_set(message,
		    "Landlock: %s: use Linux 5.13 or later, with landlock in "
		    "its list of security modules (lsm=)",
		    strerror(errno));
		return BS_ENOTFOUND;
	}
	if (count > BS_CONFINE_PATHS_MAX) {
		bs_message_set(message,
		    "Landlock: %zu paths are more than %d: put the files into "
		    "fewer folders",
		    count, BS_CONFINE_PATHS_MAX);
		return BS_ESYSTEM;
	}
	number = restrict_to(path, count, version);
	if (number == 0)
		return BS_OK;
	bs_message_set(message, "Landlock: %s", strerror(number));
	return BS_ESYSTEM;
}

#else
int
bs_confine_paths(const struct bs_confine_path *path, size_t count,
    struct bs_message *message)
{
	(void)path;
	(void)count;
	bs_message_set(message,
	    "Landlock: this program was built without linux/landlock.h: build "
	    "it where the headers of Linux 5.13 or later are");
	return BS_ENOTFOUND;
}
#endif
