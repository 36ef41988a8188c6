/*
 * How many files the process may have open.
 */
#ifndef SERVER_FILELIMIT_H
#define SERVER_FILELIMIT_H

#include <stddef.h>

/* Raises the limit to `wanted`, as far as the system lets us; returns how many
 * may be open now. */
size_t filelimit_raise(size_t wanted);

#endif
