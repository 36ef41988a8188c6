/*
 * No core files: what is in memory, traps and keys, stays there.
 */
#ifndef BS_NOCORE_H
#define BS_NOCORE_H

/* For this process and those it starts, for good. */
void bs_nocore(void);

#endif
