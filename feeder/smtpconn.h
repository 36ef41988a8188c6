/*
 * One connection: a socket, maybe a PROXY header, maybe TLS, and a session.
 */
#ifndef FEED_SMTPCONN_H
#define FEED_SMTPCONN_H

#include "smtpserver.h"

/* Accepts a waiting client of the listener. */
void smtpconn_accept(struct smtplistener *listener);

/* Makes room by sending away the client whose phase lasts longest; false: all
 * have a message in the room. */
bool smtpconn_evict(struct smtpserver *server);

/* Looks after its times: called each second. */
void smtpconn_check(struct smtpconn *conn, uint64_t now_ms);

/* Ends it after the message that is under way, or at once. */
void smtpconn_shut_down(struct smtpconn *conn);
/* Ends it now: 421, also to who waits for the answer to a message that the room
 * has; the connection is there until the room is done with that, or it is cut. */
void smtpconn_give_up(struct smtpconn *conn);
void smtpconn_cut(struct smtpconn *conn);

/* What its session goes by, borrowed. */
const struct smtprules *smtpconn_rules(const struct smtpconn *conn);

/* The one after it in its list, or NULL. */
struct smtpconn *smtpconn_next(const struct smtpconn *conn);

/* The rules' last user frees them. */
void smtprules_drop(struct smtprules *rules);

#endif
