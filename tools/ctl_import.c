/*
 * backstopctl import: lists what a list of addresses, or a JSON export, has.
 *
 * All of the list is read before anything is written, so that one bad line
 * leaves the database as it was; then again, in sorted batches and bounded
 * transactions, so that ten million lines need no more memory than ten
 * thousand and the feeder is never held up for long.
 */
#include "autoconf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_import.h"
#include "ctl_listable.h"

#define BATCH_PREFIXES 500000 /* sorted in memory: 9 MB */
#define BATCH_LISTINGS 5000
#define GROUP 5000 /* in a transaction */

struct import {
	struct ctl *ctl;
	struct ctl_import_lines lines;
	bs_classes classes; /* of plain lines */
	uint32_t expires_s;
	const char *reason;

	/* the batch: one of both, by the format */
	struct bs_prefix *prefix;
	struct bs_listing *listing;
	size_t count, room;

	uint64_t good, listed, renewed, over;
};

/* --- reading ------------------------------------------------------------------ */

/* A pipe is kept in a file without a name, since it is read twice. */
static FILE *
keep_stdin(void)
{
	FILE *file = tmpfile();
	char bytes[65536];
	size_t size;

	if (file == NULL)
		return NULL;
	while ((size = fread(bytes, 1, sizeof(bytes), stdin)) > 0) {
		if (fwrite(bytes, 1, size, file) != size)
			break;
	}
	if (ferror(stdin) || ferror(file) || fseek(file, 0, SEEK_SET) != 0) {
		(void)fclose(file);
		return NULL;
	}
	return file;
}

static enum bs_exit
open_input(struct import *import)
{
	const char *path = import->ctl->options->arguments[0];
	struct stat status;

	import->lines.name = path;
	if (strcmp(path, "-") == 0) {
		import->lines.name = "standard input";
		import->lines.in = keep_stdin();
	} else {
		import->lines.in = fopen(path, "re");
	}
	if (import->lines.in == NULL) {
		ctl_say("%s: can't be read: %s: check the path%s",
		    import->lines.name, strerror(errno),
		    strcmp(path, "-") == 0 ? ", or the room in $TMPDIR" : "");
		return BS_EXIT_ENVIRONMENT;
	}
	if (fstat(fileno(import->lines.in), &status) == 0 &&
	    S_ISREG(status.st_mode))
		return BS_EXIT_OK;
	ctl_say("%s: no regular file: give a file, or - and the list on "
		"standard input",
	    path);
	return BS_EXIT_ENVIRONMENT;
}

static enum bs_exit
reading_failed(const struct import *import, int error)
{
	ctl_say("%s:%" PRIu64 ": %s: check its disk", import->lines.name,
	    import->lines.line, bs_strerror((enum bs_error)error));
	return BS_EXIT_ENVIRONMENT;
}

/* What a dry run tells: which would be new. */
static int
count_known(struct import *import, const struct bs_prefix *prefix)
{
	struct bs_listing known;
	int error = BS_OK;

	if (import->good % 1000 == 1) /* hold no snapshot for long */
		error = bs_snapshot_renew(import->ctl->snapshot);
	if (error == BS_OK)
		error = bs_snapshot_get(import->ctl->snapshot, prefix, &known);
	import->renewed += error == BS_OK;
	import->listed += error == BS_ENOTFOUND;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* The first reading: is every line good? */
static enum bs_exit
read_all(struct import *import)
{
	bool dry = import->ctl->options->given[CTL_DRY_RUN];
	struct bs_listing listing;
	int error;

	while ((error = ctl_import_next(&import->lines, &listing)) == BS_OK) {
		import->good++;
		if (dry && count_known(import, &listing.prefix) != BS_OK)
			return ctl_store_failed(import->ctl, "reading", BS_EIO);
	}
	if (error != BS_ENOTFOUND)
		return reading_failed(import, error);
	if (import->lines.bad == 0)
		return BS_EXIT_OK;
	ctl_say("%s: %" PRIu64 " of %" PRIu64
		" lines are bad: nothing was imported",
	    import->lines.name, import->lines.bad, import->lines.line);
	return BS_EXIT_NO;
}

/* --- writing ------------------------------------------------------------------ */

static int
write_one(struct import *import, struct bs_writer *writer, size_t i)
{
	bool is_new = false;
	int error;

	if (import->prefix != NULL)
		error =
		    bs_writer_add(writer, &import->prefix[i], import->classes,
			import->expires_s, import->reason, &is_new);
	else
		error = bs_writer_import(writer, &import->listing[i], &is_new);
	if (error == BS_ERANGE) { /* its time is over */
		import->over++;
		return BS_OK;
	}
	import->listed += error == BS_OK && is_new;
	import->renewed += error == BS_OK && !is_new;
	return error;
}

static enum bs_exit
write_group(struct import *import, size_t from, size_t to)
{
	uint64_t listed = import->listed, renewed = import->renewed;
	struct bs_writer *writer;
	enum bs_exit exit_code;
	int error = BS_OK;

	import->ctl->now_s = bs_clock_now_s(&bs_clock_system);
	exit_code = ctl_begin(import->ctl, &writer);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	for (size_t i = from; error == BS_OK && i < to; i++)
		error = write_one(import, writer, i);
	if (error == BS_OK)
		exit_code = ctl_commit(import->ctl, &writer);
	else
		exit_code = ctl_store_failed(import->ctl, "importing", error);
	bs_writer_abort(&writer);
	if (exit_code != BS_EXIT_OK) {
		import->listed = listed;
		import->renewed = renewed;
	}
	return exit_code;
}

static int
compare_prefixes(const void *a, const void *b)
{
	return bs_prefix_compare(a, b);
}

/* In the order of the database, neighbours share its pages. */
static enum bs_exit
write_batch(struct import *import)
{
	enum bs_exit exit_code = BS_EXIT_OK;

	if (import->prefix != NULL)
		qsort(import->prefix, import->count, sizeof(*import->prefix),
		    compare_prefixes);
	for (size_t at = 0; exit_code == BS_EXIT_OK && at < import->count;
	     at += GROUP)
		exit_code = write_group(import, at,
		    at + GROUP < import->count ? at + GROUP : import->count);
	import->count = 0;
	return exit_code;
}

/* The second reading. */
static enum bs_exit
write_all(struct import *import)
{
	enum bs_exit exit_code = BS_EXIT_OK;
	struct bs_listing listing;
	int error = BS_OK;

	if (fseek(import->lines.in, 0, SEEK_SET) != 0)
		return reading_failed(import, BS_EIO);
	import->lines.quiet = true;
	import->lines.line = 0;
	while (exit_code == BS_EXIT_OK && error == BS_OK) {
		error = ctl_import_next(&import->lines, &listing);
		if (error == BS_OK && import->prefix != NULL)
			import->prefix[import->count++] = listing.prefix;
		else if (error == BS_OK)
			import->listing[import->count++] = listing;
		if (error == BS_ENOTFOUND || import->count == import->room)
			exit_code = write_batch(import);
	}
	if (exit_code == BS_EXIT_OK && error != BS_ENOTFOUND)
		exit_code = reading_failed(import, error);
	if (exit_code != BS_EXIT_OK)
		ctl_say("%s: %" PRIu64 " of %" PRIu64
			" were imported: mend that and import it again: what "
			"is there is renewed",
		    import->lines.name, import->listed + import->renewed,
		    import->good);
	return exit_code;
}

/* --- the command -------------------------------------------------------------- */

static void
write_result(const struct import *import)
{
	bool dry = import->ctl->options->given[CTL_DRY_RUN];

	if (import->ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_number(json, "lines", import->lines.line);
		bs_json_number(json, "listed", import->listed);
		bs_json_number(json, "renewed", import->renewed);
		bs_json_number(json, "over", import->over);
		bs_json_bool(json, "dry_run", dry);
		(void)bs_json_write(&json, stdout);
		return;
	}
	printf("%s: %" PRIu64 " lines, %s%" PRIu64 " listed, %" PRIu64
	       " renewed",
	    import->lines.name, import->lines.line, dry ? "would be: " : "",
	    import->listed, import->renewed);
	if (import->over > 0)
		printf(", %" PRIu64 " over already", import->over);
	putchar('\n');
}

static bool
make_room(struct import *import)
{
	if (import->lines.format == CTL_FORMAT_PLAIN) {
		import->room = BATCH_PREFIXES;
		import->prefix = calloc(import->room, sizeof(*import->prefix));
	} else {
		import->room = BATCH_LISTINGS;
		import->listing =
		    calloc(import->room, sizeof(*import->listing));
	}
	if (import->prefix == NULL && import->listing == NULL)
		ctl_say("out of memory: close other programs");
	return import->prefix != NULL || import->listing != NULL;
}

/* Options that say what plain lines do not. */
static bool
parse_options(struct import *import)
{
	struct ctl *ctl = import->ctl;
	bool plain = import->lines.format == CTL_FORMAT_PLAIN;

	if (!plain &&
	    (ctl->options->given[CTL_CLASS] || ctl->options->given[CTL_FOR] ||
		ctl->options->given[CTL_REASON])) {
		ctl_say("import: JSON lines say class, end and reason "
			"themselves: leave out --class, --for and --reason");
		return false;
	}
	return ctl_parse_classes(ctl, BS_BOUNCE, &import->classes) &&
	       ctl_parse_reason(ctl, &import->reason) &&
	       ctl_parse_expires(ctl, import->classes, &import->expires_s);
}

static enum bs_exit
run(struct import *import)
{
	bool dry = import->ctl->options->given[CTL_DRY_RUN];
	enum bs_exit exit_code = open_input(import);

	if (exit_code == BS_EXIT_OK && dry)
		exit_code = ctl_open_snapshot(import->ctl, BS_STORE_READ);
	if (exit_code == BS_EXIT_OK)
		exit_code = read_all(import);
	if (exit_code == BS_EXIT_OK && !dry)
		exit_code = ctl_open_store(import->ctl, BS_STORE_WRITE);
	if (exit_code == BS_EXIT_OK && !dry)
		exit_code =
		    make_room(import) ? write_all(import) : BS_EXIT_ENVIRONMENT;
	if (exit_code == BS_EXIT_OK)
		write_result(import);
	return exit_code;
}

enum bs_exit
ctl_import(struct ctl *ctl)
{
	struct import import = {.ctl = ctl, .lines = {.ctl = ctl}};
	enum bs_exit exit_code = ctl_load_config(ctl);

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	exit_code = BS_EXIT_NO;
	if (ctl_parse_format(ctl, &import.lines.format) &&
	    parse_options(&import))
		exit_code = run(&import);
	if (import.lines.in != NULL)
		(void)fclose(import.lines.in);
	free(import.lines.buffer);
	free(import.prefix);
	free(import.listing);
	return exit_code;
}
