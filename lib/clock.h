/*
 * The clock: wall time for records, monotonic time for intervals.
 *
 * A struct that is passed down, so that a test sets the time instead of
 * sleeping.  Pure functions take a time as an argument and never see a clock.
 * Stored times are seconds since 1970 in 32 unsigned bits (until 2106).
 */
#ifndef BS_CLOCK_H
#define BS_CLOCK_H

#include <stdint.h>

#define BS_DAY_S (24u * 60 * 60)

struct bs_clock {
	uint32_t (*now_s)(void *context); /* wall clock, seconds since 1970 */
	void *context;                    /* borrowed, handed to now_s */
};

/* The system's wall clock. */
extern const struct bs_clock bs_clock_system;

/* Wall time in seconds since 1970. */
uint32_t bs_clock_now_s(const struct bs_clock *clock);

/* A clock that always says what *now_s (borrowed) holds, for tests. */
struct bs_clock bs_clock_fixed(uint32_t *now_s);

/* Monotonic nanoseconds, for intervals only. */
uint64_t bs_clock_monotonic_ns(void);

/* A moment by both clocks. */
struct bs_moment {
	uint64_t monotonic_ms;
	uint32_t wall_s; /* seconds since 1970 */
};

/* Now, behind by a tick of the kernel at most (1 to 10 ms): for who asks
 * thousands of times a second, it makes no system call. */
struct bs_moment bs_clock_moment(void);

/* Room for a formatted time with its NUL. */
#define BS_TIME_TEXT_MAX sizeof("2106-02-07T06:28:15Z")

/*
 * RFC 3339 in UTC with second precision: "2026-11-22T03:00:00Z".
 * Writes at most BS_TIME_TEXT_MAX bytes; returns `text`.
 */
char *bs_time_format(uint32_t time_s, char text[BS_TIME_TEXT_MAX]);

/*
 * Reads exactly the form that bs_time_format writes.  Anything else, and any
 * time before 1970 or after 2106, is BS_EINVAL.
 */
int bs_time_parse(const char *text, uint32_t *time_s_r);

/* A length of time in words for a person: "4w", "15m", "1d2h", at most two
 * units.  Writes at most BS_DURATION_TEXT_MAX bytes; returns `text`. */
#define BS_DURATION_TEXT_MAX 24
char *bs_duration_format(uint32_t duration_s, char text[BS_DURATION_TEXT_MAX]);

/*
 * Reads "90", "90s", "15m", "2h", "1d", "4w" (a bare number is seconds).
 * BS_EINVAL for another form, BS_ERANGE for more than 100 years.
 */
int bs_duration_parse(const char *text, uint32_t *duration_s_r);

#endif
