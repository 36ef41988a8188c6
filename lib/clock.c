/*
 * Wall and monotonic time, and the texts of times and durations.
 *
 * The formats are the project's own few: RFC 3339 in UTC for records, "4w" for
 * settings.  Dates in mail are the feeder's business.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "clock.h"
#include "error.h"

#define DURATION_MAX_S ((uint64_t)100 * 366 * 86400)

static uint32_t
system_now_s(void *context)
{
	(void)context;
	return (uint32_t)time(NULL);
}

const struct bs_clock bs_clock_system = {system_now_s, NULL};

uint32_t
bs_clock_now_s(const struct bs_clock *clock)
{
	return clock->now_s(clock->context);
}

static uint32_t
fixed_now_s(void *context)
{
	return *(uint32_t *)context;
}

struct bs_clock
bs_clock_fixed(uint32_t *now_s)
{
	return (struct bs_clock){fixed_now_s, now_s};
}

uint64_t
bs_clock_monotonic_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct bs_moment
bs_clock_moment(void)
{
	struct timespec monotonic, wall;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &monotonic);
	(void)clock_gettime(CLOCK_REALTIME_COARSE, &wall);
	return (struct bs_moment){
	    .monotonic_ms = (uint64_t)monotonic.tv_sec * 1000u +
			    (uint64_t)monotonic.tv_nsec / 1000000u,
	    .wall_s = (uint32_t)wall.tv_sec,
	};
}

char *
bs_time_format(uint32_t time_s, char text[BS_TIME_TEXT_MAX])
{
	time_t seconds = (time_t)time_s;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(text, BS_TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		text[0] = '\0';
	return text;
}

/* Whether `text` has the shape: 0 stands for a digit, else the byte itself. */
static bool
has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; text++, shape++) {
		if (*shape == '0' ? *text < '0' || *text > '9'
				  : *text != *shape)
			return false;
	}
	return *text == '\0';
}

static int
number_at(const char *text, size_t size)
{
	int number = 0;

	while (size-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

int
bs_time_parse(const char *text, uint32_t *time_s_r)
{
	struct tm tm = {0}, back;
	time_t seconds;

	if (!has_shape(text, "0000-00-00T00:00:00Z"))
		return BS_EINVAL;
	tm.tm_year = number_at(text, 4) - 1900;
	tm.tm_mon = number_at(text + 5, 2) - 1;
	tm.tm_mday = number_at(text + 8, 2);
	tm.tm_hour = number_at(text + 11, 2);
	tm.tm_min = number_at(text + 14, 2);
	tm.tm_sec = number_at(text + 17, 2);
	back = tm;
	seconds = timegm(&back);
	/* timegm turns February 30 into March: such a date is none */
	if (seconds < 0 || seconds > (time_t)UINT32_MAX ||
	    back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min ||
	    back.tm_sec != tm.tm_sec)
		return BS_EINVAL;
	*time_s_r = (uint32_t)seconds;
	return BS_OK;
}

static const struct {
	char letter;
	uint32_t seconds;
} duration_unit_table[] = {
    {'w', 7 * 86400},
    {'d', 86400},
    {'h', 3600},
    {'m', 60},
    {'s', 1},
};

#define DURATION_UNIT_COUNT \
	(sizeof(duration_unit_table) / sizeof(duration_unit_table[0]))

char *
bs_duration_format(uint32_t duration_s, char text[BS_DURATION_TEXT_MAX])
{
	size_t used = 0, parts = 0;

	for (size_t i = 0; i < DURATION_UNIT_COUNT && parts < 2; i++) {
		uint32_t unit_s = duration_unit_table[i].seconds;

		if (duration_s / unit_s == 0)
			continue;
		used += (size_t)snprintf(text + used,
		    BS_DURATION_TEXT_MAX - used, "%u%c", duration_s / unit_s,
		    duration_unit_table[i].letter);
		duration_s %= unit_s;
		parts++;
	}
	if (parts == 0)
		(void)snprintf(text, BS_DURATION_TEXT_MAX, "0s");
	return text;
}

int
bs_duration_parse(const char *text, uint32_t *duration_s_r)
{
	uint64_t number = 0;
	uint32_t unit_s = 1;

	if (*text < '0' || *text > '9')
		return BS_EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > DURATION_MAX_S)
			return BS_ERANGE;
	}
	if (*text != '\0') {
		size_t i = 0;

		while (i < DURATION_UNIT_COUNT &&
		       duration_unit_table[i].letter != *text)
			i++;
		if (i == DURATION_UNIT_COUNT || text[1] != '\0')
			return BS_EINVAL;
		unit_s = duration_unit_table[i].seconds;
	}
	if (number * unit_s > DURATION_MAX_S)
		return BS_ERANGE;
	*duration_s_r = (uint32_t)(number * unit_s);
	return BS_OK;
}
