/*
 * History records to bytes and back.  Pure: when something is recorded is
 * lib/store_history.c's, when it goes store_history_trim.c's; how it looks in
 * print is backstopctl's.
 *
 * A record begins with a version; that of the prefix itself has its head there:
 * when it is due, a byte of classes (lowest bit: since when it sums up follows),
 * then the sums of these classes.  Then entries.  An entry: a tag, then the days
 * since the entry before.  A day's tag has its classes, and in the two lowest
 * bits whether each was seen once, seen once and renewed, or sums follow; sums
 * are two numbers for each class in the order of their bits.  An event's tag has
 * its kind; the second of the day, old and new classes, actor and reason follow.
 * Numbers have seven bits a byte.  A text is its size and bytes, or one byte for
 * a word that is frequent.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "history.h"

#define HEAD_SIZE 6
#define DAY_MAX (UINT32_MAX / BS_DAY_S)

/* The two lowest bits of a tag. */
enum form {
	FORM_SUMS = 0,
	FORM_RENEWED = 1,
	FORM_SEEN = 2,
	FORM_EVENT = 3,
};
#define FORM_MASK 3

/* Past BS_HISTORY_MAX a last event and its day's sums fit in. */
#define ENTRIES_MAX (BS_HISTORY_MAX + 2 * BS_HISTORY_ENTRY_MAX)

/* What programs call themselves and why they do things; their places in this
 * list are in records. */
static const char *const words[] = {
    "feeder",
    "sighting",
    "expired",
    "purged",
    "added",
    "imported",
    "server",
    "tool",
    "asked for by who is listed",
    "removed",
    "operator:root",
};
#define WORDS (sizeof(words) / sizeof(words[0]))
#define WORD_FIRST 0xe0u

static const char *const kind_names[BS_HISTORY_KIND_COUNT] = {
    [BS_HISTORY_DAY] = "sightings",
    [BS_HISTORY_LISTED] = "listed",
    [BS_HISTORY_ADDED] = "added",
    [BS_HISTORY_EXPIRED] = "expired",
    [BS_HISTORY_REMOVED] = "removed",
    [BS_HISTORY_SELF] = "self-removed",
    [BS_HISTORY_PURGED] = "purged",
    [BS_HISTORY_EXEMPTED] = "exempted",
    [BS_HISTORY_NOT_EXEMPTED] = "not exempted",
};

const char *
bs_history_kind_name(enum bs_history_kind kind)
{
	return kind_names[kind];
}

uint32_t
bs_history_day_s(uint32_t time_s)
{
	return time_s - time_s % BS_DAY_S;
}

bool
bs_history_is_end(const struct bs_history_entry *entry)
{
	switch (entry->kind) {
	case BS_HISTORY_DAY:
	case BS_HISTORY_LISTED:
	case BS_HISTORY_ADDED:
	case BS_HISTORY_EXEMPTED:
		return false;
	case BS_HISTORY_EXPIRED:
	case BS_HISTORY_REMOVED:
	case BS_HISTORY_SELF:
	case BS_HISTORY_PURGED:
		return entry->new_classes == 0;
	case BS_HISTORY_NOT_EXEMPTED:
		return true;
	}
	return false;
}

size_t
bs_history_key(uint8_t key[BS_HISTORY_KEY_MAX], size_t size, uint32_t time_s)
{
	assert(size <= BS_HISTORY_HEAD_KEY_MAX);
	bs_put_be16(key + size, (uint16_t)(time_s / BS_DAY_S));
	return size + BS_HISTORY_TAIL;
}

/* --- numbers ------------------------------------------------------------- */

/* Seven bits a byte, low ones first; all but the last have the highest set. */
static size_t
put_number(uint8_t *at, uint32_t number)
{
	size_t size = 0;

	for (; number >= 0x80; number >>= 7)
		at[size++] = (uint8_t)(number | 0x80);
	at[size++] = (uint8_t)number;
	return size;
}

/* Reads one and moves on; false where none is, or one byte too many. */
static bool
get_number(const uint8_t **at, const uint8_t *end, uint32_t *number_r)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
		uint8_t byte = *(*at)++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) != 0)
			continue;
		*number_r = (uint32_t)number;
		return number <= UINT32_MAX && (byte != 0 || shift == 0);
	}
	return false;
}

/* --- sums --------------------------------------------------------------- */

static uint32_t
add(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void
bs_history_add(struct bs_history_sum sum[BS_CLASS_COUNT],
    const struct bs_history_sum more[BS_CLASS_COUNT])
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		sum[i].sightings = add(sum[i].sightings, more[i].sightings);
		sum[i].renewals = add(sum[i].renewals, more[i].renewals);
	}
}

/* The classes that have any. */
static bs_classes
classes_of(const struct bs_history_sum sum[BS_CLASS_COUNT])
{
	bs_classes classes = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (sum[i].sightings != 0 || sum[i].renewals != 0)
			classes |= bs_class_at(i);
	}
	return classes;
}

static size_t
put_sums(uint8_t *at, const struct bs_history_sum sum[BS_CLASS_COUNT])
{
	bs_classes classes = classes_of(sum);
	size_t size = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) == 0)
			continue;
		size += put_number(at + size, sum[i].sightings);
		size += put_number(at + size, sum[i].renewals);
	}
	return size;
}

static bool
get_sums(const uint8_t **at, const uint8_t *end, bs_classes classes,
    struct bs_history_sum sum_r[BS_CLASS_COUNT])
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) == 0)
			continue;
		if (!get_number(at, end, &sum_r[i].sightings) ||
		    !get_number(at, end, &sum_r[i].renewals) ||
		    (sum_r[i].sightings == 0 && sum_r[i].renewals == 0))
			return false;
	}
	return true;
}

/* Whether each class has this sum or none. */
static bool
all_are(const struct bs_history_sum sum[BS_CLASS_COUNT], uint32_t sightings,
    uint32_t renewals)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((sum[i].sightings != 0 || sum[i].renewals != 0) &&
		    (sum[i].sightings != sightings ||
			sum[i].renewals != renewals))
			return false;
	}
	return true;
}

/* --- heads -------------------------------------------------------------- */

size_t
bs_history_head_encode(
    const struct bs_history_head *head, uint8_t value[BS_HISTORY_HEAD_MAX])
{
	size_t size = HEAD_SIZE;

	value[0] = BS_HISTORY_VERSION;
	bs_put_be32(value + 1, head->due_s);
	value[5] = (uint8_t)(classes_of(head->sum) | (head->since_s != 0));
	if (head->since_s != 0)
		size += put_number(value + size, head->since_s);
	return size + put_sums(value + size, head->sum);
}

int
bs_history_head_decode(const uint8_t *value, size_t size,
    struct bs_history_head *head_r, size_t *used_r)
{
	struct bs_history_head head = {0};
	const uint8_t *at = value + HEAD_SIZE;
	bs_classes classes;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY_VERSION)
		return BS_EVERSION;
	if (size < HEAD_SIZE)
		return BS_ECORRUPT;
	head.due_s = bs_get_be32(value + 1);
	classes = value[5] & (bs_classes)~1;
	if ((classes & ~BS_CLASSES_ALL) != 0)
		return BS_ECORRUPT;
	if ((value[5] & 1) != 0 &&
	    (!get_number(&at, value + size, &head.since_s) ||
		head.since_s == 0))
		return BS_ECORRUPT;
	if (!get_sums(&at, value + size, classes, head.sum))
		return BS_ECORRUPT;
	*head_r = head;
	*used_r = (size_t)(at - value);
	return size - *used_r > ENTRIES_MAX ? BS_ECORRUPT : BS_OK;
}

size_t
bs_history_more_encode(uint8_t *value)
{
	value[0] = BS_HISTORY_VERSION;
	return 1;
}

int
bs_history_more_decode(const uint8_t *value, size_t size, size_t *used_r)
{
	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_HISTORY_VERSION)
		return BS_EVERSION;
	*used_r = 1;
	return size - 1 > ENTRIES_MAX ? BS_ECORRUPT : BS_OK;
}

/* --- writing entries ---------------------------------------------------- */

static size_t
find_word(const char *text)
{
	size_t i;

	for (i = 0; i < WORDS && strcmp(text, words[i]) != 0; i++)
		;
	return i;
}

static uint8_t *
put_text(uint8_t *at, const char *text, size_t max)
{
	size_t size = strnlen(text, max), word = find_word(text);

	if (word < WORDS) {
		*at++ = (uint8_t)(WORD_FIRST + word);
		return at;
	}
	*at++ = (uint8_t)size;
	memcpy(at, text, size);
	return at + size;
}

static uint8_t *
put_event(uint8_t *at, const struct bs_history_entry *entry)
{
	uint32_t second = entry->time_s % BS_DAY_S;

	*at++ = (uint8_t)(second >> 16);
	bs_put_be16(at, (uint16_t)second);
	at += 2;
	*at++ = entry->old_classes;
	*at++ = entry->new_classes;
	at = put_text(at, entry->actor, BS_JOURNAL_ACTOR_MAX);
	return put_text(at, entry->reason, BS_JOURNAL_REASON_MAX);
}

static enum form
form_of(const struct bs_history_entry *entry)
{
	if (entry->kind != BS_HISTORY_DAY)
		return FORM_EVENT;
	if (all_are(entry->sum, 1, 1))
		return FORM_RENEWED;
	return all_are(entry->sum, 1, 0) ? FORM_SEEN : FORM_SUMS;
}

size_t
bs_history_write(const struct bs_history_entry *entry, uint32_t after,
    uint8_t bytes[BS_HISTORY_ENTRY_MAX])
{
	enum form form = form_of(entry);
	uint8_t *at = bytes + 1;

	bytes[0] =
	    (uint8_t)(form | (form == FORM_EVENT ? (unsigned)entry->kind << 2
						 : classes_of(entry->sum)));
	at += put_number(at, entry->time_s / BS_DAY_S - after);
	if (form == FORM_EVENT)
		at = put_event(at, entry);
	else if (form == FORM_SUMS)
		at += put_sums(at, entry->sum);
	return (size_t)(at - bytes);
}

/* --- reading entries ---------------------------------------------------- */

void
bs_history_read_begin(
    struct bs_history_reader *reader, const uint8_t *bytes, size_t size)
{
	*reader = (struct bs_history_reader){
	    .at = bytes, .end = bytes + size, .entry = bytes};
}

/* Reads a text of at most `max` bytes and moves on; false where it is none. */
static bool
get_text(const uint8_t **at, const uint8_t *end, size_t max, char *text_r)
{
	size_t size;

	if (*at == end)
		return false;
	size = *(*at)++;
	if (size >= WORD_FIRST) {
		if (size - WORD_FIRST >= WORDS)
			return false;
		(void)strcpy(text_r, words[size - WORD_FIRST]);
		return true;
	}
	if (size > max || (size_t)(end - *at) < size ||
	    memchr(*at, '\0', size) != NULL)
		return false;
	memcpy(text_r, *at, size);
	text_r[size] = '\0';
	*at += size;
	return find_word(text_r) == WORDS; /* there is one way to write it */
}

static bool
get_event(const uint8_t **at, const uint8_t *end, uint32_t *second_r,
    struct bs_history_entry *entry)
{
	const uint8_t *bytes = *at;

	if (end - *at < 5 || ((bytes[3] | bytes[4]) & ~BS_CLASSES_ALL) != 0)
		return false;
	*second_r = (uint32_t)bytes[0] << 16 | bs_get_be16(bytes + 1);
	entry->old_classes = bytes[3];
	entry->new_classes = bytes[4];
	*at += 5;
	return *second_r < BS_DAY_S &&
	       get_text(at, end, BS_JOURNAL_ACTOR_MAX, entry->actor) &&
	       get_text(at, end, BS_JOURNAL_REASON_MAX, entry->reason);
}

static bool
get_day(const uint8_t **at, const uint8_t *end, uint8_t tag,
    struct bs_history_entry *entry)
{
	enum form form = (enum form)(tag & FORM_MASK);
	bs_classes classes = tag & (bs_classes)~FORM_MASK;

	if (classes == 0 || (classes & ~BS_CLASSES_ALL) != 0)
		return false;
	if (form == FORM_SUMS)
		return get_sums(at, end, classes, entry->sum) &&
		       form_of(entry) == FORM_SUMS;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) != 0)
			entry->sum[i] = (struct bs_history_sum){
			    1, form == FORM_RENEWED ? 1 : 0};
	}
	return true;
}

/* A day comes before its events, and once. */
static bool
follows(const struct bs_history_reader *before,
    const struct bs_history_entry *entry)
{
	if (before->day == 0 && before->time_s == 0)
		return true;
	return entry->kind == BS_HISTORY_DAY ? entry->time_s > before->time_s
					     : entry->time_s >= before->time_s;
}

int
bs_history_read(
    struct bs_history_reader *reader, struct bs_history_entry *entry_r)
{
	struct bs_history_entry entry = {.kind = BS_HISTORY_DAY};
	struct bs_history_reader next = *reader;
	uint32_t days, second = 0;
	uint8_t tag;
	bool good;

	if (reader->at == reader->end)
		return BS_ENOTFOUND;
	next.entry = reader->at;
	tag = *next.at++;
	if (!get_number(&next.at, next.end, &days) || days > DAY_MAX ||
	    next.day + days > DAY_MAX)
		return BS_ECORRUPT;
	next.day += days;
	if ((tag & FORM_MASK) == FORM_EVENT) {
		entry.kind = (enum bs_history_kind)(tag >> 2);
		good = entry.kind != BS_HISTORY_DAY &&
		       entry.kind < BS_HISTORY_KIND_COUNT &&
		       get_event(&next.at, next.end, &second, &entry);
	} else {
		good = get_day(&next.at, next.end, tag, &entry);
	}
	if (!good || next.day * (uint64_t)BS_DAY_S + second > UINT32_MAX)
		return BS_ECORRUPT;
	entry.time_s = next.day * BS_DAY_S + second;
	if (!follows(reader, &entry))
		return BS_ECORRUPT;
	next.order = entry.time_s == reader->time_s ? reader->order : 0;
	if (entry.kind != BS_HISTORY_DAY)
		next.order++;
	next.time_s = entry.time_s;
	entry.order = next.order;
	*reader = next;
	*entry_r = entry;
	return BS_OK;
}
