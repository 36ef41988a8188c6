/*
 * backstopctl export: what is listed, for other programs: a plain list of
 * addresses and prefixes, or JSON Lines that `import` takes back whole.
 *
 * To a file it is written beside it first and takes the name when it is on
 * disk: nobody ever reads half a list.
 */
#include "autoconf.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_command.h"
#include "ctl_format.h"
#include "ctl_listing.h"
#include "ctl_parts.h"
#include "ctl_target.h"
#include "ctl_walk.h"

struct export
{
	enum ctl_format format;
	FILE *out;
	uint64_t hidden; /* exempt, so not in a plain list */
};

/* ctl_parts_take */
static void
write_part(void *context, const struct bs_prefix *part)
{
	const struct export *export = context;
	char text[BS_PREFIX_TEXT_MAX];

	(void)fputs(bs_prefix_format(part, text), export->out);
	(void)fputc('\n', export->out);
}

/* What is served of a listing. */
static int
write_plain(struct ctl *ctl, struct export *export,
    const struct bs_listing *listing, bool exempt)
{
	int error;

	if (exempt) {
		export->hidden++;
		return BS_OK;
	}
	if (bs_prefix_is_single(&listing->prefix)) {
		write_part(export, &listing->prefix);
		return BS_OK;
	}
	error = bs_snapshot_renew(ctl->snapshot);
	if (error == BS_OK)
		error = ctl_parts_walk(
		    ctl->snapshot, &listing->prefix, write_part, export);
	bs_snapshot_release(ctl->snapshot);
	return error;
}

static int
write_batch(struct ctl *ctl, struct export *export, const struct ctl_walk *walk)
{
	int error = BS_OK;

	for (size_t i = 0;
	     error == BS_OK && i < walk->count && !ferror(export->out); i++) {
		const struct bs_prefix *exempt =
		    walk->exempt[i] ? &walk->exemption[i].prefix : NULL;
		const struct bs_listing *listing = &walk->listing[i];

		if (export->format == CTL_FORMAT_JSON)
			ctl_listing_write_json(listing, exempt, export->out);
		else
			error =
			    write_plain(ctl, export, listing, exempt != NULL);
	}
	return error;
}

static enum bs_exit
write_all(struct ctl *ctl, struct ctl_walk *walk, struct export *export)
{
	while (!walk->ended && !ferror(export->out)) {
		int error = ctl_walk_batch(ctl, walk);

		if (error == BS_OK)
			error = write_batch(ctl, export, walk);
		if (error != BS_OK)
			return ctl_store_failed(ctl, "reading", error);
	}
	if (export->hidden > 0)
		ctl_say("note: %" PRIu64 " exempt listings are not served, so "
			"they are left out",
		    export->hidden);
	return BS_EXIT_OK;
}

static enum bs_exit
file_failed(const char *path, const char *temporary)
{
	ctl_say("%s: can't be written: %s: see its folder and disk", path,
	    strerror(errno));
	if (temporary != NULL)
		(void)unlink(temporary);
	return BS_EXIT_ENVIRONMENT;
}

static enum bs_exit
write_file(struct ctl *ctl, struct ctl_walk *walk, struct export *export)
{
	const char *path = ctl->options->arguments[0];
	char temporary[PATH_MAX];
	enum bs_exit exit_code;
	mode_t mask = umask(0);
	int fd;

	(void)umask(mask);
	if (!ctl_target_may_be(ctl, path, "backstop.list"))
		return BS_EXIT_NO;
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return file_failed(path, NULL);
	}
	fd = mkstemp(temporary);
	export->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (export->out == NULL)
		return file_failed(path, fd < 0 ? NULL : temporary);
	exit_code = write_all(ctl, walk, export);
	if (exit_code == BS_EXIT_OK &&
	    (fflush(export->out) != 0 || ferror(export->out) ||
		fchmod(fd, 0666 & ~mask) != 0 || fsync(fd) != 0 ||
		rename(temporary, path) != 0))
		exit_code = file_failed(path, temporary);
	else if (exit_code != BS_EXIT_OK)
		(void)unlink(temporary);
	(void)fclose(export->out);
	return exit_code;
}

enum bs_exit
ctl_export(struct ctl *ctl)
{
	struct export export = {.out = stdout};
	enum bs_exit exit_code = BS_EXIT_NO;
	struct ctl_walk *walk;

	if (!ctl_parse_format(ctl, &export.format))
		return BS_EXIT_NO;
	walk = ctl_walk_new(ctl, &exit_code);
	if (walk == NULL)
		return exit_code;
	exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	if (exit_code == BS_EXIT_OK)
		exit_code = ctl->options->argument_count > 0
				? write_file(ctl, walk, &export)
				: write_all(ctl, walk, &export);
	free(walk);
	return exit_code;
}
