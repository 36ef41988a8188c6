/*
 * Lists a folder, sorted; for mailfiles.c and maildir.c, which decide what the
 * names mean.
 */
#include "autoconf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
append(struct names *names, size_t *room, const char *name)
{
	if (names->count == *room) {
		size_t larger = *room == 0 ? 64 : *room * 2;
		char **moved =
		    reallocarray(names->name, larger, sizeof(*moved));

		if (moved == NULL)
			return BS_ENOMEM;
		names->name = moved;
		*room = larger;
	}
	names->name[names->count] = strdup(name);
	if (names->name[names->count] == NULL)
		return BS_ENOMEM;
	names->count++;
	return BS_OK;
}

static int
read_all(DIR *folder, struct names *names)
{
	size_t room = 0;

	for (;;) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(folder);
		if (entry == NULL)
			return errno == 0 ? BS_OK : BS_EIO;
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (append(names, &room, entry->d_name) != BS_OK)
			return BS_ENOMEM;
	}
}

int
names_read(int fd, struct names *names_r)
{
	struct names names = {0};
	int own = dup(fd), rc;
	DIR *folder = own < 0 ? NULL : fdopendir(own);

	if (folder == NULL) {
		if (own >= 0)
			close(own);
		return BS_EIO;
	}
	rewinddir(folder);
	rc = read_all(folder, &names);
	closedir(folder);
	if (rc != BS_OK) {
		names_free(&names);
		return rc;
	}
	if (names.count > 0)
		qsort(names.name, names.count, sizeof(*names.name), compare);
	*names_r = names;
	return BS_OK;
}

void
names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	names->name = NULL;
	names->count = 0;
}
