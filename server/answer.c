/*
 * Writes responses: header, the question as it was asked (its case too, RFC
 * 4343), records whose owner points into the question, OPT where the query had
 * one.  Static records come ready from zone.c; the SOA gets the live serial.
 * Called by respond.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"

#include "answer.h"
#include "txt.h"
#include "zone_links.h"

#define POINTER 0xc000
#define RECORD_HEAD 12         /* owner's pointer, type, class, TTL, size */
#define SOA_SERIAL_FROM_END 20 /* before REFRESH, RETRY, EXPIRE, MINIMUM */

/* Where the header counts a section's records. */
enum section {
	ANSWER = 6,
	AUTHORITY = 8,
	ADDITIONAL = 10,
};

struct writer {
	const struct query *query;
	const struct edns_reply *edns;
	uint8_t *bytes;
	size_t size;
	size_t room;
	size_t limit; /* room for OPT already taken off */
	/* the name that answers are about: where in the message it stands, and
	 * how many bytes it has before the zone's */
	size_t owner, owner_size;
	bool truncated;
};

/* Everything up to the answer section. */
static struct writer
begin(const struct query *query, struct answer_room room)
{
	struct writer writer = {
	    .query = query,
	    .edns = room.edns,
	    .bytes = room.bytes,
	    .room = room.size,
	    .owner = DNS_HEADER_SIZE,
	};

	memset(room.bytes, 0, DNS_HEADER_SIZE);
	bs_put_be16(room.bytes, query->id);
	room.bytes[2] =
	    (uint8_t)(DNS_QR | query->opcode << 3 | (query->rd ? DNS_RD : 0));
	writer.limit =
	    room.size - (room.edns != NULL ? edns_reply_size(room.edns) : 0);
	writer.size = DNS_HEADER_SIZE + query->question_size;
	if (query->question_size > 0)
		memcpy(room.bytes + DNS_HEADER_SIZE,
		    query->bytes + DNS_HEADER_SIZE, query->question_size);
	bs_put_be16(room.bytes + 4, query->question_size > 0);
	return writer;
}

static void
count(struct writer *writer, enum section section, unsigned records)
{
	uint8_t *at = writer->bytes + section;

	bs_put_be16(at, (uint16_t)(bs_get_be16(at) + records));
}

/* Behind all else, as far as there is room (RFC 8945 section 5.3.2). */
static void
put_tsig(struct writer *writer)
{
	const struct tsig *tsig = &writer->query->tsig;

	if (tsig_unknown_size(tsig) > writer->room - writer->size)
		return;
	writer->size += tsig_write_unknown(tsig, writer->bytes + writer->size);
	count(writer, ADDITIONAL, 1);
}

/* Rcode, OPT (RFC 6891 section 6.1) and TSIG; returns the size of it all. */
static size_t
finish(struct writer *writer, enum dns_rcode rcode)
{
	writer->bytes[3] = (uint8_t)(rcode & 0xf);
	if (writer->truncated) {
		writer->bytes[2] |= DNS_TC;
		writer->size = DNS_HEADER_SIZE + writer->query->question_size;
		memset(writer->bytes + 6, 0, 6);
	}
	if (writer->edns != NULL) {
		count(writer, ADDITIONAL, 1);
		writer->size += edns_write(writer->edns, rcode,
		    writer->bytes + writer->size, writer->room - writer->size);
	}
	if (rcode == DNS_NOTAUTH)
		put_tsig(writer);
	return writer->size;
}

/* Room for a record or set; NULL, and the response is truncated. */
static uint8_t *
take(struct writer *writer, size_t size)
{
	uint8_t *at = writer->bytes + writer->size;

	if (writer->truncated || size > writer->limit - writer->size) {
		writer->truncated = true;
		return NULL;
	}
	writer->size += size;
	return at;
}

/* A set whose owner stands at `owner`. */
static void
put_set_of(struct writer *writer, enum section section,
    const struct zone_set *set, size_t owner)
{
	uint8_t *at = take(writer, set->size), *end;

	if (at == NULL)
		return;
	memcpy(at, set->bytes, set->size);
	count(writer, section, set->count);
	if (owner == DNS_HEADER_SIZE)
		return; /* as it lies ready */
	for (end = at + set->size; at < end;
	     at += RECORD_HEAD + bs_get_be16(at + 10))
		bs_put_be16(at, (uint16_t)(POINTER | owner));
}

static void
put_set(struct writer *writer, const struct zone_set *set, uint32_t serial)
{
	put_set_of(writer, ANSWER, set, writer->owner);
	if (set->type == DNS_SOA && !writer->truncated)
		bs_put_be32(
		    writer->bytes + writer->size - SOA_SERIAL_FROM_END, serial);
}

/* Aliases one behind the other; what follows is about the last one's target. */
static void
put_aliases(struct writer *writer, const struct zone_node *node)
{
	while (node != NULL) {
		const struct zone_alias *alias = node->alias;
		size_t at = writer->size;

		put_set_of(writer, ANSWER, alias->set, writer->owner);
		writer->owner = at + RECORD_HEAD;
		writer->owner_size = alias->target_size;
		node = alias->next;
	}
}

/* Who serves what is below a cut, and where they are.  An address that is needed
 * to reach one of them is not left out without a word (RFC 9471). */
static void
put_referral(struct writer *writer, const struct zone_node *node)
{
	const struct zone_cut *cut = node->cut;
	size_t servers = writer->size;

	put_set_of(writer, AUTHORITY, cut->servers,
	    writer->owner + writer->owner_size - node->owner_size);
	for (size_t i = 0; i < cut->glue_count; i++) {
		const struct zone_glue *glue = &cut->glue[i];

		if (glue->needed ||
		    glue->set->size <= writer->limit - writer->size)
			put_set_of(writer, ADDITIONAL, glue->set,
			    servers + glue->name_at);
	}
}

/* The SOA of a negative answer (RFC 2308 section 3). */
static void
put_negative(struct writer *writer, const struct zone *zone, uint32_t serial)
{
	const struct zone_set *soa = zone->soa;
	uint8_t *at = take(writer, soa->size);
	size_t apex = DNS_HEADER_SIZE + writer->query->name_size -
		      (size_t)zone->name_size;

	if (at == NULL)
		return;
	memcpy(at, soa->bytes, soa->size);
	bs_put_be16(at, (uint16_t)(POINTER | apex));
	bs_put_be32(at + 6, zone->negative_ttl_s);
	bs_put_be32(at + soa->size - SOA_SERIAL_FROM_END, serial);
	count(writer, AUTHORITY, 1);
}

/* A record at the question's name; returns where its data goes. */
static uint8_t *
put_record(
    struct writer *writer, uint16_t type, uint32_t ttl_s, size_t data_size)
{
	uint8_t *at = take(writer, RECORD_HEAD + data_size);

	if (at == NULL)
		return NULL;
	bs_put_be16(at, (uint16_t)(POINTER | writer->owner));
	bs_put_be16(at + 2, type);
	bs_put_be16(at + 4, DNS_CLASS_IN);
	bs_put_be32(at + 6, ttl_s);
	bs_put_be16(at + 10, (uint16_t)data_size);
	count(writer, ANSWER, 1);
	return at + RECORD_HEAD;
}

static void
put_a(struct writer *writer, const struct zone *zone,
    const struct content *content)
{
	uint8_t *data = put_record(writer, DNS_A, zone->ttl_s, 4);

	if (data == NULL)
		return;
	data[0] = 127;
	data[1] = 0;
	data[2] = 0;
	data[3] = (uint8_t)(BS_LISTED | (zone->flat ? 0 : content->classes));
}

static void
put_txt(struct writer *writer, const struct zone *zone,
    const struct content *content)
{
	char classes[BS_CLASSES_TEXT_MAX], address[BS_PREFIX_TEXT_MAX];
	struct txt_values values = {classes, address, zone->text};
	uint8_t text[TXT_SIZE_MAX], *data;
	size_t size;

	(void)bs_prefix_format(&content->prefix, address);
	(void)bs_classes_format(content->classes, classes);
	if (content->test && content->classes == 0)
		values.classes = "test";
	size = txt_write(zone->txt, &values, text);
	data = put_record(writer, DNS_TXT, zone->ttl_s, 1 + size);
	if (data == NULL)
		return;
	data[0] = (uint8_t)size;
	memcpy(data + 1, text, size);
}

static void
put_listed(struct writer *writer, const struct zone *zone,
    const struct content *content, uint32_t serial)
{
	uint16_t type = writer->query->type;

	/* one set is enough for ANY (RFC 8482 section 4.1) */
	if (type == DNS_A || type == DNS_ANY)
		put_a(writer, zone, content);
	else if (type == DNS_TXT)
		put_txt(writer, zone, content);
	else
		put_negative(writer, zone, serial);
}

static void
put_static(struct writer *writer, const struct zone *zone,
    const struct zone_node *node, uint32_t serial)
{
	uint16_t type = writer->query->type;
	const struct zone_set *set =
	    type == DNS_ANY ? &node->set[0] : zone_node_set(node, type);

	if (set != NULL)
		put_set(writer, set, serial);
	else
		put_negative(writer, zone, serial);
}

size_t
answer_write(const struct query *query, const struct zone *zone,
    const struct content *content, uint32_t serial, struct answer_room room)
{
	struct writer writer = begin(query, room);
	enum content_kind kind = content->kind;

	/* DS is the side's above a cut (RFC 4035 section 3.1.4.1) */
	writer.owner_size = (size_t)query->name_size - zone->name_size;
	if (content->alias != NULL)
		put_aliases(&writer, content->alias);
	if (kind == CONTENT_CUT && query->type == DNS_DS &&
	    content->node->owner_size == writer.owner_size)
		kind = CONTENT_EMPTY;
	/* nobody knows all classes (RFC 1034 section 3.7.1) */
	if (query->class != DNS_CLASS_ANY &&
	    (kind != CONTENT_CUT || content->alias != NULL))
		writer.bytes[2] |= DNS_AA;
	switch (kind) {
	case CONTENT_STATIC:
		put_static(&writer, zone, content->node, serial);
		return finish(&writer, DNS_NOERROR);
	case CONTENT_LISTED:
		put_listed(&writer, zone, content, serial);
		return finish(&writer, DNS_NOERROR);
	case CONTENT_EMPTY:
		put_negative(&writer, zone, serial);
		return finish(&writer, DNS_NOERROR);
	case CONTENT_NONE:
		put_negative(&writer, zone, serial);
		return finish(&writer, DNS_NXDOMAIN);
	case CONTENT_CUT:
		put_referral(&writer, content->node);
		return finish(&writer, DNS_NOERROR);
	case CONTENT_BEYOND:
		return finish(&writer, DNS_NOERROR);
	case CONTENT_ERROR:
		break;
	}
	return answer_error(query, DNS_SERVFAIL, room);
}

size_t
answer_error(
    const struct query *query, enum dns_rcode rcode, struct answer_room room)
{
	struct writer writer = begin(query, room);

	return finish(&writer, rcode);
}

size_t
answer_truncated(const struct query *query, struct answer_room room)
{
	struct writer writer = begin(query, room);

	writer.truncated = true;
	return finish(&writer, DNS_NOERROR);
}

size_t
answer_chaos(
    const struct query *query, const char *text, struct answer_room room)
{
	struct writer writer = begin(query, room);
	size_t size = strlen(text);
	uint8_t *data = put_record(&writer, DNS_TXT, 0, 1 + size);

	writer.bytes[2] |= DNS_AA;
	if (data == NULL)
		return finish(&writer, DNS_NOERROR);
	bs_put_be16(data - 8, DNS_CLASS_CHAOS);
	data[0] = (uint8_t)size;
	memcpy(data + 1, text, size);
	return finish(&writer, DNS_NOERROR);
}
