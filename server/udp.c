/*
 * UDP batches: recvmmsg, an answer for each, sendmmsg.  Buffers are made once;
 * on the way of a message nothing is allocated, locked or logged.  Called by
 * worker.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "counters.h"
#include "dns.h"
#include "udp.h"

#define CONTROL_SIZE CMSG_SPACE(sizeof(struct in6_pktinfo))

struct udp_message {
	struct sockaddr_storage peer;
	struct iovec iovec;
	uint8_t bytes[UDP_QUERY_MAX];
	union {
		uint8_t bytes[CONTROL_SIZE];
		struct cmsghdr align;
	} control;
};

struct udp_reply {
	struct iovec iovec;
	uint8_t bytes[RESPOND_UDP_MAX];
};

struct udp_batch {
	size_t count; /* received */
	struct mmsghdr in[UDP_BATCH_MAX];
	struct mmsghdr out[UDP_BATCH_MAX];
	struct udp_message message[UDP_BATCH_MAX];
	struct udp_reply reply[UDP_BATCH_MAX];
};

/* --- batches ------------------------------------------------------------- */

/* Makes a slot ready to be received into again. */
static void
reset_message(struct udp_batch *batch, size_t i)
{
	struct udp_message *message = &batch->message[i];
	struct msghdr *header = &batch->in[i].msg_hdr;

	message->iovec.iov_base = message->bytes;
	message->iovec.iov_len = sizeof(message->bytes);
	memset(header, 0, sizeof(*header));
	header->msg_name = &message->peer;
	header->msg_namelen = sizeof(message->peer);
	header->msg_iov = &message->iovec;
	header->msg_iovlen = 1;
	header->msg_control = message->control.bytes;
	header->msg_controllen = sizeof(message->control.bytes);
}

struct udp_batch *
udp_batch_new(void)
{
	struct udp_batch *batch = calloc(1, sizeof(*batch));

	if (batch == NULL)
		return NULL;
	for (size_t i = 0; i < UDP_BATCH_MAX; i++)
		reset_message(batch, i);
	return batch;
}

void
udp_batch_free(struct udp_batch **batch)
{
	free(*batch);
	*batch = NULL;
}

size_t
udp_receive(struct udp_batch *batch, int file)
{
	int received;

	for (size_t i = 0; i < batch->count; i++)
		reset_message(batch, i);
	batch->count = 0;
	do
		received = recvmmsg(
		    file, batch->in, UDP_BATCH_MAX, MSG_DONTWAIT, NULL);
	while (received < 0 && errno == EINTR);
	if (received > 0)
		batch->count = (size_t)received;
	return batch->count;
}

/* A reply goes by whatever way the routes say, except that a link-local
 * address means nothing without its interface. */
static void
free_interface(struct msghdr *header)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);

	if (control == NULL)
		return;
	if (control->cmsg_level == IPPROTO_IP &&
	    control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(control), sizeof(info));
		info.ipi_ifindex = 0;
		memcpy(CMSG_DATA(control), &info, sizeof(info));
	} else if (control->cmsg_level == IPPROTO_IPV6 &&
		   control->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, CMSG_DATA(control), sizeof(info));
		if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
			info.ipi6_ifindex = 0;
		memcpy(CMSG_DATA(control), &info, sizeof(info));
	}
}

/* Whether a message can be answered: it is whole, and what is sent back can
 * reach somebody. */
static bool
note_client(const struct udp_batch *batch, size_t i, struct bs_endpoint *client)
{
	return (batch->in[i].msg_hdr.msg_flags & MSG_TRUNC) == 0 &&
	       bs_endpoint_from_sockaddr(
		   (const struct sockaddr *)&batch->message[i].peer, client) ==
		   BS_OK &&
	       client->port != 0;
}

/* sendmmsg stops at the first message that fails: that one is skipped. */
static void
send_all(struct udp_batch *batch, int file, size_t count)
{
	size_t sent = 0;

	while (sent < count) {
		int result = sendmmsg(file, batch->out + sent,
		    (unsigned)(count - sent), MSG_DONTWAIT);

		if (result > 0)
			sent += (size_t)result;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
		else if (errno != EINTR)
			sent++;
	}
}

/* Names what will be asked, so that memory comes while others are answered. */
static void
announce(const struct udp_batch *batch, const struct lookup *lookup)
{
	if (lookup->expect == NULL || lookup->error != 0)
		return;
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->in[i].msg_len > DNS_HEADER_SIZE)
			lookup->expect(lookup->context,
			    batch->message[i].bytes + DNS_HEADER_SIZE,
			    batch->in[i].msg_len - DNS_HEADER_SIZE);
	}
}

void
udp_answer(struct udp_batch *batch, int file, struct respond_context *context)
{
	size_t replies = 0;

	announce(batch, &context->lookup);
	for (size_t i = 0; i < batch->count; i++) {
		struct msghdr *in = &batch->in[i].msg_hdr;
		struct udp_reply *reply = &batch->reply[replies];
		struct msghdr *out = &batch->out[replies].msg_hdr;

		if (!note_client(batch, i, &context->client)) {
			if (context->counters != NULL)
				counters_add(&context->counters->dropped);
			continue;
		}
		reply->iovec.iov_base = reply->bytes;
		reply->iovec.iov_len =
		    respond_udp(context, batch->message[i].bytes,
			batch->in[i].msg_len, reply->bytes);
		if (reply->iovec.iov_len == 0)
			continue;
		*out = *in;
		out->msg_iov = &reply->iovec;
		out->msg_flags = 0;
		free_interface(out);
		replies++;
	}
	send_all(batch, file, replies);
}
