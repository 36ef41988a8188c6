/*
 * What smtpconn.c and smtpaccept.c share of a connection.  For them alone.
 */
#ifndef FEED_SMTPCONN_PRIVATE_H
#define FEED_SMTPCONN_PRIVATE_H

#include "proxyhead.h"
#include "smtpconn.h"

struct smtpconn {
	TAILQ_ENTRY(smtpconn) in_list;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct smtpserver *server;
	struct smtprules *rules;
	struct smtp_session *session; /* NULL before the PROXY header */
	struct smtp_peer peer;
	struct bs_prefix network; /* whom the client's limit counts with */
	struct spool *spool;      /* of the message under way */
	struct tls *tls;
	bool lmtp;
	bool from_here; /* the peer is this very host */

	char *held; /* bytes that were read and not used; owned */
	size_t held_size;

	uv_write_t write;
	char *out; /* being written; owned */
	bool writing, reading, in_room, closing, closed, last_sent;
	bool ended;    /* the client sends no more */
	bool spooling; /* a thread has the spool */

	uint64_t start_ms, phase_ms, input_ms, spooling_ms;
	bool was_in_data;
};

/* Greets the client, or waits for the header of its PROXY first. */
void smtpconn_begin(struct smtpconn *conn, bool proxied);

/* Takes the client that a PROXY header names: it has what its own address is
 * granted, not what the proxy's is.  False: its network has enough connections,
 * and it is sent away. */
bool smtpconn_take_proxied(struct smtpconn *conn, const struct proxyhead *head);

/* Sends it away, with 421 where it has a session, for another one's sake. */
void smtpconn_dismiss(struct smtpconn *conn);

#endif
