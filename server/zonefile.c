/*
 * Reads a master file into records.  zonetext.c cuts the text into entries,
 * ldns turns each into a record, zonefile_check.c says whether the server can
 * answer it rightly.  Called by zone_table.c at start and by -t; what is served from
 * the records is zone.c's business.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ldns/ldns.h>

#include "dns.h"
#include "zonefile.h"
#include "zonefile_check.h"
#include "zonefile_numbers.h"
#include "zonetext.h"
#include "zonetimes.h"

#define DEFAULT_TTL_S 3600 /* where neither record nor $TTL say one */

/* One file being read. */
struct parser {
	const struct zonefile_source *source;
	struct zonefile *zonefile;
	size_t room; /* records allocated */
	struct zonefile_errors errors;
	uint32_t ttl_s;     /* by $TTL */
	ldns_rdf *origin;   /* by $ORIGIN */
	ldns_rdf *previous; /* the last owner */
};

/* --- messages ------------------------------------------------------------ */

static void
fail_unreadable(const struct zonefile_source *source, const char *what)
{
	struct bs_message message;

	bs_message_set(
	    &message, "%s: file: %s: %s", source->where, source->path, what);
	source->report(source->context, true, message.text);
}

/* --- records ------------------------------------------------------------- */

/* The part of an owner's name before the zone's; false: outside of it. */
static bool
set_owner(const struct zonefile_source *source, const ldns_rdf *owner,
    struct zonefile_record *record)
{
	const uint8_t *name = ldns_rdf_data(owner);
	size_t before;

	if (!zonefile_within(source, name, ldns_rdf_size(owner), &before))
		return false;
	memcpy(record->owner, name, before);
	record->owner_size = (uint8_t)before;
	return true;
}

/* The record's data in wire form. */
static bool
set_data(const ldns_rr *rr, struct zonefile_record *record)
{
	ldns_buffer *buffer = ldns_buffer_new(LDNS_MAX_PACKETLEN);
	bool done = false;

	if (buffer == NULL)
		return false;
	if (ldns_rr_rdata2buffer_wire(buffer, rr) == LDNS_STATUS_OK &&
	    ldns_buffer_position(buffer) <= UINT16_MAX) {
		record->data_size = (uint16_t)ldns_buffer_position(buffer);
		record->data = malloc(record->data_size + 1u);
		if (record->data != NULL) {
			memcpy(record->data, ldns_buffer_begin(buffer),
			    record->data_size);
			done = true;
		}
	}
	ldns_buffer_free(buffer);
	return done;
}

static bool
make_room(struct parser *parser)
{
	struct zonefile *zonefile = parser->zonefile;
	size_t room = parser->room == 0 ? 16 : parser->room * 2;
	struct zonefile_record *record;

	if (zonefile->count < parser->room)
		return true;
	record = reallocarray(zonefile->record, room, sizeof(*record));
	if (record == NULL)
		return false;
	zonefile->record = record;
	parser->room = room;
	return true;
}

static void
add_record(struct parser *parser, const ldns_rr *rr, unsigned line)
{
	struct zonefile_record record = {
	    .type = (uint16_t)ldns_rr_get_type(rr),
	    .ttl_s = ldns_rr_ttl(rr),
	    .line = line,
	};

	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) {
		zonefile_fail(
		    &parser->errors, line, "class other than IN: write IN");
	} else if (!set_owner(parser->source, ldns_rr_owner(rr), &record)) {
		char *owner = ldns_rdf2str(ldns_rr_owner(rr));

		zonefile_fail(&parser->errors, line,
		    "%s: outside of the zone: change the name, or $ORIGIN "
		    "if that made it so, to the zone's name or one below",
		    owner != NULL ? owner : "?");
		free(owner);
	} else if (zonefile_check_record(&parser->errors, &record)) {
		if (!set_data(rr, &record) || !make_room(parser))
			zonefile_fail(&parser->errors, line,
			    "record too large, or out of memory"
			    ": shorten it");
		else
			parser->zonefile->record[parser->zonefile->count++] =
			    record;
		return;
	}
}

/* --- entries ------------------------------------------------------------- */

/* $ORIGIN NAME */
static void
set_origin(struct parser *parser, unsigned line, const char *name)
{
	ldns_rdf *origin = ldns_dname_new_frm_str(name);

	if (origin == NULL || *name == '\0') {
		zonefile_fail(&parser->errors, line,
		    "$ORIGIN %s: not a name: write one that ends "
		    "in a dot",
		    name);
		ldns_rdf_deep_free(origin);
		return;
	}
	if (!ldns_dname_str_absolute(name) &&
	    ldns_dname_cat(origin, parser->origin) != LDNS_STATUS_OK) {
		zonefile_fail(&parser->errors, line,
		    "$ORIGIN %s: longer than 255 bytes: "
		    "shorten it",
		    name);
		ldns_rdf_deep_free(origin);
		return;
	}
	ldns_rdf_deep_free(parser->origin);
	parser->origin = origin;
}

/* $TTL SECONDS, also as 1h30m */
static void
set_ttl(struct parser *parser, unsigned line, const char *text)
{
	uint32_t ttl_s;

	if (zonetimes_parse(text, strlen(text), &ttl_s) != BS_OK)
		zonefile_fail(&parser->errors, line,
		    "$TTL %s: not a time up to 2147483647 seconds: write "
		    "seconds, or 1h, 2d",
		    text);
	else
		parser->ttl_s = ttl_s;
}

static void
read_directive(struct parser *parser, const struct zonetext_entry *entry)
{
	size_t word = strcspn(entry->text, " ");
	const char *rest = entry->text + word + strspn(entry->text + word, " ");

	if (word == 7 && strncasecmp(entry->text, "$ORIGIN", word) == 0)
		set_origin(parser, entry->line, rest);
	else if (word == 4 && strncasecmp(entry->text, "$TTL", word) == 0)
		set_ttl(parser, entry->line, rest);
	else
		zonefile_fail(&parser->errors, entry->line,
		    "%.*s: not supported: write the records into this file",
		    (int)word, entry->text);
}

/* "IN 60" becomes "60 IN": both are allowed (RFC 1035 section 5.1), ldns reads
 * only the second. */
static void
put_ttl_first(char *text)
{
	char *class = text + strcspn(text, " "), *ttl;
	size_t size;

	class += strspn(class, " ");
	if (strncasecmp(class, "IN ", 3) != 0)
		return;
	ttl = class + 3;
	if (*ttl < '0' || *ttl > '9')
		return;
	size = strcspn(ttl, " ");
	memmove(class, ttl, size);
	memcpy(class + size, " IN", 3);
}

static void
read_record(struct parser *parser, struct zonetext_entry *entry)
{
	ldns_rr *rr = NULL;
	ldns_status status;
	struct bs_message message;

	if (entry->text[0] == ' ' && parser->previous == NULL) {
		zonefile_fail(&parser->errors, entry->line,
		    "no owner, and no record before it: begin the line with @ "
		    "or a name");
		return;
	}
	if (entry->text[0] == '#') {
		zonefile_fail(&parser->errors, entry->line,
		    "#: begins no comment here: write `;` for it");
		return;
	}
	put_ttl_first(entry->text);
	status = ldns_rr_new_frm_str(
	    &rr, entry->text, parser->ttl_s, parser->origin, &parser->previous);
	if (status != LDNS_STATUS_OK) {
		zonefile_fail(&parser->errors, entry->line,
		    "%.60s: %s: write NAME TTL IN TYPE DATA", entry->text,
		    ldns_get_errorstr_by_id(status));
		return;
	}
	ldns_dname2canonical(ldns_rr_owner(rr));
	if (parser->zonefile->count >= ZONEFILE_RECORDS_MAX)
		zonefile_fail(&parser->errors, entry->line,
		    "more than %u records: listings belong into the database",
		    ZONEFILE_RECORDS_MAX);
	else if (zonetimes_check(entry->text,
		     ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA,
		     &message) != BS_OK ||
		 zonefile_numbers_check(entry->text, rr, &message) != BS_OK)
		zonefile_fail(&parser->errors, entry->line, "%s", message.text);
	else
		add_record(parser, rr, entry->line);
	ldns_rr_free(rr);
}

static void
read_entries(struct parser *parser, const char *text, size_t size)
{
	struct zonetext zonetext = zonetext_start(text, size);
	struct zonetext_entry entry;
	struct bs_message message;
	int result;

	while ((result = zonetext_next(&zonetext, &entry, &message)) !=
	       BS_ENOTFOUND) {
		if (result != BS_OK)
			zonefile_fail(
			    &parser->errors, entry.line, "%s", message.text);
		else if (entry.text[0] == '$')
			read_directive(parser, &entry);
		else
			read_record(parser, &entry);
		/* a binary file has an error in every line */
		if (parser->errors.count > ZONEFILE_ERRORS_MAX)
			break;
	}
}

/* --- the whole ----------------------------------------------------------- */

static int
compare_records(const void *left, const void *right)
{
	const struct zonefile_record *a = left, *b = right;
	size_t shorter;
	int order;

	if (a->owner_size != b->owner_size)
		return a->owner_size < b->owner_size ? -1 : 1;
	order = memcmp(a->owner, b->owner, a->owner_size);
	if (order != 0)
		return order;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	shorter = a->data_size < b->data_size ? a->data_size : b->data_size;
	order = memcmp(a->data, b->data, shorter);
	if (order != 0)
		return order;
	return a->data_size < b->data_size ? -1 : a->data_size > b->data_size;
}

/* Sorts, and drops what is there twice (RFC 2181 section 5). */
static void
sort_records(struct zonefile *zonefile)
{
	size_t kept = 0;

	if (zonefile->count == 0)
		return;
	qsort(zonefile->record, zonefile->count, sizeof(*zonefile->record),
	    compare_records);
	for (size_t i = 1; i < zonefile->count; i++) {
		if (compare_records(
			&zonefile->record[kept], &zonefile->record[i]) == 0)
			free(zonefile->record[i].data);
		else
			zonefile->record[++kept] = zonefile->record[i];
	}
	zonefile->count = kept + 1;
}

static bool
start(struct parser *parser, const struct zonefile_source *source)
{
	*parser = (struct parser){
	    .source = source, .errors = {source, 0}, .ttl_s = DEFAULT_TTL_S};
	parser->zonefile = calloc(1, sizeof(*parser->zonefile));
	parser->origin = ldns_rdf_new_frm_data(
	    LDNS_RDF_TYPE_DNAME, source->name_size, source->name);
	return parser->zonefile != NULL && parser->origin != NULL;
}

int
zonefile_parse(const struct zonefile_source *source, const char *text,
    size_t size, struct zonefile **zonefile_r)
{
	struct parser parser;
	int result = BS_ENOMEM;

	if (start(&parser, source)) {
		read_entries(&parser, text, size);
		sort_records(parser.zonefile);
		/* what an unreadable record would have been is unknown */
		if (parser.errors.count == 0)
			zonefile_check_whole(&parser.errors, parser.zonefile);
		result = parser.errors.count == 0 ? BS_OK : BS_EINVAL;
	}
	if (parser.errors.count > ZONEFILE_ERRORS_MAX)
		fail_unreadable(source, "has more errors: mend these first");
	ldns_rdf_deep_free(parser.origin);
	ldns_rdf_deep_free(parser.previous);
	if (result != BS_OK)
		zonefile_free(&parser.zonefile);
	else
		*zonefile_r = parser.zonefile;
	return result;
}

/* Opens a regular file of at most the largest size; *size_r in bytes. */
static int
open_file(const struct zonefile_source *source, int *file_r, size_t *size_r)
{
	/* a FIFO must not make the start wait */
	int file = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	int result = BS_OK;

	if (file < 0 && errno == ENOENT) {
		fail_unreadable(source,
		    "no such file: write it, or name the file that is meant");
		return BS_ENOTFOUND;
	}
	if (file < 0 || fstat(file, &status) != 0) {
		fail_unreadable(
		    source, errno == EACCES
				? "no permission: let the server's user read it"
				: "cannot be opened: name a readable file");
		result = BS_EACCES;
	} else if (!S_ISREG(status.st_mode)) {
		fail_unreadable(
		    source, S_ISDIR(status.st_mode)
				? "is a folder: name the master file in it"
				: "is no regular file: name a master file");
		result = BS_EIO;
	} else if ((uintmax_t)status.st_size > ZONEFILE_SIZE_MAX) {
		fail_unreadable(source, "larger than 64 MB: listings belong "
					"into the database");
		result = BS_ETOOLONG;
	}
	if (result != BS_OK) {
		if (file >= 0)
			(void)close(file);
		return result;
	}
	*file_r = file;
	*size_r = (size_t)status.st_size;
	return BS_OK;
}

int
zonefile_load(
    const struct zonefile_source *source, struct zonefile **zonefile_r)
{
	size_t size, have = 0;
	char *text;
	ssize_t got;
	int file, result = open_file(source, &file, &size);

	if (result != BS_OK)
		return result;
	text = malloc(size + 1);
	if (text == NULL) {
		(void)close(file);
		fail_unreadable(source, "out of memory: use a smaller file");
		return BS_ENOMEM;
	}
	while ((got = read(file, text + have, size - have)) > 0)
		have += (size_t)got;
	if (got < 0) {
		fail_unreadable(source, "cannot be read: check the disk");
		result = BS_EIO;
	} else {
		result = zonefile_parse(source, text, have, zonefile_r);
	}
	free(text);
	(void)close(file);
	return result;
}

void
zonefile_free(struct zonefile **zonefile)
{
	if (*zonefile == NULL)
		return;
	for (size_t i = 0; i < (*zonefile)->count; i++)
		free((*zonefile)->record[i].data);
	free((*zonefile)->record);
	free(*zonefile);
	*zonefile = NULL;
}
