/*
 * Encodes and decodes requests and answers between `serve` (judgepool.c) and
 * its judges (judgework.c).  A version byte, big-endian numbers, texts with
 * their size before them; a decoder checks each size before it reads.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "judgewire.h"
#include "wire.h"

#define VERSION 4

/* --- writing ------------------------------------------------------------- */

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
	at = wire_put_addr(at + 4, request->has_peer, &request->peer);
	at = wire_put_text(at, request->helo);
	at = wire_put_text(at, request->sender);
	at = wire_put_text(at, request->trap);
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
	at = wire_put_addr(at, answer->has_source, &answer->source);
	memcpy(at, answer->digest, sizeof(answer->digest));
	at += sizeof(answer->digest);
	bs_put_be32(at, answer->received_s);
	at = wire_put_text(at + 4, answer->trap);
	*at++ = (uint8_t)answer->facts.action;
	at = wire_put_text(at, answer->facts.status);
	at = wire_put_text(at, answer->facts.helo);
	at = wire_put_text(at, answer->facts.reporting_mta);
	at = wire_put_text(at, answer->facts.subject);
	return finish(bytes_r, at);
}

/* --- reading ------------------------------------------------------------- */

/* What may be kept to show: each of its grammar, or nothing is believed. */
static void
take_facts(struct wire_reader *reader, struct bs_evidence_facts *facts)
{
	facts->action = wire_take_number(reader, BS_ACTION_COUNT - 1);
	wire_take_text(reader, facts->status, sizeof(facts->status));
	wire_take_text(reader, facts->helo, sizeof(facts->helo));
	wire_take_text(
	    reader, facts->reporting_mta, sizeof(facts->reporting_mta));
	wire_take_text(reader, facts->subject, sizeof(facts->subject));
	if (!reader->bad && bs_evidence_status_is_sound(facts->status) &&
	    bs_evidence_host_is_sound(facts->helo) &&
	    bs_evidence_host_is_sound(facts->reporting_mta) &&
	    bs_evidence_subject_is_sound(facts->subject))
		return;
	reader->bad = true;
}

int
judgewire_get_request(
    const uint8_t *bytes, size_t size, struct judgewire_request *request_r)
{
	struct wire_reader reader = wire_reader(bytes, size);
	struct judgewire_request request = {0};

	if (wire_take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	request.head_only = wire_take_bool(&reader);
	request.in_file = wire_take_bool(&reader);
	request.is_report = wire_take_bool(&reader);
	request.message_size = wire_take_be32(&reader);
	request.has_peer = wire_take_addr(&reader, &request.peer);
	wire_take_text(&reader, request.helo, sizeof(request.helo));
	wire_take_text(&reader, request.sender, sizeof(request.sender));
	wire_take_text(&reader, request.trap, sizeof(request.trap));
	if (wire_end(&reader) != BS_OK)
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
	struct wire_reader reader = wire_reader(bytes, size);
	struct judgewire_answer answer = {0};

	if (wire_take_number(&reader, VERSION) != VERSION)
		return BS_ECORRUPT;
	answer.kind = wire_take_number(&reader, JUDGE_KIND_COUNT - 1);
	answer.type = wire_take_number(&reader, JUDGE_TYPE_COUNT - 1);
	answer.lists = wire_take_bool(&reader);
	answer.class = wire_take_number(&reader, UINT8_MAX);
	answer.has_tag = wire_take_bool(&reader);
	wire_take_bytes(&reader, answer.tag, sizeof(answer.tag));
	answer.has_source = wire_take_addr(&reader, &answer.source);
	wire_take_bytes(&reader, answer.digest, sizeof(answer.digest));
	answer.received_s = wire_take_be32(&reader);
	wire_take_text(&reader, answer.trap, sizeof(answer.trap));
	take_facts(&reader, &answer.facts);
	if (wire_end(&reader) != BS_OK || !class_fits(&answer))
		return BS_ECORRUPT;
	*answer_r = answer;
	return BS_OK;
}
