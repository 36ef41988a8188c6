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

/* --- alternatives -------------------------------------------------------- */

/*
 * PCRE2 tries the words of (?:unknown|unavailable|not found|...) one after the
 * other at each place.  Written by what they begin with,
 * (?:un(?:known|available)|not found|...), most are told by one letter.  What
 * matches stays the same, as nothing is asked but whether something does, and
 * the order of the words is of no matter where each is tried in the end.
 */
#define WORDS_MAX 200 /* of a group */
#define SHARED_MAX 8  /* groups within groups that it makes */

struct words {
	struct {
		const char *text;
		size_t size;
	} word[WORDS_MAX];
	size_t count;
};

/* Room for what is written; `size` may pass `room`, and then it is too little. */
struct writer {
	char *text;
	size_t size, room;
};

static void
put(struct writer *writer, const char *text, size_t size)
{
	if (writer->size + size <= writer->room)
		memcpy(writer->text + writer->size, text, size);
	writer->size += size;
}

/* Reads "word|word)" behind "(?:"; the end, or NULL where there is more than
 * words in the group. */
static const char *
read_words(const char *at, struct words *words_r)
{
	words_r->count = 0;
	for (;; at++) {
		size_t size = strcspn(at, "\\()[]{}?*+.^$|");

		if (size == 0 || words_r->count == WORDS_MAX ||
		    (at[size] != '|' && at[size] != ')'))
			return NULL;
		words_r->word[words_r->count].text = at;
		words_r->word[words_r->count++].size = size;
		at += size;
		if (*at == ')')
			return at + 1;
	}
}

/* The size of the UTF-8 character that a word begins with; 0: of none. */
static size_t
first_size(const char *text, size_t size)
{
	size_t first = size > 0;

	while (first > 0 && first < size &&
	       ((unsigned char)text[first] & 0xc0) == 0x80)
		first++;
	return first;
}

static bool
starts_alike(const struct words *words, size_t a, size_t b)
{
	size_t size = first_size(words->word[a].text, words->word[a].size);

	return size == first_size(words->word[b].text, words->word[b].size) &&
	       memcmp(words->word[a].text, words->word[b].text, size) == 0;
}

static void write_words(
    struct writer *writer, const struct words *words, unsigned depth);

/* Writes the words that begin as the one at `first` does. */
static void
write_alike(struct writer *writer, const struct words *words, size_t first,
    unsigned depth)
{
	size_t size =
	    first_size(words->word[first].text, words->word[first].size);
	struct words rest = {.count = 0};

	for (size_t i = first; i < words->count; i++) {
		if (!starts_alike(words, first, i))
			continue;
		rest.word[rest.count].text = words->word[i].text + size;
		rest.word[rest.count++].size = words->word[i].size - size;
	}
	put(writer, words->word[first].text, size);
	if (rest.count == 1 || size == 0) {
		put(writer, rest.word[0].text, rest.word[0].size);
		return;
	}
	put(writer, "(?:", 3);
	write_words(writer, &rest, depth + 1);
	put(writer, ")", 1);
}

static void
write_words(struct writer *writer, const struct words *words, unsigned depth)
{
	for (size_t i = 0; i < words->count; i++) {
		size_t before = 0;

		while (depth < SHARED_MAX && before < i &&
		       !starts_alike(words, before, i))
			before++;
		if (depth < SHARED_MAX && before < i)
			continue; /* it was written with that one */
		if (i > 0)
			put(writer, "|", 1);
		if (depth < SHARED_MAX)
			write_alike(writer, words, i, depth);
		else
			put(writer, words->word[i].text, words->word[i].size);
	}
}

/* Whether something in the pattern gives nothing back, "(?>...)" or "(...)++":
 * then the first word that fits is the only one. */
static bool
keeps_first(const char *text)
{
	static const char *const signs[] = {"(?>", "*+", "++", "?+", "}+"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (strstr(text, signs[i]) != NULL)
			return true;
	}
	return false;
}

/* The pattern with its groups of words written by what they begin with; new,
 * or NULL. */
static char *
rewrite(const char *text)
{
	struct writer writer = {.room = 4 * PATTERN_SIZE_MAX};
	struct words words;

	writer.text = malloc(writer.room + 1);
	while (writer.text != NULL && *text != '\0') {
		const char *end = text + 1;

		if (*text == '[')
			end = class_end(text);
		else if (*text == '\\' && text[1] != '\0')
			end = text + 2;
		if (strncmp(text, "(?:", 3) == 0 &&
		    read_words(text + 3, &words) != NULL) {
			end = read_words(text + 3, &words);
			put(&writer, "(?:", 3);
			write_words(&writer, &words, 0);
			put(&writer, ")", 1);
		} else {
			put(&writer, text, (size_t)(end - text));
		}
		text = end;
	}
	if (writer.text == NULL || writer.size > writer.room) {
		free(writer.text);
		return NULL;
	}
	writer.text[writer.size] = '\0';
	return writer.text;
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
compile_text(const char *text, int *error_r, PCRE2_SIZE *where_r)
{
	return pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
	    error_r, where_r, NULL);
}

static pcre2_code *
compile(const char *text, struct bs_message *message_r)
{
	char *faster = keeps_first(text) ? NULL : rewrite(text);
	PCRE2_UCHAR why[128];
	PCRE2_SIZE where = 0;
	int error = 0;
	pcre2_code *code = NULL;

	if (faster != NULL)
		code = compile_text(faster, &error, &where);
	free(faster);
	if (code == NULL) /* errors are told of what was written */
		code = compile_text(text, &error, &where);
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
