/*
 * Loads a DNS server over UDP and measures it: a closed loop that keeps WINDOW
 * queries in flight over SOCKETS sockets, in batches, so that the server and
 * not the loader is what is busy.  With RATE it sends no faster than that many
 * a second, for latencies below saturation.
 *
 *	dnsload PORT QUERIES SECONDS [WINDOW [RATE]]
 *	dnsload PORT --first MILLISECONDS
 *
 * The second form asks for bl.test SOA until there is an answer with a record,
 * once each millisecond, and exits 1 where none comes in time.
 *
 * QUERIES has a name and a type a line.  Prints one line of numbers: queries
 * a second, answers, lost, hits, NXDOMAIN, other, and the latencies p50, p99
 * and p99.9 in microseconds.  Used by tests/bench/dns, on loopback only.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

#define SOCKETS 8
#define BATCH 64
#define WINDOW_MAX 8192 /* a slot each, SOCKETS * 1024 */
#define SLOTS (WINDOW_MAX / SOCKETS)
#define QUERIES_MAX 2000000
#define QUERY_MAX 128
#define LOST_NS 1000000000ull

struct question {
	uint8_t size;
	uint8_t bytes[QUERY_MAX - 1];
};

/* One query in flight; the ID of a message is its slot and a round number, so
 * that a late answer is not taken for another's. */
struct slot {
	uint64_t sent_ns; /* 0: free */
	uint8_t round;
};

struct channel {
	int fd;
	struct slot slot[SLOTS];
	uint16_t free[SLOTS];
	size_t free_count;
};

/* Latencies, 64 steps for each power of 2 of nanoseconds. */
struct histogram {
	uint64_t count[64 * 64];
};

struct load {
	struct channel channel[SOCKETS];
	struct question *question;
	size_t question_count, next;
	uint64_t sent, answered, lost, hits, nxdomain, other;
	struct histogram latency;
};

static void
fail(const char *what)
{
	fprintf(stderr, "dnsload: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* --- latencies ------------------------------------------------------------ */

static void
histogram_add(struct histogram *histogram, uint64_t ns)
{
	unsigned top = 63 - (unsigned)__builtin_clzll(ns | 64);
	unsigned step = (unsigned)(ns >> (top - 6)) & 63;

	histogram->count[top * 64 + step]++;
}

static double
histogram_us(const struct histogram *histogram, double share)
{
	uint64_t all = 0, seen = 0;

	for (size_t i = 0; i < 64 * 64; i++)
		all += histogram->count[i];
	for (size_t i = 0; i < 64 * 64; i++) {
		seen += histogram->count[i];
		if (all > 0 && (double)seen >= share * (double)all)
			return (double)((64 + i % 64) << (i / 64 - 6)) / 1000;
	}
	return 0;
}

/* --- questions ------------------------------------------------------------ */

static bool
put_name(const char *name, uint8_t **at, const uint8_t *end)
{
	while (*name != '\0') {
		size_t size = strcspn(name, ".");

		if (size == 0 || size > 63 || *at + size + 6 > end)
			return false;
		*(*at)++ = (uint8_t)size;
		memcpy(*at, name, size);
		*at += size;
		name += size + (name[size] == '.');
	}
	*(*at)++ = 0;
	return true;
}

static bool
make_question(const char *name, const char *type, struct question *question)
{
	static const uint8_t header[12] = {[5] = 1};
	uint8_t *at = question->bytes + sizeof(header);

	memcpy(question->bytes, header, sizeof(header));
	if (!put_name(name, &at, question->bytes + sizeof(question->bytes) - 4))
		return false;
	*at++ = 0;
	*at++ = strcmp(type, "TXT") == 0   ? 16
		: strcmp(type, "SOA") == 0 ? 6
					   : 1;
	*at++ = 0;
	*at++ = 1;
	question->size = (uint8_t)(at - question->bytes);
	return true;
}

static void
read_questions(struct load *load, const char *path)
{
	FILE *in = fopen(path, "r");
	char name[256], type[16];

	load->question = calloc(QUERIES_MAX, sizeof(*load->question));
	if (in == NULL || load->question == NULL)
		fail(path);
	while (load->question_count < QUERIES_MAX &&
	       fscanf(in, "%255s %15s", name, type) == 2) {
		if (make_question(
			name, type, &load->question[load->question_count]))
			load->question_count++;
	}
	(void)fclose(in);
	if (load->question_count == 0) {
		fprintf(stderr, "dnsload: %s: no queries in it\n", path);
		exit(1);
	}
}

/* --- channels ------------------------------------------------------------- */

static void
open_channel(struct channel *channel, uint16_t port, size_t window)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int bytes = 4 << 20;

	channel->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (channel->fd < 0 ||
	    connect(channel->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("socket");
	(void)setsockopt(
	    channel->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	for (size_t i = 0; i < window; i++)
		channel->free[channel->free_count++] = (uint16_t)i;
}

/* Sends up to `want` queries; returns how many. */
static size_t
send_some(struct load *load, struct channel *channel, size_t want)
{
	struct mmsghdr message[BATCH] = {0};
	struct iovec iovec[BATCH];
	uint8_t bytes[BATCH][QUERY_MAX];
	uint64_t now_ns = bs_clock_monotonic_ns();
	size_t count = want < channel->free_count ? want : channel->free_count;
	int sent;

	count = count < BATCH ? count : BATCH;
	for (size_t i = 0; i < count; i++) {
		const struct question *question =
		    &load->question[(load->next + i) % load->question_count];
		uint16_t slot = channel->free[channel->free_count - 1 - i];
		uint16_t id =
		    (uint16_t)(channel->slot[slot].round << 10 | slot);

		memcpy(bytes[i], question->bytes, question->size);
		bytes[i][0] = (uint8_t)(id >> 8);
		bytes[i][1] = (uint8_t)id;
		iovec[i] = (struct iovec){bytes[i], question->size};
		message[i].msg_hdr.msg_iov = &iovec[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	sent =
	    count == 0 ? 0 : sendmmsg(channel->fd, message, (unsigned)count, 0);
	for (int i = 0; i < sent; i++)
		channel->slot[channel->free[--channel->free_count]].sent_ns =
		    now_ns;
	if (sent > 0) {
		load->next += (size_t)sent;
		load->sent += (size_t)sent;
	}
	return sent > 0 ? (size_t)sent : 0;
}

static void
release(struct channel *channel, uint16_t number)
{
	struct slot *slot = &channel->slot[number];

	slot->sent_ns = 0;
	slot->round = (uint8_t)((slot->round + 1) & 63);
	channel->free[channel->free_count++] = number;
}

static void
take_answer(struct load *load, struct channel *channel, const uint8_t *bytes,
    uint64_t now_ns)
{
	uint16_t id = (uint16_t)(bytes[0] << 8 | bytes[1]);
	uint16_t number = id & (SLOTS - 1);
	struct slot *slot = &channel->slot[number];

	if (slot->sent_ns == 0 || slot->round != id >> 10)
		return; /* counted as lost already */
	histogram_add(&load->latency, now_ns - slot->sent_ns);
	release(channel, number);
	load->answered++;
	if ((bytes[3] & 0xf) == 3)
		load->nxdomain++;
	else if ((bytes[3] & 0xf) == 0 && (bytes[6] | bytes[7]) != 0)
		load->hits++;
	else
		load->other++;
}

/* Takes in all that has come; returns how many messages. */
static size_t
receive_some(struct load *load, struct channel *channel)
{
	struct mmsghdr message[BATCH] = {0};
	struct iovec iovec[BATCH];
	uint8_t bytes[BATCH][512];
	uint64_t now_ns;
	int count;

	for (size_t i = 0; i < BATCH; i++) {
		iovec[i] = (struct iovec){bytes[i], sizeof(bytes[i])};
		message[i].msg_hdr.msg_iov = &iovec[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	count = recvmmsg(channel->fd, message, BATCH, MSG_DONTWAIT, NULL);
	if (count < 0 && errno == ECONNREFUSED)
		fail("nobody listens there");
	now_ns = bs_clock_monotonic_ns();
	for (int i = 0; i < count; i++) {
		if (message[i].msg_len >= 12)
			take_answer(load, channel, bytes[i], now_ns);
	}
	return count > 0 ? (size_t)count : 0;
}

static void
give_up(struct load *load, uint64_t before_ns)
{
	for (size_t i = 0; i < SOCKETS; i++) {
		struct channel *channel = &load->channel[i];

		for (uint16_t j = 0; j < SLOTS; j++) {
			if (channel->slot[j].sent_ns == 0 ||
			    channel->slot[j].sent_ns >= before_ns)
				continue;
			release(channel, j);
			load->lost++;
		}
	}
}

/* --- the loop ------------------------------------------------------------- */

static void
wait_for_any(struct load *load)
{
	struct pollfd wait[SOCKETS];

	for (size_t i = 0; i < SOCKETS; i++)
		wait[i] = (struct pollfd){load->channel[i].fd, POLLIN, 0};
	(void)poll(wait, SOCKETS, 1);
}

static double
run(struct load *load, double seconds, double rate)
{
	uint64_t start_ns = bs_clock_monotonic_ns(), now_ns = start_ns;
	uint64_t end_ns = start_ns + (uint64_t)(seconds * 1e9);
	uint64_t look_ns = start_ns + LOST_NS;

	while (now_ns < end_ns) {
		size_t moved = 0;

		for (size_t i = 0; i < SOCKETS; i++) {
			size_t want = BATCH;

			if (rate > 0) {
				double due =
				    rate * (double)(now_ns - start_ns) / 1e9 -
				    (double)load->sent;

				want = due < 1       ? 0
				       : due > BATCH ? BATCH
						     : (size_t)due;
			}
			moved += send_some(load, &load->channel[i], want);
			moved += receive_some(load, &load->channel[i]);
		}
		if (moved == 0)
			wait_for_any(load);
		now_ns = bs_clock_monotonic_ns();
		if (now_ns >= look_ns) {
			give_up(load, now_ns - LOST_NS);
			look_ns = now_ns + LOST_NS / 4;
		}
	}
	return (double)(now_ns - start_ns) / 1e9;
}

/* Whether a server answers, within so many milliseconds. */
static int
wait_for_first(struct load *load, uint16_t port, int limit_ms)
{
	struct channel *channel = &load->channel[0];
	struct question question;
	uint8_t answer[512];

	open_channel(channel, port, 1);
	(void)make_question("bl.test", "SOA", &question);
	for (int i = 0; i < limit_ms; i++) {
		struct pollfd wait = {channel->fd, POLLIN, 0};

		(void)send(channel->fd, question.bytes, question.size, 0);
		if (poll(&wait, 1, 1) > 0 &&
		    recv(channel->fd, answer, sizeof(answer), 0) > 12 &&
		    (answer[3] & 0xf) == 0 && answer[7] != 0)
			return 0;
	}
	return 1;
}

int
main(int argc, char **argv)
{
	struct load *load = calloc(1, sizeof(*load));
	size_t window = argc > 4 ? (size_t)atol(argv[4]) : 512;
	double seconds;

	if (load == NULL || argc < 4 || window < SOCKETS ||
	    window > WINDOW_MAX) {
		fprintf(stderr,
		    "usage: dnsload PORT QUERIES SECONDS [WINDOW [RATE]]\n");
		return 2;
	}
	if (strcmp(argv[2], "--first") == 0)
		return wait_for_first(
		    load, (uint16_t)atoi(argv[1]), atoi(argv[3]));
	read_questions(load, argv[2]);
	for (size_t i = 0; i < SOCKETS; i++)
		open_channel(&load->channel[i], (uint16_t)atoi(argv[1]),
		    window / SOCKETS);
	seconds = run(load, atof(argv[3]), argc > 5 ? atof(argv[5]) : 0);
	printf("%.0f %llu %llu %llu %llu %llu %.0f %.0f %.0f\n",
	    (double)load->answered / seconds,
	    (unsigned long long)load->answered, (unsigned long long)load->lost,
	    (unsigned long long)load->hits, (unsigned long long)load->nxdomain,
	    (unsigned long long)load->other, histogram_us(&load->latency, 0.5),
	    histogram_us(&load->latency, 0.99),
	    histogram_us(&load->latency, 0.999));
	free(load->question);
	free(load);
	return 0;
}
