/*
 * Asks a server on 127.0.0.1 a lot of questions and checks each answer.
 *
 *	dnsask PORT FILE
 *	dnsask PORT NAME SECONDS
 *
 * FILE has a name and a word a line: `listed`, `empty` (NODATA) or `none`
 * (NXDOMAIN), of type A; each is asked until it is answered.  With a NAME and
 * SECONDS: that name comes and goes, and the serial moves by one each time; it
 * is asked for a type that it never has, so that each answer has a SOA: the
 * name must be there with one half of the serials and not with the other.
 * Prints what is wrong, then "N asked, M wrong, L lost"; exits 1 where M is
 * not 0.  Used by tests/system/changes.
 */
#include "autoconf.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"

#define WINDOW 128
#define TRIES 10
#define TYPE_A 1
#define TYPE_MX 15

enum said {
	LISTED,
	EMPTY,
	NONE,
	OTHER,
};
static const char *const words[] = {"listed", "empty", "none", "other"};

struct question {
	char name[100];
	enum said expected;
	bool answered;
};

struct tally {
	unsigned long asked, wrong, lost;
};

static void
fail(const char *what)
{
	perror(what);
	exit(3);
}

static int
connect_to(const char *port)
{
	struct sockaddr_in to = {
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port)),
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	int file = socket(AF_INET, SOCK_DGRAM, 0), bytes = 4 << 20;

	if (file < 0 || connect(file, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("socket");
	(void)setsockopt(file, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return file;
}

static void
ask(int file, const char *name, uint16_t id, uint16_t type)
{
	uint8_t message[160] = {[5] = 1};
	size_t at = 12;

	bs_put_be16(message, id);
	while (*name != '\0') {
		size_t size = strcspn(name, ".");

		message[at++] = (uint8_t)size;
		memcpy(message + at, name, size);
		at += size;
		name += size + (name[size] == '.');
	}
	message[at++] = 0;
	bs_put_be16(message + at, type);
	bs_put_be16(message + at + 2, 1);
	(void)send(file, message, at + 4, 0);
}

/* The next answer within a while; its size, 0: none. */
static size_t
take(int file, int wait_ms, uint8_t answer[1232])
{
	struct pollfd wait = {file, POLLIN, 0};
	ssize_t size;

	if (poll(&wait, 1, wait_ms) <= 0)
		return 0;
	size = recv(file, answer, 1232, 0);
	return size < 12 ? 0 : (size_t)size;
}

static enum said
read_answer(const uint8_t *answer)
{
	unsigned rcode = answer[3] & 0xf;

	if (rcode == 3)
		return NONE;
	if (rcode != 0)
		return OTHER;
	return bs_get_be16(answer + 6) > 0 ? LISTED : EMPTY;
}

/* --- a file of questions ---------------------------------------------------- */

static struct question *
read_questions(const char *path, size_t *count)
{
	FILE *in = fopen(path, "r");
	size_t room = 1000;
	struct question *all = calloc(room, sizeof(*all));
	char word[16];

	*count = 0;
	while (in != NULL && all != NULL &&
	       fscanf(in, "%99s %15s", all[*count].name, word) == 2) {
		all[*count].expected = OTHER;
		for (enum said i = LISTED; i < OTHER; i++)
			if (strcmp(word, words[i]) == 0)
				all[*count].expected = i;
		if (++*count == room) {
			room *= 2;
			all = realloc(all, room * sizeof(*all));
			if (all != NULL)
				memset(all + *count, 0,
				    (room - *count) * sizeof(*all));
		}
	}
	if (in == NULL || all == NULL)
		fail(path);
	(void)fclose(in);
	return all;
}

static void
judge(struct question *question, const uint8_t *answer, struct tally *tally)
{
	enum said said = read_answer(answer);

	question->answered = true;
	tally->asked++;
	if (said == question->expected)
		return;
	if (tally->wrong++ < 10)
		printf("%s: %s, not %s\n", question->name, words[said],
		    words[question->expected]);
}

/* Some questions at once, and once more those that were lost. */
static void
ask_window(
    int file, struct question *question, size_t count, struct tally *tally)
{
	size_t open = count;

	for (int try = 0; try < TRIES && open > 0; try++) {
		uint8_t answer[1232];

		for (size_t i = 0; i < count; i++) {
			if (question[i].answered)
				continue;
			ask(file, question[i].name, (uint16_t)i, TYPE_A);
			tally->lost += try > 0;
		}
		while (open > 0 && take(file, 1000, answer) > 0) {
			uint16_t id = bs_get_be16(answer);

			if (id >= count || question[id].answered)
				continue;
			judge(&question[id], answer, tally);
			open--;
		}
	}
	tally->wrong += open;
}

static void
ask_file(int file, const char *path, struct tally *tally)
{
	size_t count;
	struct question *all = read_questions(path, &count);

	for (size_t at = 0; at < count; at += WINDOW)
		ask_window(file, all + at,
		    count - at < WINDOW ? count - at : WINDOW, tally);
	free(all);
}

/* --- a name that comes and goes ---------------------------------------------- */

/* The serial: before the last four fields of the SOA, the last record. */
static uint32_t
serial_of(const uint8_t *answer, size_t size)
{
	return size >= 12 + 20 ? bs_get_be32(answer + size - 20) : 0;
}

/* The first answer tells which half of the serials is which. */
static void
ask_name(int file, const char *name, double seconds, struct tally *tally)
{
	uint64_t end_ns = bs_clock_monotonic_ns() + (uint64_t)(seconds * 1e9);
	uint8_t answer[1232];
	uint32_t first = 0, half;
	unsigned long there = 0;
	size_t size;

	while (bs_clock_monotonic_ns() < end_ns) {
		for (uint16_t i = 0; i < WINDOW; i++)
			ask(file, name, i, TYPE_MX);
		for (int i = 0; i < WINDOW; i++) {
			enum said said;

			size = take(file, 100, answer);
			if (size == 0) {
				tally->lost++;
				break;
			}
			said = read_answer(answer);
			half = (serial_of(answer, size) + (said == EMPTY)) & 1;
			if (tally->asked++ == 0)
				first = half;
			there += said == EMPTY;
			tally->wrong +=
			    half != first || (said != EMPTY && said != NONE);
		}
	}
	printf("there in %lu of %lu answers\n", there, tally->asked);
}

int
main(int argc, char **argv)
{
	struct tally tally = {0};
	int file;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: dnsask PORT FILE\n"
				"       dnsask PORT NAME SECONDS\n");
		return 2;
	}
	file = connect_to(argv[1]);
	if (argc == 3)
		ask_file(file, argv[2], &tally);
	else
		ask_name(file, argv[2], atof(argv[3]), &tally);
	printf("%lu asked, %lu wrong, %lu lost\n", tally.asked, tally.wrong,
	    tally.lost);
	(void)close(file);
	return tally.asked > 0 && tally.wrong == 0 ? 0 : 1;
}
