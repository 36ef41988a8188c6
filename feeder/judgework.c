/*
 * Answers requests one after the other: puts what the envelope says before the
 * message, as an MTA does that delivers it into a mailbox (Return-Path,
 * Delivered-To, Received), and has the judge judge the whole; of a report, what
 * it hands in.  Forked by nursery.c, asked by judgepool.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <sched.h>
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
#include "filepass.h"
#include "judge.h"
#include "judgering.h"
#include "judgework.h"
#include "report.h"
#include "source.h"
#include "strput.h"

#define MEMORY_MAX ((rlim_t)1 << 30)
#define HEADS_MAX 4096 /* of the lines put before a message */
#define HEARD_MAX 64

struct work {
	int socket;
	const struct bs_config *config;
	const char *hostname;
	struct judge *judge;
	struct bs_keyhash *hash; /* under a key that is no secret */
	time_t date_s;           /* what `date` says; 0: nothing yet */
	char date[64];
	time_t alarm_s; /* when it was set; 0: it is not */

	struct judgering *ring;
	int file; /* that came for a request, or -1 */
};

/* The message of a request. */
struct text {
	const char *bytes; /* borrowed */
	size_t size;
	void *map; /* to be unmapped, or NULL */
};

/* --- waiting ------------------------------------------------------------- */

/* The last one counts. */
static void
take_files(struct work *work, const struct filepass *files)
{
	for (size_t i = 0; i < files->count; i++) {
		if (work->file >= 0)
			(void)close(work->file);
		work->file = files->file[i];
	}
}

/* Waits for bytes, which say no more than that there is something, and for
 * files; false at the end. */
static bool
listen_once(struct work *work)
{
	char bytes[HEARD_MAX];
	struct iovec part = {bytes, sizeof(bytes)};
	struct filepass files;

	if (filepass_receive(work->socket, part, &files, 0) <= 0)
		return false;
	take_files(work, &files);
	return true;
}

/* Until there is something to do; false at the end.  Whoever waits for this
 * processor runs first: often that is `serve`, which has more, and need not wake
 * us for it then. */
static bool
rest(struct work *work)
{
	(void)sched_yield();
	if (judgering_look(work->ring) > 0 || !judgering_rest(work->ring))
		return true;
	(void)alarm(0);
	work->alarm_s = 0;
	return listen_once(work);
}

/* All that is there at once has the time that one message has: where it is over,
 * each of them is judged again, alone. */
static void
set_alarm(struct work *work)
{
	time_t now_s = time(NULL);

	if (work->alarm_s == now_s)
		return;
	work->alarm_s = now_s;
	(void)alarm(JUDGEWORK_TIME_S);
}

/* --- reading ------------------------------------------------------------- */

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
next_text(
    struct work *work, struct judgewire_request *request_r, struct text *text)
{
	const char *bytes;

	if (judgering_next(work->ring, request_r, &bytes) != BS_OK)
		return false;
	text->bytes = bytes;
	text->size = request_r->message_size;
	if (bytes != NULL)
		return true;
	while (work->file < 0) {
		if (!listen_once(work))
			return false;
	}
	return map_file(work->file, text->size, text);
}

static void
free_text(struct work *work, struct text *text)
{
	if (text->map != NULL)
		(void)munmap(text->map, text->size);
	if (work->file >= 0)
		(void)close(work->file);
	work->file = -1;
}

/* --- judging ------------------------------------------------------------- */

/* The header with its empty line, or all. */
static size_t
head_size(const char *bytes, size_t size)
{
	const char *end = memmem(bytes, size, "\r\n\r\n", 4);

	return end != NULL ? (size_t)(end - bytes) + 4 : size;
}

/* The time, as in a Received line: made once a second. */
static const char *
date_now(struct work *work)
{
	time_t now = time(NULL);
	struct tm tm;

	if (now == work->date_s)
		return work->date;
	work->date_s = now;
	(void)gmtime_r(&now, &tm);
	(void)strftime(
	    work->date, sizeof(work->date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	return work->date;
}

/* Appends texts, up to NULL, behind `used` bytes; returns how many are used. */
static size_t
put_texts(char heads[HEADS_MAX], size_t used, const char *const *text)
{
	for (; *text != NULL; text++)
		used = strput(heads, used, HEADS_MAX, *text);
	return used;
}

/* The lines that an MTA would have put before the message. */
static size_t
put_heads(struct work *work, const struct judgewire_request *request,
    char heads[HEADS_MAX])
{
	const char *by = work->config->mailbox_by_count > 0
			     ? work->config->mailbox_by[0]
			     : work->hostname;
	bool is_ipv6 = request->peer.family == BS_IPV6;
	char addr[BS_ADDR_TEXT_MAX];
	const char *const envelope[] = {"Return-Path: <", request->sender,
	    ">\r\nDelivered-To: ", request->trap, "\r\n", NULL};
	size_t used = put_texts(heads, 0, envelope);

	if (request->has_peer) {
		const char *const received[] = {"Received: from unknown ([",
		    is_ipv6 ? "IPv6:" : "",
		    bs_addr_format(&request->peer, addr), "])\r\n\tby ", by,
		    " with ESMTP; ", date_now(work), "\r\n", NULL};

		used = put_texts(heads, used, received);
	}
	return used;
}

/* A digest of the message as it came, whatever path it took to us: of its lines
 * as they were read behind the heads, or of its bytes. */
static void
make_digest(const struct work *work, const struct judge_text *text,
    const struct judge_text *lines, const struct judgement *judgement,
    uint8_t digest_r[BS_KEYHASH_SIZE])
{
	const struct judge_text *read = lines->bytes != NULL ? lines : text;
	size_t ours = judgement->received_ours;

	if (ours > 0)
		ours--; /* the one that was put before it */
	judge_digest(work->hash, read->bytes, read->size, ours, digest_r);
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

/* The line of ours is the topmost: mailbox.hops, which tells how many a mailbox
 * has, would have a client's own lines taken for a relay's. */
static struct source_trust
trust_of(const struct work *work, const struct judgewire_request *request)
{
	struct source_trust trust = source_trust_of(work->config);

	trust.hops = request->has_peer ? 1 : 0;
	return trust;
}

/* What is judged: the heads and so much of the message behind them. */
static bool
put_together(const struct judge_text *heads, const struct judge_text *text,
    struct judge_text *whole_r)
{
	whole_r->size = heads->size + text->size;
	whole_r->bytes = malloc(whole_r->size);
	if (whole_r->bytes == NULL)
		return false;
	memcpy(whole_r->bytes, heads->bytes, heads->size);
	memcpy(whole_r->bytes + heads->size, text->bytes, text->size);
	return true;
}

static bool
judge_text(struct work *work, const struct judgewire_request *request,
    const struct text *text, struct judgewire_answer *answer_r)
{
	struct source_trust trust = trust_of(work, request);
	struct judgement judgement;
	char head[HEADS_MAX];
	struct judge_text heads = {head, put_heads(work, request, head)};
	struct judge_text all = {(char *)(uintptr_t)text->bytes, text->size};
	struct judge_text read = all, whole, lines, own = {0};

	if (request->head_only)
		read.size = head_size(text->bytes, text->size);
	if (read.size > JUDGE_MESSAGE_MAX)
		read.size = JUDGE_MESSAGE_MAX;
	if (!put_together(&heads, &read, &whole))
		return false;
	judge_message_lines(work->judge, &trust, &whole, &judgement, &lines);
	free(whole.bytes);
	if (!judge_tag_holds(&judgement, (uint32_t)time(NULL)))
		judge_untag(&judgement, JUDGE_TAG_OLD);
	fill_answer(&judgement, answer_r);
	if (read.size == all.size)
		own = judge_lines_behind(&lines, &heads, &read);
	make_digest(work, &all, &own, &judgement, answer_r->digest);
	free(lines.bytes);
	return true;
}

/* What a report hands in.  Where its peer is no reporter's any more, it is
 * nothing. */
static bool
judge_report(struct work *work, const struct judgewire_request *request,
    const struct text *text, struct judgewire_answer *answer_r)
{
	const struct bs_config_reporter *reporter =
	    report_of_peer(work->config, &request->peer);
	struct judge_text report = {(char *)(uintptr_t)text->bytes, text->size};
	struct judge_text attached;
	struct judgement judgement;

	answer_r->kind = JUDGE_NONE;
	if (reporter == NULL)
		return true;
	if (request->head_only)
		report.size = head_size(report.bytes, report.size);
	report_judge(work->judge, reporter, &report, &judgement, &attached);
	if (!judge_tag_holds(&judgement, (uint32_t)time(NULL)))
		judge_untag(&judgement, JUDGE_TAG_OLD);
	if (attached.bytes == NULL)
		return true;
	fill_answer(&judgement, answer_r);
	answer_r->received_s =
	    judgement.received_is_ours ? judgement.received_s : 0;
	memcpy(answer_r->trap, judgement.trap, sizeof(answer_r->trap));
	judge_identity(work->hash, attached.bytes, attached.size, &judgement,
	    answer_r->digest);
	free(attached.bytes);
	return true;
}

/* --- the work ------------------------------------------------------------ */

static bool
answer_one(struct work *work)
{
	struct judgewire_request request;
	struct judgewire_answer answer = {0};
	struct text text = {0};
	bool done;

	if (!next_text(work, &request, &text))
		return false;
	done = (request.is_report ? judge_report : judge_text)(
	    work, &request, &text, &answer);
	free_text(work, &text);
	if (done)
		judgering_answer(work->ring, &answer);
	return done;
}

/* A byte for all that was there at once, and for what comes meanwhile the next
 * one; false at the end. */
static bool
answer_all(struct work *work, size_t count)
{
	const char byte = JUDGEWORK_ANSWERED;

	set_alarm(work);
	while (count-- > 0) {
		if (!answer_one(work))
			return false;
	}
	return !judgering_tell(work->ring) ||
	       write(work->socket, &byte, 1) == 1;
}

static void
work_on(struct work *work)
{
	for (;;) {
		size_t count = judgering_look(work->ring);

		if (!(count > 0 ? answer_all(work, count) : rest(work)))
			return;
	}
}

static void
limit_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	/* they reserve terabytes */
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

static bool
say_ready(int socket)
{
	const char word = JUDGEWORK_READY;

	return write(socket, &word, 1) == 1;
}

static void
work_free(struct work **work)
{
	judge_free(&(*work)->judge);
	judgering_free(&(*work)->ring);
	bs_keyhash_free(&(*work)->hash);
	free(*work);
	*work = NULL;
}

static int
work_new(const struct bs_log *log, const struct bs_config *config, int memory,
    struct work **work_r)
{
	static const struct bs_key no_secret = {{0}};
	struct work *work = calloc(1, sizeof(*work));
	struct bs_log own = *log;
	int rc;

	if (work == NULL)
		return BS_ENOMEM;
	work->config = config;
	work->file = -1;
	work->hash = bs_keyhash_new(&no_secret);
	rc = work->hash == NULL ? BS_ENOMEM
				: judgering_join(memory, &work->ring);
	(void)close(memory);
	if (rc == BS_OK)
		rc = judge_new(config, report, &own, &work->judge);
	if (rc == BS_OK) {
		judge_without_reasons(work->judge);
		*work_r = work;
	} else {
		work_free(&work);
	}
	return rc;
}

void
judgework_run(const struct bs_log *log, const struct bs_config *config,
    const char *hostname, const struct judgework_ways *ways)
{
	struct bs_log own = *log;
	struct work *work;

	judge_start();
	if (work_new(log, config, ways->memory, &work) != BS_OK)
		return;
	work->socket = ways->socket;
	work->hostname = hostname;
	limit_memory();
	(void)signal(SIGALRM, SIG_DFL);
	own.level = BS_LOG_WARNING; /* each judge is confined alike */
	if (confine(&own) && say_ready(ways->socket))
		work_on(work);
	work_free(&work);
	judge_stop();
}
