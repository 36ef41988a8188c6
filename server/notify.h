/*
 * What a service manager is told of the server's life (sd_notify(3)'s protocol:
 * a datagram of lines to the socket that $NOTIFY_SOCKET names).
 */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

enum notify_event {
	NOTIFY_READY,     /* serving, for the first time or again */
	NOTIFY_RELOADING, /* and ready when that is done */
	NOTIFY_STOPPING,
};

/* The socket, connected, or -1 where nobody wants to know.  Call it before the
 * program confines itself. */
int notify_open(void);

/* Says it; -1: to nobody.  What can't be delivered is of no harm. */
void notify_send(int file, enum notify_event event);

#endif
