/*
 * Encodes and decodes the frames between the milter (milterlink.c) and `serve`
 * (milterintake.c).  A version byte in each sender, big-endian sizes, texts with
 * their size before them; a decoder checks each size before it reads.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "milterwire.h"

#define VERSION 1

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

static uint8_t *
put_text(uint8_t *at, const char *text)
{
	size_t size = strlen(text);

	bs_put_be16(at, (uint16_t)size);
	memcpy(at + 2, text, size);
	return at + 2 + size;
}

size_t
milterwire_put_sender(
    const struct envelope *envelope, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	const struct bs_addr *peer = &envelope->peer;
	uint8_t *at = bytes_r + MILTERWIRE_HEAD;

	*at++ = VERSION;
	*at++ = envelope->utf8;
	*at++ = envelope->has_peer ? peer->family : 0;
	memcpy(at, peer->octet, sizeof(peer->octet));
	at = put_text(at + sizeof(peer->octet), envelope->helo);
	at = put_text(at, envelope->sender);
	return finish(MILTERWIRE_SENDER, bytes_r, at);
}

size_t
milterwire_put_trap(const char *address, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	return finish(MILTERWIRE_TRAP, bytes_r,
	    put_text(bytes_r + MILTERWIRE_HEAD, address));
}

size_t
milterwire_put_end(bool cut, uint8_t bytes_r[MILTERWIRE_FRAME_MAX])
{
	bytes_r[MILTERWIRE_HEAD] = cut;
	return finish(MILTERWIRE_END, bytes_r, bytes_r + MILTERWIRE_HEAD + 1);
}

/* --- reading ------------------------------------------------------------- */

struct reader {
	const uint8_t *at, *end;
	bool bad;
};

/* The next bytes, or NULL from the first that are missing on. */
static const uint8_t *
take(struct reader *reader, size_t size)
{
	const uint8_t *at = reader->at;

	if (reader->bad || (size_t)(reader->end - at) < size) {
		reader->bad = true;
		return NULL;
	}
	reader->at += size;
	return at;
}

/* A number up to `max`. */
static unsigned
take_number(struct reader *reader, unsigned max)
{
	const uint8_t *at = take(reader, 1);

	if (at == NULL || *at > max) {
		reader->bad = true;
		return 0;
	}
	return *at;
}

static void
take_text(struct reader *reader, char *text_r, size_t room)
{
	const uint8_t *at = take(reader, 2);
	size_t size = at != NULL ? bs_get_be16(at) : 0;

	if (size >= room)
		reader->bad = true;
	at = take(reader, size);
	if (at == NULL || memchr(at, '\0', size) != NULL) {
		reader->bad = true;
		return;
	}
	memcpy(text_r, at, size);
	text_r[size] = '\0';
}

static void
take_peer(struct reader *reader, struct envelope *envelope)
{
	unsigned family = take_number(reader, BS_IPV6);
	const uint8_t *at = take(reader, sizeof(envelope->peer.octet));

	if (at == NULL || family == 0)
		return;
	if (family != BS_IPV4 && family != BS_IPV6) {
		reader->bad = true;
		return;
	}
	envelope->has_peer = true;
	envelope->peer.family = (uint8_t)family;
	memcpy(envelope->peer.octet, at, bs_family_octets((uint8_t)family));
}

static int
end_of(const struct reader *reader)
{
	return reader->bad || reader->at != reader->end ? BS_ECORRUPT : BS_OK;
}

int
milterwire_get_sender(
    const uint8_t *bytes, size_t size, struct envelope *envelope_r)
{
	struct reader reader = {bytes, bytes + size, false};
	struct envelope envelope = {0};

	if (take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	envelope.utf8 = take_number(&reader, 1) == 1;
	take_peer(&reader, &envelope);
	take_text(&reader, envelope.helo, sizeof(envelope.helo));
	take_text(&reader, envelope.sender, sizeof(envelope.sender));
	if (end_of(&reader) != BS_OK)
		return BS_ECORRUPT;
	*envelope_r = envelope;
	return BS_OK;
}

int
milterwire_get_trap(
    const uint8_t *bytes, size_t size, char address_r[ENVELOPE_ADDRESS_MAX + 1])
{
	struct reader reader = {bytes, bytes + size, false};
	char address[ENVELOPE_ADDRESS_MAX + 1];

	take_text(&reader, address, sizeof(address));
	if (end_of(&reader) != BS_OK || address[0] == '\0')
		return BS_ECORRUPT;
	memcpy(address_r, address, sizeof(address));
	return BS_OK;
}

int
milterwire_get_end(const uint8_t *bytes, size_t size, bool *cut_r)
{
	struct reader reader = {bytes, bytes + size, false};
	bool cut = take_number(&reader, 1) == 1;

	if (end_of(&reader) != BS_OK)
		return BS_ECORRUPT;
	*cut_r = cut;
	return BS_OK;
}
