/*
 * Standard input, output and error, taken before anything else is opened.
 */
#ifndef BS_STDFILES_H
#define BS_STDFILES_H

#include <stdbool.h>

/*
 * Fills those of the file descriptors 0, 1 and 2 that are closed, so that no
 * file opened later gets one of them: a line for stderr would be written into
 * the database.  Reading from and writing to what is filled in fails.  Call it
 * first thing in main; false when it can't be done (then end at once).
 */
bool bs_stdfiles_hold(void);

/* Whether whoever read our standard output has gone, as `head` does when it has
 * enough: no failure.  Needs SIGPIPE ignored. */
bool bs_stdfiles_reader_gone(void);

#endif
