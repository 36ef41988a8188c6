/*
 * What the tests of the milter's frames share: what an intake handed on.
 */
#ifndef HEARD_H
#define HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "milterintake.h"

/* What an intake handed on, in letters: m a message, n one that nobody waits for,
 * u an unused envelope, d a drop, and its text. */
struct heard {
	char events[64];
	char text[256];
	size_t text_size;
	size_t traps;
	bool text_fails;
};

/* Where an intake tells `heard`. */
struct milterintake_sink heard_sink(struct heard *heard);
/* Has the intake read bytes, so many at a time; what it says when it stops. */
int heard_read(struct milterintake *intake, struct heard *heard,
    const uint8_t *bytes, size_t size, size_t piece);

#endif
