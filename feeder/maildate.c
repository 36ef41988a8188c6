/*
 * Reads the date that an MTA put into a Received field, strictly enough that
 * garbage is no time, leniently enough for thirty years of mail.  Pure; the
 * judge calls it for the topmost Received.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "maildate.h"

struct date {
	int year, month, day, hour, minute, second, zone_minutes;
};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"};

/* RFC 5322 section 4.3 */
static const struct {
	const char *name;
	int minutes;
} zones[] = {{"EDT", -240}, {"EST", -300}, {"CDT", -300}, {"CST", -360},
    {"MDT", -360}, {"MST", -420}, {"PDT", -420}, {"PST", -480}};

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

/* Reads 1 to `digits_max` digits; NULL where there is none or one more. */
static const char *
read_number(const char *p, int digits_max, int *number_r, int *digits_r)
{
	int number = 0, digits = 0;

	while (isdigit((unsigned char)*p)) {
		if (++digits > digits_max)
			return NULL;
		number = number * 10 + (*p++ - '0');
	}
	if (digits == 0)
		return NULL;
	*number_r = number;
	*digits_r = digits;
	return p;
}

static const char *
read_day(const char *p, struct date *date)
{
	int digits;

	if (isalpha((unsigned char)*p)) {
		while (isalpha((unsigned char)*p))
			p++;
		p = skip_blanks(p);
		if (*p == ',')
			p = skip_blanks(p + 1);
	}
	return read_number(p, 2, &date->day, &digits);
}

static const char *
read_month(const char *p, struct date *date)
{
	for (int i = 0; i < 12; i++) {
		if (strncasecmp(p, months[i], 3) == 0) {
			date->month = i + 1;
			return p + 3;
		}
	}
	return NULL;
}

static const char *
read_year(const char *p, struct date *date)
{
	int digits;

	p = read_number(p, 4, &date->year, &digits);
	if (p == NULL || digits == 1)
		return NULL;
	if (digits == 2)
		date->year += date->year < 50 ? 2000 : 1900;
	else if (digits == 3)
		date->year += 1900;
	return p;
}

static const char *
read_time(const char *p, struct date *date)
{
	int digits;

	p = read_number(p, 2, &date->hour, &digits);
	if (p == NULL || *p != ':')
		return NULL;
	p = read_number(p + 1, 2, &date->minute, &digits);
	if (p == NULL || *p != ':')
		return p;
	return read_number(p + 1, 2, &date->second, &digits);
}

static bool
read_zone(const char *p, struct date *date)
{
	int number, digits;

	p = skip_blanks(p);
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		if (strncmp(p, zones[i].name, 3) == 0)
			date->zone_minutes = zones[i].minutes;
	}
	if (*p != '+' && *p != '-')
		return true;
	if (read_number(p + 1, 4, &number, &digits) == NULL || digits != 4 ||
	    number % 100 > 59)
		return false;
	date->zone_minutes = number / 100 * 60 + number % 100;
	if (*p == '-')
		date->zone_minutes = -date->zone_minutes;
	return true;
}

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t
days_of(const struct date *date)
{
	int64_t year = date->year - (date->month <= 2);
	int64_t month = (date->month + 9) % 12; /* March is 0 */
	int64_t leap_days = year / 4 - year / 100 + year / 400;

	return year * 365 + leap_days + (month * 153 + 2) / 5 + date->day - 1 -
	       719468;
}

static bool
in_range(const struct date *date)
{
	return date->year >= 1970 && date->year <= 2106 && date->day >= 1 &&
	       date->day <= 31 && date->hour <= 23 && date->minute <= 59 &&
	       date->second <= 60;
}

uint32_t
maildate_parse(const char *text)
{
	struct date date = {0};
	const char *p = read_day(skip_blanks(text), &date);
	int64_t seconds;

	if (p == NULL || (p = read_month(skip_blanks(p), &date)) == NULL ||
	    (p = read_year(skip_blanks(p), &date)) == NULL ||
	    (p = read_time(skip_blanks(p), &date)) == NULL ||
	    !read_zone(p, &date) || !in_range(&date))
		return 0;
	seconds = days_of(&date) * 86400 + date.hour * 3600 + date.minute * 60 +
		  date.second - (int64_t)date.zone_minutes * 60;
	if (seconds <= 0 || seconds > UINT32_MAX)
		return 0;
	return (uint32_t)seconds;
}
