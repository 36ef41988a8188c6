/*
 * The control socket: backstopctl asks there for a reload and for numbers, and
 * is told what came of it.
 */
#ifndef SERVER_CONTROLLER_H
#define SERVER_CONTROLLER_H

#include <uv.h>

#include "served.h"

#define CONTROL_CLIENTS_MAX 16   /* one more is let go at once */
#define CONTROL_PATIENCE_MS 5000 /* for a request, and for taking the answer */

struct controller;

/* Answers at the listening socket `file` within the loop; both are borrowed,
 * and so is `served`.  NULL: out of memory or files, the server does without. */
struct controller *controller_start(
    uv_loop_t *loop, int file, struct served *served);

/* Closes all that the loop knows of (NULL: nothing); free it when the loop has
 * run. */
void controller_close(struct controller *controller);
void controller_free(struct controller **controller);

#endif
