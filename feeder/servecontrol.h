/*
 * The control socket of `serve`: backstopctl stats asks there for its numbers.
 */
#ifndef FEED_SERVECONTROL_H
#define FEED_SERVECONTROL_H

#include "controlfile.h"
#include "controller.h"
#include "milterdoor.h"
#include "servecount.h"
#include "smtpserver.h"

struct servecontrol {
	const struct bs_log *log;
	const struct servecount *count;
	const struct smtpserver *smtp;
	const struct room *room;
	const struct milterdoor *milter; /* or NULL */
	uint64_t started_ns;
	struct bs_controlfile file;
	struct bs_controller *controller; /* NULL: there is none */
};

/* Time counts from now on.  All borrowed. */
void servecontrol_init(struct servecontrol *control, const struct bs_log *log,
    const struct servecount *count, const struct smtpserver *smtp);

/* Makes the socket: as the user that the program becomes, before it is confined.
 * Where it can't be had, which is logged, mail is taken all the same. */
void servecontrol_open(struct servecontrol *control, const char *path);

/* Answers on the loop from now on; room and milter (or NULL) are borrowed. */
void servecontrol_start(struct servecontrol *control, uv_loop_t *loop,
    const struct room *room, const struct milterdoor *milter);

/* Closes what it has on the loop, and when that has run out frees and removes
 * what there is. */
void servecontrol_close(struct servecontrol *control);
void servecontrol_free(struct servecontrol *control);

#endif
