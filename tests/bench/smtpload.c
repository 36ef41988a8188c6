/*
 * Load for tests/bench/smtp: bounces of 4 KB by SMTP, each another one, over so
 * many sessions at a time:
 *
 *	smtpload ADDRESS PORT SESSIONS MESSAGES reuse|new [FROM-ADDRESS]
 *	smtpload ADDRESS PORT SESSIONS 0 hold [FROM-ADDRESS]
 *
 * Prints messages a second and, in microseconds, the median and the 99th
 * percentile of the time from the end of a text to its reply.  `hold` opens the
 * sessions, greets, prints "open" and waits for the end of its input.  Exits 1
 * where a reply is not what it should be.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TEXT_SIZE 4096
#define SESSIONS_MAX 2000
#define IN_SIZE 4096

enum state { GREETING, HELLO, ENVELOPE, TEXT, GOODBYE };

struct session {
	int file;
	enum state state;
	unsigned replies; /* still to come in this state */
	char in[IN_SIZE];
	size_t in_size;
	uint64_t sent_ns;
};

struct load {
	struct sockaddr_in to, from;
	bool reuse;
	size_t sessions;
	uint32_t messages, begun, done;
	uint64_t *took_ns;
	struct session session[SESSIONS_MAX];
	struct pollfd poll[SESSIONS_MAX];
};

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
die(const char *what, const char *more)
{
	fprintf(stderr, "smtpload: %s: %s\n", what, more);
	exit(1);
}

static void
send_text(const struct session *session, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(session->file, text, size, MSG_NOSIGNAL);

		if (sent <= 0)
			die("send", strerror(errno));
		text += sent;
		size -= (size_t)sent;
	}
}

/* A bounce that differs from all others in its Message-ID. */
static void
send_message(struct session *session, uint32_t number)
{
	static const char form[] =
	    "From: MAILER-DAEMON@bounce.example (Mail Delivery System)\r\n"
	    "To: a@trap.example\r\n"
	    "Subject: Undelivered Mail Returned to Sender\r\n"
	    "Message-ID: <%u.%llu@bounce.example>\r\n"
	    "Auto-Submitted: auto-replied\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status;"
	    " boundary=\"B\"\r\n\r\n"
	    "--B\r\nContent-Type: text/plain\r\n\r\n"
	    "I'm sorry to have to inform you that your message could not be "
	    "delivered.\r\n\r\n"
	    "--B\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; bounce.example\r\n\r\n"
	    "Final-Recipient: rfc822; nobody@bounce.example\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
	    "--B\r\nContent-Type: message/rfc822\r\n\r\n";
	static const char end[] = "\r\n--B--\r\n.\r\n";
	static const char line[] = "Lorem ipsum dolor sit amet, consectetur "
				   "adipisicing elit, sed do eius.\r\n";
	char text[TEXT_SIZE + 256];
	size_t size = (size_t)snprintf(
	    text, sizeof(text), form, number, (unsigned long long)now_ns());

	while (size + strlen(line) + strlen(end) <= TEXT_SIZE) {
		memcpy(text + size, line, strlen(line));
		size += strlen(line);
	}
	memcpy(text + size, end, strlen(end));
	session->sent_ns = now_ns();
	send_text(session, text, size + strlen(end));
}

/* --- a session ----------------------------------------------------------- */

static void
open_session(struct load *load, size_t i)
{
	struct session *session = &load->session[i];
	int on = 1;

	memset(session, 0, sizeof(*session));
	session->file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (session->file < 0)
		die("socket", strerror(errno));
	(void)setsockopt(
	    session->file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (load->from.sin_addr.s_addr != 0 &&
	    bind(session->file, (const struct sockaddr *)&load->from,
		sizeof(load->from)) != 0)
		die("bind", strerror(errno));
	if (connect(session->file, (const struct sockaddr *)&load->to,
		sizeof(load->to)) != 0)
		die("connect", strerror(errno));
	(void)setsockopt(
	    session->file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	session->state = GREETING;
	session->replies = 1;
	load->poll[i] = (struct pollfd){session->file, POLLIN, 0};
}

static void
say(struct session *session, const char *text, enum state state,
    unsigned replies)
{
	send_text(session, text, strlen(text));
	session->state = state;
	session->replies = replies;
}

static void
next_message(struct load *load, size_t i)
{
	struct session *session = &load->session[i];

	if (load->begun == load->messages) {
		say(session, "QUIT\r\n", GOODBYE, 1);
		return;
	}
	load->begun++;
	say(session, "MAIL FROM:<>\r\nRCPT TO:<a@trap.example>\r\nDATA\r\n",
	    ENVELOPE, 3);
}

static void
message_done(struct load *load, size_t i)
{
	struct session *session = &load->session[i];

	load->took_ns[load->done++] = now_ns() - session->sent_ns;
	if (load->reuse)
		next_message(load, i);
	else
		say(session, "QUIT\r\n", GOODBYE, 1);
}

static void
session_over(struct load *load, size_t i)
{
	(void)close(load->session[i].file);
	load->poll[i].fd = -1;
	if (load->begun < load->messages)
		open_session(load, i);
}

/* All replies of a state are there. */
static void
advance(struct load *load, size_t i)
{
	struct session *session = &load->session[i];

	switch (session->state) {
	case GREETING:
		say(session, "EHLO client.example\r\n", HELLO, 1);
		break;
	case HELLO:
		if (load->messages > 0)
			next_message(load, i);
		break;
	case ENVELOPE:
		session->state = TEXT;
		session->replies = 1;
		send_message(session, load->begun);
		break;
	case TEXT:
		message_done(load, i);
		break;
	case GOODBYE:
		session_over(load, i);
		break;
	}
}

static void
read_session(struct load *load, size_t i)
{
	struct session *session = &load->session[i];
	ssize_t got = recv(session->file, session->in + session->in_size,
	    sizeof(session->in) - session->in_size, 0);
	char *lf;

	if (got <= 0)
		die("closed", got < 0 ? strerror(errno) : "by the server");
	session->in_size += (size_t)got;
	while ((lf = memchr(session->in, '\n', session->in_size)) != NULL) {
		size_t size = (size_t)(lf - session->in) + 1;
		bool last = size > 4 && session->in[3] == ' ';

		if (session->in[0] != '2' && session->in[0] != '3') {
			*lf = '\0';
			die("reply", session->in);
		}
		session->in_size -= size;
		memmove(session->in, lf + 1, session->in_size);
		if (last && --session->replies == 0) {
			advance(load, i);
			return;
		}
	}
}

/* --- the whole ----------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
turn(struct load *load)
{
	if (poll(load->poll, load->sessions, 30000) <= 0)
		die("poll", "nothing for 30 s");
	for (size_t i = 0; i < load->sessions; i++) {
		if (load->poll[i].fd >= 0 && load->poll[i].revents != 0)
			read_session(load, i);
	}
}

static void
run(struct load *load)
{
	uint64_t start_ns = now_ns();
	double seconds;

	while (load->done < load->messages)
		turn(load);
	seconds = (double)(now_ns() - start_ns) / 1e9;
	qsort(load->took_ns, load->done, sizeof(*load->took_ns), compare);
	printf("%.0f %.0f %.0f\n", load->done / seconds,
	    (double)load->took_ns[load->done / 2] / 1e3,
	    (double)load->took_ns[load->done - 1 - load->done / 100] / 1e3);
}

/* Until all are greeted, then for as long as input lasts. */
static void
hold(struct load *load)
{
	size_t greeted = 0;
	char byte;

	while (greeted < load->sessions) {
		turn(load);
		greeted = 0;
		for (size_t i = 0; i < load->sessions; i++)
			greeted += load->session[i].state == HELLO &&
				   load->session[i].replies == 0;
	}
	puts("open");
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

int
main(int argc, char *argv[])
{
	struct load *load = calloc(1, sizeof(*load));

	if (argc < 6 || load == NULL) {
		fputs("usage: smtpload ADDRESS PORT SESSIONS MESSAGES "
		      "reuse|new|hold [FROM-ADDRESS]\n",
		    stderr);
		return 2;
	}
	load->to.sin_family = load->from.sin_family = AF_INET;
	load->to.sin_port = htons((uint16_t)atoi(argv[2]));
	if (inet_pton(AF_INET, argv[1], &load->to.sin_addr) != 1 ||
	    (argc > 6 &&
		inet_pton(AF_INET, argv[6], &load->from.sin_addr) != 1))
		die("no IPv4 address", argv[argc > 6 ? 6 : 1]);
	load->sessions = (size_t)atoi(argv[3]);
	load->messages = (uint32_t)strtoul(argv[4], NULL, 10);
	load->reuse = strcmp(argv[5], "reuse") == 0;
	if (load->sessions < 1 || load->sessions > SESSIONS_MAX)
		die("SESSIONS", "from 1 to 2000");
	load->took_ns =
	    calloc(load->messages + load->sessions, sizeof(*load->took_ns));
	if (load->took_ns == NULL)
		die("memory", "none is left");
	for (size_t i = 0; i < load->sessions; i++)
		open_session(load, i);
	if (load->messages == 0)
		hold(load);
	else
		run(load);
	free(load->took_ns);
	free(load);
	return 0;
}
