/*
 * Fuzz target of the rule files' reader: any bytes are rules or errors, never
 * neither; what was read can be applied to facts.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "rulesread.h"
#include "weigh.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
on_report(void *context, bool fatal, const char *line)
{
	size_t *reports = context;

	assert(fatal);
	assert(strncmp(line, "fuzz.yaml:", 10) == 0);
	assert(strpbrk(line, "\r\n") == NULL);
	(*reports)++;
}

static void
apply(struct rules *rules)
{
	static char words[] = "this is the mail system: user unknown aaa bbb";
	static char subject[] = "undelivered mail returned to sender";
	static struct weighing weighing;
	struct weigher *weigher = NULL;
	struct facts facts = {.words = words,
	    .text = words,
	    .subject = subject,
	    .from_name = subject,
	    .status_text = words};

	if (weigher_new(&rules, &weigher) != BS_OK)
		return;
	weigh(weigher, &facts, &weighing);
	assert(weighing.hit_count <= WEIGH_HITS_MAX);
	weigher_free(&weigher);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct rules *rules = rules_new();
	size_t reports = 0;
	int error;

	if (rules == NULL)
		return 0;
	error = rulesread(
	    rules, "fuzz.yaml", (const char *)bytes, size, on_report, &reports);
	assert((error == BS_OK) == (reports == 0));
	assert(rules->count <= RULES_MAX);
	if (error == BS_OK)
		apply(rules);
	else
		rules_free(&rules);
	return 0;
}
