/*
 * Reversed names, read strictly: `02.0.0.127` is no name of 127.0.0.2, since
 * a second name for an address would be a second place to list it.  Called
 * for each query (content.c) and for each name of a master file (zonefile.c).
 */
#include "autoconf.h"

#include <limits.h>
#include <string.h>

#include "revname.h"

/* The octet that a label is, in decimal; above 255 for anything else. */
static inline unsigned
octet_of(const uint8_t *label, size_t left)
{
	unsigned length = left > 0 ? label[0] : 0, value, digit;

	if (length - 1 > 2 || length >= left)
		return UINT_MAX;
	value = label[1] - (unsigned)'0';
	if (value > 9)
		return UINT_MAX;
	if (length == 1)
		return value;
	digit = label[2] - (unsigned)'0';
	if (value == 0 || digit > 9)
		return UINT_MAX;
	value = value * 10 + digit;
	if (length == 2)
		return value;
	digit = label[3] - (unsigned)'0';
	return digit <= 9 ? value * 10 + digit : UINT_MAX;
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
	uint8_t octet[4];
	size_t count = 0;

	for (size_t at = 0; at < size; at += 1u + labels[at]) {
		unsigned value = octet_of(labels + at, size - at);

		if (value > 255 || count == 4)
			return false;
		octet[count++] = (uint8_t)value;
	}
	memset(prefix_r, 0, sizeof(*prefix_r));
	prefix_r->addr.family = BS_IPV4;
	prefix_r->bits = (uint8_t)(8 * count);
	for (size_t i = 0; i < count; i++)
		prefix_r->addr.octet[i] = octet[count - 1 - i];
	return count > 0;
}

static bool
parse_ipv6(const uint8_t *labels, size_t size, struct bs_prefix *prefix_r)
{
	size_t count = size / 2;

	if (size == 0 || size % 2 != 0 || count > 32)
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
	const uint8_t *at = name, *end = name + size;
	struct bs_addr addr = {.family = BS_IPV4};

	for (size_t i = 4; i-- > 0; at += 1 + at[0]) {
		unsigned value = octet_of(at, (size_t)(end - at));

		if (value > 255)
			return guess_ipv6(name, size, addr_r);
		addr.octet[i] = (uint8_t)value;
	}
	/* four labels of an octet each are IPv6's as a rule, if more follow */
	if (at - name == 8 && end - at > 1 && at[0] == 1)
		return guess_ipv6(name, size, addr_r);
	*addr_r = addr;
	return true;
}

bool
revname_is_top(const uint8_t *label, size_t size)
{
	uint8_t whole[1 + 3] = {(uint8_t)size};

	if (size == 0 || size > 3)
		return false;
	memcpy(whole + 1, label, size);
	return octet_of(whole, sizeof(whole)) <= 255 ||
	       nibble_value(label, size) >= 0;
}
