/*
 * UDP: batches of messages in and out.  The sockets are netsocket.c's, what the
 * bytes mean is respond.c's business.
 */
#ifndef SERVER_UDP_H
#define SERVER_UDP_H

#include <stddef.h>

#include "respond.h"

#define UDP_BATCH_MAX 64   /* messages */
#define UDP_QUERY_MAX 1232 /* bytes; longer ones are dropped */

/* Buffers for one batch, for one thread; NULL when out of memory. */
struct udp_batch;
struct udp_batch *udp_batch_new(void);
void udp_batch_free(struct udp_batch **batch);

/* Takes in what waits at the socket; returns how many messages, 0 for none. */
size_t udp_receive(struct udp_batch *batch, int file);

/* Answers them, each from the address that was asked; `context` gets each's
 * client in turn.   What the kernel can't
 * take now is dropped: a client asks again. */
void udp_answer(
    struct udp_batch *batch, int file, struct respond_context *context);

#endif
