/*
 * Fuzz target of feedback reports: any bytes as the fields, and as a whole
 * report.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arf.h"
#include "report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct judgement judgement;
	static struct judge *judge; /* loads the rules: once */
	static const struct bs_config config;
	struct bs_config_reporter reporter = {.hops = 1};
	struct judge_text report = {(char *)(uintptr_t)bytes, size};
	struct judge_text attached;
	struct arf arf = {0};

	if (arf_parse((const char *)bytes, size, &arf) == NULL) {
		assert(arf.type[0] != '\0');
		assert(arf.has_source == (arf.source.family == BS_IPV4 ||
					     arf.source.family == BS_IPV6));
	}
	if (judge == NULL) {
		judge_start();
		assert(judge_new(&config, NULL, NULL, &judge) == BS_OK);
	}
	report_judge(judge, &reporter, &report, &judgement, &attached);
	assert(judgement.reason_count >= 1);
	assert(judgement.source_reason[0] != '\0');
	if (attached.bytes == NULL)
		assert(judgement.kind == JUDGE_NONE && !judgement.has_source);
	free(attached.bytes);
	return 0;
}
