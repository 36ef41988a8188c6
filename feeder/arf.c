/*
 * Reads the fields of feedback reports.  What is malformed is refused with a
 * reason rather than guessed at: a wrong Source-IP lists an innocent host.
 * report.c asks and judges what is attached.  Pure.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "arf.h"
#include "error.h"
#include "line.h"
#include "maildate.h"

/* Which fields there were. */
enum field {
	TYPE,
	AGENT,
	VERSION,
	SOURCE,
	ARRIVAL,
	ENVELOPE_ID,
	MAIL_FROM,
	REPORTING_MTA,
	INCIDENTS,
	FIELD_COUNT,
};

/* All that may stand only once (RFC 5965 sections 3.1 and 3.2); Received-Date
 * is what Arrival-Date was called before. */
static const struct {
	const char *name;
	enum field field;
} once[] = {{"Feedback-Type", TYPE}, {"User-Agent", AGENT},
    {"Version", VERSION}, {"Source-IP", SOURCE}, {"Arrival-Date", ARRIVAL},
    {"Received-Date", ARRIVAL}, {"Original-Envelope-Id", ENVELOPE_ID},
    {"Original-Mail-From", MAIL_FROM}, {"Reporting-MTA", REPORTING_MTA},
    {"Incidents", INCIDENTS}};

struct reading {
	struct arf arf;
	bool seen[FIELD_COUNT];
	const char *wrong; /* or NULL */
};

/* A value: without blanks around it. */
struct value {
	const char *text;
	size_t size;
};

static struct value
value_of(const struct line *line)
{
	const char *colon = memchr(line->text, ':', line->size);
	struct value value = {
	    colon + 1, line->size - (size_t)(colon + 1 - line->text)};

	while (value.size > 0 && isspace((unsigned char)*value.text)) {
		value.text++;
		value.size--;
	}
	while (value.size > 0 &&
	       isspace((unsigned char)value.text[value.size - 1]))
		value.size--;
	return value;
}

static void
read_type(struct reading *reading, struct value value)
{
	if (value.size == 0 || value.size >= ARF_TEXT_MAX) {
		reading->wrong = "Feedback-Type is empty or too long";
		return;
	}
	for (size_t i = 0; i < value.size; i++) {
		unsigned char c = (unsigned char)value.text[i];

		if (!isalnum(c) && c != '-' && c != '_') {
			reading->wrong = "Feedback-Type is no word";
			return;
		}
		reading->arf.type[i] = (char)tolower(c);
	}
	reading->arf.type[value.size] = '\0';
}

/* "1", and "0.1" of old. */
static void
read_version(struct reading *reading, struct value value)
{
	for (size_t i = 0; i < value.size; i++) {
		if (!isdigit((unsigned char)value.text[i]) &&
		    value.text[i] != '.')
			value.size = 0;
	}
	if (value.size == 0)
		reading->wrong = "Version is no number";
}

/* An address as it is, in brackets, or with the tag of an IPv6 literal. */
static void
read_source(struct reading *reading, struct value value)
{
	if (value.size > 2 && value.text[0] == '[' &&
	    value.text[value.size - 1] == ']') {
		value.text++;
		value.size -= 2;
	}
	if (value.size > 5 && strncasecmp(value.text, "IPv6:", 5) == 0 &&
	    memchr(value.text + 5, ':', value.size - 5) != NULL) {
		value.text += 5;
		value.size -= 5;
	}
	if (bs_addr_parse(value.text, value.size, &reading->arf.source) !=
	    BS_OK) {
		reading->wrong = "Source-IP is no address";
		return;
	}
	bs_addr_unmap(&reading->arf.source);
	reading->arf.has_source = true;
}

static void
read_date(struct reading *reading, struct value value)
{
	char text[128];

	if (value.size >= sizeof text)
		return;
	memcpy(text, value.text, value.size);
	text[value.size] = '\0';
	reading->arf.arrival_s = maildate_parse(text);
}

static void
read_field(struct reading *reading, enum field field, struct value value)
{
	if (reading->seen[field]) {
		reading->wrong = "a field that may stand once stands twice";
		return;
	}
	reading->seen[field] = true;
	if (field == TYPE)
		read_type(reading, value);
	else if (field == VERSION)
		read_version(reading, value);
	else if (field == SOURCE)
		read_source(reading, value);
	else if (field == ARRIVAL)
		read_date(reading, value);
}

static void
read_line(struct reading *reading, const struct line *line)
{
	if (line->size == 0 || line_is_continuation(line))
		return;
	if (line_field_name_size(line) == 0) {
		reading->wrong = "a line is no field";
		return;
	}
	for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
		if (line_is_field(line, once[i].name)) {
			read_field(reading, once[i].field, value_of(line));
			return;
		}
	}
}

const char *
arf_parse(const char *bytes, size_t size, struct arf *arf_r)
{
	struct line_reader reader = line_reader_start(bytes, size);
	struct reading reading = {0};
	struct line line;

	if (size > ARF_SIZE_MAX)
		return "the fields are longer than 32 kB";
	while (reading.wrong == NULL && line_next(&reader, &line))
		read_line(&reading, &line);
	if (reading.wrong != NULL)
		return reading.wrong;
	if (!reading.seen[TYPE])
		return "Feedback-Type is missing";
	if (!reading.seen[AGENT])
		return "User-Agent is missing";
	if (!reading.seen[VERSION])
		return "Version is missing";
	*arf_r = reading.arf;
	return NULL;
}
