/*
 * From query to response: parse, find the zone, find what the name is, write.
 * Called by udp.c and tcpanswer.c for each message.
 */
#include "autoconf.h"

#include "answer.h"
#include "query.h"
#include "respond.h"

/* What can't be asked as data, whatever the name. */
static enum dns_rcode
check_type(uint16_t type)
{
	switch (type) {
	case DNS_OPT:
	case DNS_TKEY:
	case DNS_TSIG:
		return DNS_FORMERR;
	case DNS_AXFR: /* not over UDP (RFC 5936 section 4.2), and over TCP */
	case DNS_IXFR: /* nobody is allowed to, so far */
		return DNS_REFUSED;
	case DNS_MAILA:
	case DNS_MAILB:
		return DNS_NOTIMP;
	default:
		return DNS_NOERROR;
	}
}

static size_t
udp_limit(const struct query *query)
{
	if (!query->edns || query->edns_size < DNS_UDP_PLAIN_MAX)
		return DNS_UDP_PLAIN_MAX;
	return query->edns_size < DNS_UDP_EDNS_MAX ? query->edns_size
						   : DNS_UDP_EDNS_MAX;
}

static size_t
respond(const struct respond_context *context, const struct query *query,
    struct answer_room room)
{
	const struct lookup *lookup = &context->lookup;
	const struct zone *zone = NULL;
	struct content content;
	enum dns_rcode rcode;

	if (query->error != DNS_NOERROR)
		return answer_error(query, query->error, room);
	rcode = check_type(query->type);
	if (rcode != DNS_NOERROR)
		return answer_error(query, rcode, room);
	if (query->class == DNS_CLASS_IN)
		zone = zone_table_find(
		    context->zones, query->name, query->name_size);
	if (zone == NULL)
		return answer_error(query, DNS_REFUSED, room);
	/* without a database there is no serial either */
	if (lookup->error != 0)
		return answer_error(query, DNS_SERVFAIL, room);
	content = content_find(zone, lookup, query->name,
	    (size_t)query->name_size - zone->name_size);
	return answer_write(query, zone, &content, lookup->serial, room);
}

size_t
respond_udp(const struct respond_context *context, const uint8_t *message,
    size_t size, uint8_t response[RESPOND_UDP_MAX])
{
	struct answer_room room = {.bytes = response};
	struct query query;

	if (!query_parse(message, size, &query))
		return 0;
	room.size = udp_limit(&query);
	return respond(context, &query, room);
}

size_t
respond_tcp(const struct respond_context *context, const uint8_t *message,
    size_t size, uint8_t response[RESPOND_TCP_MAX])
{
	struct answer_room room = {.bytes = response, .size = RESPOND_TCP_MAX};
	struct query query;

	if (!query_parse(message, size, &query))
		return 0;
	return respond(context, &query, room);
}
