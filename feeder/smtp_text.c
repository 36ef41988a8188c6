/*
 * DATA: the text of a message on its way to the sink, and the answer to it
 * (RFC 5321 section 4.1.1.4; a reply for each recipient in LMTP, RFC 2033
 * section 4.2).
 *
 * Beyond size_max the text is read on and dropped, up to discard_max: its head
 * is judged, the client is told 552.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "smtp_private.h"

void
smtp_run_data(struct smtp_session *session, struct smtp_command *command)
{
	if (!session->has_sender) {
		smtp_reply(session, 503, "5.5.1", "Say MAIL first");
	} else if (command->argument_size > 0) {
		smtp_reply(session, 501, "5.5.4", "DATA stands alone");
	} else if (session->envelope.recipient_count == 0) {
		smtp_reply(session, session->settings->lmtp ? 503 : 554,
		    "5.5.1", "No valid recipients");
	} else {
		session->phase = SMTP_TEXT;
		session->data_state = SMTP_DATA_LINE_START;
		smtp_reply(session, 354, "", "End with CRLF.CRLF");
	}
}

/* Hands on what of a piece is within size_max. */
static void
hand_on(struct smtp_session *session, const struct smtp_data_piece *piece)
{
	uint64_t max = session->settings->size_max;
	uint64_t room =
	    session->data_bytes < max ? max - session->data_bytes : 0;
	size_t size = piece->size;

	session->data_bytes += piece->size;
	if (size > room) {
		size = (size_t)room;
		session->envelope.cut = true;
	}
	if (size > 0 && session->data_error == BS_OK)
		session->data_error = session->sink.body(
		    session->sink.context, piece->bytes, size);
}

/* --- the answer ---------------------------------------------------------- */

static void
answer(struct smtp_session *session, enum envelope_taken taken)
{
	if (taken == ENVELOPE_TRY_LATER)
		smtp_reply(session, 451, "4.3.0", "Cannot be kept now");
	else if (taken == ENVELOPE_NO_ROOM)
		smtp_reply(session, 452, "4.3.1", SMTP_NO_ROOM);
	else if (session->envelope.cut)
		smtp_reply(session, 552, "5.3.4",
		    "Message larger than %" PRIu64 " bytes",
		    session->settings->size_max);
	else
		smtp_reply(session, 250, "2.0.0", "Ok");
}

static void
answer_each(struct smtp_session *session, const struct envelope_result *result)
{
	const struct envelope *envelope = &session->envelope;

	for (size_t i = 0; i < envelope->recipient_count; i++)
		answer(session, envelope->recipient[i].kind == RECIPIENT_ROLE
				    ? result->role
				    : result->trap);
}

static void
answer_once(struct smtp_session *session, const struct envelope_result *result)
{
	const struct envelope *envelope = &session->envelope;
	enum envelope_taken taken = ENVELOPE_TAKEN;

	if (envelope->trap_count > 0)
		taken = result->trap;
	if (envelope->role_count > 0 && taken == ENVELOPE_TAKEN)
		taken = result->role;
	answer(session, taken);
}

/* Who brings mail for us is no stranger: a trap host hands on what it has for
 * others, too, all in one session. */
static bool
is_all_taken(
    const struct smtp_session *session, const struct envelope_result *result)
{
	return result->trap == ENVELOPE_TAKEN &&
	       result->role == ENVELOPE_TAKEN && !session->envelope.cut;
}

void
smtp_session_taken(
    struct smtp_session *session, const struct envelope_result *result)
{
	bool endless = session->data_bytes > session->settings->discard_max;

	if (session->phase != SMTP_JUDGING)
		return;
	if (session->settings->lmtp)
		answer_each(session, result);
	else
		answer_once(session, result);
	if (session->phase != SMTP_JUDGING) /* no memory for the reply */
		return;
	if (is_all_taken(session, result))
		session->errors = 0;
	session->phase = SMTP_COMMANDS;
	smtp_transaction_reset(session);
	if (session->ending)
		smtp_session_shut_down(session);
	else if (endless)
		smtp_session_close(session);
}

/* --- reading ------------------------------------------------------------- */

static void
end_text(struct smtp_session *session)
{
	enum envelope_taken taken = envelope_taken_of(session->data_error);
	struct envelope_result failed = {taken, taken};

	session->phase = SMTP_JUDGING;
	if (session->data_error != BS_OK)
		smtp_session_taken(session, &failed);
}

size_t
smtp_text_read(struct smtp_session *session, const char *bytes, size_t size)
{
	size_t used = 0;
	bool end = false;

	while (used < size && !end) {
		struct smtp_data_piece piece;

		used += smtp_data_read(&session->data_state, bytes + used,
		    size - used, &piece, &end);
		if (piece.size > 0)
			hand_on(session, &piece);
		if (session->data_bytes > session->settings->discard_max)
			end = true;
	}
	if (end)
		end_text(session);
	return used;
}
