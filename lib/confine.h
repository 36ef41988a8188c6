/*
 * Confinement: what a program that serves the world takes away from itself
 * once it has bound and opened what needs rights.  Each step is one that the
 * kernel may lack; then the program says so and goes on.
 *
 * The steps are in an order: the user first (it needs root), then
 * bs_confine_apply, before there are threads, since the kernel confines the
 * thread that asks and those it makes.
 */
#ifndef BS_CONFINE_H
#define BS_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "error.h"
#include "log.h"

/* --- the user -------------------------------------------------------------- */

struct bs_confine_user {
	uid_t uid;
	gid_t gid;
	char name[64]; /* "" where it has none: then it has no other groups */
};

/* A user by name or number; its group is the one of its account.
 * BS_ENOTFOUND: there is none, `message` says what to do. */
int bs_confine_find_user(const char *name, struct bs_confine_user *user_r,
    struct bs_message *message);

/* Whom a file or folder belongs to; BS_ENOTFOUND where it is not there. */
int bs_confine_find_owner(const char *path, struct bs_confine_user *user_r);

/*
 * Becomes that user with its groups, for good.  Nothing to do where it is that
 * user.  BS_EACCES: this process may not; BS_ESYSTEM.  `message` says why.
 */
int bs_confine_become(
    const struct bs_confine_user *user, struct bs_message *message);

/* --- the rest -------------------------------------------------------------- */

/* What may be done below a path, OR-ed. */
#define BS_CONFINE_READ (1u << 0)  /* read files, list folders */
#define BS_CONFINE_WRITE (1u << 1) /* write files that are there */
#define BS_CONFINE_MAKE (1u << 2)  /* make and remove files and sockets */

#define BS_CONFINE_PATHS_MAX 512

struct bs_confine_path {
	const char *path; /* borrowed; a file or a folder */
	unsigned rights;
};

/* Groups of system calls that a program needs, OR-ed; what every program does
 * with memory, time, its own threads and open files is always allowed. */
#define BS_CONFINE_FILES (1u << 0)    /* open, make, remove */
#define BS_CONFINE_SOCKETS (1u << 1)  /* make and use them */
#define BS_CONFINE_CHILDREN (1u << 2) /* fork, wait and kill; never exec */

#define BS_CONFINE_CALLS_MAX 256

struct bs_confine {
	const struct bs_confine_path *path; /* borrowed */
	size_t path_count;
	unsigned groups;
	const int *call; /* more calls (SYS_...), borrowed */
	size_t call_count;
};

/*
 * No core files, no capabilities, no new privileges, then Landlock (the file
 * system: `path` and nothing else; a path that is not there is passed over) and
 * seccomp (other calls fail with EPERM).  Logs one line that says what holds,
 * and a warning for each that the kernel or this build does not have.  False
 * where one failed that the kernel has, which is logged: end then.
 */
bool bs_confine_apply(const struct bs_log *log, const struct bs_confine *want);

/* --- the single steps, for bs_confine_apply and tests ------------------------ */

/* Each: BS_OK; BS_ENOTFOUND where kernel or build has none; BS_ESYSTEM.
 * `message` says why. */
int bs_confine_capabilities(struct bs_message *message);
int bs_confine_no_new_privileges(struct bs_message *message);
int bs_confine_paths(const struct bs_confine_path *path, size_t count,
    struct bs_message *message);
int bs_confine_calls(
    unsigned groups, const int *call, size_t count, struct bs_message *message);

#endif
