/*
 * PCRE2 with its claws cut: patterns that may run for long are refused when
 * they are read (nested repetition, back references), matching has limits on
 * steps, depth and memory, and uses the JIT compiler where there is one.
 * rulesread.c makes patterns; weigh.c asks them, only where a rule's literal
 * was found.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "fold.h"
#include "pattern.h"

#define STEPS_MAX 100000
#define DEPTH_MAX 500
#define HEAP_MAX_KB 1024
#define GROUPS_MAX 16 /* open at a time */

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
};

/* --- what may take long ---------------------------------------------------- */

/* A reader of the pattern's text that knows what repeats. */
struct walk {
	const char *at;
	bool repeats[GROUPS_MAX]; /* something in this open group does */
	size_t depth;
	bool last_repeats; /* what the next quantifier would repeat does */
};

/* The end of a class, "[...]". */
static const char *
class_end(const char *at)
{
	at++;
	if (*at == '^')
		at++;
	if (*at == ']')
		at++;
	while (*at != '\0' && *at != ']') {
		if (*at == '[' && at[1] == ':' && strstr(at, ":]") != NULL)
			at = strstr(at, ":]") + 1;
		else if (*at == '\\' && at[1] != '\0')
			at++;
		at++;
	}
	return *at == ']' ? at + 1 : at;
}

/* The size of a quantifier that has no bound below 10; 0 where none is. */
static size_t
open_quantifier(const char *at)
{
	size_t digits;
	const char *max;

	if (*at == '*' || *at == '+')
		return 1;
	if (*at != '{')
		return 0;
	digits = strspn(at + 1, "0123456789");
	if (digits == 0)
		return 0;
	max = at[1 + digits] == ',' ? at + 2 + digits : at + 1;
	digits = strspn(max, "0123456789");
	if (max[digits] != '}')
		return 0;
	return digits == 1 ? 0 : (size_t)(max + digits + 1 - at);
}

/* One too many is for PCRE2 to tell. */
static void
close_group(struct walk *walk)
{
	walk->at++;
	if (walk->depth == 0)
		return;
	walk->last_repeats = walk->repeats[--walk->depth];
	if (walk->depth > 0)
		walk->repeats[walk->depth - 1] |= walk->last_repeats;
}

/* Options, names and recursion hide what a pattern does. */
static bool
open_group(struct walk *walk)
{
	if (walk->depth == GROUPS_MAX || walk->at[1] == '*' ||
	    (walk->at[1] == '?' &&
		(walk->at[2] == '\0' || strchr(":=!<>", walk->at[2]) == NULL)))
		return false;
	walk->repeats[walk->depth++] = false;
	walk->last_repeats = false;
	walk->at += walk->at[1] == '?' ? 2 : 1;
	return true;
}

/* Reads one item; false when it may take long. */
static bool
step(struct walk *walk)
{
	size_t quantifier = open_quantifier(walk->at);

	if (quantifier > 0) {
		if (walk->last_repeats)
			return false;
		if (walk->depth > 0)
			walk->repeats[walk->depth - 1] = true;
		walk->at += quantifier;
		walk->at += *walk->at == '?' || *walk->at == '+';
		return true;
	}
	if (*walk->at == '?' || *walk->at == '{') {
		walk->at++;
		return true;
	}
	if (*walk->at == '(')
		return open_group(walk);
	if (*walk->at == ')') {
		close_group(walk);
		return true;
	}
	walk->last_repeats = false;
	if (*walk->at == '[') {
		walk->at = class_end(walk->at);
	} else if (*walk->at == '\\' && walk->at[1] != '\0') {
		if (strchr("123456789gkGCKQ", walk->at[1]) != NULL)
			return false;
		walk->at += 2;
	} else {
		walk->at++;
	}
	return true;
}

static bool
may_take_long(const char *text)
{
	struct walk walk = {.at = text};

	while (*walk.at != '\0') {
		if (!step(&walk))
			return true;
	}
	return false;
}

/* --- compiling -------------------------------------------------------------- */

static pcre2_match_context *
new_limits(void)
{
	pcre2_match_context *limits = pcre2_match_context_create(NULL);

	if (limits == NULL)
		return NULL;
	pcre2_set_match_limit(limits, STEPS_MAX);
	pcre2_set_depth_limit(limits, DEPTH_MAX);
	pcre2_set_heap_limit(limits, HEAP_MAX_KB);
	return limits;
}

static int
check_text(const char *text, struct bs_message *message_r)
{
	if (strlen(text) > PATTERN_SIZE_MAX) {
		bs_message_set(message_r,
		    "longer than %d bytes: write several rules",
		    PATTERN_SIZE_MAX);
		return BS_ETOOLONG;
	}
	if (may_take_long(text)) {
		bs_message_set(message_r,
		    "may run for long (a repetition within a repetition, as "
		    "in (a+)+, a back reference, a group that begins with (? "
		    "and no : = ! < >, or more than %d open groups): bound "
		    "one, as in (a{1,9})+",
		    GROUPS_MAX);
		return BS_EINVAL;
	}
	return BS_OK;
}

static pcre2_code *
compile(const char *text, struct bs_message *message_r)
{
	PCRE2_UCHAR why[128];
	PCRE2_SIZE where = 0;
	int error = 0;
	pcre2_code *code =
	    pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
		&error, &where, NULL);

	if (code != NULL) {
		(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
		return code;
	}
	(void)pcre2_get_error_message(error, why, sizeof why);
	bs_message_set(message_r, "at byte %zu: %s: see pcre2pattern(3)",
	    (size_t)where + 1, (const char *)why);
	return NULL;
}

int
pattern_new(
    const char *text, struct pattern **pattern_r, struct bs_message *message_r)
{
	int error = check_text(text, message_r);
	struct pattern *pattern;

	if (error != BS_OK)
		return error;
	pattern = calloc(1, sizeof *pattern);
	if (pattern == NULL)
		return BS_ENOMEM;
	pattern->code = compile(text, message_r);
	if (pattern->code == NULL) {
		pattern_free(&pattern);
		return BS_EINVAL;
	}
	pattern->limits = new_limits();
	if (pattern->limits == NULL) {
		pattern_free(&pattern);
		return BS_ENOMEM;
	}
	*pattern_r = pattern;
	return BS_OK;
}

bool
pattern_matches(const struct pattern *pattern, const char *text, size_t size,
    unsigned flags)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	uint32_t options = 0;
	int rc;

	if (data == NULL)
		return false;
	if ((flags & PATTERN_NOT_START) != 0)
		options |= PCRE2_NOTBOL;
	if ((flags & PATTERN_NOT_END) != 0)
		options |= PCRE2_NOTEOL;
	if (fold_is_ascii(text, size)) /* PCRE2 looks at each byte again */
		options |= PCRE2_NO_UTF_CHECK;
	rc = pcre2_match(pattern->code, (PCRE2_SPTR)text, size, 0, options,
	    data, pattern->limits);
	pcre2_match_data_free(data);
	return rc >= 0;
}

void
pattern_free(struct pattern **pattern)
{
	if (*pattern == NULL)
		return;
	pcre2_code_free((*pattern)->code);
	pcre2_match_context_free((*pattern)->limits);
	free(*pattern);
	*pattern = NULL;
}
