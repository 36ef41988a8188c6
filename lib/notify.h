/*
 * What a service manager is told of a program's life (sd_notify(3)'s protocol:
 * a datagram of lines to the socket that $NOTIFY_SOCKET names).
 */
#ifndef BS_NOTIFY_H
#define BS_NOTIFY_H

enum bs_notify_event {
	BS_NOTIFY_READY,     /* serving, for the first time or again */
	BS_NOTIFY_RELOADING, /* and ready when that is done */
	BS_NOTIFY_STOPPING,
};

/* The socket, connected, or -1 where nobody wants to know.  Call it before the
 * program confines itself. */
int bs_notify_open(void);

/* Says it; -1: to nobody.  What can't be delivered is of no harm. */
void bs_notify_send(int file, enum bs_notify_event event);

#endif
