/*
 * SipHash-2-4 (Aumasson and Bernstein): a short keyed hash of a few bytes that
 * nobody without the key can foresee.  Pure.
 */
#ifndef SERVER_SIPHASH_H
#define SERVER_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SIPHASH_KEY_SIZE 16 /* bytes */

/* The hash of `size` bytes; written as bytes it is little-endian. */
uint64_t siphash(
    const uint8_t key[SIPHASH_KEY_SIZE], const uint8_t *bytes, size_t size);

#endif
