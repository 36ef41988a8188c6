/*
 * Encodes and decodes requests and answers between `serve` (judgepool.c) and
 * its judges (judgework.c).  A version byte, big-endian numbers, texts with
 * their size before them; a decoder checks each size before it reads.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "judgewire.h"

#define VERSION 4

/* --- writing ------------------------------------------------------------- */

static uint8_t *
put_text(uint8_t *at, const char *text)
{
	size_t size = strlen(text);

	bs_put_be16(at, (uint16_t)size);
	memcpy(at + 2, text, size);
	return at + 2 + size;
}

static uint8_t *
put_addr(uint8_t *at, bool has, const struct bs_addr *addr)
{
	*at++ = has ? addr->family : 0;
	memcpy(at, addr->octet, sizeof(addr->octet));
	return at + sizeof(addr->octet);
}

/* The size of what stands behind it. */
static size_t
finish(uint8_t *bytes, const uint8_t *end)
{
	size_t size = (size_t)(end - bytes);

	bs_put_be32(bytes, (uint32_t)(size - JUDGEWIRE_SIZE_BYTES));
	return size;
}

size_t
judgewire_put_request(const struct judgewire_request *request,
    uint8_t bytes_r[JUDGEWIRE_REQUEST_MAX])
{
	uint8_t *at = bytes_r + JUDGEWIRE_SIZE_BYTES;

	*at++ = VERSION;
	*at++ = request->head_only;
	*at++ = request->in_file;
	*at++ = request->is_report;
	bs_put_be32(at, request->message_size);
	at = put_addr(at + 4, request->has_peer, &request->peer);
	at = put_text(at, request->helo);
	at = put_text(at, request->sender);
	at = put_text(at, request->trap);
	return finish(bytes_r, at);
}

size_t
judgewire_put_answer(const struct judgewire_answer *answer,
    uint8_t bytes_r[JUDGEWIRE_ANSWER_MAX])
{
	uint8_t *at = bytes_r + JUDGEWIRE_SIZE_BYTES;

	*at++ = VERSION;
	*at++ = (uint8_t)answer->kind;
	*at++ = (uint8_t)answer->type;
	*at++ = answer->lists;
	*at++ = (uint8_t)answer->class;
	*at++ = answer->has_tag;
	memcpy(at, answer->tag, sizeof(answer->tag));
	at += sizeof(answer->tag);
	at = put_addr(at, answer->has_source, &answer->source);
	memcpy(at, answer->digest, sizeof(answer->digest));
	at += sizeof(answer->digest);
	bs_put_be32(at, answer->received_s);
	at = put_text(at + 4, answer->trap);
	*at++ = (uint8_t)answer->facts.action;
	at = put_text(at, answer->facts.status);
	at = put_text(at, answer->facts.helo);
	at = put_text(at, answer->facts.reporting_mta);
	at = put_text(at, answer->facts.subject);
	return finish(bytes_r, at);
}

/* --- reading ------------------------------------------------------------- */

struct reader {
	const uint8_t *at, *end;
	bool bad;
};

/* The next bytes, or NULL from the first that are missing on. */
static const uint8_t *
take(struct reader *reader, size_t size)
{
	const uint8_t *at = reader->at;

	if (reader->bad || (size_t)(reader->end - at) < size) {
		reader->bad = true;
		return NULL;
	}
	reader->at += size;
	return at;
}

/* A number up to `max`. */
static unsigned
take_number(struct reader *reader, unsigned max)
{
	const uint8_t *at = take(reader, 1);

	if (at == NULL || *at > max) {
		reader->bad = true;
		return 0;
	}
	return *at;
}

static void
take_bytes(struct reader *reader, uint8_t *bytes_r, size_t size)
{
	const uint8_t *at = take(reader, size);

	if (at != NULL)
		memcpy(bytes_r, at, size);
}

static bool
take_bool(struct reader *reader)
{
	return take_number(reader, 1) == 1;
}

static bool
take_addr(struct reader *reader, struct bs_addr *addr_r)
{
	unsigned family = take_number(reader, BS_IPV6);
	const uint8_t *at = take(reader, sizeof(addr_r->octet));

	if (at == NULL || family == 0)
		return false;
	if (family != BS_IPV4 && family != BS_IPV6) {
		reader->bad = true;
		return false;
	}
	addr_r->family = (uint8_t)family;
	memset(addr_r->octet, 0, sizeof(addr_r->octet));
	memcpy(addr_r->octet, at, bs_family_octets((uint8_t)family));
	return true;
}

static void
take_text(struct reader *reader, char *text_r, size_t room)
{
	const uint8_t *at = take(reader, 2);
	size_t size = at != NULL ? bs_get_be16(at) : 0;

	if (size >= room)
		reader->bad = true;
	at = take(reader, size);
	if (at == NULL || memchr(at, '\0', size) != NULL) {
		reader->bad = true;
		return;
	}
	memcpy(text_r, at, size);
	text_r[size] = '\0';
}

/* What may be kept to show: each of its grammar, or nothing is believed. */
static void
take_facts(struct reader *reader, struct bs_evidence_facts *facts)
{
	facts->action = take_number(reader, BS_ACTION_COUNT - 1);
	take_text(reader, facts->status, sizeof(facts->status));
	take_text(reader, facts->helo, sizeof(facts->helo));
	take_text(reader, facts->reporting_mta, sizeof(facts->reporting_mta));
	take_text(reader, facts->subject, sizeof(facts->subject));
	if (!reader->bad && bs_evidence_status_is_sound(facts->status) &&
	    bs_evidence_host_is_sound(facts->helo) &&
	    bs_evidence_host_is_sound(facts->reporting_mta) &&
	    bs_evidence_subject_is_sound(facts->subject))
		return;
	reader->bad = true;
}

static int
end_of(const struct reader *reader)
{
	return reader->bad || reader->at != reader->end ? BS_ECORRUPT : BS_OK;
}

int
judgewire_get_request(
    const uint8_t *bytes, size_t size, struct judgewire_request *request_r)
{
	struct reader reader = {bytes, bytes + size, false};
	struct judgewire_request request = {0};
	const uint8_t *at;

	if (take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	request.head_only = take_bool(&reader);
	request.in_file = take_bool(&reader);
	request.is_report = take_bool(&reader);
	at = take(&reader, 4);
	request.message_size = at != NULL ? bs_get_be32(at) : 0;
	request.has_peer = take_addr(&reader, &request.peer);
	take_text(&reader, request.helo, sizeof(request.helo));
	take_text(&reader, request.sender, sizeof(request.sender));
	take_text(&reader, request.trap, sizeof(request.trap));
	if (end_of(&reader) != BS_OK)
		return BS_ECORRUPT;
	*request_r = request;
	return BS_OK;
}

/* What is to become a sighting has a class. */
static bool
class_fits(const struct judgewire_answer *answer)
{
	return (answer->kind >= JUDGE_FORGED && !answer->has_tag) ||
	       bs_class_name(answer->class) != NULL;
}

int
judgewire_get_answer(
    const uint8_t *bytes, size_t size, struct judgewire_answer *answer_r)
{
	struct reader reader = {bytes, bytes + size, false};
	struct judgewire_answer answer = {0};
	const uint8_t *at;

	if (take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	answer.kind = take_number(&reader, JUDGE_KIND_COUNT - 1);
	answer.type = take_number(&reader, JUDGE_TYPE_COUNT - 1);
	answer.lists = take_bool(&reader);
	answer.class = take_number(&reader, UINT8_MAX);
	answer.has_tag = take_bool(&reader);
	take_bytes(&reader, answer.tag, sizeof(answer.tag));
	answer.has_source = take_addr(&reader, &answer.source);
	take_bytes(&reader, answer.digest, sizeof(answer.digest));
	at = take(&reader, 4);
	answer.received_s = at != NULL ? bs_get_be32(at) : 0;
	take_text(&reader, answer.trap, sizeof(answer.trap));
	take_facts(&reader, &answer.facts);
	if (end_of(&reader) != BS_OK || !class_fits(&answer))
		return BS_ECORRUPT;
	*answer_r = answer;
	return BS_OK;
}
