/*
 * How long a thread may run at a time.
 */
#ifndef BS_TIMESLICE_H
#define BS_TIMESLICE_H

#include <stdint.h>

/*
 * Asks for turns of that many nanoseconds (100 us to 100 ms) for the calling
 * thread and those that it starts from now on; 0: as the system has it.  Without
 * effect where the system knows no such thing.
 */
void bs_timeslice_ask(uint64_t slice_ns);

#endif
