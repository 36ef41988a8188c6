/*
 * The set of literals: a filter of bits and a hash table, both by a gram: four
 * bytes somewhere in the literal.  Of a literal's grams the one is taken that the
 * fewest others have, so that the usual words of a language lead to few
 * comparisons; what these take lies together, as they wait for the cache.  Both
 * grow with the set, so that the time per byte does not.  Literals of three bytes
 * have a table of their own; the few that there are in practice are looked for
 * one by one.  weigh.c scans with it what the rules look at.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

#include "block.h"
#include "fold.h"
#include "literals.h"

#define TABLE_BITS_MIN 12
#define TABLE_BITS_MAX 20
#define FILTER_BYTES_EACH 2 /* for each literal */
#define CLASSES 8           /* of the byte behind a gram */
#define SLOTS_EACH 2        /* for each gram */
#define HEAD_SIZE 16        /* of a literal: what lies beside its gram */
#define COUNT_BITS 14
#define SHORT_FEW 8  /* that are looked for one by one */
#define NOTED_MAX 32 /* places that are compared together */
#define NOTED_END 8  /* room for those of the last bytes, or of four places */

/* A literal that is added. */
struct literal {
	const char *text;
	uint32_t gram;
	uint32_t id;
	uint16_t size;
	uint16_t offset; /* of the gram */
};

/* A literal as it is looked for: what most comparisons need is in half a line of
 * the cache. */
struct word {
	uint32_t other; /* four more bytes, at other_offset */
	uint32_t id;
	uint32_t rest;  /* where in the rests the bytes behind its head are */
	uint16_t alike; /* how many right behind it have the same text */
	uint8_t size;
	uint8_t offset; /* of the gram */
	char head[HEAD_SIZE];
};

/* The literals that have a gram. */
struct slot {
	uint32_t gram;
	uint16_t first;
	uint16_t count; /* 0: empty */
};

/* Literals by their grams. */
struct table {
	const struct word *word; /* by gram */
	size_t count;
	const char *rest;
	unsigned filter_bits;
	unsigned slot_bits;
	uint8_t *filter;
	struct slot *slot; /* by hash; each in the first that was free */
};

_Static_assert(LITERALS_MAX <= UINT16_MAX, "numbers of literals");
_Static_assert(LITERALS_SIZE_MAX <= UINT8_MAX, "sizes of literals");
_Static_assert(sizeof(struct word) == 32, "what lies in a line of the cache");

struct literals {
	struct literal *literal; /* until they are built */
	size_t count;
	size_t capacity;
	struct word *word;   /* those of three bytes last */
	char *rest;          /* of all words */
	struct table longer; /* of four bytes or more */
	struct table shorter;
	size_t shorter_ascii; /* of these, what begins so */
};

static inline uint32_t
hash_by(uint32_t gram, unsigned shift)
{
	return (gram * UINT32_C(0x9e3779b1)) >> shift;
}

static uint32_t
hash(uint32_t gram, unsigned bits)
{
	return hash_by(gram, 32 - bits);
}

static uint32_t
gram_at(const char *text)
{
	uint32_t gram;

	memcpy(&gram, text, sizeof gram);
	return gram;
}

/* The bits of a gram of three bytes, or four, in a word of four. */
static inline uint32_t
gram_mask(size_t size)
{
	uint32_t mask = UINT32_MAX;
	char *byte = (char *)&mask;

	if (size < 4)
		byte[3] = 0;
	return mask;
}

static uint32_t
short_gram_at(const char *text)
{
	uint32_t gram = 0;

	memcpy(&gram, text, LITERALS_SIZE_MIN);
	return gram;
}

struct literals *
literals_new(void)
{
	return calloc(1, sizeof(struct literals));
}

static bool
grow(struct literals *set)
{
	size_t capacity = set->capacity > 0 ? 2 * set->capacity : 256;
	struct literal *literal;

	if (set->count < set->capacity)
		return true;
	literal = reallocarray(set->literal, capacity, sizeof *literal);
	if (literal == NULL)
		return false;
	set->literal = literal;
	set->capacity = capacity;
	return true;
}

int
literals_add(struct literals *set, const char *text, size_t size, uint32_t id)
{
	if (size < LITERALS_SIZE_MIN || size > LITERALS_SIZE_MAX)
		return BS_ERANGE;
	if (set->count == LITERALS_MAX)
		return BS_EFULL;
	if (!grow(set))
		return BS_ENOMEM;
	set->literal[set->count++] =
	    (struct literal){.text = text, .size = (uint16_t)size, .id = id};
	return BS_OK;
}

/* --- building ------------------------------------------------------------ */

/* The usual letters of English: a gram of them is met in any text. */
static unsigned
commonness(const char *gram)
{
	static const bool usual[UINT8_MAX + 1] = {['e'] = true,
	    ['t'] = true,
	    ['a'] = true,
	    ['o'] = true,
	    ['i'] = true,
	    ['n'] = true,
	    ['s'] = true,
	    ['r'] = true,
	    [' '] = true,
	    ['\0'] = true};
	unsigned common = 0;

	for (size_t i = 0; i < 4; i++)
		common += usual[(unsigned char)gram[i]];
	return common;
}

static void
count_grams(const struct literals *set, uint16_t *count)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct literal *literal = &set->literal[i];

		for (size_t k = 0; k + 4 <= literal->size; k++) {
			uint16_t *slot = &count[hash(
			    gram_at(literal->text + k), COUNT_BITS)];

			*slot += *slot < UINT16_MAX;
		}
	}
}

/* Where in a literal of four bytes or more the bytes are that its gram says
 * least about. */
static size_t
other_offset(const struct word *word)
{
	return word->offset >= 4 ? 0 : word->size - (size_t)4;
}

static void
choose_gram(struct literal *literal, const uint16_t *count)
{
	unsigned long best = (unsigned long)-1;

	if (literal->size < 4) {
		literal->gram = short_gram_at(literal->text);
		return;
	}
	/* of longer ones none at the end: the byte behind it is known */
	for (size_t k = 0; k == 0 || k + 4 < literal->size; k++) {
		const char *gram = literal->text + k;
		unsigned long cost =
		    count[hash(gram_at(gram), COUNT_BITS)] * 8ul +
		    commonness(gram);

		if (cost < best) {
			best = cost;
			literal->offset = (uint16_t)k;
			literal->gram = gram_at(gram);
		}
	}
}

/* By gram, then by id; what is short goes last. */
static int
by_gram(const void *a, const void *b)
{
	const struct literal *left = a, *right = b;
	bool short_left = left->size < 4, short_right = right->size < 4;

	if (short_left != short_right)
		return short_left ? 1 : -1;
	if (left->gram != right->gram)
		return left->gram < right->gram ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

static bool
is_same_text(const struct literal *a, const struct literal *b)
{
	return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* Writes a literal's word; the bytes behind its head go to the rests, which
 * have *rest_size. */
static void
write_word(struct literals *set, size_t i, size_t *rest_size)
{
	const struct literal *literal = &set->literal[i];
	struct word *word = &set->word[i];
	size_t head = literal->size < HEAD_SIZE ? literal->size : HEAD_SIZE;

	*word = (struct word){.id = literal->id,
	    .rest = (uint32_t)*rest_size,
	    .size = (uint8_t)literal->size,
	    .offset = (uint8_t)literal->offset};
	memcpy(word->head, literal->text, head);
	memcpy(
	    set->rest + *rest_size, literal->text + head, literal->size - head);
	*rest_size += literal->size - head;
	if (literal->size >= 4)
		word->other = gram_at(literal->text + other_offset(word));
}

static bool
begins_ascii(const struct word *word)
{
	return (unsigned char)word->head[0] < 0x80;
}

static void
count_shorter_ascii(struct literals *set)
{
	for (size_t i = 0; i < set->shorter.count; i++)
		set->shorter_ascii += begins_ascii(&set->shorter.word[i]);
}

/* From the last one on, as each tells how many come behind it. */
static void
count_alike(struct literals *set)
{
	for (size_t i = set->count; i-- > 1;) {
		if (is_same_text(&set->literal[i - 1], &set->literal[i]))
			set->word[i - 1].alike =
			    (uint16_t)(set->word[i].alike + 1);
	}
}

static bool
make_words(struct literals *set)
{
	size_t rest_size = 0;

	for (size_t i = 0; i < set->count; i++)
		rest_size += set->literal[i].size;
	set->word = aligned_alloc(
	    sizeof(struct word), (set->count + 1) * sizeof(struct word));
	set->rest = malloc(rest_size + 1);
	if (set->word == NULL || set->rest == NULL)
		return false;
	rest_size = 0;
	for (size_t i = 0; i < set->count; i++)
		write_word(set, i, &rest_size);
	count_alike(set);
	return true;
}

/* Sets the bit of the byte behind the gram; all of them where it is any. */
static void
fill_filter(struct table *table, const struct literal *literal)
{
	size_t next = literal->offset + (size_t)4;
	uint8_t bits = UINT8_MAX;

	if (next < literal->size)
		bits = (uint8_t)(1u << (unsigned char)literal->text[next] %
					   CLASSES);
	table->filter[hash(literal->gram, table->filter_bits)] |= bits;
}

/* The slot of a gram: its own, or the empty one where it would go. */
static inline struct slot *
find_slot(const struct table *table, uint32_t gram)
{
	size_t i = hash(gram, table->slot_bits);

	while (table->slot[i].count != 0 && table->slot[i].gram != gram)
		i = (i + 1) & (((size_t)1 << table->slot_bits) - 1);
	return &table->slot[i];
}

static void
fill_table(struct table *table, const struct literal *literal)
{
	for (size_t i = 0; i < table->count; i++) {
		struct slot *slot = find_slot(table, literal[i].gram);

		fill_filter(table, &literal[i]);
		if (slot->count++ > 0)
			continue;
		slot->gram = literal[i].gram;
		slot->first = (uint16_t)i;
	}
}

/* The bits of a number of places. */
static unsigned
bits_for(size_t places)
{
	unsigned bits = TABLE_BITS_MIN;

	while (bits < TABLE_BITS_MAX && (size_t)1 << bits < places)
		bits++;
	return bits;
}

static size_t
count_slots(const struct literal *literal, size_t count)
{
	size_t slots = count > 0;

	for (size_t i = 1; i < count; i++)
		slots += literal[i].gram != literal[i - 1].gram;
	return slots;
}

/* Makes the table of `count` literals from the one at `first`. */
static bool
make_table(
    struct table *table, const struct literals *set, size_t first, size_t count)
{
	const struct literal *literal = count > 0 ? set->literal + first : NULL;

	table->word = set->word + first;
	table->count = count;
	table->rest = set->rest;
	table->filter_bits = bits_for(count * FILTER_BYTES_EACH);
	table->slot_bits = bits_for(count_slots(literal, count) * SLOTS_EACH);
	table->filter = calloc((size_t)1 << table->filter_bits, 1);
	table->slot =
	    calloc((size_t)1 << table->slot_bits, sizeof *table->slot);
	if (table->filter == NULL || table->slot == NULL)
		return false;
	fill_table(table, literal);
	return true;
}

int
literals_build(struct literals *set)
{
	uint16_t *count = calloc((size_t)1 << COUNT_BITS, sizeof *count);
	size_t longer = 0;
	bool is_made;

	if (count == NULL)
		return BS_ENOMEM;
	count_grams(set, count);
	for (size_t i = 0; i < set->count; i++) {
		choose_gram(&set->literal[i], count);
		longer += set->literal[i].size >= 4;
	}
	free(count);
	if (set->count > 0)
		qsort(set->literal, set->count, sizeof *set->literal, by_gram);
	is_made = make_words(set) && make_table(&set->longer, set, 0, longer) &&
		  make_table(&set->shorter, set, longer, set->count - longer);
	count_shorter_ascii(set);
	free(set->literal);
	set->literal = NULL;
	return is_made ? BS_OK : BS_ENOMEM;
}

/* --- scanning ------------------------------------------------------------ */

struct scan {
	const char *text;
	size_t size;
	literals_found *found;
	void *context;
};

/* Where there may be a literal that has that gram. */
struct place {
	size_t at;
	uint32_t gram;
};

/* Some of them: what each is compared with lies somewhere else in much memory,
 * so that all of it is asked for before the first is waited for. */
struct noted {
	size_t count;
	struct place place[NOTED_MAX];
};

/* Whether a literal may have this gram with that byte behind it. */
static inline unsigned
may_have(const uint8_t *filter, unsigned shift, uint32_t gram, char next)
{
	return filter[hash_by(gram, shift)] >> (unsigned char)next % CLASSES &
	       1u;
}

/* Whether a literal is at `start`; most are not, which two of its grams tell
 * without a look at its text. */
static inline bool
is_word(const struct table *table, const struct word *word, const char *start)
{
	if (word->size < 4)
		return memcmp(start, word->head, LITERALS_SIZE_MIN) == 0;
	if (gram_at(start + other_offset(word)) != word->other)
		return false;
	if (word->size <= HEAD_SIZE)
		return memcmp(start, word->head, word->size) == 0;
	return memcmp(start, word->head, HEAD_SIZE) == 0 &&
	       memcmp(start + HEAD_SIZE, table->rest + word->rest,
		   word->size - (size_t)HEAD_SIZE) == 0;
}

/* Compares the literals that have a gram, which is at `at`. */
static void
compare(const struct table *table, const struct scan *scan, size_t at,
    const struct slot *slot)
{
	const struct word *word = table->word + slot->first;
	const struct word *end = word + slot->count;

	while (word < end) {
		size_t start = at - word->offset;
		const struct word *next = word + word->alike + 1;

		if (at >= word->offset && word->size <= scan->size - start &&
		    is_word(table, word, scan->text + start)) {
			for (; word < next; word++)
				scan->found(scan->context, word->id, start);
		}
		word = next;
	}
}

static inline void
note(const struct table *table, struct noted *noted, size_t at, uint32_t gram)
{
	noted->place[noted->count++] = (struct place){at, gram};
	__builtin_prefetch(&table->slot[hash(gram, table->slot_bits)]);
}

/* Compares at all places that were noted, in their order. */
static void
compare_noted(
    const struct table *table, const struct scan *scan, struct noted *noted)
{
	const struct slot *slot[NOTED_MAX];

	for (size_t i = 0; i < noted->count; i++) {
		slot[i] = find_slot(table, noted->place[i].gram);
		__builtin_prefetch(table->word + slot[i]->first);
	}
	for (size_t i = 0; i < noted->count; i++)
		compare(table, scan, noted->place[i].at, slot[i]);
	noted->count = 0;
}

/* Which of four places may have one of the table's; most have nothing, which one
 * branch tells. */
static inline unsigned
four_places(const uint8_t *filter, unsigned shift, const char *at, size_t size)
{
	uint32_t mask = gram_mask(size);

	return may_have(filter, shift, gram_at(at) & mask, at[size]) |
	       may_have(filter, shift, gram_at(at + 1) & mask, at[size + 1])
		   << 1 |
	       may_have(filter, shift, gram_at(at + 2) & mask, at[size + 2])
		   << 2 |
	       may_have(filter, shift, gram_at(at + 3) & mask, at[size + 3])
		   << 3;
}

/* The places that are left at the end, fewer than eight bytes before it. */
static void
scan_end(const struct table *table, const struct scan *scan, size_t i,
    size_t size, struct noted *noted)
{
	for (; i + size <= scan->size; i++) {
		bool is_last = i + size == scan->size;
		char next = is_last ? '\0' : scan->text[i + size];
		uint32_t gram = 0;

		memcpy(&gram, scan->text + i, size);
		if (may_have(
			table->filter, 32 - table->filter_bits, gram, next))
			note(table, noted, i, gram);
	}
	compare_noted(table, scan, noted);
}

/* Those of four places that may have a literal. */
static inline void
note_places(const struct table *table, const struct scan *scan, size_t i,
    unsigned places, size_t size, struct noted *noted)
{
	for (; places != 0; places &= places - 1) {
		size_t at = i + (size_t)__builtin_ctz(places);

		note(table, noted, at,
		    gram_at(scan->text + at) & gram_mask(size));
	}
	if (noted->count > NOTED_MAX - NOTED_END)
		compare_noted(table, scan, noted);
}

/* Grams of `size` bytes, which is a constant where it is called. */
static inline void
scan_table(const struct table *table, const struct scan *scan, size_t size)
{
	const uint8_t *filter = table->filter;
	unsigned shift = 32 - table->filter_bits;
	struct noted noted;
	size_t i = 0;

	noted.count = 0;
	for (; i + 8 <= scan->size; i += 4) {
		unsigned places =
		    four_places(filter, shift, scan->text + i, size);

		if (places != 0)
			note_places(table, scan, i, places, size, &noted);
	}
	scan_end(table, scan, i, size, &noted);
}

static void
scan_longer(const struct table *table, const struct scan *scan)
{
	scan_table(table, scan, 4);
}

static void
scan_shorter(const struct table *table, const struct scan *scan)
{
	scan_table(table, scan, 3);
}

static bool
is_here(const char *at, const char literal[LITERALS_SIZE_MIN])
{
	return at[0] == literal[0] && at[1] == literal[1] &&
	       at[2] == literal[2];
}

/* Where in the next block, or the last bytes, a literal of three bytes may be. */
static uint64_t
find_in_block(const char *at, size_t places, const char *literal)
{
	if (places < BLOCK_BYTES)
		return block_find_few(at, places, literal[0]);
	return block_find(at, literal[0]) & block_find(at + 1, literal[1]);
}

static void
find_one(const struct word *word, const struct scan *scan)
{
	size_t places = scan->size >= LITERALS_SIZE_MIN
			    ? scan->size - LITERALS_SIZE_MIN + 1
			    : 0;

	for (size_t i = 0; i < places; i += BLOCK_BYTES) {
		uint64_t may =
		    find_in_block(scan->text + i, places - i, word->head);

		for (; may != 0; may &= may - 1) {
			size_t at = i + (size_t)__builtin_ctzll(may);

			if (is_here(scan->text + at, word->head))
				scan->found(scan->context, word->id, at);
		}
	}
}

/* In a text that is ASCII throughout no other literal is looked for. */
static void
find_each(const struct table *table, const struct scan *scan, bool is_ascii)
{
	for (size_t i = 0; i < table->count; i++) {
		if (!is_ascii || begins_ascii(&table->word[i]))
			find_one(&table->word[i], scan);
	}
}

void
literals_scan(const struct literals *set, const char *text, size_t size,
    literals_found *found, void *context)
{
	struct scan scan = {text, size, found, context};
	bool is_ascii;

	if (set->longer.count > 0)
		scan_longer(&set->longer, &scan);
	if (set->shorter.count == 0)
		return;
	is_ascii = fold_is_ascii(text, size); /* as most texts are */
	if ((is_ascii ? set->shorter_ascii : set->shorter.count) > SHORT_FEW)
		scan_shorter(&set->shorter, &scan);
	else
		find_each(&set->shorter, &scan, is_ascii);
}

void
literals_free(struct literals **set)
{
	if (*set == NULL)
		return;
	free((*set)->literal);
	free((*set)->word);
	free((*set)->rest);
	free((*set)->longer.filter);
	free((*set)->longer.slot);
	free((*set)->shorter.filter);
	free((*set)->shorter.slot);
	free(*set);
	*set = NULL;
}
