/*
 * Strict readers and plain writers of addresses, prefixes and endpoints.
 *
 * inet_pton(3) does the reading of both families: it takes just the strict
 * forms that the header promises (no leading zeros, no zone ids); what is
 * left here is lengths, prefixes and bits.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "ipprefix.h"

int
bs_addr_parse(const char *text, size_t size, struct bs_addr *addr_r)
{
	char copy[BS_ADDR_TEXT_MAX];
	struct bs_addr addr = {0};
	bool ipv6;

	if (size == 0 || size >= sizeof(copy) ||
	    memchr(text, '\0', size) != NULL)
		return BS_EINVAL;
	memcpy(copy, text, size);
	copy[size] = '\0';
	ipv6 = strchr(copy, ':') != NULL;
	if (inet_pton(ipv6 ? AF_INET6 : AF_INET, copy, addr.octet) != 1)
		return BS_EINVAL;
	addr.family = ipv6 ? BS_IPV6 : BS_IPV4;
	*addr_r = addr;
	return BS_OK;
}

void
bs_addr_unmap(struct bs_addr *addr)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (addr->family != BS_IPV6 ||
	    memcmp(addr->octet, mapped, sizeof(mapped)) != 0)
		return;
	addr->family = BS_IPV4;
	memcpy(addr->octet, addr->octet + 12, 4);
	memset(addr->octet + 4, 0, 12);
}

/* As inet_ntop(3), which prints it by format. */
static char *
format_ipv4(const uint8_t octet[4], char text[BS_ADDR_TEXT_MAX])
{
	char *to = text;

	for (int i = 0; i < 4; i++) {
		unsigned number = octet[i];

		if (i > 0)
			*to++ = '.';
		if (number >= 100)
			*to++ = (char)('0' + number / 100);
		if (number >= 10)
			*to++ = (char)('0' + number / 10 % 10);
		*to++ = (char)('0' + number % 10);
	}
	*to = '\0';
	return text;
}

char *
bs_addr_format(const struct bs_addr *addr, char text[BS_ADDR_TEXT_MAX])
{
	if (addr->family == BS_IPV4)
		return format_ipv4(addr->octet, text);
	if (inet_ntop(AF_INET6, addr->octet, text, BS_ADDR_TEXT_MAX) == NULL)
		text[0] = '\0';
	return text;
}

unsigned
bs_family_bits(uint8_t family)
{
	return family == BS_IPV4 ? 32 : 128;
}

size_t
bs_family_octets(uint8_t family)
{
	return family == BS_IPV4 ? 4 : family == BS_IPV6 ? 16 : 0;
}

int
bs_addr_compare(const struct bs_addr *a, const struct bs_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->octet, b->octet, sizeof(a->octet));
}

bool
bs_addr_is_any(const struct bs_addr *addr)
{
	const struct bs_addr any = {.family = addr->family};

	return bs_addr_compare(addr, &any) == 0;
}

/* Reads a decimal number without sign or leading zero. */
static int
parse_decimal(const char *text, size_t size, unsigned max, unsigned *number_r)
{
	unsigned number = 0;

	if (size == 0 || size > 6 || (size > 1 && text[0] == '0'))
		return BS_EINVAL;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return BS_EINVAL;
		number = number * 10 + (unsigned)(text[i] - '0');
	}
	if (number > max)
		return BS_ERANGE;
	*number_r = number;
	return BS_OK;
}

int
bs_prefix_parse(const char *text, size_t size, struct bs_prefix *prefix_r)
{
	const char *slash = memchr(text, '/', size);
	size_t addr_size = slash != NULL ? (size_t)(slash - text) : size;
	struct bs_addr addr;
	unsigned bits;
	int error;

	error = bs_addr_parse(text, addr_size, &addr);
	if (error != BS_OK)
		return error;
	bits = bs_family_bits(addr.family);
	if (slash != NULL) {
		error =
		    parse_decimal(slash + 1, size - addr_size - 1, bits, &bits);
		if (error != BS_OK)
			return error;
	}
	*prefix_r = bs_prefix_of(&addr, bits);
	return bs_addr_compare(&prefix_r->addr, &addr) == 0 ? BS_OK
							    : BS_EHOSTBITS;
}

char *
bs_prefix_format(const struct bs_prefix *prefix, char text[BS_PREFIX_TEXT_MAX])
{
	size_t used;

	(void)bs_addr_format(&prefix->addr, text);
	if (!bs_prefix_is_single(prefix)) {
		used = strlen(text);
		(void)snprintf(text + used, BS_PREFIX_TEXT_MAX - used, "/%u",
		    prefix->bits);
	}
	return text;
}

struct bs_prefix
bs_prefix_of(const struct bs_addr *addr, unsigned bits)
{
	struct bs_prefix prefix = {.addr = *addr, .bits = (uint8_t)bits};
	unsigned first = bits / 8;

	assert(bits <= bs_family_bits(addr->family));
	if (bits % 8 != 0)
		prefix.addr.octet[first++] &= (uint8_t)(0xff00u >> bits % 8);
	if (first < sizeof(prefix.addr.octet))
		memset(prefix.addr.octet + first, 0,
		    sizeof(prefix.addr.octet) - first);
	return prefix;
}

struct bs_prefix
bs_prefix_single(const struct bs_addr *addr)
{
	return (struct bs_prefix){
	    .addr = *addr,
	    .bits = (uint8_t)bs_family_bits(addr->family),
	};
}

bool
bs_prefix_is_single(const struct bs_prefix *prefix)
{
	return prefix->bits == bs_family_bits(prefix->addr.family);
}

bool
bs_prefix_has(const struct bs_prefix *prefix, const struct bs_addr *addr)
{
	const uint8_t *a = prefix->addr.octet, *b = addr->octet;
	unsigned whole = prefix->bits / 8, rest = prefix->bits % 8;

	if (prefix->addr.family != addr->family ||
	    (whole > 0 && a[0] != b[0])) /* as with most of a table */
		return false;
	return memcmp(a, b, whole) == 0 &&
	       (rest == 0 || ((a[whole] ^ b[whole]) & 0xff00u >> rest) == 0);
}

bool
bs_prefix_any_has(
    const struct bs_prefix prefix[], size_t count, const struct bs_addr *addr)
{
	for (size_t i = 0; i < count; i++) {
		if (bs_prefix_has(&prefix[i], addr))
			return true;
	}
	return false;
}

bool
bs_prefix_covers(const struct bs_prefix *outer, const struct bs_prefix *inner)
{
	return outer->bits <= inner->bits && bs_prefix_has(outer, &inner->addr);
}

unsigned
bs_addr_common_bits(const struct bs_addr *a, const struct bs_addr *b)
{
	unsigned bits = 0, most = bs_family_bits(a->family);

	while (bits < most && a->octet[bits / 8] == b->octet[bits / 8])
		bits += 8;
	while (bits < most && ((a->octet[bits / 8] ^ b->octet[bits / 8]) &
				  0x80 >> bits % 8) == 0)
		bits++;
	return bits;
}

struct bs_addr
bs_prefix_last(const struct bs_prefix *prefix)
{
	struct bs_addr last = prefix->addr;
	unsigned end = bs_family_bits(last.family);

	for (unsigned bit = prefix->bits; bit < end; bit++)
		last.octet[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return last;
}

void
bs_prefix_unmap(struct bs_prefix *prefix)
{
	struct bs_addr addr = prefix->addr;

	if (addr.family != BS_IPV6 || prefix->bits < 96)
		return;
	bs_addr_unmap(&addr);
	if (addr.family == BS_IPV4)
		*prefix = bs_prefix_of(&addr, prefix->bits - 96u);
}

int
bs_prefix_compare(const struct bs_prefix *a, const struct bs_prefix *b)
{
	int order = bs_addr_compare(&a->addr, &b->addr);

	if (order != 0)
		return order;
	return (a->bits > b->bits) - (a->bits < b->bits);
}

int
bs_endpoint_parse(const char *text, size_t size, struct bs_endpoint *endpoint_r)
{
	const char *at = memchr(text, '@', size);
	struct bs_addr addr;
	unsigned port;
	int error;

	if (at == NULL)
		return BS_EINVAL;
	error = bs_addr_parse(text, (size_t)(at - text), &addr);
	if (error != BS_OK)
		return error;
	error =
	    parse_decimal(at + 1, size - (size_t)(at - text) - 1, 65535, &port);
	if (error != BS_OK)
		return error;
	*endpoint_r = (struct bs_endpoint){addr, (uint16_t)port};
	return BS_OK;
}

char *
bs_endpoint_format(
    const struct bs_endpoint *endpoint, char text[BS_ENDPOINT_TEXT_MAX])
{
	size_t used;

	(void)bs_addr_format(&endpoint->addr, text);
	used = strlen(text);
	(void)snprintf(
	    text + used, BS_ENDPOINT_TEXT_MAX - used, "@%u", endpoint->port);
	return text;
}

socklen_t
bs_endpoint_to_sockaddr(
    const struct bs_endpoint *endpoint, struct sockaddr_storage *sockaddr_r)
{
	memset(sockaddr_r, 0, sizeof(*sockaddr_r));
	if (endpoint->addr.family == BS_IPV4) {
		struct sockaddr_in *in = (struct sockaddr_in *)sockaddr_r;

		in->sin_family = AF_INET;
		in->sin_port = htons(endpoint->port);
		memcpy(&in->sin_addr, endpoint->addr.octet, 4);
		return sizeof(*in);
	} else {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)sockaddr_r;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(endpoint->port);
		memcpy(&in6->sin6_addr, endpoint->addr.octet, 16);
		return sizeof(*in6);
	}
}

int
bs_endpoint_from_sockaddr(
    const struct sockaddr *sockaddr, struct bs_endpoint *endpoint_r)
{
	/* for each query: written where it stays, since a copy would wait for
	 * its parts to be stored */
	if (sockaddr->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sockaddr, sizeof(in));
		memset(endpoint_r, 0, sizeof(*endpoint_r));
		endpoint_r->addr.family = BS_IPV4;
		endpoint_r->port = ntohs(in.sin_port);
		memcpy(endpoint_r->addr.octet, &in.sin_addr, 4);
	} else if (sockaddr->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sockaddr, sizeof(in6));
		memset(endpoint_r, 0, sizeof(*endpoint_r));
		endpoint_r->addr.family = BS_IPV6;
		endpoint_r->port = ntohs(in6.sin6_port);
		memcpy(endpoint_r->addr.octet, &in6.sin6_addr, 16);
		bs_addr_unmap(&endpoint_r->addr);
	} else {
		return BS_EINVAL;
	}
	return BS_OK;
}
