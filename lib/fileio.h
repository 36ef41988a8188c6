/*
 * Writing to a file, whole or with the error that says why not.
 */
#ifndef BS_FILEIO_H
#define BS_FILEIO_H

#include <stddef.h>

/* What an errno of a write means: BS_EFULL for a full disk or quota, else
 * BS_EIO. */
int bs_fileio_error(int reason);

/* All `size` bytes, at the file's offset.  BS_OK, or bs_fileio_error's. */
int bs_fileio_write(int file, const void *bytes, size_t size);

#endif
