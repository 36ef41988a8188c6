/*
 * The mbox format: From_ lines, their dates, and the quoting of mboxrd and
 * mboxo.  Pure functions on bytes; mailstream.c reads files and calls them.
 */
#include "autoconf.h"

#include <string.h>
#include <time.h>

#include "mbox.h"

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static bool
starts_with(const char *bytes, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return size >= length && memcmp(bytes, prefix, length) == 0;
}

bool
mbox_is_field(const char *bytes, size_t size)
{
	size_t i = 0;

	while (i < size && bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != ':')
		i++;
	if (i == 0 || i > MBOX_FIELD_MAX)
		return false;
	while (i < size && i <= MBOX_FIELD_MAX &&
	       (bytes[i] == ' ' || bytes[i] == '\t'))
		i++;
	return i < size && bytes[i] == ':';
}

bool
mbox_is_quoted(const char *bytes, size_t size)
{
	size_t i = 0;

	while (i < size && i < MBOX_QUOTES_MAX && bytes[i] == '>')
		i++;
	return i > 0 && starts_with(bytes + i, size - i, "From ");
}

/* --- the date ------------------------------------------------------------ */

/* One word of the line; size 0 at its end. */
struct word {
	const char *bytes;
	size_t size;
};

static struct word
next_word(const char **at, const char *end)
{
	struct word word;

	while (*at < end && (unsigned char)**at <= ' ')
		(*at)++;
	word.bytes = *at;
	while (*at < end && (unsigned char)**at > ' ')
		(*at)++;
	word.size = (size_t)(*at - word.bytes);
	return word;
}

/* Reads `digits` or fewer digits at *at; false if there is none. */
static bool
read_number(const char **at, const char *end, int digits, int *number_r)
{
	int number = 0, seen = 0;

	while (*at < end && seen < digits && **at >= '0' && **at <= '9') {
		number = number * 10 + (**at - '0');
		(*at)++;
		seen++;
	}
	*number_r = number;
	return seen > 0;
}

static bool
word_number(struct word word, int digits, int *number_r)
{
	const char *at = word.bytes;

	return read_number(&at, word.bytes + word.size, digits, number_r) &&
	       at == word.bytes + word.size;
}

static bool
word_month(struct word word, int *month_r)
{
	for (int i = 0; i < 12 && word.size == 3; i++) {
		if (memcmp(word.bytes, month_names + 3 * i, 3) == 0) {
			*month_r = i;
			return true;
		}
	}
	return false;
}

/* HH:MM or HH:MM:SS */
static bool
word_clock(struct word word, struct tm *tm)
{
	const char *at = word.bytes, *end = word.bytes + word.size;

	if (!read_number(&at, end, 2, &tm->tm_hour) || at == end ||
	    *at++ != ':' || !read_number(&at, end, 2, &tm->tm_min))
		return false;
	if (at == end)
		return true;
	return *at++ == ':' && read_number(&at, end, 2, &tm->tm_sec) &&
	       at == end;
}

/* +HHMM or -HHMM, in seconds east of Greenwich. */
static bool
word_zone(struct word word, int *east_s_r)
{
	struct word digits = {word.bytes + 1, word.size - 1};
	int number;

	if (word.size != 5 || (word.bytes[0] != '+' && word.bytes[0] != '-') ||
	    !word_number(digits, 4, &number) || number % 100 > 59 ||
	    number > 1400)
		return false;
	*east_s_r = (number / 100 * 60 + number % 100) * 60;
	if (word.bytes[0] == '-')
		*east_s_r = -*east_s_r;
	return true;
}

/* What follows the clock: a year of four digits, a zone before or after. */
static bool
read_year(const char *at, const char *end, struct tm *tm, int *east_s)
{
	bool found = false;

	for (int i = 0; i < 4; i++) {
		struct word word = next_word(&at, end);

		if (word.size == 4 && !found &&
		    word_number(word, 4, &tm->tm_year))
			found = true;
		else if (word.size > 0)
			(void)word_zone(word, east_s);
	}
	return found;
}

static bool
tm_makes_sense(const struct tm *tm)
{
	return tm->tm_year >= 1970 && tm->tm_year <= 2105 && tm->tm_mday >= 1 &&
	       tm->tm_mday <= 31 && tm->tm_hour <= 23 && tm->tm_min <= 59 &&
	       tm->tm_sec <= 60;
}

/* A date whose month is `month`, the day and so on after it. */
static bool
read_date(struct word month, const char *at, const char *end, int64_t *time_r)
{
	struct tm tm = {0};
	int east_s = 0;

	if (!word_month(month, &tm.tm_mon) ||
	    !word_number(next_word(&at, end), 2, &tm.tm_mday) ||
	    !word_clock(next_word(&at, end), &tm) ||
	    !read_year(at, end, &tm, &east_s) || !tm_makes_sense(&tm))
		return false;
	tm.tm_year -= 1900;
	*time_r = (int64_t)timegm(&tm) - east_s;
	return true;
}

int
mbox_from_time(const char *line, size_t size, uint32_t *time_s_r)
{
	const char *at = line, *end = line + size;
	int64_t time_s;

	if (!starts_with(line, size, "From "))
		return BS_EINVAL;
	for (;;) {
		struct word word = next_word(&at, end);

		if (word.size == 0)
			return BS_EINVAL;
		if (read_date(word, at, end, &time_s))
			break;
	}
	if (time_s < 0 || time_s > UINT32_MAX)
		return BS_EINVAL;
	*time_s_r = (uint32_t)time_s;
	return BS_OK;
}

/* --- where messages begin ------------------------------------------------- */

bool
mbox_is_from(const char *bytes, size_t size)
{
	const char *end;
	uint32_t time_s;
	size_t line;

	if (!starts_with(bytes, size, "From "))
		return false;
	end = memchr(
	    bytes, '\n', size < MBOX_FROM_MAX + 2 ? size : MBOX_FROM_MAX + 2);
	if (end == NULL)
		return false;
	line = (size_t)(end - bytes) + 1;
	if (mbox_from_time(bytes, line, &time_s) == BS_OK)
		return true;
	return mbox_is_field(bytes + line, size - line) ||
	       mbox_is_quoted(bytes + line, size - line);
}
