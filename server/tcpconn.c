/*
 * TCP connections, on libuv's poll handles as the UDP sockets are, so that what
 * is done in one turn is ours to bound.  Who may connect and for how long is
 * left to tcpclients.c, accepting and the timer to tcp.c, which calls this.
 */
#include "autoconf.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tcpanswer.h"
#include "tcpconn.h"

#define BUFFER_SIZE 2048 /* a longer message gets a block */
#define BATCH_MAX 64     /* queries answered from one snapshot */
#define WORK_MAX 64      /* queries' worth until UDP has its turn */
#define WORK_OF_SEND 4
#define LAST_READS 64 /* before it ends: what a socket's buffer holds */

struct tcpconn {
	struct tcpclient client;
	struct tcpconns *all;
	uv_poll_t poll;
	int file;
	struct bs_endpoint peer;
	int events;                /* that are polled for */
	bool ended;                /* the client sends no more */
	bool closed;               /* and to be freed soon */
	struct tcpframe in;        /* in `buffer`, or in `in_block` */
	struct tcpblock *in_block; /* NULL: none is needed */
	struct tcpblock *out;      /* answers not yet written; NULL: none */
	size_t out_size, out_sent;
	uint8_t buffer[BUFFER_SIZE];
};

struct tcpconn *
tcpconn_of(struct tcpclient *client)
{
	return (struct tcpconn *)(void *)((char *)client -
					  offsetof(struct tcpconn, client));
}

void
tcpconn_work(struct tcpconns *all, unsigned work)
{
	all->work += work;
	if (all->work < WORK_MAX)
		return;
	all->work = 0;
	all->host.yield(all->host.context);
}

static void
wait_for(struct tcpconn *conn, enum tcpclient_wait wait)
{
	tcpclients_wait(&conn->all->clients, &conn->client, wait,
	    uv_now(conn->all->host.loop));
}

/* A block, where need be by closing who has had one for the longest time. */
static struct tcpblock *
take_block(struct tcpconn *conn, void *owner)
{
	struct tcpblocks *blocks = &conn->all->blocks;
	struct tcpblock *block = tcpblocks_take(blocks, owner);
	struct tcpconn *other;

	if (block != NULL)
		return block;
	other = tcpblocks_longest(blocks, conn);
	if (other == NULL)
		return NULL;
	tcpconn_close(other);
	return tcpblocks_take(blocks, owner);
}

/* --- writing --------------------------------------------------------------- */

enum sent {
	SENT_ALL,
	SENT_PART,
	SENT_FAILED,
};

/* *sent_r counts what was sent, before this too. */
static enum sent
send_some(int file, const uint8_t *bytes, size_t size, size_t *sent_r)
{
	while (*sent_r < size) {
		ssize_t sent = send(file, bytes + *sent_r, size - *sent_r,
		    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent >= 0)
			*sent_r += (size_t)sent;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return SENT_PART;
		else if (errno != EINTR)
			return SENT_FAILED;
	}
	return SENT_ALL;
}

static void on_poll(uv_poll_t *poll, int status, int events);

static void
poll_for(struct tcpconn *conn, int events)
{
	if (conn->events == events)
		return;
	conn->events = events;
	if (uv_poll_start(&conn->poll, events, on_poll) != 0)
		tcpconn_close(conn);
}

/* Keeps the shared block, of which `sent` bytes have gone, for later. */
static void
keep_answers(struct tcpconn *conn, size_t size, size_t sent)
{
	struct tcpblock *next = take_block(conn, NULL);

	if (next == NULL) {
		tcpconn_close(conn);
		return;
	}
	conn->out = conn->all->out;
	conn->out_size = size;
	conn->out_sent = sent;
	tcpblocks_hand(&conn->all->blocks, conn->out, conn);
	conn->all->out = next;
	wait_for(conn, TCPCLIENT_READING);
	poll_for(conn, UV_WRITABLE);
}

/* Writes what was made in the shared block.  False: nothing more may be
 * answered now. */
static bool
send_answers(struct tcpconn *conn, size_t size)
{
	size_t sent = 0;

	switch (send_some(conn->file, conn->all->out->bytes, size, &sent)) {
	case SENT_ALL:
		return true;
	case SENT_PART:
		keep_answers(conn, size, sent);
		return false;
	case SENT_FAILED:
		break;
	}
	tcpconn_close(conn);
	return false;
}

/* Writes what was kept.  True: all of it has gone. */
static bool
send_kept(struct tcpconn *conn)
{
	switch (send_some(
	    conn->file, conn->out->bytes, conn->out_size, &conn->out_sent)) {
	case SENT_ALL:
		tcpblocks_give(&conn->all->blocks, conn->out);
		conn->out = NULL;
		return true;
	case SENT_PART:
		return false;
	case SENT_FAILED:
		break;
	}
	tcpconn_close(conn);
	return false;
}

/* --- reading and answering --------------------------------------------------- */

/* Takes in once what has come.  False: the connection is closed. */
static bool
receive(struct tcpconn *conn)
{
	size_t room;
	uint8_t *space = tcpframe_space(&conn->in, &room);
	ssize_t got;

	assert(room > 0); /* or the end could not be told from no room */
	do
		got = recv(conn->file, space, room, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		tcpframe_added(&conn->in, (size_t)got);
	else if (got == 0)
		conn->ended = true;
	else if (errno != EAGAIN && errno != EWOULDBLOCK)
		tcpconn_close(conn);
	return !conn->closed;
}

/* A block for a long message, and its own buffer for what comes after it.
 * False: there is none to be had. */
static bool
fit_buffer(struct tcpconn *conn)
{
	size_t need = tcpframe_need(&conn->in);

	if (need > conn->in.room) {
		conn->in_block = take_block(conn, conn);
		if (conn->in_block == NULL)
			return false;
		tcpframe_move(&conn->in, conn->in_block->bytes, TCPBLOCK_SIZE);
	} else if (conn->in_block != NULL && need <= BUFFER_SIZE) {
		tcpframe_move(&conn->in, conn->buffer, BUFFER_SIZE);
		tcpblocks_give(&conn->all->blocks, conn->in_block);
		conn->in_block = NULL;
	}
	return true;
}

/* What to wait for when no whole message is left.  The time for a message runs
 * from its first byte, however slowly the others come. */
static void
settle(struct tcpconn *conn, enum tcpframe_state state, bool answered)
{
	enum tcpclient_wait wait =
	    state == TCPFRAME_EMPTY ? TCPCLIENT_IDLE : TCPCLIENT_MESSAGE;

	if (state == TCPFRAME_BAD || conn->ended || !fit_buffer(conn)) {
		tcpconn_close(conn);
		return;
	}
	if (answered || conn->client.wait != wait)
		wait_for(conn, wait);
	poll_for(conn, UV_READABLE);
}

/* Answers all whole messages that are there, in batches. */
static void
answer(struct tcpconn *conn)
{
	struct tcpconns *all = conn->all;
	const struct tcp_host *host = &all->host;
	enum tcpframe_state state;
	bool answered = false;

	do {
		struct tcpanswer out = {all->out->bytes, TCPBLOCK_SIZE, 0};
		struct respond_context context = host->renew(host->context);
		size_t count = BATCH_MAX;

		context.client = conn->peer;
		state = tcpanswer_batch(&conn->in, &context, &out, &count);
		host->release(host->context);
		answered = answered || count > 0;
		if (out.size > 0 && !send_answers(conn, out.size))
			return;
		tcpconn_work(all, (unsigned)count + WORK_OF_SEND);
	} while (state == TCPFRAME_WHOLE);
	settle(conn, state, answered);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct tcpconn *conn = poll->data;

	(void)events;
	if (status < 0)
		tcpconn_close(conn);
	else if (conn->out != NULL ? send_kept(conn) : receive(conn))
		answer(conn);
}

/* --- life ------------------------------------------------------------------ */

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
tcpconn_close(struct tcpconn *conn)
{
	if (conn->closed)
		return;
	conn->closed = true;
	tcpclients_remove(&conn->all->clients, &conn->client);
	if (conn->in_block != NULL)
		tcpblocks_give(&conn->all->blocks, conn->in_block);
	if (conn->out != NULL)
		tcpblocks_give(&conn->all->blocks, conn->out);
	uv_close((uv_handle_t *)&conn->poll, on_closed);
	(void)close(conn->file);
}

void
tcpconn_finish(struct tcpconn *conn)
{
	for (size_t i = 0; i < LAST_READS; i++) {
		size_t before = tcpframe_left(&conn->in);

		if (conn->closed || conn->out != NULL || !receive(conn) ||
		    tcpframe_left(&conn->in) == before)
			break;
		answer(conn);
	}
	tcpconn_close(conn);
}

int
tcpconn_open(struct tcpconns *all, int file, const struct bs_endpoint *peer)
{
	struct tcpconn *conn = malloc(sizeof(*conn));

	if (conn == NULL) {
		(void)close(file);
		return BS_ENOMEM;
	}
	/* the buffer stays as it is, so that its pages cost nothing */
	conn->all = all;
	conn->file = file;
	conn->peer = *peer;
	conn->events = 0;
	conn->ended = false;
	conn->closed = false;
	conn->in_block = NULL;
	conn->out = NULL;
	conn->in =
	    (struct tcpframe){.bytes = conn->buffer, .room = BUFFER_SIZE};
	if (uv_poll_init(all->host.loop, &conn->poll, file) != 0) {
		(void)close(file);
		free(conn);
		return BS_ESYSTEM;
	}
	conn->poll.data = conn;
	tcpclients_add(
	    &all->clients, &conn->client, &peer->addr, uv_now(all->host.loop));
	poll_for(conn, UV_READABLE);
	return conn->closed ? BS_ESYSTEM : BS_OK;
}
