/*
 * TLS for sessions (RFC 3207): bytes of the network in, plain ones out, and
 * the other way round.  Does no I/O.  The one door to OpenSSL's TLS.
 */
#ifndef FEED_TLS_H
#define FEED_TLS_H

#include <stddef.h>

#include "error.h"

struct tls_context; /* a certificate and its key */
struct tls;         /* one connection */

/* Reads the PEM files (`key` NULL: it is in the certificate's); nobody is asked
 * for a pass phrase.  BS_OK: where the certificate has expired `message` says so,
 * else it stays as it is; BS_EIO: it names the file and the remedy; BS_ENOMEM. */
int tls_context_new(const char *certificate, const char *key,
    struct tls_context **context_r, struct bs_message *message);
/* Connections that use it go on. */
void tls_context_free(struct tls_context **context);

/* The server's side of a connection.  NULL: no memory. */
struct tls *tls_new(struct tls_context *context);
void tls_free(struct tls **tls);

/* Takes bytes from the network (copied).  BS_ENOMEM. */
int tls_take(struct tls *tls, const char *bytes, size_t size);

/* Reads plain bytes, going on with the handshake.  BS_OK: *size_r of them;
 * BS_EBUSY: more from the network is needed; BS_ENOTFOUND: the client ended it;
 * BS_EIO: it is no TLS, or failed. */
int tls_read(struct tls *tls, char *bytes, size_t size, size_t *size_r);

/* Writes plain bytes, all of them.  BS_EIO. */
int tls_write(struct tls *tls, const char *bytes, size_t size);

/* Says that nothing follows. */
void tls_end(struct tls *tls);

/* Bytes for the network: up to `size`, how many. */
size_t tls_give(struct tls *tls, char *bytes, size_t size);

#endif
