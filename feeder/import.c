/*
 * Imports sightings that others report.  A line at a time: lib/sighting_line.c
 * reads it, the configuration's feed says whether it may, its id and its trap
 * become hashes under our own key, and group.c writes it.  What a sighting does,
 * and when a feed has gone mad, is the store's.
 *
 * A line that is refused costs nothing but itself.  Called by main.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "group.h"
#include "import.h"
#include "json.h"
#include "keyhash.h"
#include "tally.h"

struct import {
	const struct import_job *job;
	struct import_tally *tally;
	const char *path;
	struct bs_store *store;
	struct bs_keyhash *hash;
	struct group *group;
	bool broken; /* the database takes no more */
};

/* --- what may come in ----------------------------------------------------- */

static bool
may_report_address(
    const struct bs_policy_feed *feed, const struct bs_addr *source)
{
	return feed->prefix_count == 0 ||
	       bs_prefix_any_has(feed->prefixes, feed->prefix_count, source);
}

static const struct bs_policy_feed *
find_feed(
    const struct import_job *job, const char *name, struct bs_message *message)
{
	const struct bs_policy_feed *feed;

	if (name == NULL || name[0] == '\0') {
		bs_message_set(message,
		    "feed: missing: name it in the line, or all of the file by "
		    "--feed");
		return NULL;
	}
	feed = bs_policy_feed(&job->config->policy, name);
	/* it is not repeated: a line may have anything there, a trap too */
	if (feed == NULL)
		bs_message_set(message,
		    "feed: none of `feed` in the configuration: add it there, "
		    "or don't import it");
	return feed;
}

enum import_refusal
import_check(const struct import_job *job, const struct bs_sighting_line *line,
    uint32_t now_s, const struct bs_policy_feed **feed_r,
    struct bs_message *message)
{
	const struct bs_policy_feed *feed = find_feed(
	    job, line->feed[0] != '\0' ? line->feed : job->feed, message);
	char text[BS_ADDR_TEXT_MAX];

	if (feed == NULL)
		return IMPORT_FEED;
	if (line->time_s > now_s && line->time_s - now_s > IMPORT_AHEAD_MAX_S) {
		bs_message_set(message,
		    "time: is to come: set the sender's clock, or ours");
		return IMPORT_FUTURE;
	}
	if ((feed->classes & line->class) == 0) {
		bs_message_set(message,
		    "class: %s: feed %s may not report it: see its `classes`",
		    bs_class_name(line->class), feed->name);
		return IMPORT_NOT_ALLOWED;
	}
	if (!may_report_address(feed, &line->source)) {
		bs_message_set(message,
		    "source: %s: feed %s may not report it: see its `prefixes`",
		    bs_addr_format(&line->source, text), feed->name);
		return IMPORT_NOT_ALLOWED;
	}
	*feed_r = feed;
	return IMPORT_TAKEN;
}

/* --- writing ------------------------------------------------------------- */

/* A group_done. */
static void
on_written(void *context, const struct group_entry *entry)
{
	struct import *import = context;

	if (entry->error == BS_OK)
		import->tally->outcome[entry->outcome]++;
	else
		import->tally->unwritten++;
}

static void
note_written(struct import *import, int error, const struct bs_message *message)
{
	struct bs_message line;

	if (error == BS_OK)
		return;
	import->broken = true;
	bs_message_set(&line,
	    "%.800s: then import the same again: what was taken changes "
	    "nothing",
	    message->text);
	messages_error(import->job->messages, line.text);
}

/* A hash of theirs under our key: of two feeds they have nothing in common. */
static void
rekey(struct bs_keyhash *hash, const char *domain, const char *feed,
    const char *theirs, uint8_t ours_r[BS_KEYHASH_SIZE])
{
	bs_keyhash_start(hash, domain);
	bs_keyhash_add(hash, feed, strlen(feed) + 1);
	bs_keyhash_add(hash, theirs, strlen(theirs) + 1);
	bs_keyhash_end(hash, ours_r);
}

/* The id stands for one sighting; sent with another source, it is another. */
static void
identify(struct bs_keyhash *hash, const char *feed,
    const struct bs_sighting_line *line, uint8_t identity_r[BS_KEYHASH_SIZE])
{
	uint8_t rest[2] = {line->source.family, (uint8_t)line->class};

	bs_keyhash_start(hash, "feed sighting");
	bs_keyhash_add(hash, feed, strlen(feed) + 1);
	bs_keyhash_add(hash, line->id, strlen(line->id) + 1);
	bs_keyhash_add(hash, rest, sizeof rest);
	bs_keyhash_add(hash, line->source.octet, sizeof line->source.octet);
	bs_keyhash_end(hash, identity_r);
}

static void
take(struct import *import, const struct bs_policy_feed *feed,
    const struct bs_sighting_line *line)
{
	struct bs_message message;
	struct bs_sighting sighting = {
	    .source = line->source,
	    .class = line->class,
	    .received_s = line->time_s,
	    .door = BS_DOOR_FILES,
	    .lists = true,
	};

	(void)snprintf(sighting.feed, sizeof sighting.feed, "%s", feed->name);
	identify(import->hash, feed->name, line, sighting.identity);
	rekey(import->hash, "feed trap", feed->name, line->trap, sighting.trap);
	note_written(import,
	    group_add(import->group, &sighting, NULL, &message), &message);
}

/* --- reading ------------------------------------------------------------- */

static uint64_t
refused_lines(const struct import_tally *tally)
{
	uint64_t count = 0;

	for (int i = 0; i < IMPORT_REFUSAL_COUNT; i++)
		count += tally->refused[i];
	return count;
}

static void
refuse(struct import *import, enum import_refusal refusal,
    const struct bs_message *message)
{
	struct import_tally *tally = import->tally;
	struct bs_message line;

	tally->refused[refusal]++;
	messages_exit(import->job->messages, BS_EXIT_NO);
	if (refused_lines(tally) > IMPORT_TOLD_MAX)
		return;
	bs_message_set(&line, "%.500s:%" PRIu64 ": %.400s", import->path,
	    tally->lines, message->text);
	messages_warning(import->job->messages, line.text);
}

static void
on_line(struct import *import, const char *text, size_t size)
{
	const struct bs_policy_feed *feed;
	struct bs_sighting_line line;
	struct bs_message message;
	enum import_refusal refusal = IMPORT_MALFORMED;

	import->tally->lines++;
	if (bs_sighting_line_read(text, size, &line, &message) == BS_OK)
		refusal = import_check(import->job, &line,
		    bs_clock_now_s(import->job->clock), &feed, &message);
	if (refusal == IMPORT_TAKEN)
		take(import, feed, &line);
	else
		refuse(import, refusal, &message);
}

/* Room for a line that is too long by one byte, to be told from the longest. */
#define LINE_ROOM (BS_SIGHTING_LINE_MAX + 1)

/* What lines are read from, which may be a pipe that nothing comes from. */
struct input {
	const struct stop *stop; /* borrowed */
	int fd;
	int error; /* an errno that reading failed with, or 0 */
	size_t at, size;
	char bytes[16384];
};

/* Waits for more; false at the end, where reading fails, and where we are to
 * stop. */
static bool
fill(struct input *input)
{
	ssize_t got;

	do {
		if (stop_wait(input->stop, input->fd))
			return false;
		got = read(input->fd, input->bytes, sizeof(input->bytes));
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	input->error = got < 0 ? errno : 0;
	input->at = 0;
	input->size = got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* Reads to the end of a line, a byte more than the longest; what is beyond is
 * read and forgotten.  False at the end of the file; a line that reading fails
 * in, or that we are to stop in, is none. */
static bool
read_line(struct input *input, char line[LINE_ROOM], size_t *size_r)
{
	size_t size = 0;
	bool any = false;

	for (;;) {
		char c;

		if (input->at == input->size && !fill(input))
			break;
		any = true;
		c = input->bytes[input->at++];
		if (c == '\n')
			break;
		if (size < LINE_ROOM)
			line[size++] = c;
	}
	if (!any || input->error != 0 || stop_asked(input->stop))
		return false;
	if (size > 0 && size < LINE_ROOM && line[size - 1] == '\r')
		size--;
	*size_r = size;
	return true;
}

static bool
is_blank(const char *line, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (line[i] != ' ' && line[i] != '\t')
			return false;
	}
	return true;
}

static void
read_lines(struct import *import, int fd)
{
	struct input input = {.stop = import->job->stop, .fd = fd};
	char line[LINE_ROOM];
	struct bs_message message;
	size_t size;

	while (!import->broken && read_line(&input, line, &size)) {
		if (is_blank(line, size))
			import->tally->lines++;
		else
			on_line(import, line, size);
	}
	if (!import->broken)
		note_written(
		    import, group_flush(import->group, &message), &message);
	if (input.error != 0) {
		bs_message_set(&message,
		    "%.600s: reading failed: %s: see that it is a file of "
		    "sightings and that its disk is well, then import it again",
		    import->path, strerror(input.error));
		messages_error(import->job->messages, message.text);
	}
	if (import->broken || stop_asked(import->job->stop))
		messages_exit(import->job->messages, BS_EXIT_ENVIRONMENT);
}

static void
read_file(struct import *import)
{
	bool standard = strcmp(import->path, "-") == 0;
	/* a FIFO is not waited for here, where no signal would end that */
	int fd = standard
		     ? STDIN_FILENO
		     : open(import->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct bs_message message;

	if (standard)
		import->path = "standard input";
	if (fd < 0) {
		bs_message_set(&message,
		    "%.600s: can't be read: %s: name a file of sightings, or - "
		    "for standard input",
		    import->path, strerror(errno));
		messages_error(import->job->messages, message.text);
		return;
	}
	read_lines(import, fd);
	if (!standard)
		(void)close(fd);
}

/* --- alarms -------------------------------------------------------------- */

static void
alarm_of(struct import *import, const struct bs_policy_feed *feed,
    const struct bs_feed_state *state)
{
	struct bs_message line;

	bs_message_set(&line,
	    "%s: more than %" PRIu32 " new listings in an hour: %" PRIu64
	    " are held%s: look at them (backstopctl feed held %s), then "
	    "release or drop them",
	    feed->name, feed->max_new_per_hour, state->held,
	    state->lost > 0 ? ", and more found no room" : "", feed->name);
	messages_warning(import->job->messages, line.text);
}

/* Feeds of which something was held by this import, and is. */
static void
tell_alarms(struct import *import)
{
	const struct bs_policy *policy = &import->job->config->policy;
	struct bs_snapshot *snapshot;
	struct bs_message message;

	if (import->tally->outcome[BS_OUTCOME_HELD] == 0 ||
	    bs_snapshot_new(import->store, &snapshot, &message) != BS_OK)
		return;
	for (size_t i = 0;
	     i < policy->feed_count && bs_snapshot_renew(snapshot) == BS_OK;
	     i++) {
		struct bs_feed_state state;

		if (bs_snapshot_feed(snapshot, policy->feed[i].name, &state) ==
			BS_OK &&
		    state.held > 0)
			alarm_of(import, &policy->feed[i], &state);
	}
	bs_snapshot_free(&snapshot);
}

/* --- the import ---------------------------------------------------------- */

/* Database, key and group; false when the user was told why not. */
static bool
open_all(struct import *import)
{
	const struct import_job *job = import->job;
	struct group_target target = {.policy = &job->config->policy,
	    .clock = job->clock,
	    .database = job->config->database,
	    .actor = "feeder"};
	struct bs_message message;
	struct bs_key key;

	if (bs_store_open(job->config->database, BS_STORE_WRITE, &import->store,
		&message) != BS_OK ||
	    bs_key_load(job->config->trap_key, &key, &message) != BS_OK) {
		messages_error(job->messages, message.text);
		return false;
	}
	import->hash = bs_keyhash_new(&key);
	explicit_bzero(&key, sizeof(key));
	target.store = import->store;
	if (import->hash != NULL && group_new(&target, GROUP_MAX, on_written,
					import, &import->group) == BS_OK)
		return true;
	messages_error(job->messages,
	    "out of memory: close other programs, then import again");
	return false;
}

bool
import(const struct import_job *job, const char *path,
    struct import_tally *tally_r)
{
	struct import import = {.job = job, .tally = tally_r, .path = path};
	bool begun;

	memset(tally_r, 0, sizeof(*tally_r));
	begun = open_all(&import);
	if (begun) {
		read_file(&import);
		tell_alarms(&import);
	}
	group_free(&import.group);
	bs_keyhash_free(&import.hash);
	bs_store_free(&import.store);
	return begun;
}

/* --- the summary --------------------------------------------------------- */

static const char *const refusal_names[IMPORT_REFUSAL_COUNT] = {
    [IMPORT_TAKEN] = "taken",
    [IMPORT_MALFORMED] = "malformed",
    [IMPORT_FEED] = "unknown_feed",
    [IMPORT_FUTURE] = "future",
    [IMPORT_NOT_ALLOWED] = "not_allowed",
};

void
import_write(const struct import_tally *tally, FILE *out)
{
	fprintf(out, "%-18s %8" PRIu64 "  lines\n", "read", tally->lines);
	for (int i = 1; i < IMPORT_REFUSAL_COUNT; i++) {
		if (tally->refused[i] > 0)
			fprintf(out, "%-18s %8" PRIu64 "  lines refused\n",
			    refusal_names[i], tally->refused[i]);
	}
	for (int i = 0; i < BS_OUTCOME_COUNT; i++) {
		if (tally->outcome[i] > 0)
			fprintf(out, "%-18s %8" PRIu64 "  %s\n",
			    tally_outcome_label((enum bs_outcome)i),
			    tally->outcome[i],
			    tally_outcome_help((enum bs_outcome)i));
	}
	if (tally->unwritten > 0)
		fprintf(out,
		    "%-18s %8" PRIu64 "  the database did not take them\n",
		    "not written", tally->unwritten);
}

int
import_write_json(const struct import_tally *tally, FILE *out)
{
	struct bs_json *json = bs_json_object();

	bs_json_number(json, "lines", tally->lines);
	for (int i = 1; i < IMPORT_REFUSAL_COUNT; i++)
		bs_json_number(json, refusal_names[i], tally->refused[i]);
	for (int i = 0; i < BS_OUTCOME_COUNT; i++)
		bs_json_number(json, tally_outcome_key((enum bs_outcome)i),
		    tally->outcome[i]);
	bs_json_number(json, "not_written", tally->unwritten);
	return bs_json_write(&json, out);
}
