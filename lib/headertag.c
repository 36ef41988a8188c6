/*
 * Makes and checks header tags.  Called by the feeder for returned messages
 * and by backstopctl tag; days, keys and ids are batv.c's.
 */
#include "autoconf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "headertag.h"

#define MAC_OCTETS 16

struct text {
	char bytes[32 + 2 * (BS_HEADERTAG_FIELD_MAX + 1)];
	size_t size;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Appends a field, its blanks made equal, with a NUL; false where it is
 * missing or too long. */
static bool
add_field(struct text *text, const char *value)
{
	size_t start = text->size;

	for (; *value != '\0'; value++) {
		bool blank = is_blank(*value);

		if (text->size - start >= BS_HEADERTAG_FIELD_MAX)
			return false;
		if (blank &&
		    (text->size == start || text->bytes[text->size - 1] == ' '))
			continue;
		text->bytes[text->size++] = blank ? ' ' : *value;
	}
	if (text->size > start && text->bytes[text->size - 1] == ' ')
		text->size--;
	text->bytes[text->size++] = '\0';
	return text->size > start + 1;
}

/* The hexadecimal digits for a key, a day and the fields. */
static int
make_mac(const struct bs_tag_key *key, uint16_t day,
    const struct bs_headertag_fields *fields, char hex_r[2 * MAC_OCTETS + 1])
{
	struct text text;
	uint8_t mac[BS_HMAC_SHA256_SIZE];
	int size = snprintf(text.bytes, sizeof(text.bytes),
	    "header tag%c%u%03u%c", '\0', key->digit, day % 1000u, '\0');

	text.size = (size_t)size;
	if (!add_field(&text, fields->message_id) ||
	    !add_field(&text, fields->date))
		return BS_EINVAL;
	if (bs_hmac_sha256((struct bs_bytes){key->secret, strlen(key->secret)},
		(struct bs_bytes){text.bytes, text.size}, mac) != BS_OK)
		return BS_ESYSTEM;
	for (size_t i = 0; i < MAC_OCTETS; i++)
		(void)snprintf(hex_r + 2 * i, 3, "%02x", mac[i]);
	return BS_OK;
}

int
bs_headertag_make(const struct bs_tag_keys *keys,
    const struct bs_headertag_fields *fields, uint32_t now_s,
    char tag_r[BS_HEADERTAG_SIZE + 1])
{
	uint16_t day = bs_tag_last_day(now_s);
	char hex[2 * MAC_OCTETS + 1];
	int error;

	if (keys->count == 0)
		return BS_ENOTFOUND;
	error = make_mac(&keys->key[0], day, fields, hex);
	if (error == BS_OK)
		(void)snprintf(tag_r, BS_HEADERTAG_SIZE + 1, "%u%03u%s",
		    keys->key[0].digit % 10u, day % 1000u, hex);
	return error;
}

/* Copies the tag out of the field's value, in lower case. */
static bool
read_value(const char *value, char tag_r[BS_HEADERTAG_SIZE + 1])
{
	while (is_blank(*value))
		value++;
	for (size_t i = 0; i < BS_HEADERTAG_SIZE; i++) {
		unsigned char c = (unsigned char)value[i];

		if (i < 4 ? !isdigit(c) : !isxdigit(c))
			return false;
		tag_r[i] = (char)tolower(c);
	}
	tag_r[BS_HEADERTAG_SIZE] = '\0';
	value += BS_HEADERTAG_SIZE;
	while (is_blank(*value))
		value++;
	return *value == '\0';
}

bool
bs_headertag_check(const struct bs_tag_keys *keys, const char *tag,
    const struct bs_headertag_fields *fields, struct bs_tag *tag_r)
{
	char value[BS_HEADERTAG_SIZE + 1], hex[2 * MAC_OCTETS + 1];
	const struct bs_tag_key *key;
	struct bs_tag found = {0};

	if (!read_value(tag, value))
		return false;
	found.digit = (uint8_t)(value[0] - '0');
	found.day = (uint16_t)((value[1] - '0') * 100 + (value[2] - '0') * 10 +
			       (value[3] - '0'));
	key = bs_tag_key_of(keys, found.digit);
	if (key == NULL || make_mac(key, found.day, fields, hex) != BS_OK ||
	    !bs_secret_equal(hex, value + 4, 2 * MAC_OCTETS) ||
	    bs_tag_id(key, value, BS_HEADERTAG_SIZE, found.id) != BS_OK)
		return false;
	*tag_r = found;
	return true;
}
