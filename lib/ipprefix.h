/*
 * IP addresses and prefixes, both families, in network order.
 *
 * Reading is strict, since a sloppy reader lists innocent hosts: IPv4 is four
 * decimal octets with no leading zero; IPv6 is RFC 4291 section 2.2 text with
 * no zone id, no brackets, no "IPv6:" tag.  Writing is RFC 5952.  Nothing here
 * does I/O, allocates or looks at a clock.
 */
#ifndef BS_IPPREFIX_H
#define BS_IPPREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum bs_family {
	BS_IPV4 = 4,
	BS_IPV6 = 6,
};

/* Octets in network order; an IPv4 address uses the first 4, the others are
 * 0, so that two addresses can be compared as bytes. */
struct bs_addr {
	uint8_t family; /* enum bs_family */
	uint8_t octet[16];
};

/* A prefix: all bits beyond `bits` are 0. */
struct bs_prefix {
	struct bs_addr addr;
	uint8_t bits; /* 0 to 32, or 0 to 128 */
};

/* An address and a UDP or TCP port. */
struct bs_endpoint {
	struct bs_addr addr;
	uint16_t port; /* host order */
};

/* Room for the longest text of each, with its NUL. */
#define BS_ADDR_TEXT_MAX 46
#define BS_PREFIX_TEXT_MAX (BS_ADDR_TEXT_MAX + 4)
#define BS_ENDPOINT_TEXT_MAX (BS_ADDR_TEXT_MAX + 6)

/*
 * Reads an address of `size` bytes (no NUL needed).  BS_EINVAL for anything
 * but the strict forms.  A v4-mapped address stays IPv6: see bs_addr_unmap.
 */
int bs_addr_parse(const char *text, size_t size, struct bs_addr *addr_r);

/* ::ffff:a.b.c.d becomes the IPv4 address a.b.c.d, others stay as they are
 * (RFC 4291 section 2.5.5.2). */
void bs_addr_unmap(struct bs_addr *addr);

/* Writes the address (RFC 5952); returns `text`. */
char *bs_addr_format(const struct bs_addr *addr, char text[BS_ADDR_TEXT_MAX]);

/* 32 or 128. */
unsigned bs_family_bits(uint8_t family);
/* 4 or 16; 0 for what is no family. */
size_t bs_family_octets(uint8_t family);

/* Orders by family, then by octets; 0 when equal. */
int bs_addr_compare(const struct bs_addr *a, const struct bs_addr *b);

/* Whether it is 0.0.0.0 or ::, all addresses of a host. */
bool bs_addr_is_any(const struct bs_addr *addr);

/*
 * Reads ADDRESS or ADDRESS/BITS (decimal, no leading zero, no sign).
 * BS_EINVAL: malformed; BS_ERANGE: BITS too large; BS_EHOSTBITS: bits set
 * beyond BITS, *prefix_r then holds the prefix with them cleared, for a
 * message that says what to write.
 */
int bs_prefix_parse(const char *text, size_t size, struct bs_prefix *prefix_r);

/* ADDRESS for a single address, else ADDRESS/BITS; returns `text`. */
char *bs_prefix_format(
    const struct bs_prefix *prefix, char text[BS_PREFIX_TEXT_MAX]);

/* The prefix of `bits` bits that holds `addr`; bits must fit the family. */
struct bs_prefix bs_prefix_of(const struct bs_addr *addr, unsigned bits);

/* The prefix that is just this address. */
struct bs_prefix bs_prefix_single(const struct bs_addr *addr);

/* Whether the prefix is one address. */
bool bs_prefix_is_single(const struct bs_prefix *prefix);

/* Whether `addr` lies in `prefix` (never across families). */
bool bs_prefix_has(const struct bs_prefix *prefix, const struct bs_addr *addr);

/* Whether it lies in one of `count` prefixes. */
bool bs_prefix_any_has(
    const struct bs_prefix prefix[], size_t count, const struct bs_addr *addr);

/* Whether all of `inner` lies in `outer`; equal ones do. */
bool bs_prefix_covers(
    const struct bs_prefix *outer, const struct bs_prefix *inner);

/* How many leading bits two addresses of a family have in common. */
unsigned bs_addr_common_bits(const struct bs_addr *a, const struct bs_addr *b);

/* The last address of a prefix. */
struct bs_addr bs_prefix_last(const struct bs_prefix *prefix);

/* ::ffff:192.0.2.0/120 becomes 192.0.2.0/24 (RFC 4291 section 2.5.5.2), others
 * stay as they are. */
void bs_prefix_unmap(struct bs_prefix *prefix);

/* Orders by family, octets, bits (a wider one before what it holds). */
int bs_prefix_compare(const struct bs_prefix *a, const struct bs_prefix *b);

/*
 * Reads ADDRESS@PORT as NSD and Knot write it; PORT 0 to 65535 (0: the system
 * chooses).  BS_EINVAL: malformed, also ADDRESS:PORT; BS_ERANGE: port.
 */
int bs_endpoint_parse(
    const char *text, size_t size, struct bs_endpoint *endpoint_r);

/* ADDRESS@PORT; returns `text`. */
char *bs_endpoint_format(
    const struct bs_endpoint *endpoint, char text[BS_ENDPOINT_TEXT_MAX]);

/* Fills a socket address; returns its size in bytes. */
socklen_t bs_endpoint_to_sockaddr(
    const struct bs_endpoint *endpoint, struct sockaddr_storage *sockaddr_r);

/* The endpoint of a socket address, of IPv4 where a socket of both families
 * says ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2); BS_EINVAL for other families. */
int bs_endpoint_from_sockaddr(
    const struct sockaddr *sockaddr, struct bs_endpoint *endpoint_r);

#endif
