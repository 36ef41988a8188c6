/*
 * Connects a session (smtp_session.h) to a socket: reads and writes, keeps what
 * a client sent ahead, hands complete messages to the room and answers, and
 * watches the clock.  The listeners are smtpserver.c's.
 *
 * A client is read from only when there is nothing to send to it, nothing held of
 * what it sent ahead, and nothing of it being written, so that neither a client
 * that doesn't read nor a slow disk makes us hold more than one read's worth of
 * bytes for it, beside what a spool has in memory.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "proxyhead.h"
#include "smtpconn_private.h"
#include "spoolwrite.h"

#define WRITE_SIZE 16384
#define LINGER_MS 5000 /* for the last reply to be read */

static void pump(struct smtpconn *conn);

/* --- the end ------------------------------------------------------------- */

void
smtprules_drop(struct smtprules *rules)
{
	if (rules == NULL || --rules->users > 0)
		return;
	recipients_free(&rules->recipients);
	tls_context_free(&rules->tls);
	free(rules->folder);
	free(rules);
}

static void
free_conn(struct smtpconn *conn)
{
	smtp_session_free(&conn->session);
	spool_free(&conn->spool);
	tls_free(&conn->tls);
	smtprules_drop(conn->rules);
	free(conn->held);
	free(conn->out);
	free(conn);
}

static void
on_closed(uv_handle_t *handle)
{
	struct smtpconn *conn = handle->data;

	conn->closed = true;
	/* the room borrows envelope and spool; a thread writes the spool */
	if (!conn->in_room && !conn->spooling)
		free_conn(conn);
}

static void
close_conn(struct smtpconn *conn)
{
	struct smtpserver *server = conn->server;

	if (conn->closing)
		return;
	conn->closing = true;
	if (conn->session != NULL && !conn->in_room)
		smtp_session_end(conn->session);
	TAILQ_REMOVE(&server->conns, conn, in_list);
	server->conn_count--;
	uv_close(&conn->uv.handle, on_closed);
}

void
smtpconn_cut(struct smtpconn *conn)
{
	close_conn(conn);
}

/* --- writing ------------------------------------------------------------- */

static void
on_written(uv_write_t *write, int status)
{
	struct smtpconn *conn = write->data;

	conn->writing = false;
	free(conn->out);
	conn->out = NULL;
	if (conn->closing)
		return;
	if (status != 0) {
		close_conn(conn);
		return;
	}
	pump(conn);
}

/* Sends bytes, at once or, what is left of them, later. */
static void
send_bytes(struct smtpconn *conn, const char *bytes, size_t size)
{
	uv_buf_t part = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)size);
	int sent = uv_try_write(&conn->uv.stream, &part, 1);

	if (sent < 0 && sent != UV_EAGAIN) {
		close_conn(conn);
		return;
	}
	if (sent == (int)size)
		return;
	size -= sent > 0 ? (size_t)sent : 0;
	bytes += sent > 0 ? (size_t)sent : 0;
	conn->out = malloc(size);
	if (conn->out == NULL) {
		close_conn(conn);
		return;
	}
	memcpy(conn->out, bytes, size);
	part = uv_buf_init(conn->out, (unsigned)size);
	conn->write.data = conn;
	conn->writing = true;
	if (uv_write(&conn->write, &conn->uv.stream, &part, 1, on_written) !=
	    0) {
		conn->writing = false;
		close_conn(conn);
	}
}

/* What TLS has for the network. */
static void
send_tls(struct smtpconn *conn)
{
	char bytes[WRITE_SIZE];

	while (!conn->writing && !conn->closing) {
		size_t size = tls_give(conn->tls, bytes, sizeof(bytes));

		if (size == 0)
			return;
		send_bytes(conn, bytes, size);
	}
}

/* Sends the session's output, as far as it goes now. */
static void
flush(struct smtpconn *conn)
{
	size_t size;
	const char *bytes = smtp_session_output(conn->session, &size);

	if (conn->tls != NULL)
		send_tls(conn);
	if (bytes == NULL || conn->writing || conn->closing)
		return;
	if (conn->tls != NULL) {
		if (tls_write(conn->tls, bytes, size) != BS_OK) {
			close_conn(conn);
			return;
		}
		smtp_session_sent(conn->session, size);
		send_tls(conn);
		return;
	}
	send_bytes(conn, bytes, size);
	smtp_session_sent(conn->session, size);
}

/* --- messages ------------------------------------------------------------ */

static int
on_body(void *context, const char *bytes, size_t size)
{
	struct smtpconn *conn = context;
	int rc = BS_ENOMEM;

	if (conn->spool == NULL)
		conn->spool = spool_new(conn->rules->folder);
	if (conn->spool != NULL)
		rc = spool_add(conn->spool, bytes, size);
	if (rc != BS_OK) /* no part of it may be in the next one */
		spool_free(&conn->spool);
	return rc;
}

static void
on_spooled(void *context)
{
	struct smtpconn *conn = context;
	uint64_t now_ms = uv_now(conn->server->loop);

	conn->spooling = false;
	if (conn->closing) {
		if (conn->closed) /* else on_closed is still to come */
			free_conn(conn);
		return;
	}
	/* that time was the disk's, not the client's */
	conn->input_ms = now_ms;
	conn->phase_ms += now_ms - conn->spooling_ms;
	pump(conn);
}

/* Whether a spool that is due is on its way to the disk now. */
static bool
write_spool(struct smtpconn *conn)
{
	bool complete = smtp_session_action(conn->session) == SMTP_MESSAGE;

	if (conn->spool == NULL || !spool_is_due(conn->spool, complete))
		return false;
	if (spoolwrite_start(
		conn->server->loop, conn->spool, on_spooled, conn) != BS_OK) {
		close_conn(conn);
		return true;
	}
	conn->spooling = true;
	conn->spooling_ms = uv_now(conn->server->loop);
	return true;
}

static void
on_unused(void *context, const struct envelope *envelope)
{
	struct smtpconn *conn = context;

	room_unused(conn->server->room, envelope);
}

static void
on_taken(void *context, const struct envelope_result *result)
{
	struct smtpconn *conn = context;

	conn->in_room = false;
	spool_free(&conn->spool);
	if (conn->closing) {
		if (conn->closed) /* else on_closed is still to come */
			free_conn(conn);
		return;
	}
	smtp_session_taken(conn->session, result);
	conn->phase_ms = uv_now(conn->server->loop);
	pump(conn);
}

static void
hand_in(struct smtpconn *conn)
{
	struct envelope_result later;
	int rc = on_body(conn, "", 0); /* an empty message is one too */

	if (rc == BS_OK)
		rc = room_take(conn->server->room,
		    smtp_session_envelope(conn->session), conn->spool, on_taken,
		    conn);
	if (rc == BS_OK) {
		conn->in_room = true;
		conn->server->count->messages[conn->lmtp]++;
		return;
	}
	later.trap = later.role = envelope_taken_of(rc);
	conn->server->count->later++;
	spool_free(&conn->spool);
	smtp_session_taken(conn->session, &later);
}

/* --- what was read ------------------------------------------------------- */

static void
drop_held(struct smtpconn *conn, size_t size)
{
	conn->held_size -= size;
	if (conn->held_size > 0) {
		memmove(conn->held, conn->held + size, conn->held_size);
		return;
	}
	free(conn->held);
	conn->held = NULL;
}

/* Keeps bytes behind those that wait. */
static void
hold(struct smtpconn *conn, const char *bytes, size_t size)
{
	char *more;

	if (size == 0)
		return;
	more = realloc(conn->held, conn->held_size + size);
	if (more == NULL) {
		close_conn(conn);
		return;
	}
	memcpy(more + conn->held_size, bytes, size);
	conn->held = more;
	conn->held_size += size;
}

/* Whether the session is in another phase than before, or did something. */
static void
note_progress(struct smtpconn *conn)
{
	bool in_data = smtp_session_in_data(conn->session);
	size_t size;

	if (in_data != conn->was_in_data ||
	    smtp_session_output(conn->session, &size) != NULL)
		conn->phase_ms = uv_now(conn->server->loop);
	conn->was_in_data = in_data;
}

static size_t
feed(struct smtpconn *conn, const char *bytes, size_t size)
{
	size_t used = smtp_session_read(conn->session, bytes, size);

	note_progress(conn);
	return used;
}

/* Plain bytes out of TLS, a piece at a time. */
static bool
feed_tls(struct smtpconn *conn)
{
	char bytes[WRITE_SIZE];
	size_t size, used;
	int rc = tls_read(conn->tls, bytes, sizeof(bytes), &size);

	send_tls(conn);
	if (rc == BS_EBUSY || conn->closing)
		return false;
	if (rc != BS_OK) {
		close_conn(conn);
		return false;
	}
	used = feed(conn, bytes, size);
	hold(conn, bytes + used, size - used);
	return true;
}

/* Uses what waits; false: nothing does. */
static bool
use_held(struct smtpconn *conn)
{
	size_t used;

	if (conn->held_size > 0) {
		used = feed(conn, conn->held, conn->held_size);
		drop_held(conn, used);
		return used > 0;
	}
	return conn->tls != NULL && feed_tls(conn);
}

static void
start_tls(struct smtpconn *conn)
{
	/* whatever came before TLS is nobody's (RFC 3207 section 4.2) */
	drop_held(conn, conn->held_size);
	conn->tls = tls_new(conn->rules->tls);
	if (conn->tls == NULL) {
		close_conn(conn);
		return;
	}
	smtp_session_tls_started(conn->session);
	conn->phase_ms = uv_now(conn->server->loop);
}

/* --- the course of things ------------------------------------------------ */

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);
static void on_room(uv_handle_t *handle, size_t size, uv_buf_t *buffer_r);

static void
set_reading(struct smtpconn *conn, bool reading)
{
	if (conn->closing || reading == conn->reading)
		return;
	if (reading && conn->ended) {
		close_conn(conn);
		return;
	}
	conn->reading = reading;
	if (!reading)
		(void)uv_read_stop(&conn->uv.stream);
	else if (uv_read_start(&conn->uv.stream, on_room, on_read) != 0)
		close_conn(conn);
}

static void
on_shut(uv_shutdown_t *request, int status)
{
	(void)status;
	free(request);
}

/* The last reply is sent: nothing more comes from us, and what still comes in
 * is dropped, so that the reply is not lost by a reset. */
static void
say_goodbye(struct smtpconn *conn)
{
	uv_shutdown_t *request;

	if (conn->last_sent)
		return;
	conn->last_sent = true;
	conn->phase_ms = uv_now(conn->server->loop);
	if (conn->tls != NULL) {
		tls_end(conn->tls);
		send_tls(conn);
	}
	request = malloc(sizeof(*request));
	if (conn->closing || request == NULL ||
	    uv_shutdown(request, &conn->uv.stream, on_shut) != 0)
		free(request);
	drop_held(conn, conn->held_size);
	set_reading(conn, true);
}

/* One step; false: nothing more to do for now. */
static bool
step(struct smtpconn *conn)
{
	flush(conn);
	if (conn->closing || conn->writing || conn->in_room || conn->spooling ||
	    write_spool(conn))
		return false;
	switch (smtp_session_action(conn->session)) {
	case SMTP_MESSAGE:
		hand_in(conn);
		return true;
	case SMTP_START_TLS:
		start_tls(conn);
		return true;
	case SMTP_CLOSE:
		/* after QUIT nothing comes in that a reset could be for */
		if (smtp_session_has_quit(conn->session) && conn->tls == NULL &&
		    conn->held_size == 0)
			close_conn(conn);
		else
			say_goodbye(conn);
		return false;
	case SMTP_READ:
		break;
	}
	return use_held(conn);
}

static void
pump(struct smtpconn *conn)
{
	while (step(conn))
		;
	if (conn->closing || conn->last_sent)
		return;
	/* a message in the room is no reason to stop until something comes:
	 * that would cost each message two system calls */
	set_reading(conn, !conn->writing && !conn->spooling &&
			      conn->held_size == 0 &&
			      !(conn->in_room && conn->tls != NULL));
}

static void
begin_session(struct smtpconn *conn)
{
	struct smtp_sink sink = {
	    conn, on_body, on_unused, conn->server->count->replies};

	conn->session = smtp_session_new(
	    &conn->rules->settings[conn->lmtp], &conn->peer, &sink);
	if (conn->session == NULL) {
		close_conn(conn);
		return;
	}
	smtp_session_start(conn->session);
	if (conn->server->ending)
		smtp_session_shut_down(conn->session);
	pump(conn);
}

/* Waits for the whole header before there is a session. */
static void
read_proxy_head(struct smtpconn *conn)
{
	struct proxyhead head;
	enum proxyhead_state state =
	    proxyhead_parse(conn->held, conn->held_size, &head);

	if (state == PROXYHEAD_MORE)
		return;
	if (state == PROXYHEAD_BAD) {
		smtpserver_no_header(conn->server);
		close_conn(conn);
		return;
	}
	drop_held(conn, head.size);
	if (smtpconn_take_proxied(conn, &head))
		begin_session(conn);
}

static void
on_room(uv_handle_t *handle, size_t size, uv_buf_t *buffer_r)
{
	const struct smtpconn *conn = handle->data;

	(void)size;
	/* only between this and on_read */
	*buffer_r = uv_buf_init(
	    conn->server->read_buffer, sizeof(conn->server->read_buffer));
}

static void
take_bytes(struct smtpconn *conn, const char *bytes, size_t size)
{
	size_t used = 0;

	conn->input_ms = uv_now(conn->server->loop);
	if (conn->last_sent)
		return;
	if (conn->session == NULL) {
		hold(conn, bytes, size);
		if (!conn->closing)
			read_proxy_head(conn);
		return;
	}
	if (conn->tls != NULL) {
		if (tls_take(conn->tls, bytes, size) != BS_OK)
			close_conn(conn);
	} else {
		used = feed(conn, bytes, size);
		hold(conn, bytes + used, size - used);
	}
	if (!conn->closing)
		pump(conn);
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct smtpconn *conn = stream->data;

	if (size > 0) {
		take_bytes(conn, buffer->base, (size_t)size);
	} else if (size == UV_EOF && conn->in_room) {
		/* it may still read the reply */
		conn->ended = true;
		set_reading(conn, false);
	} else if (size < 0) {
		close_conn(conn);
	}
}

/* --- times --------------------------------------------------------------- */

static bool
is_over(uint64_t now_ms, uint64_t since_ms, uint32_t seconds)
{
	return now_ms - since_ms > seconds * 1000ull;
}

void
smtpconn_check(struct smtpconn *conn, uint64_t now_ms)
{
	const struct bs_config_session *limit = &conn->server->config->session;
	bool in_data, old;

	if (conn->in_room || conn->spooling)
		return;
	if (conn->last_sent) {
		if (now_ms - conn->phase_ms > LINGER_MS)
			close_conn(conn);
		return;
	}
	if (conn->session == NULL) {
		if (is_over(now_ms, conn->start_ms, limit->timeout_s))
			close_conn(conn);
		return;
	}
	in_data = smtp_session_in_data(conn->session);
	old = is_over(now_ms, conn->start_ms, limit->lifetime_s);
	if (!old &&
	    !is_over(now_ms, in_data ? conn->input_ms : conn->phase_ms,
		limit->timeout_s) &&
	    !(in_data &&
		is_over(now_ms, conn->phase_ms, limit->message_time_s)))
		return;
	if (conn->writing) { /* it does not read either */
		close_conn(conn);
		return;
	}
	if (old)
		smtp_session_outlive(conn->session);
	else
		smtp_session_time_out(conn->session);
	pump(conn);
}

void
smtpconn_shut_down(struct smtpconn *conn)
{
	if (conn->session == NULL) {
		close_conn(conn);
		return;
	}
	smtp_session_shut_down(conn->session);
	if (!conn->in_room)
		pump(conn);
}

void
smtpconn_give_up(struct smtpconn *conn)
{
	if (conn->session != NULL) {
		smtp_session_give_up(conn->session);
		flush(conn);
	}
	if (!conn->closing && conn->in_room)
		say_goodbye(conn);
	else
		close_conn(conn);
}

const struct smtprules *
smtpconn_rules(const struct smtpconn *conn)
{
	return conn->rules;
}

struct smtpconn *
smtpconn_next(const struct smtpconn *conn)
{
	return TAILQ_NEXT(conn, in_list);
}

/* --- the beginning ------------------------------------------------------- */

void
smtpconn_begin(struct smtpconn *conn, bool proxied)
{
	if (proxied)
		set_reading(conn, true);
	else
		begin_session(conn);
}

void
smtpconn_dismiss(struct smtpconn *conn)
{
	if (conn->session != NULL) {
		smtp_session_evict(conn->session);
		flush(conn);
	}
	close_conn(conn);
}
