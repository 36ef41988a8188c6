/*
 * What backstopd answers at its control socket: a reload, and its numbers.
 */
#ifndef SERVER_CONTROLLED_H
#define SERVER_CONTROLLED_H

#include "controller.h"
#include "served.h"

/* As bs_controller_start; `served` is borrowed. */
struct bs_controller *controlled_start(
    uv_loop_t *loop, int file, struct served *served);

#endif
