/*
 * What the tests of the pool of judges share: a pool, mail for it, and judges
 * that the test plays.
 */
#ifndef JUDGEPOOL_FIXTURE_H
#define JUDGEPOOL_FIXTURE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "judgepool.h"
#include "judgering_private.h"
#include "judgework.h"

#define JUDGES 2
#define JOBS_MAX 40
#define PLAYED_MAX 32

/* A message and what became of it. */
struct mail {
	struct judgepool_job job;
	struct spool *spool;
	int told, rc;
	enum judge_kind kind;
};

/* A judge's side of its way, which the nursery below made. */
struct played {
	int socket;
	struct judgering_shared *shared;
	unsigned heard, answered;
};

struct trial {
	uv_loop_t loop;
	FILE *null;
	struct bs_log log;
	struct nursery nursery; /* its control is where judges' ends arrive */
	struct judgepool *pool;
	struct mail mail[JOBS_MAX];
	struct played played[PLAYED_MAX];
	size_t played_count;
	uint64_t later_ms; /* than it is: uv_now below */
	bool mute;         /* new judges do not say that they are ready */
	bool closed;
};

/* None gives way by itself, but where a case says so. */
extern const struct bs_config_judge never;

/* A pool of JUDGES judges that are ready. */
int begin(void **state);
int end(void **state);
/* Lets the loop do what there is to do. */
void turn(struct trial *trial);
/* Submits message number i of a size; its HELO is its number. */
void submit(struct trial *trial, size_t i, size_t size);
/* That one was told once, what became of it, and of which kind it is. */
void check_told(const struct trial *trial, size_t i, int rc);

/* Reads all requests that have come; their numbers.  *file_r: one came. */
size_t hear(struct played *judge, size_t *number_r, bool *file_r);
/* The kind that message number i is. */
enum judge_kind kind_of(size_t i);
/* Where the judge's next answer goes. */
uint8_t *answer_slot(const struct played *judge);
/* Its answers count from now on. */
void tell(struct trial *trial, const struct played *judge);
/* Answers so many messages of these numbers. */
void say(struct trial *trial, struct played *judge, const size_t *number,
    size_t count);
/* Its end of the way is closed. */
void die(struct trial *trial, struct played *judge);

#endif
