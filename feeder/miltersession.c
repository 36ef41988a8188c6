/*
 * Keeps the envelope of the message under way and streams it to serve, header
 * and body as the mail server hands them over.  Called by milter.c, in the
 * session's own thread.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milterlink.h"
#include "miltersession.h"
#include "smtpaddress.h"

struct miltersession {
	struct milterrules_box *box;
	int control;
	struct milterlink *link; /* NULL: none yet, or lost */

	/* the message under way; the envelope's recipients are its traps */
	struct milterrules *rules; /* NULL: there is none */
	struct envelope envelope;
	char **trap; /* as the mail server wrote them; owned */
	size_t trap_room;
	bool others; /* it has other recipients too */
	bool large;  /* it is no probe's, by its size */
	bool in_text;
	bool failed; /* serve does not get it */
	bool cut;
	uint64_t size;
};

/* --- beginning and end --------------------------------------------------- */

struct miltersession *
miltersession_new(
    struct milterrules_box *box, int control, const struct sockaddr *peer)
{
	struct miltersession *session = calloc(1, sizeof(*session));
	struct bs_endpoint endpoint;

	if (session == NULL)
		return NULL;
	session->box = box;
	session->control = control;
	if (peer != NULL &&
	    (peer->sa_family == AF_INET || peer->sa_family == AF_INET6) &&
	    bs_endpoint_from_sockaddr(peer, &endpoint) == BS_OK) {
		session->envelope.has_peer = true;
		session->envelope.peer = endpoint.addr;
	}
	return session;
}

static void
forget_traps(struct miltersession *session)
{
	for (size_t i = 0; i < session->trap_room; i++)
		free(session->trap[i]);
	free(session->trap);
	session->trap = NULL;
	session->trap_room = 0;
}

/* The message under way is over; its traps can still be asked for. */
static void
finish(struct miltersession *session)
{
	if (session->rules != NULL)
		milterrules_give_back(session->box, session->rules);
	session->rules = NULL;
	envelope_reset(&session->envelope);
	session->in_text = false;
}

void
miltersession_free(struct miltersession **session)
{
	struct miltersession *old = *session;

	if (old == NULL)
		return;
	miltersession_abort(old);
	forget_traps(old);
	milterlink_free(&old->link);
	free(old);
	*session = NULL;
}

/* --- the way to serve ---------------------------------------------------- */

/* What did not get through ends the link: what it says next would not be
 * understood. */
static void
note(struct miltersession *session, int rc)
{
	if (rc == BS_OK)
		return;
	session->failed = true;
	milterlink_free(&session->link);
}

static void
send_envelope(struct miltersession *session)
{
	if (session->link == NULL)
		session->link = milterlink_new(session->control);
	if (session->link == NULL)
		session->failed = true;
	else
		note(session,
		    milterlink_envelope(session->link, &session->envelope,
			miltersession_waits(
			    session->rules->config, session->others)));
}

/* --- the envelope -------------------------------------------------------- */

void
miltersession_helo(struct miltersession *session, const char *name)
{
	(void)snprintf(
	    session->envelope.helo, sizeof(session->envelope.helo), "%s", name);
}

/* An address as mail servers write it; false where it is none. */
static bool
read_addr(const char *text, const char *end, struct bs_addr *addr_r)
{
	static const char tag[] = "IPv6:";

	if (strncmp(text, tag, strlen(tag)) == 0)
		text += strlen(tag);
	if (bs_addr_parse(text, (size_t)(end - text), addr_r) != BS_OK)
		return false;
	bs_addr_unmap(addr_r);
	return true;
}

void
miltersession_client(struct miltersession *session, const char *text)
{
	const char *open = strrchr(text, '['), *end;
	struct bs_addr addr;

	if (open == NULL || (end = strchr(++open, ']')) == NULL ||
	    !read_addr(open, end, &addr))
		return;
	if (bs_addr_compare(&addr, &session->envelope.peer) != 0)
		session->envelope.has_peer = false;
}

void
miltersession_user(struct miltersession *session)
{
	session->envelope.has_peer = false;
}

/* Without its brackets, and as it is where it does not read. */
static void
put_sender(struct envelope *envelope, const char *sender)
{
	struct smtp_address address;
	size_t used;

	if (smtp_address_parse(sender, strlen(sender), &address, &used) ==
	    BS_OK)
		(void)snprintf(envelope->sender, sizeof(envelope->sender),
		    "%s%s%s", address.local,
		    address.domain[0] != '\0' ? "@" : "", address.domain);
	else
		(void)snprintf(envelope->sender, sizeof(envelope->sender), "%s",
		    sender[0] != '\0' ? sender : "?");
}

void
miltersession_mail(struct miltersession *session, const char *sender, bool utf8)
{
	miltersession_abort(session);
	forget_traps(session);
	session->rules = milterrules_hold(session->box);
	session->others = false;
	session->large = false;
	session->failed = false;
	session->cut = false;
	session->size = 0;
	put_sender(&session->envelope, sender);
	session->envelope.utf8 = utf8;
}

void
miltersession_server(struct miltersession *session, const char *text)
{
	const struct bs_config *config = session->rules->config;
	struct bs_addr addr;

	if (read_addr(text, text + strlen(text), &addr) &&
	    bs_addr_compare(&addr, &session->envelope.peer) == 0 &&
	    !bs_prefix_any_has(config->relays, config->relay_count, &addr))
		session->envelope.has_peer = false;
}

void
miltersession_size(struct miltersession *session, const char *digits)
{
	/* ERANGE is ULLONG_MAX: large */
	session->large = digits[0] >= '0' && digits[0] <= '9' &&
			 strtoull(digits, NULL, 10) > MILTER_PROBE_SIZE_MAX;
}

/* Keeps how the mail server wrote a trap that is in the envelope already. */
static bool
keep_trap(struct miltersession *session, const char *recipient)
{
	size_t count = session->trap_room;
	char **more =
	    reallocarray(session->trap, count + 1, sizeof(*session->trap));

	if (more == NULL)
		return false;
	session->trap = more;
	more[count] = strdup(recipient);
	session->trap_room += more[count] != NULL;
	return more[count] != NULL;
}

/* Beyond the limit a trap is taken for a real recipient, which is safe. */
static bool
take_trap(
    struct miltersession *session, const char *name, const char *recipient)
{
	return session->envelope.recipient_count <
		   session->rules->config->session.recipients &&
	       keep_trap(session, recipient) &&
	       envelope_add(&session->envelope, name, RECIPIENT_TRAP) == BS_OK;
}

void
miltersession_rcpt(struct miltersession *session, const char *recipient)
{
	struct smtp_address address;
	char name[ENVELOPE_ADDRESS_MAX + 1];
	size_t used;

	if (session->rules == NULL)
		return;
	if (smtp_address_parse(recipient, strlen(recipient), &address, &used) !=
		BS_OK ||
	    address.null ||
	    recipients_find(session->rules->recipients, &address, name) !=
		RECIPIENT_TRAP ||
	    !take_trap(session, name, recipient))
		session->others = true;
}

/* --- the message --------------------------------------------------------- */

bool
miltersession_data(struct miltersession *session)
{
	if (session->rules == NULL || session->envelope.trap_count == 0)
		return false;
	session->in_text = true;
	send_envelope(session);
	return true;
}

/* Whether the message under way is for us.  A mail server of before SMFIP_* has
 * no DATA to tell of: it begins with its header, its body or its end. */
static bool
has_begun(struct miltersession *session)
{
	return session->in_text || miltersession_data(session);
}

/* What of a message is within the limit goes on to serve. */
static void
put(struct miltersession *session, const char *bytes, size_t size)
{
	uint64_t room;

	if (!session->in_text || session->failed)
		return;
	room = session->rules->config->session.message_size - session->size;
	if (size > room) {
		session->cut = true;
		size = (size_t)room;
	}
	session->size += size;
	note(session, milterlink_text(session->link, bytes, size));
}

/* A value with its lines ended by CRLF. */
static void
put_lines(struct miltersession *session, const char *text)
{
	for (;;) {
		size_t size = strcspn(text, "\n");
		bool has_cr = size > 0 && text[size - 1] == '\r';

		put(session, text, has_cr ? size - 1 : size);
		put(session, "\r\n", 2);
		if (text[size] == '\0')
			return;
		text += size + 1;
	}
}

void
miltersession_header(
    struct miltersession *session, const char *name, const char *value)
{
	if (!has_begun(session))
		return;
	put(session, name, strlen(name));
	put(session, ":", 1);
	put_lines(session, value);
}

void
miltersession_end_of_header(struct miltersession *session)
{
	if (has_begun(session))
		put(session, "\r\n", 2);
}

void
miltersession_body(
    struct miltersession *session, const void *bytes, size_t size)
{
	if (has_begun(session))
		put(session, bytes, size);
}

/* --- the end of a message ------------------------------------------------ */

enum milter_verdict
miltersession_choose(const struct bs_config *config, bool others, bool kept)
{
	if (!kept && !others &&
	    config->milter_on_failure == BS_CONFIG_MILTER_TEMPFAIL)
		return MILTER_TEMPFAIL;
	/* nobody else may have it: what is not kept is not taken away */
	if (!kept || config->milter_action == BS_CONFIG_MILTER_ACCEPT)
		return MILTER_PASS;
	if (others)
		return MILTER_TAKE_OFF;
	return config->milter_action == BS_CONFIG_MILTER_DISCARD
		   ? MILTER_DISCARD
		   : MILTER_REFUSE;
}

bool
miltersession_waits(const struct bs_config *config, bool others)
{
	return miltersession_choose(config, others, true) !=
	       miltersession_choose(config, others, false);
}

enum milter_verdict
miltersession_end(struct miltersession *session)
{
	enum milter_verdict verdict = MILTER_PASS;
	int rc = BS_EIO;

	if (!has_begun(session))
		return verdict;
	if (!session->failed)
		rc = milterlink_end(session->link, session->cut);
	if (rc == BS_EIO)
		note(session, rc);
	verdict = miltersession_choose(
	    session->rules->config, session->others, rc == BS_OK);
	finish(session);
	return verdict;
}

const char *
miltersession_trap(const struct miltersession *session, size_t number)
{
	return number < session->trap_room ? session->trap[number] : NULL;
}

void
miltersession_abort(struct miltersession *session)
{
	if (session->rules != NULL && !session->in_text && !session->large &&
	    session->envelope.trap_count > 0) {
		send_envelope(session);
		if (!session->failed)
			note(session, milterlink_unused(session->link));
	} else if (session->in_text && !session->failed) {
		note(session, milterlink_drop(session->link));
	}
	finish(session);
}
