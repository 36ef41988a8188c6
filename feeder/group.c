/*
 * Writes sightings in groups, a transaction for each.  Who reads mail, judges
 * it and wants to know what became of it is above: scan.c, import and, by way
 * of groupqueue.c, the listeners.  What a sighting does is the store's.
 *
 * Above BS_STORE_FULL_PERCENT the store refuses new sightings one by one and
 * the transaction goes on; all other errors spoil it, and then nothing of the
 * group is on disk and nobody is told that it were.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "group.h"

#define WRITE_TRIES 2

/* Sightings and where they go. */
struct writing {
	const struct group_target *target;
	group_source source;
	void *context; /* of the source and of the target's steps */
};

/* Of one sighting, as opposed to the whole transaction. */
static bool
is_refusal(int error)
{
	return error == BS_OK || error == BS_EFULL || error == BS_EINVAL;
}

/* One of them; its error. */
static int
take_in_entry(const struct group_target *target, struct bs_writer *writer,
    struct group_entry *entry)
{
	int error;

	if (entry->secured)
		error = bs_writer_sighting_owed(
		    writer, target->policy, &entry->sighting, &entry->outcome);
	else
		error = entry->error = bs_writer_sighting(
		    writer, target->policy, &entry->sighting, &entry->outcome);
	entry->known = error == BS_OK;
	return error;
}

/* What there is now, and what was wrong with one of them.  False: spoiled, commit says
 * so. */
static bool
take_in(const struct writing *writing, struct bs_writer *writer, int *refused)
{
	struct group_entry *entry;

	for (size_t i = 0;
	     (entry = writing->source(writing->context, i)) != NULL; i++) {
		int error = take_in_entry(writing->target, writer, entry);

		if (!is_refusal(error))
			return false;
		if (error != BS_OK && *refused != BS_EFULL)
			*refused = error;
	}
	return true;
}

/* Begins, with what was on disk before and is not in the database. */
static int
begin(const struct group_target *target, struct bs_writer **writer_r,
    struct bs_message *message)
{
	struct bs_writer *writer;
	int error = bs_writer_begin(target->store,
	    bs_clock_now_s(target->clock), target->actor, &writer, message);

	if (error != BS_OK)
		return error;
	error = bs_writer_recover(writer, target->policy);
	if (error == BS_OK) {
		*writer_r = writer;
		return BS_OK;
	}
	bs_writer_abort(&writer);
	bs_message_set(message,
	    "%.600s: what ahead.log has can't be taken in, nor new sightings: "
	    "%s: %s",
	    target->database, bs_strerror((enum bs_error)error),
	    error == BS_EFULL
		? "make room on its disk, or, where `backstopctl stats` shows "
		  "that the map is used up, by backstopctl remove or purge"
		: "see that its disk and memory are well");
	return error;
}

int
group_recover(const struct group_target *target, struct bs_message *message)
{
	struct bs_writer *writer;
	int error;

	if (!bs_store_ahead_is_due(target->store))
		return BS_OK;
	error = begin(target, &writer, message);
	return error == BS_OK ? bs_writer_commit(&writer, message) : error;
}

/* Several groups, each put on disk here.  Whether all are. */
static bool
gather(const struct writing *writing, struct bs_writer *writer, int *refused)
{
	const struct group_steps *steps = writing->target->steps;

	while (take_in(writing, writer, refused) && steps != NULL &&
	       steps->may_come(writing->context) &&
	       bs_writer_secure(writer) == BS_OK) {
		if (!steps->secured(writing->context))
			return true;
	}
	return false;
}

/* All that another thread puts on disk, until that is enough. */
static void
follow(const struct writing *writing, struct bs_writer *writer, int *refused)
{
	const struct group_steps *steps = writing->target->steps;

	steps->following(writing->context);
	while (take_in(writing, writer, refused) &&
	       steps->followed(writing->context))
		;
	steps->closed(writing->context);
}

/* One transaction; its error, or BS_OK when it is on disk, and then what was
 * wrong with single ones: BS_EFULL first, since that is for a person to mend. */
static int
try_write(
    const struct writing *writing, int *refused, struct bs_message *message)
{
	const struct group_steps *steps = writing->target->steps;
	struct bs_writer *writer;
	bool follows, safe = true;
	int error = begin(writing->target, &writer, message);

	if (error != BS_OK)
		return error;
	follows = steps != NULL && steps->begun(writing->context) &&
		  bs_writer_open_this(writer) == BS_OK;
	if (follows)
		follow(writing, writer, refused);
	else
		safe = gather(writing, writer, refused);
	safe = safe && bs_writer_open_next(writer) == BS_OK;
	if (safe)
		steps->opened(writing->context);
	if (follows) /* what came to an end */
		(void)take_in(writing, writer, refused);
	error = bs_writer_commit(&writer, message);
	if (safe)
		steps->closed(writing->context);
	return error;
}

static int
refuse_all(const struct group_target *target, group_source source,
    void *context, int error)
{
	struct group_entry *entry;

	bs_store_owe_next(target->store);
	if (target->steps != NULL)
		target->steps->failed(context);
	for (size_t i = 0; (entry = source(context, i)) != NULL; i++) {
		if (!entry->secured)
			entry->error = error;
	}
	return error;
}

static int
say_refused(
    const struct group_target *target, int error, struct bs_message *message)
{
	if (error == BS_EFULL)
		bs_message_set(message,
		    "%.600s: database full: no new sightings are taken: make "
		    "room (backstopctl remove), or shorten `expire`",
		    target->database);
	else if (error != BS_OK)
		bs_message_set(message,
		    "%.600s: a sighting without source, class or feed is not "
		    "taken: check what reports it",
		    target->database);
	return error;
}

int
group_write(const struct group_target *target, group_source source,
    void *context, struct bs_message *message)
{
	const struct writing writing = {target, source, context};
	int refused = BS_OK, error = BS_EBUSY;

	for (int i = 0; i < WRITE_TRIES; i++) {
		refused = BS_OK;
		error = try_write(&writing, &refused, message);
		if (error == BS_OK)
			return say_refused(target, refused, message);
		if (error != BS_EFULL && error != BS_EBUSY)
			break;
	}
	return refuse_all(target, source, context, error);
}

/* --- one thread ---------------------------------------------------------- */

struct group {
	struct group_target target;
	group_done done;
	void *context;
	size_t max, count;
	struct group_entry entry[];
};

int
group_new(const struct group_target *target, size_t max, group_done done,
    void *context, struct group **group_r)
{
	struct group *group =
	    calloc(1, sizeof(*group) + max * sizeof(group->entry[0]));

	if (group == NULL)
		return BS_ENOMEM;
	group->target = *target;
	group->done = done;
	group->context = context;
	group->max = max;
	*group_r = group;
	return BS_OK;
}

void
group_free(struct group **group)
{
	free(*group);
	*group = NULL;
}

int
group_add(struct group *group, const struct bs_sighting *sighting, void *ticket,
    struct bs_message *message)
{
	struct group_entry *entry = &group->entry[group->count++];

	*entry = (struct group_entry){
	    .sighting = *sighting, .ticket = ticket, .error = BS_ESYSTEM};
	return group->count == group->max ? group_flush(group, message) : BS_OK;
}

static struct group_entry *
gathered(void *context, size_t i)
{
	struct group *group = context;

	return i < group->count ? &group->entry[i] : NULL;
}

int
group_flush(struct group *group, struct bs_message *message)
{
	int error;

	if (group->count == 0)
		return BS_OK;
	error = group_write(&group->target, gathered, group, message);
	for (size_t i = 0; i < group->count; i++)
		group->done(group->context, &group->entry[i]);
	group->count = 0;
	return error;
}
