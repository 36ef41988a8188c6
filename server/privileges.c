/*
 * Chooses user, paths and calls for lib/confine.h by the configuration.  Called
 * by main.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "privileges.h"

/* --- the user ------------------------------------------------------------------ */

static bool
find_user(const struct bs_log *log, const struct bs_config *config,
    struct bs_confine_user *user_r)
{
	struct bs_message message;

	if (bs_confine_find_user(config->user, user_r, &message) == BS_OK)
		return true;
	bs_log(log, BS_LOG_ERROR, "%s: user: %s", config->path, message.text);
	return false;
}

bool
privileges_check_user(const struct bs_log *log, const struct bs_config *config)
{
	struct bs_confine_user user;

	return config->user == NULL || find_user(log, config, &user);
}

bool
privileges_become_user(const struct bs_log *log, const struct bs_config *config)
{
	struct bs_confine_user user;
	struct bs_message message;

	if (config->user != NULL) {
		if (!find_user(log, config, &user))
			return false;
	} else if (geteuid() != 0 ||
		   bs_confine_find_owner(config->database, &user) != BS_OK) {
		return true;
	}
	if (user.uid == 0)
		bs_log(log, BS_LOG_WARNING,
		    "%s: user: runs as root, without its capabilities: name "
		    "another user, or give the database's folder to one",
		    config->path);
	if (bs_confine_become(&user, &message) == BS_OK)
		return true;
	bs_log(log, BS_LOG_ERROR, "%s: user: %s", config->path, message.text);
	return false;
}

/* --- the rest ------------------------------------------------------------------ */

#define ALL_RIGHTS (BS_CONFINE_READ | BS_CONFINE_WRITE | BS_CONFINE_MAKE)

struct folders {
	char *text[BS_CONFINE_PATHS_MAX]; /* allocated */
	struct bs_confine_path path[BS_CONFINE_PATHS_MAX];
	size_t count;
};

/* Takes the text; false where there is none, or no room. */
static bool
add_folder(struct folders *folders, char *folder, unsigned rights)
{
	if (folder == NULL)
		return false;
	for (size_t i = 0; i < folders->count; i++) {
		if (strcmp(folders->text[i], folder) == 0 &&
		    folders->path[i].rights == rights) {
			free(folder);
			return true;
		}
	}
	if (folders->count == BS_CONFINE_PATHS_MAX) {
		free(folder);
		return false;
	}
	folders->text[folders->count] = folder;
	folders->path[folders->count++] =
	    (struct bs_confine_path){folder, rights};
	return true;
}

/* The folder, since a file may be replaced by another of its name. */
static bool
add_folder_of(struct folders *folders, const char *file, unsigned rights)
{
	const char *slash = strrchr(file, '/');
	char *folder;

	if (slash == NULL)
		folder = strdup(".");
	else if (slash == file)
		folder = strdup("/");
	else
		folder = strndup(file, (size_t)(slash - file));
	return add_folder(folders, folder, rights);
}

/* Where it is missing it may come yet, into the folder around it. */
static bool
add_database(struct folders *folders, const char *database)
{
	if (access(database, F_OK) != 0)
		return add_folder_of(folders, database, ALL_RIGHTS);
	return add_folder(folders, strdup(database), ALL_RIGHTS);
}

static bool
gather(struct folders *folders, const struct bs_config *config)
{
	bool fits = add_folder_of(folders, config->path, BS_CONFINE_READ) &&
		    add_database(folders, config->database) &&
		    add_folder_of(folders, config->control, ALL_RIGHTS);

	if (fits && config->cookie_secret_file != NULL)
		fits = add_folder_of(
		    folders, config->cookie_secret_file, BS_CONFINE_READ);
	for (size_t i = 0; fits && i < config->zone_count; i++)
		fits = add_folder_of(
		    folders, config->zone[i].file, BS_CONFINE_READ);
	for (size_t i = 0; fits && i < config->exempt_file_count; i++)
		fits = add_folder_of(
		    folders, config->exempt_files[i].path, BS_CONFINE_READ);
	return fits;
}

static void
free_folders(struct folders *folders)
{
	for (size_t i = 0; folders != NULL && i < folders->count; i++)
		free(folders->text[i]);
	free(folders);
}

/* A low priority for the filter's thread. */
static const int own_calls[] = {SYS_setpriority};
#define OWN_CALLS (sizeof(own_calls) / sizeof(own_calls[0]))
#define SERVING (BS_CONFINE_FILES | BS_CONFINE_SOCKETS)

/* and, for who has children, signals as they come */
static const int parents_calls[] = {SYS_setpriority, SYS_signalfd4};
#define PARENTS_CALLS (sizeof(parents_calls) / sizeof(parents_calls[0]))

bool
privileges_confine(
    const struct bs_log *log, const struct bs_config *config, bool children)
{
	struct folders *folders = calloc(1, sizeof(*folders));
	struct bs_confine want = {
	    .groups = children ? SERVING | BS_CONFINE_CHILDREN : SERVING,
	    .call = children ? parents_calls : own_calls,
	    .call_count = children ? PARENTS_CALLS : OWN_CALLS,
	};
	bool done = false;

	if (folders == NULL || !gather(folders, config)) {
		bs_log(log, BS_LOG_ERROR,
		    "Landlock: the configuration's files are in too many "
		    "folders: put them into fewer than %d",
		    BS_CONFINE_PATHS_MAX);
	} else {
		want.path = folders->path;
		want.path_count = folders->count;
		done = bs_confine_apply(log, &want);
	}
	free_folders(folders);
	return done;
}

bool
privileges_confine_child(const struct bs_log *log)
{
	struct bs_message message;
	int result = bs_confine_calls(SERVING, own_calls, OWN_CALLS, &message);

	if (result == BS_OK || result == BS_ENOTFOUND) /* that was said */
		return true;
	bs_log(log, BS_LOG_ERROR, "not confined: %s", message.text);
	return false;
}
