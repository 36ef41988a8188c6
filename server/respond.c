/*
 * From query to response: parse, see who asks and what for, find the zone, find
 * what the name is, write.  Called by udp.c and tcpanswer.c for each message.
 */
#include "autoconf.h"

#include "answer.h"
#include "chaos.h"
#include "counters.h"
#include "query.h"
#include "respond.h"

/* A message on its way to a response. */
struct exchange {
	const struct respond_context *context;
	const struct guard *guard;
	bool udp;
	struct query query;
	const struct zone *zone; /* NULL: the question is about none */
	const char *chaos;       /* the answer in class CHAOS */
	bool trusted;            /* the client is who it says it is */
	bool unlimited;          /* by the zone's `allow` */
	struct edns_reply edns;  /* where the query has OPT */
	uint8_t cookie[COOKIE_SIZE];
};

/* An rcode with its extended error. */
static enum dns_rcode
fail(struct exchange *exchange, enum dns_rcode rcode, enum edns_error error)
{
	exchange->edns.error = error;
	return rcode;
}

/* --- EDNS and cookies -------------------------------------------------------- */

/* RFC 7873 section 5.2: a cookie's length must be right; whether a cookie that
 * is not ours gets an answer is a setting. */
static enum dns_rcode
take_cookie(struct exchange *exchange)
{
	const struct respond_context *context = exchange->context;
	const struct guard *guard = exchange->guard;
	const struct edns *edns = &exchange->query.edns;
	bool ours_is_wrong;

	if (!cookie_size_valid(edns->cookie_size))
		return DNS_FORMERR;
	exchange->trusted = cookie_check(&guard->secrets, edns->cookie,
	    edns->cookie_size, &context->client.addr, context->now.wall_s);
	cookie_make(&guard->secrets, edns->cookie, &context->client.addr,
	    context->now.wall_s, exchange->cookie);
	exchange->edns.cookie = exchange->cookie;
	ours_is_wrong =
	    !exchange->trusted && edns->cookie_size > COOKIE_CLIENT_SIZE;
	if (exchange->query.cookie_only)
		return ours_is_wrong ? DNS_BADCOOKIE : DNS_NOERROR;
	return guard->strict && exchange->udp && !exchange->trusted
		   ? DNS_BADCOOKIE
		   : DNS_NOERROR;
}

/* Begins the response's OPT record. */
static enum dns_rcode
open_edns(struct exchange *exchange)
{
	const struct guard *guard = exchange->guard;
	const struct edns *edns = &exchange->query.edns;

	exchange->edns = (struct edns_reply){
	    .size = guard->udp_size,
	    .dnssec_ok = edns->dnssec_ok,
	    .nsid = edns->nsid ? guard->nsid : NULL,
	    .error = EDNS_ERROR_NONE,
	};
	if (edns->cookie != NULL && guard->cookies)
		return take_cookie(exchange);
	return exchange->query.cookie_only ? DNS_FORMERR : DNS_NOERROR;
}

/* --- what is asked, and who asks ----------------------------------------------- */

/* What can't be asked as data, whatever the name. */
static enum dns_rcode
check_type(struct exchange *exchange)
{
	switch (exchange->query.type) {
	case DNS_OPT:
	case DNS_TKEY:
	case DNS_TSIG:
		return DNS_FORMERR;
	case DNS_AXFR: /* not over UDP (RFC 5936 section 4.2), and over TCP */
	case DNS_IXFR: /* nobody is allowed to, so far */
		return fail(exchange, DNS_REFUSED, EDNS_ERROR_PROHIBITED);
	case DNS_MAILA:
	case DNS_MAILB:
		return fail(exchange, DNS_NOTIMP, EDNS_ERROR_NOT_SUPPORTED);
	default:
		return DNS_NOERROR;
	}
}

static enum dns_rcode
check_chaos(struct exchange *exchange)
{
	const struct query *query = &exchange->query;

	if (query->class == DNS_CLASS_CHAOS &&
	    (query->type == DNS_TXT || query->type == DNS_ANY))
		exchange->chaos =
		    chaos_find(exchange->guard, query->name, query->name_size);
	return exchange->chaos != NULL
		   ? DNS_NOERROR
		   : fail(exchange, DNS_REFUSED, EDNS_ERROR_NOT_AUTHORITATIVE);
}

/* Finds the zone, and whether this client may ask about it. */
static enum dns_rcode
check_zone(struct exchange *exchange)
{
	const struct respond_context *context = exchange->context;
	const struct query *query = &exchange->query;
	enum access_verdict verdict;

	exchange->zone =
	    zone_table_find(context->zones, query->name, query->name_size);
	if (exchange->zone == NULL)
		return fail(
		    exchange, DNS_REFUSED, EDNS_ERROR_NOT_AUTHORITATIVE);
	if (query->type == DNS_DS)
		exchange->zone = zone_table_find_ds(context->zones,
		    exchange->zone, query->name, query->name_size);
	verdict = access_find(exchange->zone->access, &context->client.addr);
	exchange->unlimited = verdict == ACCESS_ALLOWED;
	if (verdict == ACCESS_DENIED)
		return fail(exchange, DNS_REFUSED, EDNS_ERROR_PROHIBITED);
	return DNS_NOERROR;
}

/* Whether there may be an answer at all, or why not. */
static enum dns_rcode
check(struct exchange *exchange)
{
	const struct query *query = &exchange->query;
	enum dns_rcode rcode = DNS_NOERROR;

	if (query->edns.present)
		rcode = open_edns(exchange);
	/* before anything else; we have no keys */
	if (query->tsig.present)
		return DNS_NOTAUTH;
	if (query->error == DNS_NOTIMP)
		return fail(exchange, DNS_NOTIMP, EDNS_ERROR_NOT_SUPPORTED);
	if (query->error != DNS_NOERROR)
		return query->error;
	if (rcode != DNS_NOERROR || query->cookie_only)
		return rcode;
	rcode = check_type(exchange);
	if (rcode != DNS_NOERROR)
		return rcode;
	if (query->class != DNS_CLASS_IN && query->class != DNS_CLASS_ANY)
		return check_chaos(exchange);
	return check_zone(exchange);
}

/* --- the response ---------------------------------------------------------------- */

static struct content
find(const struct exchange *exchange)
{
	const struct query *query = &exchange->query;

	/* without a database there is no serial either */
	if (exchange->context->lookup.error != 0)
		return (struct content){.kind = CONTENT_ERROR};
	return content_find(exchange->zone, &exchange->context->lookup,
	    query->name, (size_t)query->name_size - exchange->zone->name_size);
}

static bool
is_alias(const struct exchange *exchange, const struct content *content)
{
	uint16_t type = exchange->query.type;

	return content->kind == CONTENT_STATIC &&
	       content->node->alias != NULL && type != DNS_CNAME &&
	       type != DNS_ANY;
}

static size_t
write_content(struct exchange *exchange, const struct content *content,
    struct answer_room room)
{
	const struct query *query = &exchange->query;
	const struct zone *zone = exchange->zone;
	struct counters *counters = exchange->context->counters;

	if (content->kind == CONTENT_ERROR)
		return answer_error(query,
		    fail(exchange, DNS_SERVFAIL, EDNS_ERROR_NOT_READY), room);
	if (content->kind == CONTENT_LISTED && !content->test &&
	    counters != NULL)
		counters_listed(
		    counters, zone->slot, content->classes, &content->prefix);
	return answer_write(
	    query, zone, content, exchange->context->lookup.serial, room);
}

static size_t
answer_zone(struct exchange *exchange, struct answer_room room)
{
	const struct content content = find(exchange);

	if (is_alias(exchange, &content)) {
		const struct content last = content_follow(
		    exchange->zone, &exchange->context->lookup, content.node);

		return write_content(exchange, &last, room);
	}
	return write_content(exchange, &content, room);
}

static size_t
answer(struct exchange *exchange, struct answer_room room)
{
	const struct query *query = &exchange->query;

	if (exchange->chaos != NULL)
		return answer_chaos(query, exchange->chaos, room);
	if (query->cookie_only)
		return answer_error(query, DNS_NOERROR, room);
	return answer_zone(exchange, room);
}

static enum ratelimit_verdict
limit(const struct exchange *exchange)
{
	const struct respond_context *context = exchange->context;
	const struct guard *guard = exchange->guard;

	if (guard->ratelimit == NULL || !exchange->udp || exchange->trusted ||
	    exchange->unlimited ||
	    access_find(guard->unlimited, &context->client.addr) ==
		ACCESS_ALLOWED)
		return RATELIMIT_ANSWER;
	return ratelimit_check(
	    guard->ratelimit, &context->client.addr, context->now.monotonic_ms);
}

static size_t
udp_size(const struct edns *edns, size_t most)
{
	if (!edns->present || edns->size < DNS_UDP_PLAIN_MAX)
		return DNS_UDP_PLAIN_MAX;
	return edns->size < most ? edns->size : most;
}

static void
count_limited(const struct exchange *exchange, bool slipped)
{
	struct counters *counters = exchange->context->counters;

	if (counters != NULL)
		counters_add(slipped ? &counters->slipped : &counters->limited);
}

/* Of an answer that went well so far the response says the rest. */
static void
count(const struct exchange *exchange, enum dns_rcode rcode,
    const uint8_t *response)
{
	struct counters *counters = exchange->context->counters;

	if (counters == NULL)
		return;
	counters_query(counters, exchange->udp, exchange->query.type,
	    rcode != DNS_NOERROR ? (unsigned)rcode : response[3] & 0x0fu,
	    &exchange->context->client.addr);
	if (exchange->zone != NULL)
		counters_zone(counters, exchange->zone->slot);
}

/* No query, or one that nobody can be answered to. */
static size_t
drop(const struct respond_context *context)
{
	if (context->counters != NULL)
		counters_add(&context->counters->dropped);
	return 0;
}

static size_t
respond(struct exchange *exchange, struct answer_room room)
{
	const struct query *query = &exchange->query;
	enum dns_rcode rcode = check(exchange);
	size_t size;

	if (exchange->udp)
		room.size = udp_size(&query->edns, exchange->guard->udp_size);
	if (query->edns.present)
		room.edns = &exchange->edns;
	switch (limit(exchange)) {
	case RATELIMIT_DROP:
		count_limited(exchange, false);
		return 0;
	case RATELIMIT_SLIP:
		count_limited(exchange, true);
		return answer_truncated(query, room);
	case RATELIMIT_ANSWER:
		break;
	}
	size = rcode != DNS_NOERROR ? answer_error(query, rcode, room)
				    : answer(exchange, room);
	count(exchange, rcode, room.bytes);
	return size;
}

/* An exchange with what does not depend on the message; not all of it is set,
 * since it is large. */
static void
begin(
    struct exchange *exchange, const struct respond_context *context, bool udp)
{
	const struct guard *guard = context->zones->guard;

	exchange->context = context;
	exchange->guard = guard != NULL ? guard : &guard_default;
	exchange->udp = udp;
	exchange->zone = NULL;
	exchange->chaos = NULL;
	exchange->trusted = false;
	exchange->unlimited = false;
}

size_t
respond_udp(const struct respond_context *context, const uint8_t *message,
    size_t size, uint8_t response[RESPOND_UDP_MAX])
{
	struct answer_room room = {.bytes = response};
	struct exchange exchange;

	if (!query_parse(message, size, &exchange.query))
		return drop(context);
	begin(&exchange, context, true);
	return respond(&exchange, room);
}

size_t
respond_tcp(const struct respond_context *context, const uint8_t *message,
    size_t size, uint8_t response[RESPOND_TCP_MAX])
{
	struct answer_room room = {.bytes = response, .size = RESPOND_TCP_MAX};
	struct exchange exchange;

	if (!query_parse(message, size, &exchange.query))
		return drop(context);
	begin(&exchange, context, false);
	return respond(&exchange, room);
}
