/*
 * Answers requests one after the other: puts what the envelope says before the
 * message, as an MTA does that delivers it into a mailbox (Return-Path,
 * Delivered-To, Received), and has the judge judge the whole.  Forked by
 * nursery.c, asked by judgepool.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "confine.h"
#include "judge.h"
#include "judgewire.h"
#include "judgework.h"

#define MEMORY_MAX ((rlim_t)1 << 30)
#define HEADS_MAX 4096 /* of the lines put before a message */

struct work {
	int socket;
	const struct bs_config *config;
	const char *hostname;
	struct judge *judge;
	struct bs_keyhash *hash; /* under a key that is no secret */
};

/* The message of a request. */
struct text {
	const char *bytes;
	size_t size;
	void *map;   /* to be unmapped, or NULL */
	char *owned; /* to be freed, or NULL */
};

/* --- reading ------------------------------------------------------------- */

/* False at the end. */
static bool
read_all(int socket, void *bytes, size_t size)
{
	char *at = bytes;

	while (size > 0) {
		ssize_t got = read(socket, at, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

/* The size that a request begins with, and the file that may come with it. */
static bool
read_size(int socket, uint32_t *size_r, int *file_r)
{
	uint8_t bytes[JUDGEWIRE_SIZE_BYTES];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = {bytes, sizeof(bytes)};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *head;
	ssize_t got;

	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got <= 0 ||
	    !read_all(socket, bytes + got, sizeof(bytes) - (size_t)got))
		return false;
	head = CMSG_FIRSTHDR(&message);
	if (head != NULL && head->cmsg_type == SCM_RIGHTS)
		memcpy(file_r, CMSG_DATA(head), sizeof(*file_r));
	*size_r = bs_get_be32(bytes);
	return true;
}

static bool
map_file(int file, size_t size, struct text *text)
{
	void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);

	if (map == MAP_FAILED)
		return false;
	text->map = map;
	text->bytes = map;
	text->size = size;
	return true;
}

static bool
read_text(int socket, int file, const struct judgewire_request *request,
    struct text *text)
{
	size_t size = request->message_size;

	if (request->in_file && size > 0)
		return file >= 0 && map_file(file, size, text);
	text->owned = malloc(size + 1);
	if (text->owned == NULL || !read_all(socket, text->owned, size))
		return false;
	text->bytes = text->owned;
	text->size = size;
	return true;
}

static void
free_text(struct text *text)
{
	if (text->map != NULL)
		(void)munmap(text->map, text->size);
	free(text->owned);
}

/* --- judging ------------------------------------------------------------- */

/* The header with its empty line, or all. */
static size_t
head_size(const char *bytes, size_t size)
{
	const char *end = memmem(bytes, size, "\r\n\r\n", 4);

	return end != NULL ? (size_t)(end - bytes) + 4 : size;
}

/* The lines that an MTA would have put before the message. */
static size_t
put_heads(const struct work *work, const struct judgewire_request *request,
    char heads[HEADS_MAX])
{
	const char *by = work->config->mailbox_by_count > 0
			     ? work->config->mailbox_by[0]
			     : work->hostname;
	char addr[BS_ADDR_TEXT_MAX], date[64];
	time_t now = time(NULL);
	struct tm tm;
	int size;

	size = snprintf(heads, HEADS_MAX,
	    "Return-Path: <%s>\r\nDelivered-To: %s\r\n", request->sender,
	    request->trap);
	if (!request->has_peer)
		return (size_t)size;
	(void)gmtime_r(&now, &tm);
	(void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	size += snprintf(heads + size, HEADS_MAX - (size_t)size,
	    "Received: from unknown ([%s%s])\r\n\tby %s with ESMTP; %s\r\n",
	    request->peer.family == BS_IPV6 ? "IPv6:" : "",
	    bs_addr_format(&request->peer, addr), by, date);
	return (size_t)size;
}

/* A digest of the message as it came, whatever path it took to us. */
static void
make_digest(const struct work *work, const struct text *text,
    const struct judgement *judgement, uint8_t digest_r[BS_KEYHASH_SIZE])
{
	struct judgement bare = {0};

	if (judgement->received_ours > 0) /* ours was before it */
		bare.received_ours = judgement->received_ours - 1;
	judge_identity(work->hash, text->bytes, text->size, &bare, digest_r);
}

static void
fill_answer(const struct judgement *judgement, struct judgewire_answer *answer)
{
	answer->kind = judgement->kind;
	answer->type = judgement->type;
	answer->has_tag = judgement->proof.has_tag;
	memcpy(answer->tag, judgement->proof.tag.id, sizeof(answer->tag));
	answer->lists =
	    answer->has_tag ? judgement->proof.lists : judgement->lists;
	if (judgement->kind < JUDGE_FORGED || answer->has_tag)
		answer->class = judgement->class;
	answer->has_source = judgement->has_source;
	answer->source = judgement->source;
	answer->facts = judgement->evidence;
}

static bool
judge_text(struct work *work, const struct judgewire_request *request,
    const struct text *text, struct judgewire_answer *answer_r)
{
	struct judgement judgement;
	char heads[HEADS_MAX];
	size_t heads_size = put_heads(work, request, heads);
	size_t size = request->head_only ? head_size(text->bytes, text->size)
					 : text->size;
	char *whole;

	if (size > JUDGE_MESSAGE_MAX)
		size = JUDGE_MESSAGE_MAX;
	whole = malloc(heads_size + size);
	if (whole == NULL)
		return false;
	memcpy(whole, heads, heads_size);
	memcpy(whole + heads_size, text->bytes, size);
	judge_message(work->judge, whole, heads_size + size, &judgement);
	free(whole);
	if (!judge_tag_holds(&judgement, (uint32_t)time(NULL)))
		judge_untag(&judgement, JUDGE_TAG_OLD);
	fill_answer(&judgement, answer_r);
	make_digest(work, text, &judgement, answer_r->digest);
	return true;
}

/* --- the work ------------------------------------------------------------ */

static bool
answer_one(struct work *work, uint32_t size, int file)
{
	uint8_t bytes[JUDGEWIRE_REQUEST_MAX], out[JUDGEWIRE_ANSWER_MAX];
	struct judgewire_request request;
	struct judgewire_answer answer = {0};
	struct text text = {0};
	bool done;

	if (size > sizeof(bytes) || !read_all(work->socket, bytes, size) ||
	    judgewire_get_request(bytes, size, &request) != BS_OK)
		return false;
	(void)alarm(JUDGEWORK_TIME_S);
	done = read_text(work->socket, file, &request, &text) &&
	       judge_text(work, &request, &text, &answer);
	free_text(&text);
	(void)alarm(0);
	if (done) {
		size_t out_size = judgewire_put_answer(&answer, out);

		done = write(work->socket, out, out_size) == (ssize_t)out_size;
	}
	return done;
}

static void
limit_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) /* which reserves terabytes */
	struct rlimit limit = {MEMORY_MAX, MEMORY_MAX};

	(void)setrlimit(RLIMIT_AS, &limit);
#endif
}

/* Character sets are read from files when mail first needs them; no socket but
 * the one that it has. */
static bool
confine(const struct bs_log *log)
{
	static const struct bs_confine_path paths[] = {
	    {"/usr/lib", BS_CONFINE_READ},
	    {"/usr/lib64", BS_CONFINE_READ},
	    {"/lib", BS_CONFINE_READ},
	};
	static const int calls[] = {
	    SYS_recvmsg,
	    SYS_setitimer,
#ifdef SYS_alarm
	    SYS_alarm,
#endif
	};
	struct bs_confine want = {
	    .path = paths,
	    .path_count = sizeof(paths) / sizeof(paths[0]),
	    .groups = BS_CONFINE_FILES,
	    .call = calls,
	    .call_count = sizeof(calls) / sizeof(calls[0]),
	};

	return bs_confine_apply(log, &want);
}

static void
report(void *context, bool fatal, const char *line)
{
	bs_log(context, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, "%s", line);
}

void
judgework_run(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, int socket)
{
	struct work work = {socket, config, hostname, NULL, NULL};
	static const struct bs_key no_secret = {{0}};
	struct bs_log own = *log;
	uint32_t size;
	int file = -1;

	judge_start();
	work.hash = bs_keyhash_new(&no_secret);
	if (work.hash == NULL ||
	    judge_new(config, report, &own, &work.judge) != BS_OK)
		return;
	limit_memory();
	(void)signal(SIGALRM, SIG_DFL);
	own.level = BS_LOG_WARNING; /* each judge is confined alike */
	if (confine(&own)) {
		while (read_size(socket, &size, &file) &&
		       answer_one(&work, size, file)) {
			if (file >= 0)
				(void)close(file);
			file = -1;
		}
	}
	judge_free(&work.judge);
	bs_keyhash_free(&work.hash);
	judge_stop();
}
