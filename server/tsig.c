/*
 * A TSIG record: its owner is the key's name, its data the algorithm's, when and
 * how it was signed.  Nothing here signs or checks a signature: without keys
 * there is nothing to do it by.  Called by query.c and answer.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"

#include "tsig.h"

#define POINTER 0xc0
#define HOPS_MAX 16 /* pointers that a label may be behind */
#define HEAD 10     /* type, class, TTL, size */
#define TIMES 8     /* signed at, fudge */
#define BADKEY 17

/* Where the label is that begins or is pointed to here, by pointers backwards
 * (RFC 1035 section 4.1.4); `end`: nowhere before that. */
static size_t
follow(const uint8_t *message, size_t end, size_t at)
{
	for (int i = 0; at < end && message[at] >= POINTER; i++) {
		size_t to;

		if (end - at < 2 || i == HOPS_MAX)
			return end;
		to = bs_get_be16(message + at) & 0x3fffu;
		if (to >= at)
			return end;
		at = to;
	}
	return at;
}

/* The name that begins at a place and before `end`, uncompressed; returns its
 * size, 0: it is none. */
static uint8_t
read_name(const uint8_t *message, size_t end, size_t at,
    uint8_t name_r[DNAME_SIZE_MAX])
{
	size_t size = 0;
	uint8_t length;

	do {
		at = follow(message, end, at);
		if (at == end)
			return 0;
		length = message[at];
		if (length > DNAME_LABEL_MAX || end - at <= length ||
		    DNAME_SIZE_MAX - size <= length)
			return 0;
		memcpy(name_r + size, message + at, 1u + length);
		at += 1u + length;
		size += 1u + length;
	} while (length != 0);
	return (uint8_t)size;
}

/* The size of the name without pointers that data begins with; 0: there is
 * none. */
static uint8_t
plain_name(const uint8_t *data, size_t size)
{
	size_t most = size < DNAME_SIZE_MAX ? size : DNAME_SIZE_MAX, at = 0;

	while (at < most && data[at] != 0) {
		if (data[at] > DNAME_LABEL_MAX)
			return 0;
		at += 1u + data[at];
	}
	return at < most ? (uint8_t)(at + 1) : 0;
}

/* Whether MAC, id, error and other data fill what is left behind the times. */
static bool
read_rest(const uint8_t *at, size_t size, uint16_t *id_r)
{
	size_t mac, other;

	if (size < 2)
		return false;
	mac = bs_get_be16(at);
	if (size - 2 < mac + 6)
		return false;
	at += 2 + mac;
	other = bs_get_be16(at + 4);
	*id_r = bs_get_be16(at);
	return size - 2 - mac - 6 == other;
}

enum dns_rcode
tsig_parse(const struct tsig_record *record, struct tsig *tsig_r)
{
	size_t end = (size_t)(record->data - record->message);
	size_t size = record->size;
	const uint8_t *at;

	tsig_r->present = false;
	if (record->class != DNS_CLASS_ANY || record->ttl != 0)
		return DNS_FORMERR;
	tsig_r->key_size =
	    read_name(record->message, end, record->owner_at, tsig_r->key);
	tsig_r->algorithm_size = plain_name(record->data, size);
	if (tsig_r->key_size == 0 || tsig_r->algorithm_size == 0)
		return DNS_FORMERR;
	at = record->data + tsig_r->algorithm_size;
	size -= tsig_r->algorithm_size;
	if (size < TIMES ||
	    !read_rest(at + TIMES, size - TIMES, &tsig_r->original_id))
		return DNS_FORMERR;
	tsig_r->algorithm = record->data;
	tsig_r->signed_at = at;
	tsig_r->present = true;
	return DNS_NOERROR;
}

/* --- writing --------------------------------------------------------------- */

/* Sizes of MAC and other data are 0. */
static size_t
data_size(const struct tsig *tsig)
{
	return tsig->algorithm_size + TIMES + 2u + 2u + 2u + 2u;
}

size_t
tsig_unknown_size(const struct tsig *tsig)
{
	return tsig->key_size + HEAD + data_size(tsig);
}

size_t
tsig_write_unknown(const struct tsig *tsig, uint8_t *bytes)
{
	uint8_t *at = bytes;

	memset(bytes, 0, tsig_unknown_size(tsig));
	memcpy(at, tsig->key, tsig->key_size);
	at += tsig->key_size;
	bs_put_be16(at, DNS_TSIG);
	bs_put_be16(at + 2, DNS_CLASS_ANY);
	bs_put_be16(at + 8, (uint16_t)data_size(tsig));
	at += HEAD;
	memcpy(at, tsig->algorithm, tsig->algorithm_size);
	at += tsig->algorithm_size;
	memcpy(at, tsig->signed_at, TIMES);
	at += TIMES + 2;
	bs_put_be16(at, tsig->original_id);
	bs_put_be16(at + 2, BADKEY);
	return tsig_unknown_size(tsig);
}
