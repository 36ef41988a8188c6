/*
 * The control socket of a daemon: backstopctl asks there, by lines of control.h,
 * and is told what came of it.
 */
#ifndef BS_CONTROLLER_H
#define BS_CONTROLLER_H

#include <uv.h>

#include "control.h"

#define BS_CONTROLLER_CLIENTS_MAX 16 /* one more is let go at once */
/* for a request, and for taking the answer */
#define BS_CONTROLLER_PATIENCE_MS 5000

struct bs_controller;
struct bs_controller_client; /* who asks */

/* Does what is asked and says so to the client; the exit code. */
typedef enum bs_exit bs_controller_answer(void *context,
    enum bs_control_command command, struct bs_controller_client *client);

struct bs_controller_setup {
	uv_loop_t *loop;
	int file;            /* listens; borrowed */
	const char *program; /* "backstopd", for messages */
	bs_controller_answer *answer;
	void *context;
};

/* Answers within the loop.  NULL: out of memory or files, the daemon does
 * without. */
struct bs_controller *bs_controller_start(
    const struct bs_controller_setup *setup);

/* A line of text, and one of a number; only while an answer is made. */
void bs_controller_say(struct bs_controller_client *client,
    enum bs_control_kind kind, const char *text);
void bs_controller_count(struct bs_controller_client *client, const char *group,
    const char *name, uint64_t number);

/* Closes all that the loop knows of (NULL: nothing); free it when the loop has
 * run. */
void bs_controller_close(struct bs_controller *controller);
void bs_controller_free(struct bs_controller **controller);

#endif
