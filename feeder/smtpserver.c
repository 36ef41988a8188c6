/*
 * Binds the listeners, accepts, and looks after all connections once a second.
 * What one connection does is smtpconn.c's; started by serve.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "door.h"
#include "reserve.h"
#include "smtpconn.h"
#include "smtpserver.h"

#define BACKLOG 512
#define SWEEP_MS 1000
#define REFUSED_LOG_TICKS 60
#define DISCARD_FACTOR 4 /* so much more of a message is read than kept */

/* --- binding ------------------------------------------------------------- */

static int
bind_door(struct smtpserver *server, struct activated *activated,
    const struct bs_config_door *door, bool lmtp)
{
	struct smtplistener *listener =
	    &server->listener[server->listener_count];
	int file = activated_find(activated, door);

	listener->activated = file >= 0;
	if (file < 0)
		file = door_open(door);
	if (file < 0) {
		door_complain(server->log, server->config->path,
		    lmtp ? "lmtp.listen" : "smtp.listen", door, errno);
		return BS_ESYSTEM;
	}
	listener->server = server;
	listener->door = door;
	listener->lmtp = lmtp;
	listener->file = file;
	server->listener_count++;
	return BS_OK;
}

int
smtpserver_bind(struct smtpserver *server, struct activated *activated)
{
	const struct bs_config *config = server->config;
	size_t count = config->smtp_listen_count + config->lmtp_listen_count;
	int result = BS_OK;

	server->listener = calloc(count + 1, sizeof(*server->listener));
	if (server->listener == NULL)
		return BS_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		bool lmtp = i >= config->smtp_listen_count;
		const struct bs_config_door *door =
		    lmtp ? &config->lmtp_listen[i - config->smtp_listen_count]
			 : &config->smtp_listen[i];

		if (bind_door(server, activated, door, lmtp) != BS_OK)
			result = BS_ESYSTEM;
	}
	return result;
}

int
smtpserver_give(const struct smtpserver *server, uid_t uid, gid_t gid)
{
	int result = BS_OK;

	for (size_t i = 0; i < server->listener_count; i++) {
		const struct smtplistener *listener = &server->listener[i];
		const char *path = listener->door->path;

		if (path == NULL || listener->activated ||
		    lchown(path, uid, gid) == 0)
			continue;
		door_complain(server->log, server->config->path,
		    listener->lmtp ? "lmtp.listen" : "smtp.listen",
		    listener->door, errno);
		result = BS_ESYSTEM;
	}
	return result;
}

/* "smtp on 127.0.0.1@2525" with the port that the system chose. */
static size_t
describe_listener(const struct smtplistener *listener, char *text, size_t size)
{
	struct sockaddr_storage name;
	struct bs_config_door door = *listener->door;
	int length = sizeof(name), used;
	char where[PATH_MAX];

	if (door.path == NULL && uv_tcp_getsockname(&listener->uv.tcp,
				     (struct sockaddr *)&name, &length) == 0)
		(void)bs_endpoint_from_sockaddr(
		    (const struct sockaddr *)&name, &door.endpoint);
	door_describe(&door, where, sizeof(where));
	used = snprintf(
	    text, size, "%s on %s", listener->lmtp ? "lmtp" : "smtp", where);
	return used > 0 && (size_t)used < size ? (size_t)used : 0;
}

void
smtpserver_describe(const struct smtpserver *server, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < server->listener_count; i++) {
		if (i > 0)
			used +=
			    (size_t)snprintf(text + used, size - used, ", ");
		used += describe_listener(
		    &server->listener[i], text + used, size - used);
		if (size - used < PATH_MAX / 8)
			return;
	}
}

/* --- rules --------------------------------------------------------------- */

static void
fill_settings(const struct smtpserver *server, const struct smtprules *rules,
    const struct bs_config_session *limit, struct smtp_settings settings[2])
{
	for (int lmtp = 0; lmtp < 2; lmtp++) {
		settings[lmtp] = (struct smtp_settings){
		    .hostname = server->hostname,
		    .recipients = rules->recipients,
		    .lmtp = lmtp == 1,
		    .tls = rules->tls != NULL,
		    .size_max = limit->message_size,
		    .discard_max =
			(uint64_t)DISCARD_FACTOR * limit->message_size,
		    .memory_max = SPOOL_MEMORY_MAX,
		    .spare_bytes = &server->spare_bytes,
		    .recipients_max = limit->recipients,
		    .commands_max = limit->commands,
		    .errors_max = limit->errors,
		};
	}
}

/* Fills new rules; BS_OK: `message` has a warning, or is empty. */
static int
read_rules(const struct smtpserver *server, const struct bs_config *config,
    struct smtprules *rules, struct bs_message *message)
{
	rules->users = 1;
	rules->config = config;
	rules->recipients = recipients_new(config, server->hostname);
	rules->folder = strdup(config->database);
	if (rules->recipients == NULL || rules->folder == NULL)
		return BS_ENOMEM;
	message->text[0] = '\0';
	if (config->smtp_certificate == NULL)
		return BS_OK;
	return tls_context_new(
	    config->smtp_certificate, config->smtp_key, &rules->tls, message);
}

int
smtpserver_set_config(struct smtpserver *server, const struct bs_config *config)
{
	struct smtprules *rules = calloc(1, sizeof(*rules));
	struct bs_message message = {"out of memory: close other programs"};
	int rc = rules != NULL ? read_rules(server, config, rules, &message)
			       : BS_ENOMEM;

	if (rc != BS_OK) {
		bs_log(server->log, BS_LOG_ERROR, "%s: %s", config->path,
		    message.text);
		smtprules_drop(rules);
		return rc;
	}
	if (message.text[0] != '\0')
		bs_log(server->log, BS_LOG_WARNING, "%s: %s", config->path,
		    message.text);
	fill_settings(server, rules, &config->session, rules->settings);
	smtprules_drop(server->rules);
	server->rules = rules;
	server->config = config;
	return BS_OK;
}

bool
smtpserver_uses(const struct smtpserver *server, const struct bs_config *config)
{
	const struct smtpconn *conn = TAILQ_FIRST(&server->conns);

	while (conn != NULL && smtpconn_rules(conn)->config != config)
		conn = smtpconn_next(conn);
	return conn != NULL || server->rules->config == config;
}

/* --- serving ------------------------------------------------------------- */

/* The kernel wants a file even to say that nobody waits, so the one to spare is
 * kept closed until later; without it a client goes that has a message in the
 * room, and will come again. */
static void
give_file(struct smtpserver *server)
{
	if (server->spare < 0) {
		if (!TAILQ_EMPTY(&server->conns))
			smtpconn_cut(TAILQ_FIRST(&server->conns));
		return;
	}
	(void)close(server->spare);
	server->spare = -1;
}

/* Where no file is left somebody has to go at once: libuv asks again, and comes
 * to nothing else, as long as a client waits. */
static void
on_connection(uv_stream_t *stream, int status)
{
	struct smtplistener *listener = stream->data;

	if (status == 0)
		smtpconn_accept(listener);
	else if ((status == UV_EMFILE || status == UV_ENFILE) &&
		 !smtpconn_evict(listener->server))
		give_file(listener->server);
}

/* Says how many were sent away, once a minute. */
static void
log_refused(struct smtpserver *server)
{
	if (server->refused == 0 || ++server->ticks < REFUSED_LOG_TICKS)
		return;
	bs_log(server->log, BS_LOG_WARNING,
	    "last minute: %" PRIu64 " connections were sent away as there are "
	    "too many: see session.connections and "
	    "session.connections-per-client",
	    server->refused);
	server->refused = 0;
	server->ticks = 0;
}

/* The first one at once, then how many more there were, once a minute. */
static void
log_headless(struct smtpserver *server)
{
	if (server->headless_ticks == 0 ||
	    ++server->headless_ticks <= REFUSED_LOG_TICKS)
		return;
	server->headless_ticks = server->headless > 0;
	if (server->headless > 0)
		bs_log(server->log, BS_LOG_WARNING,
		    "last minute: %" PRIu64 " more connections from "
		    "trusted.proxy began with no PROXY header",
		    server->headless);
	server->headless = 0;
}

void
smtpserver_no_header(struct smtpserver *server)
{
	server->headless += server->headless_ticks > 0;
	if (server->headless_ticks > 0)
		return;
	server->headless_ticks = 1;
	bs_log(server->log, BS_LOG_WARNING,
	    "a connection from trusted.proxy begins with no PROXY header: "
	    "closed: have it sent, or take the host off that list");
}

static void
keep_spare(struct smtpserver *server)
{
	if (server->spare < 0)
		server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* libuv asks nobody in any more before who waits is taken. */
static void
take_waiting(struct smtpserver *server)
{
	for (size_t i = 0; !server->ending && i < server->listener_count; i++) {
		if (server->listener[i].waits)
			smtpconn_accept(&server->listener[i]);
	}
}

/* Says once that the disk has no room for a large message, and once that it has
 * again: for two, so that it does not come and go with each. */
static void
look_at_disk(struct smtpserver *server)
{
	const char *folder = server->config->database;
	uint64_t wanted = server->config->session.message_size;

	server->spare_bytes = reserve_spare(folder);
	if (server->low ? server->spare_bytes < 2 * wanted
			: server->spare_bytes >= wanted)
		return;
	server->low = !server->low;
	if (server->low)
		bs_log(server->log, BS_LOG_WARNING,
		    "%s: its disk is nearly full: what is left is the "
		    "database's, and large messages, and those for roles, are "
		    "answered with 452: make room on that disk",
		    folder);
	else
		bs_log(server->log, BS_LOG_INFO,
		    "%s: its disk has room for large messages again", folder);
}

static void
on_sweep(uv_timer_t *timer)
{
	struct smtpserver *server = timer->data;
	struct smtpconn *conn = TAILQ_FIRST(&server->conns), *next;
	uint64_t now_ms = uv_now(server->loop);

	for (; conn != NULL; conn = next) {
		next = smtpconn_next(conn);
		smtpconn_check(conn, now_ms);
	}
	take_waiting(server);
	look_at_disk(server);
	log_refused(server);
	log_headless(server);
	keep_spare(server);
}

static int
start_listener(struct smtplistener *listener)
{
	uv_loop_t *loop = listener->server->loop;
	int rc;

	if (listener->door->path != NULL) {
		(void)uv_pipe_init(loop, &listener->uv.pipe, 0);
		rc = uv_pipe_open(&listener->uv.pipe, listener->file);
	} else {
		(void)uv_tcp_init(loop, &listener->uv.tcp);
		rc = uv_tcp_open(&listener->uv.tcp, listener->file);
	}
	listener->uv.handle.data = listener;
	if (rc == 0)
		listener->file = -1;
	if (rc == 0)
		rc = uv_listen(&listener->uv.stream, BACKLOG, on_connection);
	return rc == 0 ? BS_OK : BS_ESYSTEM;
}

int
smtpserver_start(struct smtpserver *server)
{
	int result = BS_OK;

	TAILQ_INIT(&server->conns);
	keep_spare(server);
	look_at_disk(server);
	for (size_t i = 0; i < server->listener_count; i++) {
		if (start_listener(&server->listener[i]) != BS_OK)
			result = BS_ESYSTEM;
	}
	(void)uv_timer_init(server->loop, &server->sweep);
	server->sweep.data = server;
	(void)uv_timer_start(&server->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	if (result != BS_OK)
		bs_log(server->log, BS_LOG_ERROR,
		    "listeners: the system refused one: raise the limit of "
		    "open files");
	return result;
}

/* --- ending -------------------------------------------------------------- */

void
smtpserver_end(struct smtpserver *server)
{
	struct smtpconn *conn = TAILQ_FIRST(&server->conns), *next;

	if (server->ending)
		return;
	server->ending = true;
	for (size_t i = 0; i < server->listener_count; i++) {
		struct smtplistener *listener = &server->listener[i];

		uv_close(&listener->uv.handle, NULL);
		if (listener->door->path != NULL && !listener->activated)
			(void)unlink(listener->door->path);
	}
	for (; conn != NULL; conn = next) {
		next = smtpconn_next(conn);
		smtpconn_shut_down(conn);
	}
}

void
smtpserver_give_up(struct smtpserver *server)
{
	struct smtpconn *conn = TAILQ_FIRST(&server->conns), *next;

	for (; conn != NULL; conn = next) {
		next = smtpconn_next(conn);
		smtpconn_give_up(conn);
	}
}

void
smtpserver_cut(struct smtpserver *server)
{
	while (!TAILQ_EMPTY(&server->conns))
		smtpconn_cut(TAILQ_FIRST(&server->conns));
	if (!uv_is_closing((uv_handle_t *)&server->sweep))
		uv_close((uv_handle_t *)&server->sweep, NULL);
}

void
smtpserver_free(struct smtpserver *server)
{
	for (size_t i = 0; i < server->listener_count; i++) {
		if (server->listener[i].file >= 0)
			(void)close(server->listener[i].file);
	}
	free(server->listener);
	if (server->spare >= 0)
		(void)close(server->spare);
	smtprules_drop(server->rules);
}
