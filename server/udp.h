/*
 * UDP: sockets, and batches of messages in and out.  What the bytes mean is
 * respond.c's business.
 */
#ifndef SERVER_UDP_H
#define SERVER_UDP_H

#include <stdbool.h>
#include <stddef.h>

#include "content.h"
#include "ipprefix.h"
#include "zone_table.h"

#define UDP_BATCH_MAX 64   /* messages */
#define UDP_QUERY_MAX 1232 /* bytes; longer ones are dropped */

/*
 * Opens a non-blocking socket bound to the endpoint.  With `share` other
 * sockets of this user may be bound to it as well (SO_REUSEPORT).  BS_ESYSTEM
 * leaves the reason in errno.
 */
int udp_open(const struct bs_endpoint *endpoint, bool share, int *file_r);

/* Lets other sockets of this user be bound to the endpoint from now on, where
 * it was opened without `share`: first alone, then shared, so that of two
 * servers that start at once one fails.  BS_ESYSTEM leaves the reason in
 * errno. */
int udp_share(int file);

/* The endpoint that a socket got, where it was opened with port 0. */
int udp_endpoint(int file, struct bs_endpoint *endpoint_r);

/* Buffers for one batch, for one thread; NULL when out of memory. */
struct udp_batch;
struct udp_batch *udp_batch_new(void);
void udp_batch_free(struct udp_batch **batch);

/* Takes in what waits at the socket; returns how many messages, 0 for none. */
size_t udp_receive(struct udp_batch *batch, int file);

/* Answers them, each from the address that was asked.  What the kernel can't
 * take now is dropped: a client asks again. */
void udp_answer(struct udp_batch *batch, int file,
    const struct zone_table *zones, const struct lookup *lookup);

#endif
