/*
 * The door to GMime: the bytes of a message in, facts out.
 */
#ifndef FEED_MIME_H
#define FEED_MIME_H

#include "facts.h"

/* GMime's own set-up; once per process each. */
void mime_start(void);
void mime_stop(void);

/*
 * Reads a message that bounds_apply has bounded (borrowed; its header is
 * overwritten where the facts are by_gmime).  The facts are new; of a returned message what they have lies in it.  Never NULL: what
 * GMime can't read has no parts.
 */
struct facts *mime_read(char *bytes, size_t size);

void mime_facts_free(struct facts **facts);

#endif
