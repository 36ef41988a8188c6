/*
 * A judge: the process that reads hostile mail, so that its death costs
 * nothing but itself.
 */
#ifndef FEED_JUDGEWORK_H
#define FEED_JUDGEWORK_H

#include "config.h"
#include "log.h"

/* A message that takes longer kills its judge. */
#define JUDGEWORK_TIME_S 30

/* Its first word on the socket: it has its rules and can read mail.  One that
 * ends before that did not die of a message. */
#define JUDGEWORK_READY 'R'

/* What it says on the socket later: there are answers. */
#define JUDGEWORK_ANSWERED 'A'

/* The way between `serve` and a judge. */
struct judgework_ways {
	int socket; /* where both are woken, and where files go */
	int memory; /* judgering.h's; closed by judgework_run */
};

/*
 * Confines the process, says that it is ready, then answers requests
 * (judgering.h) until the socket is closed at the other end.  `config`
 * (borrowed) is what it judges by, `hostname` our own.
 */
void judgework_run(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, const struct judgework_ways *ways);

#endif
