/*
 * One process of a crew, from both sides: for crew.c alone.
 */
#ifndef FEED_CREWMAN_H
#define FEED_CREWMAN_H

#include <stdbool.h>
#include <sys/types.h>

#include "crew.h"

struct crewman {
	pid_t pid;
	int socket;  /* -1: none */
	size_t slot; /* of the piece that it has */
	bool busy;
};

/* Starts a process.  BS_ESYSTEM. */
int crewman_start(const struct crew_setup *setup, struct crewman *man_r);

/* Sends a piece; false when the process is gone. */
bool crewman_send(const struct crewman *man, const struct crew_piece *piece);

/* Reads the answer; false when the process is gone. */
bool crewman_receive(const struct crewman *man, void *answer, size_t size);

/* Closes the socket, waits for the end; `why` (CREWMAN_WHY_MAX) or NULL. */
#define CREWMAN_WHY_MAX 64
void crewman_end(struct crewman *man, char *why);

#endif
