/*
 * Signatures of queries (TSIG, RFC 8945): what a signed one says of itself, and
 * how one is answered whose key is not known, as none is here.  Pure.
 */
#ifndef SERVER_TSIG_H
#define SERVER_TSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dname.h"
#include "dns.h"

/* A query's. */
struct tsig {
	bool present;
	uint8_t key_size, algorithm_size; /* with the root label */
	uint16_t original_id;
	uint8_t key[DNAME_SIZE_MAX]; /* as it came, uncompressed */
	const uint8_t *algorithm;    /* a name, uncompressed, in the message */
	const uint8_t *signed_at;    /* 48 bits, then 16 of fudge: as well */
};

/* A TSIG record as it stands in a message. */
struct tsig_record {
	const uint8_t *message; /* all of it */
	size_t owner_at;        /* where in the message its owner begins */
	uint16_t class;
	uint32_t ttl;
	const uint8_t *data;
	size_t size;
};

/*
 * Reads a record into *tsig_r, which becomes `present`; it borrows from the
 * message.  DNS_FORMERR where it can't be interpreted (section 5.2), and *tsig_r
 * is not present then; else DNS_NOERROR.
 */
enum dns_rcode tsig_parse(
    const struct tsig_record *record, struct tsig *tsig_r);

/* The size of what tsig_write_unknown writes. */
size_t tsig_unknown_size(const struct tsig *tsig);

/* Writes the record that says that the key is not known, unsigned (sections
 * 5.2.1 and 5.3.2).  Returns its size. */
size_t tsig_write_unknown(const struct tsig *tsig, uint8_t *bytes);

#endif
