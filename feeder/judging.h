/*
 * Judging the mail of files: in processes of their own (crew.h), so that a
 * message that kills the parser costs itself alone, with the results in the
 * order of the messages.  For scan and classify.
 */
#ifndef FEED_JUDGING_H
#define FEED_JUDGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crew.h"
#include "judge.h"
#include "mailfiles.h"
#include "messages.h"

/* Which message it was. */
struct judging_mail {
	const char *path;
	size_t index; /* in an mbox: from 1, else 0 */
	size_t size;
	uint32_t file_s;
	const struct bs_config_reporter *reporter; /* NULL: no report */
};

struct judging_answer {
	struct judgement judgement;
	bool has_sighting; /* see judge_sighting; its door, feed and time are
			      not filled */
	struct bs_sighting sighting;
};

/* Told of each message that was judged; the answer may be changed.  BS_OK, or
 * MAILFILES_STOPPED to end. */
typedef int judging_done(void *context, const struct judging_mail *mail,
    struct judging_answer *answer);

struct judging_setup {
	const struct judge *judge;      /* borrowed */
	const struct bs_config *config; /* borrowed; its reporters */
	struct bs_keyhash *hash; /* borrowed; NULL: no sightings are made */
	size_t jobs;             /* 0 is 1 */
	judging_done *done;
	void *context;
	struct messages *messages; /* told of messages that kill */
};

struct judging;

/* Starts the processes; messages are told why not.  BS_ENOMEM, BS_ESYSTEM. */
int judging_new(const struct judging_setup *setup, struct judging **judging_r);
void judging_free(struct judging **judging);

/* One message of a walk: as struct mailfiles_handler has it. */
int judging_put(struct judging *judging, const char *path,
    const struct mail *mail, uint32_t file_s);

/* Waits until all are judged and told; as judging_put. */
int judging_drain(struct judging *judging);

#endif
