/*
 * Reversed names, read strictly: `02.0.0.127` is no name of 127.0.0.2, since
 * a second name for an address would be a second place to list it.  Called
 * for each query (content.c) and for each name of a master file (zonefile.c).
 */
#include "autoconf.h"

#include <limits.h>
#include <string.h>

#include "bytes.h"

#include "revname.h"

/* A label's length and the three octets after it, high to low; what is not
 * there is 0. */
static inline uint32_t
label_word(const uint8_t *labels, size_t at, size_t size)
{
	uint32_t word = 0;

	if (size >= sizeof(word)) {
		size_t last = size - sizeof(word), from = at < last ? at : last;

		return bs_get_be32(labels + from) << 8 * (at - from);
	}
	for (size_t i = at; i < at + sizeof(word); i++)
		word = word << 8 | (i < size ? labels[i] : 0);
	return word;
}

/* The octet that the label at `at` is, in decimal; above 255 for anything
 * else.  How many digits it has is nothing that a processor could guess, so
 * there is no branch for it. */
static inline unsigned
octet_of(const uint8_t *labels, size_t at, size_t size)
{
	static const unsigned least[] = {0, 0, 10, 100}; /* by its digits */
	uint32_t word = at < size ? label_word(labels, at, size) : 0;
	uint32_t length = word >> 24, digits, value;

	if (length - 1 > 2 || at + length >= size)
		return UINT_MAX;
	digits = ((word & 0xffffff) ^ 0x303030) >> 8 * (3 - length);
	value =
	    (digits >> 16) * 100 + (digits >> 8 & 0xff) * 10 + (digits & 0xff);
	/* the top bit of an octet says: it is no digit */
	if ((((digits + 0x767676) | digits) & 0x808080) != 0 ||
	    value < least[length])
		return UINT_MAX;
	return value;
}

/* One hexadecimal digit in lower case; -1 for anything else. */
static int
nibble_value(const uint8_t *text, size_t size)
{
	if (size != 1)
		return -1;
	if (text[0] >= '0' && text[0] <= '9')
		return text[0] - '0';
	if (text[0] >= 'a' && text[0] <= 'f')
		return text[0] - 'a' + 10;
	return -1;
}

static bool
parse_ipv4(const uint8_t *labels, size_t size, struct bs_prefix *prefix_r)
{
	uint32_t reversed = 0;
	unsigned count = 0;

	for (size_t at = 0; at < size; at += 1u + labels[at]) {
		unsigned value = octet_of(labels, at, size);

		if (value > 255 || count == 4)
			return false;
		reversed |= value << 8 * count++;
	}
	memset(prefix_r, 0, sizeof(*prefix_r));
	prefix_r->addr.family = BS_IPV4;
	prefix_r->bits = (uint8_t)(8 * count);
	if (count == 0)
		return false;
	bs_put_be32(prefix_r->addr.octet, reversed << 8 * (4 - count));
	return true;
}

static bool
parse_ipv6(const uint8_t *labels, size_t size, struct bs_prefix *prefix_r)
{
	size_t count = size / 2;

	/* most IPv4 names end here */
	if (size == 0 || labels[0] != 1 || size % 2 != 0 || count > 32)
		return false;
	memset(prefix_r, 0, sizeof(*prefix_r));
	prefix_r->addr.family = BS_IPV6;
	prefix_r->bits = (uint8_t)(4 * count);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *label = labels + 2 * (count - 1 - i);
		int value = nibble_value(label + 1, label[0]);

		if (value < 0)
			return false;
		prefix_r->addr.octet[i / 2] |=
		    (uint8_t)(i % 2 == 0 ? value << 4 : value);
	}
	return true;
}

bool
revname_parse(const uint8_t *labels, size_t size, struct revname *revname_r)
{
	revname_r->is_ipv4 = parse_ipv4(labels, size, &revname_r->ipv4);
	revname_r->is_ipv6 = parse_ipv6(labels, size, &revname_r->ipv6);
	return revname_r->is_ipv4 || revname_r->is_ipv6;
}

struct revname_tail
revname_parse_tail(uint8_t family, const uint8_t *labels, size_t size)
{
	struct revname_tail tail = {.prefix = {.addr = {.family = family}}};
	const uint8_t *first = labels;

	while (size > 0) {
		size_t label = 1u + labels[0];
		struct bs_prefix found;

		tail.is_parent = labels == first;
		tail.asterisk = labels[0] == 1 && labels[1] == '*';
		labels += label;
		size -= label;
		if (family == BS_IPV4 ? parse_ipv4(labels, size, &found)
				      : parse_ipv6(labels, size, &found)) {
			tail.prefix = found;
			break;
		}
	}
	return tail;
}

/* 32 labels of one octet. */
static bool
guess_ipv6(const uint8_t *name, size_t size, struct bs_addr *addr_r)
{
	struct bs_addr addr = {.family = BS_IPV6};

	if (size < 64)
		return false;
	for (size_t i = 0; i < 32; i++, name += 2) {
		unsigned c = name[1] & 0x4fu;
		unsigned value = (c & 0x40) != 0 ? c - 0x37 : c & 0xf;
		size_t at = 31 - i;

		if (name[0] != 1)
			return false;
		addr.octet[at / 2] |=
		    (uint8_t)(at % 2 == 0 ? value << 4 : value & 0xf);
	}
	*addr_r = addr;
	return true;
}

bool
revname_guess(const uint8_t *name, size_t size, struct bs_addr *addr_r)
{
	uint32_t reversed = 0;
	size_t at = 0;

	for (unsigned i = 0; i < 4; i++, at += 1u + name[at]) {
		unsigned value = octet_of(name, at, size);

		if (value > 255)
			return guess_ipv6(name, size, addr_r);
		reversed |= value << 8 * i;
	}
	/* four labels of an octet each are IPv6's as a rule, if more follow */
	if (at == 8 && size - at > 1 && name[at] == 1)
		return guess_ipv6(name, size, addr_r);
	memset(addr_r, 0, sizeof(*addr_r));
	addr_r->family = BS_IPV4;
	bs_put_be32(addr_r->octet, reversed);
	return true;
}

bool
revname_is_top(const uint8_t *label, size_t size)
{
	uint8_t whole[1 + 3] = {(uint8_t)size};

	if (size == 0 || size > 3)
		return false;
	memcpy(whole + 1, label, size);
	return octet_of(whole, 0, sizeof(whole)) <= 255 ||
	       nibble_value(label, size) >= 0;
}
