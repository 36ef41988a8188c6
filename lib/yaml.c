/*
 * YAML by libyaml's events: bytes in, a tree of nodes out.
 *
 * First the bytes are checked (size, UTF-8, control characters), so that
 * libyaml never sees others; then its events become nodes.  Refused here, as
 * libyaml lets them pass: duplicate keys, keys that are no scalars, aliases,
 * anchors, tags, a second document, NUL in a value, and a plain or quoted
 * value that runs over the end of its line, which is an unclosed quote, an
 * unclosed bracket or a wrong indentation far more often than it is meant
 * (block text after `|` is fine).  What the keys mean is left to config.c.
 *
 * All memory of a tree is a chain of blocks, freed together.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "utf8.h"
#include "yaml.h"
#include "yaml_words.h"

/* one allocation of a tree */
struct block {
	struct block *next;
	max_align_t bytes[];
};

struct bs_yaml {
	struct block *blocks;
	struct bs_yaml_node *root;
	size_t node_count;
};

/* a list or map whose end was not seen yet */
struct frame {
	struct bs_yaml_node *node;
	struct bs_yaml_node *last; /* its last child so far */
	const char *key;           /* a map's key that waits for its value */
	unsigned key_line;
	bool flow; /* written in brackets */
};

struct builder {
	struct bs_yaml *yaml;
	bs_yaml_report *report;
	void *context;
	const char *text;
	size_t size;
	struct frame frame[BS_YAML_DEPTH_MAX];
	size_t depth;
	unsigned documents;
	int error; /* the first one reported */
};

static void fail(struct builder *builder, int error, unsigned line,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
fail(struct builder *builder, int error, unsigned line, const char *format, ...)
{
	struct bs_message message;
	va_list args;

	va_start(args, format);
	bs_message_vset(&message, format, args);
	va_end(args);
	builder->report(builder->context, line, message.text);
	/* BS_EEXIST leaves the tree whole: anything else goes before it */
	if (builder->error == BS_OK || builder->error == BS_EEXIST)
		builder->error = error;
}

/* Zeroed memory that lives as long as the tree; NULL when there is none. */
static void *
take(struct bs_yaml *yaml, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);

	if (block == NULL)
		return NULL;
	block->next = yaml->blocks;
	yaml->blocks = block;
	return block->bytes;
}

/* --- the bytes ---------------------------------------------------------- */

/* Reports the first byte that is no text. */
static int
check_bytes(struct builder *builder)
{
	const uint8_t *bytes = (const uint8_t *)builder->text;
	unsigned line = 1;
	size_t used;

	for (size_t i = 0; i < builder->size; i += used) {
		uint32_t code = 0;

		used = bs_utf8_read(bytes + i, builder->size - i, &code);
		if (used == 0) {
			fail(builder, BS_EINVAL, line,
			    "byte 0x%02x: not UTF-8: save the file as UTF-8",
			    bytes[i]);
			return BS_EINVAL;
		}
		if (!bs_utf8_is_printable(code)) {
			fail(builder, BS_EINVAL, line,
			    "character U+%04X: not text: remove it%s",
			    (unsigned)code,
			    code == 0 ? ", or save the file as UTF-8" : "");
			return BS_EINVAL;
		}
		if (code == '\n' || (code == '\r' && i + 1 < builder->size &&
					bytes[i + 1] != '\n'))
			line++;
	}
	return BS_OK;
}

/* --- nodes -------------------------------------------------------------- */

static struct frame *
top(struct builder *builder)
{
	return builder->depth > 0 ? &builder->frame[builder->depth - 1] : NULL;
}

static unsigned
line_of(const yaml_mark_t *mark)
{
	return (unsigned)mark->line + 1;
}

static void
attach(struct builder *builder, struct bs_yaml_node *node)
{
	struct frame *frame = top(builder);

	if (frame == NULL) {
		builder->yaml->root = node;
		return;
	}
	node->key = frame->key;
	node->key_line = frame->key_line;
	frame->key = NULL;
	if (frame->last == NULL)
		frame->node->first = node;
	else
		frame->last->next = node;
	frame->last = node;
	frame->node->count++;
}

static int
add_node(struct builder *builder, enum bs_yaml_kind kind,
    const yaml_mark_t *mark, struct bs_yaml_node **node_r)
{
	struct bs_yaml_node *node;

	if (builder->yaml->node_count >= BS_YAML_NODES_MAX) {
		fail(builder, BS_ETOOLONG, line_of(mark),
		    "size: more than %u values: keep long lists elsewhere",
		    BS_YAML_NODES_MAX);
		return BS_ETOOLONG;
	}
	node = take(builder->yaml, sizeof(*node));
	if (node == NULL)
		return BS_ENOMEM;
	builder->yaml->node_count++;
	node->kind = kind;
	node->line = line_of(mark);
	node->column = (unsigned)mark->column + 1;
	attach(builder, node);
	*node_r = node;
	return BS_OK;
}

/* Anchors, aliases and tags would let a short file mean a long one, or text
 * mean something else than it says. */
static void
refuse_properties(struct builder *builder, const yaml_event_t *event,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		fail(builder, BS_EINVAL, line_of(&event->start_mark),
		    "`&%s`: anchors are not used here: remove it, or put "
		    "the value in quotes",
		    (const char *)anchor);
	if (tag != NULL)
		fail(builder, BS_EINVAL, line_of(&event->start_mark),
		    "`!`: tags are not used here: remove the tag, or put the "
		    "value in quotes");
}

/* --- duplicate keys ----------------------------------------------------- */

static int
compare_keys(const void *a, const void *b)
{
	const struct bs_yaml_node *const *x = a;
	const struct bs_yaml_node *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);

	if (order != 0)
		return order;
	return (*x)->key_line < (*y)->key_line   ? -1
	       : (*x)->key_line > (*y)->key_line ? 1
						 : 0;
}

/* Names each key that is there already, and the line of the one before. */
static int
check_duplicates(struct builder *builder, const struct bs_yaml_node *map)
{
	const struct bs_yaml_node **sorted;
	size_t count = 0;

	if (map->count < 2)
		return BS_OK;
	sorted = calloc(map->count, sizeof(struct bs_yaml_node *));
	if (sorted == NULL)
		return BS_ENOMEM;
	for (const struct bs_yaml_node *n = map->first; n != NULL; n = n->next)
		sorted[count++] = n;
	qsort(sorted, count, sizeof(struct bs_yaml_node *), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
			fail(builder, BS_EEXIST, sorted[i]->key_line,
			    "%.*s: given twice, first in line %u: remove "
			    "one of the two",
			    bs_utf8_shown(sorted[i]->key), sorted[i]->key,
			    sorted[i - 1]->key_line);
	}
	free(sorted);
	return BS_OK;
}

/* --- events ------------------------------------------------------------- */

static int
begin_collection(struct builder *builder, const yaml_event_t *event,
    enum bs_yaml_kind kind, bool flow)
{
	unsigned line = line_of(&event->start_mark);
	struct frame *parent = top(builder);
	struct bs_yaml_node *node;
	int error;

	if (parent != NULL && parent->node->kind == BS_YAML_MAP &&
	    parent->key == NULL) {
		fail(builder, BS_EINVAL, line,
		    "key: a list or map cannot be a key: write KEY: VALUE");
		return BS_EINVAL;
	}
	if (builder->depth == BS_YAML_DEPTH_MAX) {
		fail(builder, BS_ETOOLONG, line,
		    "nesting: more than %d lists and maps within each other: "
		    "look for a bracket or an indentation too many",
		    BS_YAML_DEPTH_MAX);
		return BS_ETOOLONG;
	}
	error = add_node(builder, kind, &event->start_mark, &node);
	if (error != BS_OK)
		return error;
	builder->frame[builder->depth++] =
	    (struct frame){.node = node, .flow = flow};
	return BS_OK;
}

/* A value that runs over the end of its line. */
static int
refuse_long(struct builder *builder, const yaml_event_t *event)
{
	const struct frame *frame = top(builder);
	unsigned line = line_of(&event->start_mark);
	unsigned end = line_of(&event->end_mark);

	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		fail(builder, BS_EINVAL, line,
		    "quote: opened here and not closed in this line: close "
		    "it in the same line");
	else if (frame == NULL)
		fail(builder, BS_EINVAL, line,
		    "syntax: no `:` in this line: write KEY: VALUE");
	else if (frame->flow)
		fail(builder, BS_EINVAL, frame->node->line,
		    "`%c`: not closed, or a comma is missing, noticed in "
		    "line %u: write a comma between two items and `%c` after "
		    "the last",
		    frame->node->kind == BS_YAML_LIST ? '[' : '{', end,
		    frame->node->kind == BS_YAML_LIST ? ']' : '}');
	else
		fail(builder, BS_EINVAL, end,
		    "indentation: this goes on with the value of line %u: "
		    "indent keys alike and write one KEY: VALUE a line",
		    line);
	return BS_EINVAL;
}

static int
check_scalar(struct builder *builder, const yaml_event_t *event)
{
	yaml_scalar_style_t style = event->data.scalar.style;

	if (strlen((const char *)event->data.scalar.value) !=
	    event->data.scalar.length)
		fail(builder, BS_EINVAL, line_of(&event->start_mark),
		    "`\\0`: a value cannot hold a NUL byte: remove it");
	refuse_properties(
	    builder, event, event->data.scalar.anchor, event->data.scalar.tag);
	if (event->start_mark.line != event->end_mark.line &&
	    style != YAML_LITERAL_SCALAR_STYLE &&
	    style != YAML_FOLDED_SCALAR_STYLE)
		return refuse_long(builder, event);
	return BS_OK;
}

static int
add_scalar(struct builder *builder, const yaml_event_t *event)
{
	struct frame *frame = top(builder);
	size_t size = event->data.scalar.length;
	struct bs_yaml_node *node;
	char *text;
	int error;

	error = check_scalar(builder, event);
	if (error != BS_OK)
		return error;
	text = take(builder->yaml, size + 1);
	if (text == NULL)
		return BS_ENOMEM;
	memcpy(text, event->data.scalar.value, size);
	if (frame != NULL && frame->node->kind == BS_YAML_MAP &&
	    frame->key == NULL) {
		frame->key = text;
		frame->key_line = line_of(&event->start_mark);
		return BS_OK;
	}
	error = add_node(builder, BS_YAML_SCALAR, &event->start_mark, &node);
	if (error != BS_OK)
		return error;
	node->text = text;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return BS_OK;
}

static int
end_collection(struct builder *builder)
{
	const struct bs_yaml_node *node = top(builder)->node;

	builder->depth--;
	if (node->kind == BS_YAML_MAP)
		return check_duplicates(builder, node);
	return BS_OK;
}

static int
begin_document(struct builder *builder, const yaml_event_t *event)
{
	if (builder->documents++ == 0)
		return BS_OK;
	fail(builder, BS_EINVAL, line_of(&event->start_mark),
	    "`---`: a second document begins here: remove this line, or "
	    "write what follows to another file");
	return BS_EINVAL;
}

/* BS_OK to go on, an error to stop at once (reported unless BS_ENOMEM). */
static int
handle(struct builder *builder, const yaml_event_t *event)
{
	switch ((int)event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(builder, event);
	case YAML_SEQUENCE_START_EVENT:
		refuse_properties(builder, event,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
		return begin_collection(builder, event, BS_YAML_LIST,
		    event->data.sequence_start.style ==
			YAML_FLOW_SEQUENCE_STYLE);
	case YAML_MAPPING_START_EVENT:
		refuse_properties(builder, event,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
		return begin_collection(builder, event, BS_YAML_MAP,
		    event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
	case YAML_SCALAR_EVENT:
		return add_scalar(builder, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return end_collection(builder);
	case YAML_ALIAS_EVENT:
		fail(builder, BS_EINVAL, line_of(&event->start_mark),
		    "`*%s`: aliases are not used here: write the value "
		    "out, or put it in quotes",
		    (const char *)event->data.alias.anchor);
		return BS_EINVAL;
	default:
		return BS_OK;
	}
}

/* The byte at a mark, whose index counts characters. */
static char
byte_at(const struct builder *builder, const yaml_mark_t *mark)
{
	size_t characters = 0;

	for (size_t i = 0; i < builder->size; i++) {
		if (((unsigned char)builder->text[i] & 0xc0) == 0x80)
			continue;
		if (characters++ == mark->index)
			return builder->text[i];
	}
	return '\0';
}

static int
report_problem(struct builder *builder, const yaml_parser_t *parser)
{
	struct bs_message message;
	struct bs_yaml_problem problem = {
	    .context = parser->context,
	    .context_line = line_of(&parser->context_mark),
	    .problem = parser->problem,
	    .problem_line = line_of(&parser->problem_mark),
	    .at = byte_at(builder, &parser->problem_mark),
	};
	unsigned line;

	if (parser->error == YAML_MEMORY_ERROR)
		return BS_ENOMEM;
	line = bs_yaml_words(&problem, &message);
	fail(builder, BS_EINVAL, line, "%s", message.text);
	return BS_EINVAL;
}

static int
run(struct builder *builder, yaml_parser_t *parser)
{
	bool more = true;
	int error = BS_OK;

	while (error == BS_OK && more) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return report_problem(builder, parser);
		more = event.type != YAML_STREAM_END_EVENT;
		error = handle(builder, &event);
		yaml_event_delete(&event);
	}
	return error;
}

/* An empty text, or a lone `---`, is an empty map. */
static int
finish(struct builder *builder)
{
	struct bs_yaml_node *root = builder->yaml->root;
	yaml_mark_t start = {0};

	if (root != NULL && (root->kind != BS_YAML_SCALAR || root->quoted ||
				root->text[0] != '\0'))
		return BS_OK;
	return add_node(builder, BS_YAML_MAP, &start, &root);
}

static int
build(struct builder *builder)
{
	yaml_parser_t parser;
	int error;

	if (!yaml_parser_initialize(&parser))
		return BS_ENOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)builder->text, builder->size);
	error = run(builder, &parser);
	yaml_parser_delete(&parser);
	if (error == BS_OK)
		error = finish(builder);
	return error;
}

static int
check_and_build(struct builder *builder)
{
	static const char bom[] = "\xef\xbb\xbf";
	int error;

	if (builder->size > BS_YAML_SIZE_MAX) {
		fail(builder, BS_ETOOLONG, 0,
		    "size: %zu bytes, at most %u can be read: is this the "
		    "right file?",
		    builder->size, BS_YAML_SIZE_MAX);
		return BS_ETOOLONG;
	}
	if (builder->size >= 3 && memcmp(builder->text, bom, 3) == 0) {
		builder->text += 3;
		builder->size -= 3;
	}
	error = check_bytes(builder);
	return error == BS_OK ? build(builder) : error;
}

int
bs_yaml_parse(const char *text, size_t size, bs_yaml_report *report,
    void *context, struct bs_yaml **yaml_r)
{
	struct builder builder = {
	    .report = report,
	    .context = context,
	    .text = text,
	    .size = size,
	};
	int error;

	builder.yaml = calloc(1, sizeof(*builder.yaml));
	error = builder.yaml == NULL ? BS_ENOMEM : check_and_build(&builder);
	if (error == BS_ENOMEM)
		fail(&builder, error, 0,
		    "memory: none is left: free some, then try again");
	if (error == BS_OK)
		error = builder.error;
	if (error == BS_OK || error == BS_EEXIST)
		*yaml_r = builder.yaml;
	else
		bs_yaml_free(&builder.yaml);
	return error;
}

const struct bs_yaml_node *
bs_yaml_root(const struct bs_yaml *yaml)
{
	return yaml->root;
}

void
bs_yaml_free(struct bs_yaml **yaml)
{
	struct block *next;

	if (*yaml == NULL)
		return;
	for (struct block *block = (*yaml)->blocks; block != NULL;
	     block = next) {
		next = block->next;
		free(block);
	}
	free(*yaml);
	*yaml = NULL;
}
