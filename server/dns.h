/*
 * The numbers of the DNS that the server uses, by their usual names.  They are
 * read and written by lib/bytes.h.
 */
#ifndef SERVER_DNS_H
#define SERVER_DNS_H

#define DNS_HEADER_SIZE 12

/* octet 2 of the header */
#define DNS_QR 0x80
#define DNS_AA 0x04
#define DNS_TC 0x02
#define DNS_RD 0x01

enum dns_rcode {
	DNS_NOERROR = 0,
	DNS_FORMERR = 1,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4,
	DNS_REFUSED = 5,
	DNS_NOTAUTH = 9,
	/* the upper bits of these go into the OPT record */
	DNS_BADVERS = 16,
	DNS_BADCOOKIE = 23,
};

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DNAME = 39,
	DNS_OPT = 41,
	DNS_DS = 43,
	DNS_RRSIG = 46,
	DNS_NSEC = 47,
	DNS_DNSKEY = 48,
	DNS_NSEC3 = 50,
	DNS_NSEC3PARAM = 51,
	DNS_TKEY = 249,
	DNS_TSIG = 250,
	DNS_IXFR = 251,
	DNS_AXFR = 252,
	DNS_MAILB = 253,
	DNS_MAILA = 254,
	DNS_ANY = 255,
};

#define DNS_CLASS_IN 1
#define DNS_CLASS_CHAOS 3
#define DNS_CLASS_ANY 255

#define DNS_OPT_SIZE 11       /* an OPT record without options */
#define DNS_OPT_DO 0x80       /* in the first octet of its flags */
#define DNS_UDP_PLAIN_MAX 512 /* RFC 1035 section 4.2.1 */
#define DNS_UDP_EDNS_MAX 1232 /* what fits every path: DNS flag day 2020 */

#endif
