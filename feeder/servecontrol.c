/*
 * Tells backstopctl what serve has counted and how things are just now.  Called by
 * serve.c; the socket is lib/controlfile.c's and lib/controller.c's.
 */
#include "autoconf.h"

#include <unistd.h>

#include "clock.h"
#include "servecontrol.h"

#define PROGRAM "backstop-feed serve"
#define NS_PER_S 1000000000u

/* servecount_take */
static void
say_count(void *context, const char *group, const char *name, uint64_t number)
{
	bs_controller_count(context, group, name, number);
}

/* bs_controller_answer */
static enum bs_exit
answer(void *context, enum bs_control_command command,
    struct bs_controller_client *client)
{
	const struct servecontrol *control = context;
	uint64_t age_ns = bs_clock_monotonic_ns() - control->started_ns;
	struct servecount_now now = {
	    .pid = (uint64_t)getpid(),
	    .uptime_s = age_ns / NS_PER_S,
	    .connections = control->smtp->conn_count,
	    .links = milterdoor_links(control->milter),
	};

	if (command != BS_CONTROL_STATS) {
		bs_controller_say(client, BS_CONTROL_ERROR,
		    PROGRAM " tells its numbers only: to have it read its "
			    "configuration again, send it SIGHUP");
		return BS_EXIT_USAGE;
	}
	room_look(control->room, &now);
	servecount_tell(control->count, &now, say_count, client);
	return BS_EXIT_OK;
}

void
servecontrol_init(struct servecontrol *control, const struct bs_log *log,
    const struct servecount *count, const struct smtpserver *smtp)
{
	*control = (struct servecontrol){
	    .log = log,
	    .count = count,
	    .smtp = smtp,
	    .started_ns = bs_clock_monotonic_ns(),
	    .file = {.file = -1},
	};
}

void
servecontrol_open(struct servecontrol *control, const char *path)
{
	static const struct bs_controlfile_words words = {
	    "feed-control", PROGRAM};
	struct bs_message message;

	if (bs_controlfile_open(path, &words, &control->file, &message) !=
	    BS_OK)
		bs_log(control->log, BS_LOG_WARNING, "%s", message.text);
}

void
servecontrol_start(struct servecontrol *control, uv_loop_t *loop,
    const struct room *room, const struct milterdoor *milter)
{
	const struct bs_controller_setup setup = {
	    loop, control->file.file, PROGRAM, answer, control};

	control->room = room;
	control->milter = milter;
	if (control->file.file < 0)
		return;
	control->controller = bs_controller_start(&setup);
	if (control->controller == NULL)
		bs_log(control->log, BS_LOG_WARNING,
		    "feed-control: out of memory or files: add some, "
		    "backstopctl stats can't reach it");
}

void
servecontrol_close(struct servecontrol *control)
{
	bs_controller_close(control->controller);
}

void
servecontrol_free(struct servecontrol *control)
{
	bs_controller_free(&control->controller);
	bs_controlfile_close(&control->file);
}
