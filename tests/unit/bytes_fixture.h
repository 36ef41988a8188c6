/*
 * What the tests of byte formats and of folders share.
 */
#ifndef BYTES_FIXTURE_H
#define BYTES_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of hexadecimal digits; how many they are. */
size_t unhex(const char *text, uint8_t *bytes_r);

/* A copy of exactly that size, to be freed, so that a sanitizer sees what
 * reads past it. */
uint8_t *exact_copy(const uint8_t *bytes, size_t size);

/* A folder and all in it; symbolic links are not followed. */
void remove_tree(const char *path);

#endif
