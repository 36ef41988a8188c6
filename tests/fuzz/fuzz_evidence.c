/*
 * Fuzz target: evidence records, and what makes texts of mail fit for them.  The
 * first byte chooses.  What decodes must encode to the same bytes; what is made
 * clean must be of its grammar.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "disclose.h"
#include "error.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
record(const uint8_t *bytes, size_t size)
{
	struct bs_evidence_list list;
	uint8_t value[BS_EVIDENCE_VALUE_MAX];

	if (bs_evidence_decode(bytes, size, &list) != BS_OK)
		return;
	assert(bs_evidence_encode(&list, value) == size);
	assert(memcmp(value, bytes, size) == 0);
}

/* A recipient up to the first newline, then the text. */
static void
clean(const char *text)
{
	char name[] = "to";
	struct fact_header header = {name, NULL};
	struct facts facts = {.header = &header, .header_count = 1};
	struct disclose_secrets secrets;
	struct disclose_encoded encoded;
	char host[BS_EVIDENCE_HOST_MAX + 1];
	char subject[BS_EVIDENCE_SUBJECT_MAX + 1];
	char status[BS_EVIDENCE_STATUS_MAX + 1];
	size_t size = strcspn(text, "\n");

	header.value = strndup(text, size);
	if (header.value == NULL)
		return;
	disclose_secrets(&facts, &secrets);
	text += size + (text[size] != '\0');
	disclose_encode(&secrets, &encoded);
	disclose_domain(text, &encoded, host);
	assert(bs_evidence_host_is_sound(host));
	disclose_subject(text, &secrets, subject);
	assert(bs_evidence_subject_is_sound(subject));
	disclose_status(text, status);
	assert(bs_evidence_status_is_sound(status));
	free(header.value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text;

	if (size < 1)
		return 0;
	if (bytes[0] % 2 == 0) {
		record(bytes + 1, size - 1);
		return 0;
	}
	text = strndup((const char *)bytes + 1, size - 1);
	if (text != NULL)
		clean(text);
	free(text);
	return 0;
}
