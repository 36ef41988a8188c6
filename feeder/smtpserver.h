/*
 * The listeners and connections of SMTP and LMTP on the loop of `serve`.
 */
#ifndef FEED_SMTPSERVER_H
#define FEED_SMTPSERVER_H

#include <sys/queue.h>
#include <sys/types.h>

#include <uv.h>

#include "config.h"
#include "activated.h"
#include "log.h"
#include "recipients.h"
#include "room.h"
#include "smtp_session.h"
#include "tls.h"

struct smtpconn;
TAILQ_HEAD(smtpconn_list, smtpconn);

/* What connections share. */
struct smtpserver {
	uv_loop_t *loop;
	const struct bs_log *log;
	struct room *room;
	struct servecount *count; /* [lmtp] of its doors */
	const struct bs_config *config;
	const char *hostname;

	/* of the configuration, counted: sessions outlive a reload */
	struct smtprules *rules;
	struct smtpconn_list conns; /* the oldest first */
	size_t conn_count;
	uint64_t refused;     /* connections, since it was last logged */
	uint64_t headless;    /* of trusted.proxy with no header, the same */
	uint64_t spare_bytes; /* of the disk, for mail */
	bool low;             /* those are few, which was logged */
	unsigned ticks;       /* seconds since then */
	unsigned headless_ticks;
	bool ending;
	int spare; /* a file to be closed when there are no more; or -1 */

	struct smtplistener *listener; /* an array */
	size_t listener_count;
	uv_timer_t sweep;
	char read_buffer[65536]; /* of whoever is read from just now */
};

/* Settings of sessions, kept as long as one of them goes by them. */
struct smtprules {
	size_t users;
	const struct bs_config *config; /* that they are of */
	struct recipients *recipients;
	struct tls_context *tls;          /* or NULL */
	struct smtp_settings settings[2]; /* [0] SMTP, [1] LMTP */
	char *folder;                     /* for large messages */
};

/* An open socket that clients connect to. */
struct smtplistener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct smtpserver *server;
	const struct bs_config_door *door; /* of the first configuration */
	int file;                          /* bound; -1: it is the loop's */
	bool lmtp;
	bool waits; /* a client is there, and no memory was: on_sweep */
	bool
	    activated; /* a service manager's: its path is not ours to remove */
};

/*
 * Binds the sockets of the configuration that are not handed over: before the
 * user is dropped.  Each that can't be is logged.  BS_OK, BS_ESYSTEM,
 * BS_ENOMEM.
 */
int smtpserver_bind(struct smtpserver *server, struct activated *activated);

/* Gives the UNIX sockets that it has bound to a user and group, so that it may
 * remove them, and the group connect.  BS_OK, or logged: BS_ESYSTEM. */
int smtpserver_give(const struct smtpserver *server, uid_t uid, gid_t gid);

/* Makes the rules of a configuration; BS_OK, or logged: BS_EIO, BS_ENOMEM.
 * Nothing is changed where it fails. */
int smtpserver_set_config(
    struct smtpserver *server, const struct bs_config *config);

/* Whether a connection goes by that configuration. */
bool smtpserver_uses(
    const struct smtpserver *server, const struct bs_config *config);

/* Serves from now on.  BS_OK, or logged. */
int smtpserver_start(struct smtpserver *server);

/* Takes no more connections; sessions end, each after the message that is under
 * way.  It is over when conn_count is 0. */
void smtpserver_end(struct smtpserver *server);
/* It has taken too long: all get 421, those too whose message is in the room, which
 * goes on; no message comes in any more. */
void smtpserver_give_up(struct smtpserver *server);
/* Closes those that are left at once. */
void smtpserver_cut(struct smtpserver *server);

/* A connection of trusted.proxy is closed as it has no PROXY header: logged, but
 * not each of many. */
void smtpserver_no_header(struct smtpserver *server);

/* When the loop has run out. */
void smtpserver_free(struct smtpserver *server);

/* "smtp on 127.0.0.1@2525, lmtp on unix:/x". */
void smtpserver_describe(
    const struct smtpserver *server, char *text, size_t size);

#endif
