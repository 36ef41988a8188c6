/*
 * Reads the scripts of policy_script.h and runs them in a world.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "config.h"
#include "policy_script.h"

#define STEP_MAX 200
#define WORDS_MAX 16

static const char *const outcomes[BS_OUTCOME_COUNT] = {
    [BS_OUTCOME_LISTED] = "listed",
    [BS_OUTCOME_RENEWED] = "renewed",
    [BS_OUTCOME_COUNTED] = "counted",
    [BS_OUTCOME_REPEAT] = "repeat",
    [BS_OUTCOME_OLD] = "old",
    [BS_OUTCOME_REMOVED] = "removed",
    [BS_OUTCOME_EXEMPT] = "exempt",
    [BS_OUTCOME_RESERVED] = "reserved",
};

struct run {
	const struct policy_row *row;
	const struct policy_world *world;
	struct bs_policy policy;
	struct bs_prefix exempt;
	uint64_t message; /* the last one made up */
	char text[STEP_MAX], copy[STEP_MAX];
	char *word[WORDS_MAX + 1];
	size_t words;
	char *expected; /* after the colon, or NULL */
	uint32_t now_s;
};

#define FAIL(run, ...)                                                  \
	do {                                                            \
		print_error("%s: %s: ", (run)->row->name, (run)->text); \
		print_error(__VA_ARGS__);                               \
		fail();                                                 \
	} while (0)

/* --- words -------------------------------------------------------------- */

static uint32_t
unit_s(struct run *run, char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'h':
		return 3600;
	case 'd':
		return 24 * 3600;
	case 'w':
		return 7 * 24 * 3600;
	default:
		FAIL(run, "unit %c\n", unit);
		return 0;
	}
}

/* "0", "4w", "4w-1s" from the start. */
static uint32_t
time_of(struct run *run, const char *text)
{
	int64_t sum_s = POLICY_START_S, sign = 1;

	if (strcmp(text, "0") == 0)
		return POLICY_START_S;
	while (*text != '\0') {
		char *end;

		if (*text == '+' || *text == '-')
			sign = *text++ == '-' ? -1 : 1;
		sum_s +=
		    sign * (int64_t)strtoul(text, &end, 10) * unit_s(run, *end);
		if (end == text)
			FAIL(run, "no time: %s\n", text);
		text = end + 1;
	}
	return (uint32_t)sum_s;
}

static enum bs_class
class_of(struct run *run, const char *name)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (strcmp(bs_class_name(bs_class_at(i)), name) == 0)
			return bs_class_at(i);
	}
	FAIL(run, "no class: %s\n", name);
	return BS_BOUNCE;
}

static struct bs_prefix
prefix_of(struct run *run, const char *text)
{
	struct bs_prefix prefix = {.bits = 0};

	if (bs_prefix_parse(text, strlen(text), &prefix) != BS_OK)
		FAIL(run, "no prefix: %s\n", text);
	return prefix;
}

/* --- steps -------------------------------------------------------------- */

static void
read_word(struct run *run, const char *word, struct bs_sighting *sighting)
{
	const char *value = strchr(word, '=');

	value = value != NULL ? value + 1 : "";
	if (strncmp(word, "trap=", 5) == 0)
		bs_put_be32(sighting->trap, (uint32_t)atoi(value));
	else if (strncmp(word, "at=", 3) == 0)
		sighting->received_s = time_of(run, value);
	else if (strncmp(word, "msg=", 4) == 0)
		bs_put_be64(sighting->identity, (uint64_t)atoi(value));
	else if (strncmp(word, "feed=", 5) == 0)
		(void)snprintf(
		    sighting->feed, sizeof(sighting->feed), "%s", value);
	else if (strcmp(word, "live") == 0)
		sighting->door = BS_DOOR_LIVE;
	else if (strcmp(word, "notice") == 0)
		sighting->lists = false;
	else
		FAIL(run, "no such word: %s\n", word);
}

static void
see_one(struct run *run, const char *source)
{
	struct bs_sighting sighting = {
	    .class = class_of(run, run->word[1]),
	    .received_s = run->now_s,
	    .door = BS_DOOR_FILES,
	    .feed = BS_FEED_LOCAL,
	    .lists = true,
	};
	enum bs_outcome outcome;

	if (bs_addr_parse(source, strlen(source), &sighting.source) != BS_OK)
		FAIL(run, "no address: %s\n", source);
	bs_put_be32(sighting.trap, 1);
	bs_put_be64(sighting.identity, ++run->message + 1000);
	for (size_t i = 3; i < run->words; i++)
		read_word(run, run->word[i], &sighting);
	outcome = run->world->see(
	    run->world->state, &run->policy, run->now_s, &sighting);
	if (run->expected == NULL ||
	    strcmp(outcomes[outcome], run->expected) != 0)
		FAIL(run, "%s: %s\n", source, outcomes[outcome]);
}

/* Once for each number in {A-B}. */
static void
see(struct run *run)
{
	const char *open = strchr(run->word[2], '{');
	const char *close = strchr(run->word[2], '}');
	unsigned first = 0, last = 0;

	if (open == NULL) {
		see_one(run, run->word[2]);
		return;
	}
	if (close == NULL || sscanf(open, "{%u-%u}", &first, &last) != 2)
		FAIL(run, "no range\n");
	for (unsigned i = first; i <= last; i++) {
		char source[STEP_MAX];

		(void)snprintf(source, sizeof(source), "%.*s%u%s",
		    (int)(open - run->word[2]), run->word[2], i, close + 1);
		see_one(run, source);
	}
}

static void
exempt(struct run *run)
{
	if (strcmp(run->word[2], "nothing") == 0) {
		run->policy.exempt_count = 0;
		return;
	}
	run->exempt = prefix_of(run, run->word[2]);
	run->policy.exempt = &run->exempt;
	run->policy.exempt_count = 1;
}

/* "nothing", "bounce until 4w" or "bounce 3 hits". */
static void
check_listing(struct run *run)
{
	struct bs_prefix prefix = prefix_of(run, run->word[2]);
	struct bs_listing listing;
	char name[16] = "", last[STEP_MAX] = "";
	unsigned hits = 0;
	bool listed =
	    run->world->get(run->world->state, run->now_s, &prefix, &listing);
	const struct bs_listing_class *class;
	enum bs_class bit;

	if (strcmp(run->expected, "nothing") == 0) {
		if (listed)
			FAIL(run, "is listed\n");
		return;
	}
	(void)sscanf(run->expected, "%15s", name);
	bit = class_of(run, name);
	if (!listed || (listing.classes & bit) == 0)
		FAIL(run, "is not listed with it\n");
	class = &listing.class[bs_class_index(bit)];
	if (sscanf(run->expected, "%*s until %199s", last) == 1) {
		if (class->expires_s != time_of(run, last))
			FAIL(run, "until %.4f days\n",
			    (class->expires_s - (double)POLICY_START_S) /
				86400);
	} else if (sscanf(run->expected, "%*s %u hits", &hits) != 1 ||
		   class->hits != hits) {
		FAIL(run, "%u hits\n", class->hits);
	}
}

/* The classes of all listings that cover the address. */
static void
check_answer(struct run *run)
{
	struct bs_addr addr = prefix_of(run, run->word[2]).addr;
	bs_classes classes = 0, expected = 0;
	char *name = run->expected;

	for (unsigned bits = 0; bits <= bs_family_bits(addr.family); bits++) {
		struct bs_prefix prefix = bs_prefix_of(&addr, bits);
		struct bs_listing listing;

		if (run->world->get(
			run->world->state, run->now_s, &prefix, &listing))
			classes |= listing.classes;
	}
	while (strcmp(run->expected, "nothing") != 0 && name != NULL) {
		char *comma = strchr(name, ',');

		if (comma != NULL)
			*comma++ = '\0';
		expected |= class_of(run, name);
		name = comma;
	}
	if (classes != expected)
		FAIL(run, "classes %u\n", classes);
}

static void
step(struct run *run)
{
	const struct policy_world *world = run->world;
	const char *verb = run->word[1];
	struct bs_prefix prefix;

	if (strcmp(verb, "remove") == 0) {
		prefix = prefix_of(run, run->word[2]);
		world->remove(world->state, run->now_s, &prefix);
	} else if (strcmp(verb, "add") == 0) {
		prefix = prefix_of(run, run->word[2]);
		world->add(world->state, run->now_s, &prefix,
		    class_of(run, run->word[3]), time_of(run, run->word[4]));
	} else if (strcmp(verb, "exempt") == 0) {
		exempt(run);
	} else if (run->expected == NULL) {
		FAIL(run, "what is expected?\n");
	} else if (strcmp(verb, "listing") == 0) {
		check_listing(run);
	} else if (strcmp(verb, "answer") == 0) {
		check_answer(run);
	} else {
		see(run);
	}
}

/* --- scripts ------------------------------------------------------------ */

/* Splits run->copy: words up to " : ", what is expected after it. */
static void
split(struct run *run)
{
	char *rest = run->copy, *colon = strstr(run->copy, " : ");
	char *word;

	run->expected = NULL;
	if (colon != NULL) {
		*colon = '\0';
		run->expected = colon + 3;
	}
	run->words = 0;
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		if (run->words == WORDS_MAX)
			FAIL(run, "too many words\n");
		run->word[run->words++] = word;
	}
	if (run->words < 3)
		FAIL(run, "too few words\n");
}

static void
report(void *context, bool fatal, const char *line)
{
	struct run *run = context;

	(void)fatal;
	FAIL(run, "%s\n", line);
}

static struct bs_config *
read_config(struct run *run)
{
	struct bs_config *config = NULL;
	char text[1000];
	bool says = strstr(run->row->config, "documentation-space") != NULL;
	int size = snprintf(text, sizeof(text), "database: d\n%s%s\n",
	    says ? "" : "documentation-space: yes\n", run->row->config);

	assert_true(size > 0 && (size_t)size < sizeof(text));
	assert_int_equal(bs_config_parse("/row.conf", text, (size_t)size,
			     report, run, &config),
	    BS_OK);
	return config;
}

void
policy_script_run(
    const struct policy_row *row, const struct policy_world *world)
{
	struct run run = {.row = row, .world = world};
	struct bs_config *config = read_config(&run);
	const char *at = row->script, *end;

	run.policy = config->policy;
	for (; (end = strchr(at, ';')) != NULL; at = end + 1) {
		while (*at == ' ')
			at++;
		if ((size_t)(end - at) >= sizeof(run.text))
			FAIL(&run, "a step too long\n");
		(void)snprintf(
		    run.text, sizeof(run.text), "%.*s", (int)(end - at), at);
		memcpy(run.copy, run.text, sizeof(run.copy));
		split(&run);
		run.now_s = time_of(&run, run.word[0]);
		step(&run);
	}
	if (*at != '\0')
		FAIL(&run, "a step without its end: %s\n", at);
	bs_config_free(&config);
}
