/*
 * What the messages between processes of the feeder are made of: big-endian
 * numbers, texts with their size before them, addresses.  Pure.
 */
#ifndef FEED_WIRE_H
#define FEED_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"

/* Write at `at`, where there is room; what stands behind it. */
uint8_t *wire_put_text(uint8_t *at, const char *text);
/* `addr` is of no matter without `has`. */
uint8_t *wire_put_addr(uint8_t *at, bool has, const struct bs_addr *addr);

/* From the first thing on that is missing or cannot be, `bad` is true, and what
 * is taken is nothing: 0, false, or left as it was. */
struct wire_reader {
	const uint8_t *at, *end;
	bool bad;
};

struct wire_reader wire_reader(const uint8_t *bytes, size_t size);

/* The next bytes, or NULL. */
const uint8_t *wire_take(struct wire_reader *reader, size_t size);
/* A byte, up to `max`. */
unsigned wire_take_number(struct wire_reader *reader, unsigned max);
bool wire_take_bool(struct wire_reader *reader);
uint32_t wire_take_be32(struct wire_reader *reader);
void wire_take_bytes(struct wire_reader *reader, uint8_t *bytes_r, size_t size);
/* Without NUL, and with one behind it in `room` bytes. */
void wire_take_text(struct wire_reader *reader, char *text_r, size_t room);
/* Whether there is one. */
bool wire_take_addr(struct wire_reader *reader, struct bs_addr *addr_r);

/* BS_OK: all was there, and there is no more; else BS_ECORRUPT. */
int wire_end(const struct wire_reader *reader);

#endif
