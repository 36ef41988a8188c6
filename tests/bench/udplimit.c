/*
 * The socket's own limit: sends every datagram back as a DNS answer without
 * looking at it, batch in, batch out, one thread.  What a DNS server on this
 * machine could reach if it had nothing to do.  The socket has the options that
 * backstopd's has.  Replies are as long as their queries: 80 bytes more made no
 * difference that could be measured.
 *
 *	udplimit PORT
 *
 * Used by tests/bench/dns, on loopback only; ends by a signal.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64

static int
listen_on(uint16_t port)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), bytes = 4 << 20;
	int discover = IP_PMTUDISC_PROBE;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
		perror("udplimit");
		exit(3);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	(void)setsockopt(
	    fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
	return fd;
}

int
main(int argc, char **argv)
{
	static uint8_t bytes[BATCH][512];
	struct sockaddr_in peer[BATCH];
	struct mmsghdr message[BATCH];
	struct iovec iovec[BATCH];
	int fd = listen_on((uint16_t)(argc > 1 ? atoi(argv[1]) : 0));

	for (;;) {
		int count;

		for (int i = 0; i < BATCH; i++) {
			iovec[i] = (struct iovec){bytes[i], sizeof(bytes[i])};
			message[i].msg_hdr = (struct msghdr){
			    .msg_name = &peer[i],
			    .msg_namelen = sizeof(peer[i]),
			    .msg_iov = &iovec[i],
			    .msg_iovlen = 1,
			};
		}
		count = recvmmsg(fd, message, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < count; i++) {
			bytes[i][2] |= 0x84; /* QR, AA */
			iovec[i].iov_len = message[i].msg_len;
		}
		if (count > 0)
			(void)sendmmsg(fd, message, (unsigned)count, 0);
	}
}
