/*
 * The query parser: the first to touch a stranger's bytes.  Works forward over
 * the message with a cursor that never passes its end, allocates nothing, and
 * its time is linear in the size.  Who may ask what is decided elsewhere
 * (content.c); what is sent back is written in answer.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"

#include "query.h"

struct cursor {
	const uint8_t *bytes;
	size_t size;
	size_t at; /* never above size */
};

/* A record of a section after the question. */
struct record {
	size_t owner_at; /* in the message */
	bool root_owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	const uint8_t *data;
	uint16_t data_size;
};

static bool
has(const struct cursor *cursor, size_t wanted)
{
	return cursor->size - cursor->at >= wanted;
}

/* The question's name, kept in lower case. */
static bool
parse_name(struct cursor *cursor, struct query *query)
{
	const uint8_t *in = cursor->bytes + cursor->at;
	size_t room = cursor->size - cursor->at, size = 0;
	uint8_t length;

	if (room > DNAME_SIZE_MAX)
		room = DNAME_SIZE_MAX;
	/* labels first, then all octets alike: lengths are in lower case */
	do {
		if (size >= room)
			return false;
		length = in[size];
		if (length > DNAME_LABEL_MAX)
			return false;
		size += 1u + length;
	} while (length != 0);
	if (size > room)
		return false;
	dname_copy_lower(query->name, in, size);
	query->name_size = (uint8_t)size;
	cursor->at += size;
	return true;
}

static bool
parse_question(struct cursor *cursor, struct query *query)
{
	if (!parse_name(cursor, query) || !has(cursor, 4))
		return false;
	query->type = bs_get_be16(cursor->bytes + cursor->at);
	query->class = bs_get_be16(cursor->bytes + cursor->at + 2);
	cursor->at += 4;
	query->question_size = (uint16_t)(cursor->at - DNS_HEADER_SIZE);
	return true;
}

/* Passes over a record's owner, which may end in a compression pointer; where
 * that points to does not matter here. */
static bool
skip_owner(struct cursor *cursor)
{
	for (size_t size = 0; size < DNAME_SIZE_MAX;) {
		uint8_t length;

		if (!has(cursor, 1))
			return false;
		length = cursor->bytes[cursor->at];
		if (length >= 0xc0) {
			if (!has(cursor, 2))
				return false;
			cursor->at += 2;
			return true;
		}
		if (length > DNAME_LABEL_MAX || !has(cursor, 1u + length))
			return false;
		cursor->at += 1u + length;
		size += 1u + length;
		if (length == 0)
			return true;
	}
	return false;
}

static bool
parse_record(struct cursor *cursor, struct record *record_r)
{
	const uint8_t *at;

	record_r->owner_at = cursor->at;
	record_r->root_owner = has(cursor, 1) && cursor->bytes[cursor->at] == 0;
	if (!skip_owner(cursor) || !has(cursor, 10))
		return false;
	at = cursor->bytes + cursor->at;
	record_r->type = bs_get_be16(at);
	record_r->class = bs_get_be16(at + 2);
	record_r->ttl = bs_get_be32(at + 4);
	record_r->data_size = bs_get_be16(at + 8);
	record_r->data = at + 10;
	cursor->at += 10;
	if (!has(cursor, record_r->data_size))
		return false;
	cursor->at += record_r->data_size;
	return true;
}

/* RFC 6891 section 6.1.1: there is one, and the root owns it. */
static enum dns_rcode
parse_opt(const struct record *record, struct query *query)
{
	if (!record->root_owner || query->edns.present)
		return DNS_FORMERR;
	return edns_parse(record->class, record->ttl, record->data,
	    record->data_size, &query->edns);
}

/* RFC 8945 section 5.2: there is one, behind all others. */
static enum dns_rcode
parse_tsig(const struct cursor *cursor, const struct record *record,
    bool is_last, struct query *query)
{
	const struct tsig_record tsig = {
	    .message = cursor->bytes,
	    .owner_at = record->owner_at,
	    .class = record->class,
	    .ttl = record->ttl,
	    .data = record->data,
	    .size = record->data_size,
	};

	return is_last ? tsig_parse(&tsig, &query->tsig) : DNS_FORMERR;
}

static enum dns_rcode
parse_additional(struct cursor *cursor, size_t count, struct query *query)
{
	enum dns_rcode result = DNS_NOERROR;
	struct record record;

	while (count-- > 0) {
		enum dns_rcode rcode = DNS_NOERROR;

		if (!parse_record(cursor, &record))
			return DNS_FORMERR;
		if (record.type == DNS_OPT)
			rcode = parse_opt(&record, query);
		else if (record.type == DNS_TSIG)
			rcode = parse_tsig(cursor, &record, count == 0, query);
		if (rcode == DNS_FORMERR)
			return rcode;
		if (rcode != DNS_NOERROR)
			result = rcode;
	}
	return cursor->at == cursor->size ? result : DNS_FORMERR;
}

/* A message without a question can only ask for a cookie. */
static enum dns_rcode
parse_no_question(struct cursor *cursor, struct query *query)
{
	const uint8_t *header = cursor->bytes;
	enum dns_rcode rcode;

	if (bs_get_be16(header + 6) != 0 || bs_get_be16(header + 8) != 0)
		return DNS_FORMERR;
	rcode = parse_additional(cursor, bs_get_be16(header + 10), query);
	if (rcode == DNS_NOERROR && query->edns.cookie == NULL)
		return DNS_FORMERR;
	query->cookie_only = rcode == DNS_NOERROR;
	return rcode;
}

/* Everything after the header. */
static enum dns_rcode
parse_sections(struct cursor *cursor, struct query *query)
{
	const uint8_t *header = cursor->bytes;
	size_t authority = bs_get_be16(header + 8);
	struct record record;

	if (bs_get_be16(header + 4) == 0)
		return parse_no_question(cursor, query);
	if (bs_get_be16(header + 4) != 1 || !parse_question(cursor, query))
		return DNS_FORMERR;
	/* an IXFR request carries its SOA there (RFC 1995 section 3) */
	if (bs_get_be16(header + 6) != 0 ||
	    authority > (query->type == DNS_IXFR ? 1 : 0))
		return DNS_FORMERR;
	if (authority > 0 &&
	    (!parse_record(cursor, &record) || record.type != DNS_SOA))
		return DNS_FORMERR;
	return parse_additional(cursor, bs_get_be16(header + 10), query);
}

bool
query_parse(const uint8_t *bytes, size_t size, struct query *query_r)
{
	struct cursor cursor = {bytes, size, DNS_HEADER_SIZE};

	if (size < DNS_HEADER_SIZE || (bytes[2] & DNS_QR) != 0)
		return false;
	query_r->bytes = bytes;
	query_r->id = bs_get_be16(bytes);
	query_r->opcode = bytes[2] >> 3 & 0xf;
	query_r->rd = (bytes[2] & DNS_RD) != 0;
	query_r->question_size = 0;
	query_r->cookie_only = false;
	query_r->edns.present = false;
	query_r->edns.cookie = NULL;
	query_r->tsig.present = false;
	query_r->error = parse_sections(&cursor, query_r);
	if (query_r->error == DNS_FORMERR)
		query_r->tsig.present = false;
	/* other opcodes have sections of their own: understood only as far
	 * as they look like a query, to echo question and OPT */
	if (query_r->opcode != 0)
		query_r->error = DNS_NOTIMP;
	return true;
}
