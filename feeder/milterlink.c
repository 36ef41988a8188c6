/*
 * Sends frames over a socket of the thread's own, which serve gets the other
 * end of.  Text is gathered, so that a message of many lines costs few calls.
 * Used by miltersession.c; milterinlet.c is at the other end.
 */
#include "autoconf.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "filepass.h"
#include "milterlink.h"
#include "milterwire.h"

struct milterlink {
	int socket;
	bool waited;      /* for the end of the message under way */
	size_t text_size; /* gathered behind the head */
	uint8_t text[MILTERWIRE_HEAD + MILTERWIRE_TEXT_MAX];
};

/* --- life ---------------------------------------------------------------- */

static int
hand_over(int control, int file)
{
	const struct filepass files = {1, {file}};
	char byte = 0;
	struct iovec part = {&byte, 1};

	return filepass_send(control, part, &files, 0) == 1 ? BS_OK : BS_EIO;
}

/* How long the socket waits for room. */
static int
set_wait(struct milterlink *link, bool waited)
{
	struct timeval wait = {
	    (waited ? MILTERLINK_WAIT_MS : MILTERLINK_BRIEF_MS) / 1000, 0};

	link->waited = waited;
	return setsockopt(link->socket, SOL_SOCKET, SO_SNDTIMEO, &wait,
		   sizeof(wait)) == 0
		   ? BS_OK
		   : BS_EIO;
}

struct milterlink *
milterlink_new(int control)
{
	struct milterlink *link = calloc(1, sizeof(*link));
	int pair[2], rc;

	if (link == NULL)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		free(link);
		return NULL;
	}
	link->socket = pair[0];
	rc = hand_over(control, pair[1]);
	(void)close(pair[1]);
	if (rc == BS_OK)
		rc = set_wait(link, true);
	if (rc != BS_OK)
		milterlink_free(&link);
	return link;
}

void
milterlink_free(struct milterlink **link)
{
	if (*link == NULL)
		return;
	(void)close((*link)->socket);
	free(*link);
	*link = NULL;
}

/* --- sending ------------------------------------------------------------- */

static int
send_all(const struct milterlink *link, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(link->socket, bytes, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return BS_EIO;
		bytes += sent;
		size -= (size_t)sent;
	}
	return BS_OK;
}

static int
flush(struct milterlink *link)
{
	size_t size = link->text_size;

	if (size == 0)
		return BS_OK;
	link->text_size = 0;
	milterwire_put_head(MILTERWIRE_TEXT, size, link->text);
	return send_all(link, link->text, MILTERWIRE_HEAD + size);
}

int
milterlink_envelope(
    struct milterlink *link, const struct envelope *envelope, bool waited)
{
	uint8_t frame[MILTERWIRE_FRAME_MAX];
	int rc = link->waited != waited ? set_wait(link, waited) : BS_OK;

	if (rc == BS_OK)
		rc = send_all(
		    link, frame, milterwire_put_sender(envelope, frame));
	for (size_t i = 0; rc == BS_OK && i < envelope->recipient_count; i++)
		rc = send_all(link, frame,
		    milterwire_put_trap(envelope->recipient[i].address, frame));
	return rc;
}

int
milterlink_text(struct milterlink *link, const char *bytes, size_t size)
{
	while (size > 0) {
		size_t room = MILTERWIRE_TEXT_MAX - link->text_size;
		size_t part = size < room ? size : room;

		memcpy(link->text + MILTERWIRE_HEAD + link->text_size, bytes,
		    part);
		link->text_size += part;
		bytes += part;
		size -= part;
		if (part == room && flush(link) != BS_OK)
			return BS_EIO;
	}
	return BS_OK;
}

static int
send_bare(struct milterlink *link, enum milterwire_kind kind)
{
	uint8_t head[MILTERWIRE_HEAD];

	link->text_size = 0;
	milterwire_put_head(kind, 0, head);
	return send_all(link, head, sizeof(head));
}

int
milterlink_unused(struct milterlink *link)
{
	return send_bare(link, MILTERWIRE_UNUSED);
}

int
milterlink_drop(struct milterlink *link)
{
	return send_bare(link, MILTERWIRE_DROP);
}

/* --- the answer ---------------------------------------------------------- */

static int
await(const struct milterlink *link)
{
	struct pollfd entry = {.fd = link->socket, .events = POLLIN};
	char answer;
	int count;

	do
		count = poll(&entry, 1, MILTERLINK_WAIT_MS);
	while (count < 0 && errno == EINTR);
	if (count <= 0 || recv(link->socket, &answer, 1, 0) != 1)
		return BS_EIO;
	return answer == MILTERWIRE_KEPT ? BS_OK : BS_EBUSY;
}

int
milterlink_end(struct milterlink *link, bool cut)
{
	struct milterwire_end end = {cut, link->waited};
	uint8_t frame[MILTERWIRE_FRAME_MAX];
	int rc = flush(link);

	if (rc == BS_OK)
		rc = send_all(link, frame, milterwire_put_end(end, frame));
	return rc == BS_OK && link->waited ? await(link) : rc;
}
