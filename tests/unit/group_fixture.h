/*
 * What the tests of group commit share: who keeps what `done` was told, and
 * sightings by number.
 */
#ifndef GROUP_FIXTURE_H
#define GROUP_FIXTURE_H

#include "clock.h"
#include "group.h"
#include "groupqueue.h"
#include "store_fixture.h"

#define TRACK_MAX 20000

/* What `done` was told. */
struct track {
	struct fixture *fixture;
	size_t count, bad, known;
	int error[TRACK_MAX];
	size_t ticket[TRACK_MAX];
	int trouble;  /* the last one told, notes apart; BS_OK: none */
	int wake[2];  /* a pipe */
	uint32_t now; /* the clock */
	struct bs_clock clock;
};

/* With a clock that stands at T0 and a pipe; track_free closes and frees it. */
struct track *track_new(struct fixture *fixture);
void track_free(struct track *track);
/* The fixture's database by the track's clock; all borrowed. */
struct group_target target_of(struct track *track);
/* A host of its own for each number. */
struct bs_sighting numbered(struct fixture *fixture, uint32_t i);
/* Opens the fixture's database anew, with a map of so many bytes. */
void reopen_small(struct fixture *fixture, size_t map_bytes);
/* Has it written ahead of the database, or fails the test. */
void write_ahead(struct fixture *fixture);
/* For a group's `done`, `context` a track.  Also looks whether what is told to
 * be on disk is there by now. */
void on_done(void *context, const struct group_entry *entry);
/* For a queue's `wake` and `trouble`, `context` a track. */
void on_wake(void *context);
void on_trouble(void *context, int error, const char *line);
/* Waits until the queue wakes the track, and collects. */
void collect_some(struct track *track, struct groupqueue *queue);
/* ... until so many were told. */
void collect(struct track *track, struct groupqueue *queue, size_t count);

#endif
