/*
 * Reversed names, read strictly: `02.0.0.127` is no name of 127.0.0.2, since
 * a second name for an address would be a second place to list it.  Called
 * for each query (content.c) and for each name of a master file (zonefile.c).
 */
#include "autoconf.h"

#include <string.h>

#include "revname.h"

/* One decimal octet; -1 for anything else. */
static int
octet_value(const uint8_t *text, size_t size)
{
	int value = 0;

	if (size < 1 || size > 3 || (size > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value <= 255 ? value : -1;
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
		int value = octet_value(labels + at + 1, labels[at]);

		if (value < 0 || count == 4)
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

bool
revname_is_top(const uint8_t *label, size_t size)
{
	return octet_value(label, size) >= 0 || nibble_value(label, size) >= 0;
}
