/*
 * The question of a DNS message: bytes in, struct query out.  Pure.
 *
 * Strict, since what a lenient parser lets pass is somebody's attack: the
 * question's name has no compression pointer, nothing follows the last record,
 * a query has no answer records.  Additional records but OPT and TSIG are skipped.
 */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dname.h"
#include "dns.h"
#include "edns.h"
#include "tsig.h"

struct query {
	const uint8_t *bytes; /* borrowed: the message as it came */
	uint16_t id;
	uint8_t opcode;
	bool rd;
	enum dns_rcode error; /* DNS_NOERROR: it can be answered */

	uint16_t question_size; /* bytes after the header; 0: none to echo */
	uint16_t type;
	uint16_t class;
	uint8_t name[DNAME_SIZE_MAX]; /* in lower case */
	uint8_t name_size;            /* with the root label */

	bool cookie_only; /* without error and without a question: what is
			     asked for is a cookie (RFC 7873 section 5.4) */
	struct edns edns;
	struct tsig tsig; /* of a message without FORMERR */
};

/*
 * Parses a message.  False: no response may be sent (shorter than a header,
 * or a response itself).  Else *query_r is filled as far as it was
 * understood, and its `error` is what to answer: FORMERR, NOTIMP for an opcode
 * other than QUERY, BADVERS for an EDNS version above 0, NOERROR.
 */
bool query_parse(const uint8_t *bytes, size_t size, struct query *query_r);

#endif
