/*
 * Reads message/delivery-status, message/global-delivery-status (RFC 6533)
 * and message/disposition-notification, from their own part or from a text
 * that quotes them.  Lenient about order and case, since MTAs are; what is
 * kept is cut and checked, since all of it comes from outside.  Pure; mime.c
 * hands over the decoded part.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dsn.h"
#include "line.h"

static const struct {
	enum dsn_action action;
	const char *name;
} actions[] = {
    /* the worst first */
    {DSN_FAILED, "failed"},
    {DSN_DELAYED, "delayed"},
    {DSN_EXPANDED, "expanded"},
    {DSN_RELAYED, "relayed"},
    {DSN_DELIVERED, "delivered"},
};

/* One recipient's fields while they are read. */
struct group {
	bool has_recipient;
	enum dsn_action action;
	char status[DSN_STATUS_MAX];
};

const char *
dsn_action_name(enum dsn_action action)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (actions[i].action == action)
			return actions[i].name;
	}
	return "";
}

static struct line
field_value(const struct line *line)
{
	const char *colon = memchr(line->text, ':', line->size);
	struct line value = {
	    colon + 1, line->size - (size_t)(colon + 1 - line->text)};

	while (value.size > 0 && isspace((unsigned char)*value.text)) {
		value.text++;
		value.size--;
	}
	return value;
}

static enum dsn_action
read_action(const struct line *value)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		size_t size = strlen(actions[i].name);

		if (value->size >= size &&
		    strncasecmp(value->text, actions[i].name, size) == 0)
			return actions[i].action;
	}
	return DSN_ACTION_NONE;
}

/* The length of "5.1.1" (RFC 3463 section 2) that the bytes start with. */
static size_t
status_size(const char *text, size_t size)
{
	size_t i = 1, digits;

	if (size < 5 || strchr("245", text[0]) == NULL || text[0] == '\0')
		return 0;
	for (int part = 0; part < 2; part++) {
		if (i >= size || text[i++] != '.')
			return 0;
		for (digits = 0; i < size && isdigit((unsigned char)text[i]);
		     digits++)
			i++;
		if (digits < 1 || digits > 3)
			return 0;
	}
	return i;
}

static void
read_status(const struct line *value, char status_r[DSN_STATUS_MAX])
{
	size_t size = status_size(value->text, value->size);

	if (size == 0 || size >= DSN_STATUS_MAX)
		return;
	memcpy(status_r, value->text, size);
	status_r[size] = '\0';
}

/* "dns; mail.example.com": the name behind the type. */
static void
read_mta(const struct line *value, char mta_r[DSN_MTA_MAX])
{
	const char *text = value->text;
	const char *end = text + value->size;
	const char *semicolon = memchr(text, ';', value->size);
	size_t size = 0;

	if (semicolon != NULL)
		text = semicolon + 1;
	while (text < end && isspace((unsigned char)*text))
		text++;
	while (text < end && size < DSN_MTA_MAX - 1 &&
	       (isalnum((unsigned char)*text) ||
		   (*text != '\0' && strchr(".-_:[]", *text) != NULL)))
		mta_r[size++] = *text++;
	mta_r[size] = '\0';
}

static size_t
badness(enum dsn_action action)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (actions[i].action == action)
			return sizeof actions / sizeof *actions - i;
	}
	return 0;
}

/* At the end of a block: the worst recipient stands for all. */
static void
group_end(struct dsn *dsn, struct group *group)
{
	if (group->has_recipient)
		dsn->recipients++;
	if (badness(group->action) > badness(dsn->action) ||
	    (dsn->status[0] == '\0' && dsn->action == group->action)) {
		dsn->action = group->action;
		memcpy(dsn->status, group->status, sizeof dsn->status);
	}
	memset(group, 0, sizeof *group);
}

enum field {
	FINAL_RECIPIENT,
	ORIGINAL_RECIPIENT,
	ACTION,
	STATUS,
	REPORTING_MTA,
	DIAGNOSTIC_CODE,
	DISPOSITION,
	/* known, not read */
	ARRIVAL_DATE,
	REMOTE_MTA,
	RECEIVED_FROM_MTA,
	ORIGINAL_ENVELOPE_ID,
	LAST_ATTEMPT_DATE,
	REPORTING_UA,
	FIELD_COUNT
};

static const struct line_name field_names[FIELD_COUNT] = {
    [FINAL_RECIPIENT] = LINE_NAME("Final-Recipient"),
    [ORIGINAL_RECIPIENT] = LINE_NAME("Original-Recipient"),
    [ACTION] = LINE_NAME("Action"),
    [STATUS] = LINE_NAME("Status"),
    [REPORTING_MTA] = LINE_NAME("Reporting-MTA"),
    [DIAGNOSTIC_CODE] = LINE_NAME("Diagnostic-Code"),
    [DISPOSITION] = LINE_NAME("Disposition"),
    [ARRIVAL_DATE] = LINE_NAME("Arrival-Date"),
    [REMOTE_MTA] = LINE_NAME("Remote-MTA"),
    [RECEIVED_FROM_MTA] = LINE_NAME("Received-From-MTA"),
    [ORIGINAL_ENVELOPE_ID] = LINE_NAME("Original-Envelope-Id"),
    [LAST_ATTEMPT_DATE] = LINE_NAME("Last-Attempt-Date"),
    [REPORTING_UA] = LINE_NAME("Reporting-UA"),
};

static void
read_field(const struct line *line, struct dsn *dsn, struct group *group)
{
	size_t field = line_find_field(line, field_names, FIELD_COUNT);
	struct line value;

	if (field == FIELD_COUNT)
		return;
	dsn->known_fields++;
	value = field_value(line);
	switch ((enum field)field) {
	case FINAL_RECIPIENT:
	case ORIGINAL_RECIPIENT:
		group->has_recipient = true;
		break;
	case ACTION:
		group->action = read_action(&value);
		break;
	case STATUS:
		read_status(&value, group->status);
		break;
	case REPORTING_MTA:
		read_mta(&value, dsn->reporting_mta);
		break;
	case DIAGNOSTIC_CODE:
		dsn->has_diagnostic = true;
		break;
	case DISPOSITION:
		dsn->has_disposition = true;
		break;
	case ARRIVAL_DATE:
	case REMOTE_MTA:
	case RECEIVED_FROM_MTA:
	case ORIGINAL_ENVELOPE_ID:
	case LAST_ATTEMPT_DATE:
	case REPORTING_UA:
	case FIELD_COUNT:
		break;
	}
}

void
dsn_parse(const char *bytes, size_t size, struct dsn *dsn_r)
{
	struct line_reader reader = line_reader_start(bytes, size);
	struct group group = {0};
	struct line line;

	memset(dsn_r, 0, sizeof *dsn_r);
	while (line_next(&reader, &line)) {
		if (line.size == 0)
			group_end(dsn_r, &group);
		else
			read_field(&line, dsn_r, &group);
	}
	group_end(dsn_r, &group);
}
