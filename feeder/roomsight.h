/*
 * Sightings of live doors: from an envelope and what a judge said to what the
 * store takes.  Pure but for the keyed hash.
 */
#ifndef FEED_ROOMSIGHT_H
#define FEED_ROOMSIGHT_H

#include "config.h"
#include "envelope.h"
#include "judgewire.h"
#include "store.h"

/*
 * Who handed the message to our side: the peer, or, where that is one of
 * `relays`, whom the judge found in the Received lines.  False: nobody who may
 * be listed (unknown, private or otherwise reserved space).
 */
bool roomsight_source(const struct bs_config *config,
    const struct envelope *envelope, const struct judgewire_answer *answer,
    struct bs_addr *source_r);

/* The sighting of a message that is backscatter. */
int roomsight_message(struct bs_keyhash *hash, const struct envelope *envelope,
    const struct judgewire_answer *answer, const struct bs_addr *source,
    struct bs_sighting *sighting_r);

/*
 * The sighting of what a report hands in, for the feed.  Its source is what
 * the report says, never its peer; its trap is that of the message in it; it is
 * told from another by the time that it was received, as mail in files is, so
 * that the same handed in again is the same sighting.  BS_ENOTFOUND: its
 * source is none that may be listed.
 */
int roomsight_report(struct bs_keyhash *hash, const struct bs_config *config,
    const char *feed, const struct judgewire_answer *answer,
    struct bs_sighting *sighting_r);

/* The sighting of a callout; one of the same host, sender and traps on the same
 * day is the same.  BS_ENOMEM.  In all of them received_s is for the caller to
 * have set in *sighting_r: now; a report may make it earlier. */
int roomsight_callout(struct bs_keyhash *hash, const struct envelope *envelope,
    const struct bs_addr *source, struct bs_sighting *sighting_r);

#endif
