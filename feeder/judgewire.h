/*
 * What `serve` and its judges (processes of their own) say to each other: a
 * request, an answer, each with its size before it.  Pure.
 *
 * A judge reads hostile mail and may be anybody's by now: of its answer nothing
 * is believed that does not decode, and it knows no secret.
 */
#ifndef FEED_JUDGEWIRE_H
#define FEED_JUDGEWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "judge.h"

#define JUDGEWIRE_SIZE_BYTES 4
#define JUDGEWIRE_REQUEST_MAX 2048 /* its message not counted */
#define JUDGEWIRE_ANSWER_MAX 2048

struct judgewire_request {
	bool head_only; /* judge the header alone */
	bool in_file;   /* the message comes as a file, else behind this */
	bool is_report; /* judge what it hands in: its peer is a reporter's */
	uint32_t message_size;
	bool has_peer;
	struct bs_addr peer;
	char helo[ENVELOPE_HELO_MAX + 1];
	char sender[ENVELOPE_ADDRESS_MAX + 1];
	char trap[ENVELOPE_ADDRESS_MAX + 1]; /* one of them */
};

struct judgewire_answer {
	enum judge_kind kind;
	enum judge_type type;
	bool lists;
	enum bs_class class; /* where kind is a class, or there is a tag */
	bool has_tag; /* genuine by a tag, to be counted; `lists` without it */
	uint8_t tag[BS_KEYHASH_SIZE];
	bool has_source; /* in its Received lines, behind relays; of a report:
			    what it hands in came from there */
	struct bs_addr source;
	/* of a report: when what it hands in was received, 0: nobody whom we
	 * believe says so; and by which trap, secret */
	uint32_t received_s;
	char trap[JUDGE_TRAP_MAX];
	uint8_t digest[BS_KEYHASH_SIZE]; /* of the message, without a key */
	struct bs_evidence_facts facts;  /* what may be shown of it */
};

/* Both write the whole with its size before it, and return how long it is. */
size_t judgewire_put_request(const struct judgewire_request *request,
    uint8_t bytes_r[JUDGEWIRE_REQUEST_MAX]);
size_t judgewire_put_answer(const struct judgewire_answer *answer,
    uint8_t bytes_r[JUDGEWIRE_ANSWER_MAX]);

/* Both read what stands behind the size.  BS_ECORRUPT. */
int judgewire_get_request(
    const uint8_t *bytes, size_t size, struct judgewire_request *request_r);
int judgewire_get_answer(
    const uint8_t *bytes, size_t size, struct judgewire_answer *answer_r);

#endif
