/*
 * Fuzz target of the readers of tags: the same bytes as an address, as a header
 * tag with its fields, as a key file and as the header of a returned message.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "batv.h"
#include "headertag.h"
#include "returned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct bs_tag_keys keys = {
    .count = 1, .key = {{.digit = 3, .made_s = 1, .secret = "sesame-3"}}};

static void
check_address(const char *text, size_t size)
{
	struct bs_batv batv;
	struct bs_tag tag;
	char *copy = strndup(text, size);
	size_t before = strlen(copy);

	for (int form = 0; form < 2; form++) {
		if (!bs_batv_split(text, size, (enum bs_batv_form)form, &batv))
			continue;
		assert(batv.digit <= 9 && batv.day <= 999);
		assert(strlen(batv.address) + BS_BATV_PREFIX_SIZE == size);
		assert(strchr(batv.address, '@') != NULL);
	}
	if (bs_batv_check(&keys, text, size, &tag))
		assert(tag.digit == 3);
	bs_batv_strip(copy);
	assert(strlen(copy) == before ||
	       strlen(copy) + BS_BATV_PREFIX_SIZE == before);
	free(copy);
}

static void
check_made(const char *text, size_t size)
{
	char tagged[BS_BATV_ADDRESS_MAX + 1], *copy = strndup(text, size);
	struct bs_tag tag;

	for (int form = 0; form < 2; form++) {
		if (bs_batv_make(&keys, copy, 86400u * 20000,
			(enum bs_batv_form)form, tagged) != BS_OK)
			continue;
		assert(bs_batv_check(&keys, tagged, strlen(tagged), &tag));
		assert(tag.day == 7);
	}
	free(copy);
}

static void
check_header(const char *text, size_t size)
{
	struct returned *returned = malloc(sizeof(*returned));
	struct bs_headertag_fields fields;
	struct bs_tag tag;
	char made[BS_HEADERTAG_SIZE + 1];

	assert(returned != NULL);
	returned_read(text, size, "X-Backstop-Tag", returned);
	assert(returned->received_count <= RETURNED_RECEIVED_MAX);
	for (size_t i = 0; i < returned->received_count; i++)
		assert(strlen(returned->received[i]) < RETURNED_VALUE_MAX);
	fields.message_id = returned->message_id;
	fields.date = returned->date;
	(void)bs_headertag_check(&keys, returned->tag, &fields, &tag);
	if (bs_headertag_make(&keys, &fields, 86400u * 20000, made) == BS_OK)
		assert(bs_headertag_check(&keys, made, &fields, &tag));
	free(returned);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;
	struct bs_tag_keys read;
	struct bs_message message;

	check_address(text, size);
	check_made(text, size);
	check_header(text, size);
	if (bs_tag_keys_parse("k", text, size, &read, &message) == BS_OK)
		assert(read.count >= 1 && read.count <= BS_TAG_KEYS_MAX);
	return 0;
}
