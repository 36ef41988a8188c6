/*
 * The parts of a message, as far as the facts need them: what each is, and
 * where its bytes are.  outline.c finds them in usual mail, mime_tree.c by GMime
 * in all other; mime.c reads them.
 */
#ifndef FEED_PARTS_H
#define FEED_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#define PARTS_CHARSET_MAX 40
#define PARTS_TYPE_MAX 128
#define PARTS_FEW 16

enum part_kind {
	PART_OTHER,
	PART_TEXT, /* text/plain, and any text/... but the next two */
	PART_HTML,
	PART_HEADERS,     /* text/rfc822-headers, message/global-headers */
	PART_STATUS,      /* message/delivery-status */
	PART_DISPOSITION, /* message/disposition-notification */
	PART_FEEDBACK,    /* message/feedback-report (ARF) */
	PART_MESSAGE,     /* message/rfc822 and its like */
};

enum part_encoding { PART_PLAIN, PART_BASE64, PART_QUOTED, PART_UU };

struct part {
	enum part_kind kind;
	enum part_encoding encoding;
	bool runs;                       /* its file name is a program's */
	bool shows;                      /* a document's or a picture's */
	char charset[PARTS_CHARSET_MAX]; /* "" where none needs conversion */
	/* borrowed; NULL: it has no content.  A PART_MESSAGE that GMime read
	 * has its header only. */
	const char *bytes;
	size_t size;
};

struct parts {
	struct part *part; /* in the order of the message */
	size_t count;
	size_t capacity;
	struct part few[PARTS_FEW]; /* so that usual mail allocates nothing */
	/* of the message: "multipart/report", and the parameter of that name;
	 * lower case */
	char content_type[PARTS_TYPE_MAX];
	char report_type[64];
};

/* None; not to be copied. */
void parts_start(struct parts *parts);

/* One more, all zero; NULL when out of memory. */
struct part *parts_add(struct parts *parts);

void parts_clear(struct parts *parts);

/* What a part of that type is; sizes in bytes, in any case. */
enum part_kind parts_kind(const char *type, size_t type_size,
    const char *subtype, size_t subtype_size);

/* Whether a file of that name runs when it is opened, or hides what does. */
bool parts_name_runs(const char *name, size_t size);

/* Whether a file of that name is a document or a picture. */
bool parts_name_shows(const char *name, size_t size);

/* Sets the charset, unless it is ASCII or UTF-8. */
void parts_set_charset(struct part *part, const char *name, size_t size);

#endif
