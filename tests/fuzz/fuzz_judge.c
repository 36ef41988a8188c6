/*
 * Fuzz target of the judge: any bytes as a message, with relays and with
 * none.  Holds the judgement against the contract of judge.h.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "judge.h"
#include "reserved.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(const struct judgement *judgement)
{
	assert((unsigned)judgement->kind < JUDGE_KIND_COUNT);
	assert((unsigned)judgement->type < JUDGE_TYPE_COUNT);
	assert(judgement->reason_count >= 1);
	assert(judgement->reason_count <= JUDGE_REASONS_MAX);
	for (size_t i = 0; i < judgement->reason_count; i++)
		assert(judgement->reason[i].text[0] != '\0');
	assert(judgement->source_reason[0] != '\0');
	assert(judgement->truncated == (judgement->truncated_why[0] != '\0'));
	assert(memchr(judgement->trap, '\0', sizeof judgement->trap) != NULL);
	assert(strchr(judgement->reporting_mta, '@') == NULL);
	if (judgement->lists)
		assert(bs_class_name(judgement->class) != NULL);
	if (judgement->has_source && judgement->source.family == BS_IPV4)
		assert(judgement->source.octet[0] != 127 &&
		       judgement->source.octet[0] != 10);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct bs_key key = {{7}};
	static struct judgement judgement;
	static struct judge *plain, *relayed;
	static struct bs_config relay_config;
	static const struct bs_config no_config;
	static struct bs_prefix relay = {
	    .addr = {.family = BS_IPV4, .octet = {10}}, .bits = 8};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	uint8_t digest[BS_KEYHASH_SIZE];

	if (plain == NULL) {
		judge_start();
		relay_config.relays = &relay;
		relay_config.relay_count = 1;
		assert(judge_new(&no_config, NULL, NULL, &plain) == BS_OK);
		assert(judge_new(&relay_config, NULL, NULL, &relayed) == BS_OK);
	}
	judge_message(plain, (const char *)bytes, size, &judgement);
	check(&judgement);
	assert(judgement.received_ours == 0);
	judge_message(relayed, (const char *)bytes, size, &judgement);
	check(&judgement);
	judge_identity(hash, (const char *)bytes, size, &judgement, digest);
	judge_trap(hash, &judgement, digest);
	bs_keyhash_free(&hash);
	return 0;
}
