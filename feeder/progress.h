/*
 * The progress bar: one line on a terminal that rewrites itself, shown only
 * when the work takes a while and gone at its end.
 */
#ifndef FEED_PROGRESS_H
#define FEED_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The bar appears when this much time has passed and at least
 * PROGRESS_LEFT_MIN_S seem to be left. */
#define PROGRESS_START_S 1
#define PROGRESS_LEFT_MIN_S 1
#define PROGRESS_TEXT_MAX 120

struct progress {
	FILE *stream; /* borrowed; NULL: no terminal, nothing is shown */
	uint64_t total_bytes; /* 0: unknown */
	uint64_t done_bytes;
	uint64_t messages;
	uint64_t start_ns, shown_ns; /* monotonic */
	bool visible;
};

/* Shows on `stream` if that is a terminal. */
struct progress progress_start(FILE *stream);

/* Counts and, at most ten times a second, shows. */
void progress_bytes(struct progress *progress, size_t bytes);
void progress_message(struct progress *progress);

/* Takes the bar off the terminal: at the end, and before other output. */
void progress_clear(struct progress *progress);

/* The bar's text for a time since its start.  Pure; returns `text`. */
char *progress_format(const struct progress *progress, uint64_t elapsed_ns,
    char text[PROGRESS_TEXT_MAX]);

/* "5.9 MB"; powers of 1000.  Returns `text`. */
#define PROGRESS_SIZE_TEXT_MAX 16
char *progress_format_size(uint64_t bytes, char text[PROGRESS_SIZE_TEXT_MAX]);

#endif
