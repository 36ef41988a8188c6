/*
 * Puts together and takes apart the messages between processes of the feeder;
 * each size is checked before anything is read.  What a message has in it is
 * judgewire.c's and milterwire.c's.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "error.h"
#include "wire.h"

/* --- writing ------------------------------------------------------------- */

uint8_t *
wire_put_text(uint8_t *at, const char *text)
{
	size_t size = strlen(text);

	bs_put_be16(at, (uint16_t)size);
	memcpy(at + 2, text, size);
	return at + 2 + size;
}

uint8_t *
wire_put_addr(uint8_t *at, bool has, const struct bs_addr *addr)
{
	*at++ = has ? addr->family : 0;
	memcpy(at, addr->octet, sizeof(addr->octet));
	return at + sizeof(addr->octet);
}

/* --- reading ------------------------------------------------------------- */

struct wire_reader
wire_reader(const uint8_t *bytes, size_t size)
{
	return (struct wire_reader){bytes, bytes + size, false};
}

const uint8_t *
wire_take(struct wire_reader *reader, size_t size)
{
	const uint8_t *at = reader->at;

	if (reader->bad || (size_t)(reader->end - at) < size) {
		reader->bad = true;
		return NULL;
	}
	reader->at += size;
	return at;
}

unsigned
wire_take_number(struct wire_reader *reader, unsigned max)
{
	const uint8_t *at = wire_take(reader, 1);

	if (at == NULL || *at > max) {
		reader->bad = true;
		return 0;
	}
	return *at;
}

bool
wire_take_bool(struct wire_reader *reader)
{
	return wire_take_number(reader, 1) == 1;
}

uint32_t
wire_take_be32(struct wire_reader *reader)
{
	const uint8_t *at = wire_take(reader, 4);

	return at != NULL ? bs_get_be32(at) : 0;
}

void
wire_take_bytes(struct wire_reader *reader, uint8_t *bytes_r, size_t size)
{
	const uint8_t *at = wire_take(reader, size);

	if (at != NULL)
		memcpy(bytes_r, at, size);
}

void
wire_take_text(struct wire_reader *reader, char *text_r, size_t room)
{
	const uint8_t *at = wire_take(reader, 2);
	size_t size = at != NULL ? bs_get_be16(at) : 0;

	if (size >= room)
		reader->bad = true;
	at = wire_take(reader, size);
	if (at == NULL || memchr(at, '\0', size) != NULL) {
		reader->bad = true;
		return;
	}
	memcpy(text_r, at, size);
	text_r[size] = '\0';
}

bool
wire_take_addr(struct wire_reader *reader, struct bs_addr *addr_r)
{
	unsigned family = wire_take_number(reader, BS_IPV6);
	const uint8_t *at = wire_take(reader, sizeof(addr_r->octet));

	if (at == NULL || family == 0)
		return false;
	if (family != BS_IPV4 && family != BS_IPV6) {
		reader->bad = true;
		return false;
	}
	addr_r->family = (uint8_t)family;
	memset(addr_r->octet, 0, sizeof(addr_r->octet));
	memcpy(addr_r->octet, at, bs_family_octets((uint8_t)family));
	return true;
}

int
wire_end(const struct wire_reader *reader)
{
	return reader->bad || reader->at != reader->end ? BS_ECORRUPT : BS_OK;
}
