/*
 * Evidence records to bytes and back, and the newest few kept in order.  Pure.
 * How facts of mail become texts that may be kept is the feeder's
 * (feeder/disclose.c); here the same grammars are checked again, so that nothing
 * else can be read back.
 *
 * Value: version, until, due, number of items; each item is class, action, hour,
 * the source's family and octets, then four texts, each after its size.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "evidence.h"
#include "utf8.h"

#define TEXTS 4 /* of an item */

static const char *const action_names[BS_ACTION_COUNT] = {
    [BS_ACTION_NONE] = "",
    [BS_ACTION_FAILED] = "failed",
    [BS_ACTION_DELAYED] = "delayed",
    [BS_ACTION_DELIVERED] = "delivered",
    [BS_ACTION_RELAYED] = "relayed",
    [BS_ACTION_EXPANDED] = "expanded",
};

const char *
bs_evidence_action_name(enum bs_evidence_action action)
{
	return action_names[action];
}

enum bs_evidence_action
bs_evidence_action_of(const char *name)
{
	for (int i = BS_ACTION_NONE + 1; i < BS_ACTION_COUNT; i++) {
		if (strcmp(action_names[i], name) == 0)
			return (enum bs_evidence_action)i;
	}
	return BS_ACTION_NONE;
}

/* --- grammars ----------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* class "." subject "." detail, RFC 3463 section 2: one digit, one, at most
 * three, with no more zeros in front than that needs; '*' for the detail, or for
 * subject and detail. */
bool
bs_evidence_status_is_sound(const char *text)
{
	size_t digits;

	if (text[0] == '\0')
		return true;
	if (strchr("245", text[0]) == NULL || text[1] != '.')
		return false;
	if (strcmp(text + 2, "*") == 0)
		return true;
	if (!is_digit(text[2]) || text[3] != '.')
		return false;
	if (strcmp(text + 4, "*") == 0)
		return true;
	digits = strspn(text + 4, "0123456789");
	if (digits < 1 || digits > 3 || text[4 + digits] != '\0')
		return false;
	return text[4] != '0' || digits == 1;
}

bool
bs_evidence_host_is_sound(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (!((*c >= 'a' && *c <= 'z') || is_digit(*c) || *c == '-' ||
			*c == '.' || *c == '*'))
			return false;
	}
	return strlen(text) <= BS_EVIDENCE_HOST_MAX;
}

bool
bs_evidence_subject_is_sound(const char *text)
{
	const char *at = text;

	while (*at != '\0') {
		size_t size = bs_utf8_plain(at);

		if (size == 0)
			return false;
		at += size;
	}
	return at - text <= BS_EVIDENCE_SUBJECT_MAX;
}

static bool
is_sound(const struct bs_evidence_facts *facts)
{
	return bs_evidence_status_is_sound(facts->status) &&
	       bs_evidence_host_is_sound(facts->helo) &&
	       bs_evidence_host_is_sound(facts->reporting_mta) &&
	       bs_evidence_subject_is_sound(facts->subject);
}

/* --- the newest few ----------------------------------------------------- */

static void
drop_at(struct bs_evidence_list *list, size_t at)
{
	list->count--;
	memmove(&list->item[at], &list->item[at + 1],
	    (list->count - at) * sizeof(list->item[0]));
}

void
bs_evidence_add(struct bs_evidence_list *list,
    const struct bs_evidence *evidence, size_t max)
{
	size_t at;

	assert(max <= BS_EVIDENCE_MAX && is_sound(&evidence->facts));
	while (list->count > max)
		drop_at(list, 0);
	if (max == 0 ||
	    (list->count == max && list->item[0].hour_s > evidence->hour_s))
		return;
	if (list->count == max)
		drop_at(list, 0);
	for (at = list->count;
	     at > 0 && list->item[at - 1].hour_s > evidence->hour_s; at--)
		list->item[at] = list->item[at - 1];
	list->item[at] = *evidence;
	list->count++;
}

bool
bs_evidence_drop(
    struct bs_evidence_list *list, enum bs_class class, uint32_t time_s)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct bs_evidence *item = &list->item[i];

		if (item->class != class || time_s < item->hour_s ||
		    time_s - item->hour_s >= BS_EVIDENCE_HOUR_S)
			continue;
		drop_at(list, i);
		return true;
	}
	return false;
}

/* --- bytes -------------------------------------------------------------- */

static uint8_t *
put_text(uint8_t *at, const char *text)
{
	size_t size = strlen(text);

	*at++ = (uint8_t)size;
	memcpy(at, text, size);
	return at + size;
}

static uint8_t *
put_item(uint8_t *at, const struct bs_evidence *item)
{
	size_t octets = bs_family_octets(item->source.family);

	assert(octets != 0);
	*at++ = (uint8_t)item->class;
	*at++ = (uint8_t)item->facts.action;
	bs_put_be32(at, item->hour_s);
	at += 4;
	*at++ = item->source.family;
	memcpy(at, item->source.octet, octets);
	at = put_text(at + octets, item->facts.status);
	at = put_text(at, item->facts.helo);
	at = put_text(at, item->facts.reporting_mta);
	return put_text(at, item->facts.subject);
}

size_t
bs_evidence_encode(
    const struct bs_evidence_list *list, uint8_t value[BS_EVIDENCE_VALUE_MAX])
{
	uint8_t *at = value;

	*at++ = BS_EVIDENCE_VERSION;
	bs_put_be32(at, list->until_s);
	bs_put_be32(at + 4, list->due_s);
	at[8] = (uint8_t)list->count;
	at += 9;
	for (size_t i = 0; i < list->count; i++)
		at = put_item(at, &list->item[i]);
	return (size_t)(at - value);
}

static bool
take_text(struct bs_rest *rest, char *text_r, size_t max)
{
	const uint8_t *size = bs_take(rest, 1), *bytes;

	if (size == NULL || *size > max)
		return false;
	bytes = bs_take(rest, *size);
	if (bytes == NULL || memchr(bytes, '\0', *size) != NULL)
		return false;
	memcpy(text_r, bytes, *size);
	text_r[*size] = '\0';
	return true;
}

static bool
take_source(struct bs_rest *rest, struct bs_addr *source_r)
{
	const uint8_t *family = bs_take(rest, 1), *octets;
	size_t size = family == NULL ? 0 : bs_family_octets(*family);

	octets = size == 0 ? NULL : bs_take(rest, size);
	if (octets == NULL)
		return false;
	source_r->family = *family;
	memcpy(source_r->octet, octets, size);
	return true;
}

static bool
take_item(struct bs_rest *rest, struct bs_evidence *item)
{
	struct bs_evidence_facts *facts = &item->facts;
	const uint8_t *head = bs_take(rest, 6);

	if (head == NULL || head[1] >= BS_ACTION_COUNT)
		return false;
	item->class = (enum bs_class)head[0];
	if (bs_class_name(item->class) == NULL)
		return false;
	facts->action = (enum bs_evidence_action)head[1];
	item->hour_s = bs_get_be32(head + 2);
	return item->hour_s % BS_EVIDENCE_HOUR_S == 0 &&
	       take_source(rest, &item->source) &&
	       take_text(rest, facts->status, BS_EVIDENCE_STATUS_MAX) &&
	       take_text(rest, facts->helo, BS_EVIDENCE_HOST_MAX) &&
	       take_text(rest, facts->reporting_mta, BS_EVIDENCE_HOST_MAX) &&
	       take_text(rest, facts->subject, BS_EVIDENCE_SUBJECT_MAX) &&
	       is_sound(facts);
}

int
bs_evidence_decode(
    const uint8_t *value, size_t size, struct bs_evidence_list *list_r)
{
	struct bs_evidence_list list = {0};
	struct bs_rest rest = {value, size};
	const uint8_t *head;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_EVIDENCE_VERSION)
		return BS_EVERSION;
	head = bs_take(&rest, BS_EVIDENCE_HEADER_SIZE);
	if (head == NULL || head[9] > BS_EVIDENCE_MAX)
		return BS_ECORRUPT;
	list.until_s = bs_get_be32(head + 1);
	list.due_s = bs_get_be32(head + 5);
	list.count = head[9];
	for (size_t i = 0; i < list.count; i++) {
		if (!take_item(&rest, &list.item[i]))
			return BS_ECORRUPT;
	}
	if (rest.size != 0)
		return BS_ECORRUPT;
	*list_r = list;
	return BS_OK;
}

/* --- one more in a value ---------------------------------------------------- */

/* Where its items are: item i from at[i] to at[i + 1]. */
struct places {
	size_t count;
	size_t at[BS_EVIDENCE_MAX + 1];
	uint32_t hour_s[BS_EVIDENCE_MAX];
};

static bool
pass_item(struct bs_rest *rest, uint32_t *hour_s_r)
{
	const uint8_t *head = bs_take(rest, 7);
	size_t octets = head == NULL ? 0 : bs_family_octets(head[6]);

	if (octets == 0 || bs_take(rest, octets) == NULL)
		return false;
	*hour_s_r = bs_get_be32(head + 2);
	for (int i = 0; i < TEXTS; i++) {
		const uint8_t *size = bs_take(rest, 1);

		if (size == NULL || bs_take(rest, *size) == NULL)
			return false;
	}
	return true;
}

static int
find_places(const struct bs_evidence_value *value, struct places *places_r)
{
	struct bs_rest rest = {value->bytes, value->size};
	const uint8_t *head;

	if (value->size < 1)
		return BS_ECORRUPT;
	if (value->bytes[0] != BS_EVIDENCE_VERSION)
		return BS_EVERSION;
	head = bs_take(&rest, BS_EVIDENCE_HEADER_SIZE);
	if (head == NULL || head[9] > BS_EVIDENCE_MAX)
		return BS_ECORRUPT;
	places_r->count = head[9];
	for (size_t i = 0; i < places_r->count; i++) {
		places_r->at[i] = value->size - rest.size;
		if (!pass_item(&rest, &places_r->hour_s[i]))
			return BS_ECORRUPT;
	}
	places_r->at[places_r->count] = value->size;
	return rest.size == 0 ? BS_OK : BS_ECORRUPT;
}

/* Replaces what is between two places. */
static void
splice(struct bs_evidence_value *value, const size_t between[2],
    const uint8_t *bytes, size_t size)
{
	memmove(value->bytes + between[0] + size, value->bytes + between[1],
	    value->size - between[1]);
	memcpy(value->bytes + between[0], bytes, size);
	value->size = value->size - (between[1] - between[0]) + size;
}

int
bs_evidence_put(struct bs_evidence_value *value,
    const struct bs_evidence *evidence, size_t max, uint32_t until_s)
{
	uint8_t item[BS_EVIDENCE_ITEM_MAX];
	struct places places;
	size_t size, drop, at, from;
	int error = find_places(value, &places);

	assert(max <= BS_EVIDENCE_MAX && is_sound(&evidence->facts));
	if (error != BS_OK)
		return error;
	if (bs_get_be32(value->bytes + 1) < until_s)
		bs_put_be32(value->bytes + 1, until_s);
	/* the oldest go, this one too if it is older */
	drop = places.count > max ? places.count - max : 0;
	at = places.count;
	while (at > drop && places.hour_s[at - 1] > evidence->hour_s)
		at--;
	size = (size_t)(put_item(item, evidence) - item);
	if (places.count - drop == max && at == drop)
		size = 0;
	else if (places.count - drop == max)
		drop++;
	value->bytes[9] = (uint8_t)(places.count - drop + (size > 0));
	from = places.at[at] - (places.at[drop] - places.at[0]);
	splice(value, (size_t[2]){places.at[0], places.at[drop]}, item, 0);
	splice(value, (size_t[2]){from, from}, item, size);
	return BS_OK;
}
