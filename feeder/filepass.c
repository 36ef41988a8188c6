/*
 * The one place that writes and reads control messages.  Called by nursery.c,
 * judgepool.c and judgework.c, milterlink.c and milterdoor.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "filepass.h"

union control {
	char bytes[CMSG_SPACE(FILEPASS_MAX * sizeof(int))];
	struct cmsghdr align;
};

static void
attach(struct msghdr *message, union control *control,
    const struct filepass *files)
{
	size_t size = files->count * sizeof(int);
	struct cmsghdr *head;

	memset(control, 0, sizeof(*control));
	message->msg_control = control->bytes;
	message->msg_controllen = CMSG_SPACE(size);
	head = CMSG_FIRSTHDR(message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(head), files->file, size);
}

ssize_t
filepass_send(
    int socket, struct iovec part, const struct filepass *files, int flags)
{
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	union control control;
	ssize_t sent;

	if (files->count > 0)
		attach(&message, &control, files);
	do
		sent = sendmsg(socket, &message, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent;
}

static void
detach(struct msghdr *message, struct filepass *files_r)
{
	const struct cmsghdr *head = CMSG_FIRSTHDR(message);
	size_t size;

	if (head == NULL || head->cmsg_level != SOL_SOCKET ||
	    head->cmsg_type != SCM_RIGHTS || head->cmsg_len < CMSG_LEN(0))
		return;
	size = head->cmsg_len - CMSG_LEN(0);
	files_r->count = size / sizeof(int);
	memcpy(files_r->file, CMSG_DATA(head), size);
}

ssize_t
filepass_receive(
    int socket, struct iovec part, struct filepass *files_r, int flags)
{
	union control control;
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    /* without what CMSG_SPACE fills up: that could take one more */
	    .msg_controllen = CMSG_LEN(sizeof(files_r->file))};
	ssize_t got;

	do
		got = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	files_r->count = 0;
	if (got > 0)
		detach(&message, files_r);
	return got;
}
