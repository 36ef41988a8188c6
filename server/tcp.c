/*
 * Accepts TCP connections and watches their time.  A turn accepts only so many,
 * and only so much is done before UDP has its turn again.  Called by worker.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tcp.h"

#define ACCEPTS_PER_TURN 16
#define LAST_ACCEPTS 1024 /* before it ends */
#define WORK_OF_ACCEPT 8  /* queries' worth */
#define TICK_MS 250       /* between looks at who is late */

struct listener {
	struct tcp *tcp;
	uv_poll_t poll;
	int file;
};

struct tcp {
	struct tcpconns all;
	struct listener *listener;
	size_t listener_count; /* that the loop knows */
	uv_timer_t tick;
	bool has_tick;
	bool paused; /* nothing is accepted before the next tick */
};

/* --- accepting --------------------------------------------------------------- */

static void on_accept(uv_poll_t *poll, int status, int events);
static void on_tick(uv_timer_t *tick);

/* It ticks only while there is something to watch. */
static void
start_tick(struct tcp *tcp)
{
	if (!uv_is_active((const uv_handle_t *)&tcp->tick))
		(void)uv_timer_start(&tcp->tick, on_tick, TICK_MS, TICK_MS);
}

static void
pause_accepting(struct tcp *tcp)
{
	for (size_t i = 0; i < tcp->listener_count; i++)
		(void)uv_poll_stop(&tcp->listener[i].poll);
	tcp->paused = true;
	start_tick(tcp);
}

static int
resume_accepting(struct tcp *tcp)
{
	int result = 0;

	tcp->paused = false;
	for (size_t i = 0; i < tcp->listener_count && result == 0; i++)
		result = uv_poll_start(
		    &tcp->listener[i].poll, UV_READABLE, on_accept);
	return result;
}

/* Without files or memory the one who is least busy makes room; where nobody
 * is connected there is nothing but to wait.  False: stop accepting. */
static bool
make_room(struct tcp *tcp, int reason)
{
	const struct tcp_host *host = &tcp->all.host;
	struct tcpclient *client = tcpclients_dispensable(&tcp->all.clients);

	host->refused(host->context, reason);
	if (client != NULL) {
		tcpconn_close(tcpconn_of(client));
		return true;
	}
	pause_accepting(tcp);
	return false;
}

static void
admit(struct tcp *tcp, int file, const struct bs_endpoint *peer)
{
	const struct tcp_host *host = &tcp->all.host;
	struct tcpclient *client =
	    tcpclients_in_the_way(&tcp->all.clients, &peer->addr);

	if (client != NULL)
		tcpconn_close(tcpconn_of(client));
	if (tcpconn_open(&tcp->all, file, peer) != BS_OK)
		host->refused(host->context, ENOMEM);
	start_tick(tcp);
}

/* False: nobody waits, or nobody can be had. */
static bool
accept_one(struct tcp *tcp, int listener)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	struct bs_endpoint endpoint;
	int file = accept4(listener, (struct sockaddr *)&peer, &size,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (file < 0) {
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			return make_room(tcp, errno);
		return true; /* who came has gone already */
	}
	if (bs_endpoint_from_sockaddr(
		(const struct sockaddr *)&peer, &endpoint) != BS_OK)
		(void)close(file);
	else
		admit(tcp, file, &endpoint);
	tcpconn_work(&tcp->all, WORK_OF_ACCEPT);
	return true;
}

static void
accept_some(struct tcp *tcp, int listener, size_t most)
{
	while (most > 0 && accept_one(tcp, listener))
		most--;
}

static void
on_accept(uv_poll_t *poll, int status, int events)
{
	struct listener *listener = poll->data;
	struct tcp *tcp = listener->tcp;

	(void)events;
	accept_some(tcp, listener->file, ACCEPTS_PER_TURN);
	/* libuv stops at an error of the socket, which accepting has cleared */
	if (status < 0 && !tcp->paused)
		(void)uv_poll_start(poll, UV_READABLE, on_accept);
}

/* --- time -------------------------------------------------------------------- */

static void
on_tick(uv_timer_t *tick)
{
	struct tcp *tcp = tick->data;
	struct tcpclients *clients = &tcp->all.clients;
	uint64_t now_ms = uv_now(tcp->all.host.loop);
	struct tcpclient *client;

	while ((client = tcpclients_late(clients, now_ms)) != NULL) {
		tcpconn_close(tcpconn_of(client));
		tcpconn_work(&tcp->all, 1);
	}
	if (tcp->paused)
		(void)resume_accepting(tcp);
	if (clients->count == 0)
		(void)uv_timer_stop(tick);
}

/* --- life -------------------------------------------------------------------- */

int
tcp_new(const struct tcp_host *host, const struct tcp_limits *limits,
    struct tcp **tcp_r)
{
	const uint32_t patience_ms[TCPCLIENT_WAITS] = {
	    [TCPCLIENT_IDLE] = limits->idle_ms,
	    [TCPCLIENT_MESSAGE] = TCP_MESSAGE_MS,
	    [TCPCLIENT_READING] = TCP_READING_MS,
	};
	struct tcp *tcp = calloc(1, sizeof(*tcp));

	if (tcp == NULL)
		return UV_ENOMEM;
	tcp->all.host = *host;
	tcpclients_init(&tcp->all.clients, limits->connections, patience_ms);
	tcpblocks_init(&tcp->all.blocks);
	tcp->all.out = tcpblocks_take(&tcp->all.blocks, NULL);
	if (tcp->all.out == NULL) {
		free(tcp);
		return UV_ENOMEM;
	}
	*tcp_r = tcp;
	return 0;
}

int
tcp_listen(struct tcp *tcp, const int *files, size_t count)
{
	uv_loop_t *loop = tcp->all.host.loop;
	int result = uv_timer_init(loop, &tcp->tick);

	if (result != 0)
		return result;
	tcp->has_tick = true;
	tcp->tick.data = tcp;
	tcp->listener = calloc(count, sizeof(*tcp->listener));
	if (tcp->listener == NULL)
		return UV_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct listener *listener = &tcp->listener[i];

		*listener = (struct listener){.tcp = tcp, .file = files[i]};
		result = uv_poll_init(loop, &listener->poll, files[i]);
		if (result != 0)
			return result;
		listener->poll.data = listener;
		tcp->listener_count++;
	}
	return resume_accepting(tcp);
}

void
tcp_close(struct tcp *tcp)
{
	struct tcpclient *client;

	/* who waits there has come in time */
	for (size_t i = 0; i < tcp->listener_count; i++)
		accept_some(tcp, tcp->listener[i].file, LAST_ACCEPTS);
	for (size_t i = 0; i < tcp->listener_count; i++)
		uv_close((uv_handle_t *)&tcp->listener[i].poll, NULL);
	tcp->listener_count = 0;
	while ((client = tcpclients_dispensable(&tcp->all.clients)) != NULL)
		tcpconn_finish(tcpconn_of(client));
	if (tcp->has_tick)
		uv_close((uv_handle_t *)&tcp->tick, NULL);
	tcp->has_tick = false;
}

void
tcp_free(struct tcp **tcp)
{
	struct tcp *old = *tcp;

	if (old == NULL)
		return;
	tcpblocks_free(&old->all.blocks);
	free(old->listener);
	free(old);
	*tcp = NULL;
}
