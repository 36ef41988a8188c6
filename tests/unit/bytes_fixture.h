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

/* cmocka's set-up and tear-down: an empty folder of the test's own, its path
 * in *state. */
int make_folder(void **state);
int remove_folder(void **state);
/* The same, and the test works in it. */
int enter_folder(void **state);
int leave_folder(void **state);

/* Fills text_r with `size` of the letters, the same ones for the same *random,
 * which goes on, and a NUL behind them. */
void random_text(
    unsigned *random, const char *letters, char *text_r, size_t size);

#endif
