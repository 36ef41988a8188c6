/*
 * Big-endian integers in byte strings, as DNS and our stored records have
 * them.  The caller has checked that the bytes are there, by bs_take say.
 */
#ifndef BS_BYTES_H
#define BS_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline void
bs_put_be16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

static inline void
bs_put_be32(uint8_t *bytes, uint32_t value)
{
	bs_put_be16(bytes, (uint16_t)(value >> 16));
	bs_put_be16(bytes + 2, (uint16_t)value);
}

static inline void
bs_put_be64(uint8_t *bytes, uint64_t value)
{
	bs_put_be32(bytes, (uint32_t)(value >> 32));
	bs_put_be32(bytes + 4, (uint32_t)value);
}

static inline uint16_t
bs_get_be16(const uint8_t *bytes)
{
	return (uint16_t)((uint16_t)bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
bs_get_be32(const uint8_t *bytes)
{
	return (uint32_t)bs_get_be16(bytes) << 16 | bs_get_be16(bytes + 2);
}

static inline uint64_t
bs_get_be64(const uint8_t *bytes)
{
	return (uint64_t)bs_get_be32(bytes) << 32 | bs_get_be32(bytes + 4);
}

/* What is left to read of a byte string, borrowed. */
struct bs_rest {
	const uint8_t *at;
	size_t size;
};

/* Its next `size` bytes, or NULL where it is shorter. */
static inline const uint8_t *
bs_take(struct bs_rest *rest, size_t size)
{
	const uint8_t *at = rest->at;

	if (rest->size < size)
		return NULL;
	rest->at += size;
	rest->size -= size;
	return at;
}

#endif
