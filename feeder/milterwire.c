/*
 * Encodes and decodes the frames between the milter (milterlink.c) and `serve`
 * (milterintake.c).  A version byte in each sender, big-endian sizes, texts with
 * their size before them; a decoder checks each size before it reads.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "milterwire.h"
#include "wire.h"

#define VERSION 2

/* --- writing ------------------------------------------------------------- */

void
milterwire_put_head(
    enum milterwire_kind kind, size_t size, uint8_t bytes_r[MILTERWIRE_HEAD])
{
	bytes_r[0] = (uint8_t)kind;
	bs_put_be16(bytes_r + 1, (uint16_t)size);
}

static size_t
finish(enum milterwire_kind kind, uint8_t *bytes, const uint8_t *end)
{
	milterwire_put_head(
	    kind, (size_t)(end - bytes) - MILTERWIRE_HEAD, bytes);
	return (size_t)(end - bytes);
}

size_t
milterwire_put_sender(
    const struct envelope *envelope, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	uint8_t *at = bytes_r + MILTERWIRE_HEAD;

	*at++ = VERSION;
	*at++ = envelope->utf8;
	at = wire_put_addr(at, envelope->has_peer, &envelope->peer);
	at = wire_put_text(at, envelope->helo);
	at = wire_put_text(at, envelope->sender);
	return finish(MILTERWIRE_SENDER, bytes_r, at);
}

size_t
milterwire_put_trap(const char *address, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	return finish(MILTERWIRE_TRAP, bytes_r,
	    wire_put_text(bytes_r + MILTERWIRE_HEAD, address));
}

size_t
milterwire_put_end(
    struct milterwire_end end, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	uint8_t *at = bytes_r + MILTERWIRE_HEAD;

	*at++ = end.cut;
	*at++ = end.waited;
	return finish(MILTERWIRE_END, bytes_r, at);
}

/* --- reading ------------------------------------------------------------- */

int
milterwire_get_sender(
    const uint8_t *bytes, size_t size, struct envelope *envelope_r)
{
	struct wire_reader reader = wire_reader(bytes, size);
	struct envelope envelope = {0};

	if (wire_take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	envelope.utf8 = wire_take_bool(&reader);
	envelope.has_peer = wire_take_addr(&reader, &envelope.peer);
	wire_take_text(&reader, envelope.helo, sizeof(envelope.helo));
	wire_take_text(&reader, envelope.sender, sizeof(envelope.sender));
	if (wire_end(&reader) != BS_OK)
		return BS_ECORRUPT;
	*envelope_r = envelope;
	return BS_OK;
}

int
milterwire_get_trap(
    const uint8_t *bytes, size_t size, char address_r[ENVELOPE_ADDRESS_MAX + 1])
{
	struct wire_reader reader = wire_reader(bytes, size);
	char address[ENVELOPE_ADDRESS_MAX + 1];

	wire_take_text(&reader, address, sizeof(address));
	if (wire_end(&reader) != BS_OK || address[0] == '\0')
		return BS_ECORRUPT;
	memcpy(address_r, address, sizeof(address));
	return BS_OK;
}

int
milterwire_get_end(
    const uint8_t *bytes, size_t size, struct milterwire_end *end_r)
{
	struct wire_reader reader = wire_reader(bytes, size);
	struct milterwire_end end;

	end.cut = wire_take_bool(&reader);
	end.waited = wire_take_bool(&reader);
	if (wire_end(&reader) != BS_OK)
		return BS_ECORRUPT;
	*end_r = end;
	return BS_OK;
}
