/*
 * Facts: what mime.c found in a message and classify.c weighs.  Plain data,
 * no GMime type in it, so that a test writes them down by hand.
 *
 * All strings are UTF-8, folded where they say so (fold.h: lower case without
 * accents, plain quotes); all are bounded and never NULL.
 */
#ifndef FEED_FACTS_H
#define FEED_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "dsn.h"

#define FACTS_HEADERS_MAX 1000
#define FACTS_RECEIVED_MAX 100
#define FACTS_TEXT_MAX ((size_t)64 * 1024)
#define FACTS_VALUE_MAX ((size_t)4 * 1024) /* of a header */
#define FACTS_ADDRESS_MAX 512
#define FACTS_TAGGED_MAX 8

struct fact_header {
	char *name;  /* lower case */
	char *value; /* decoded, folded, at most FACTS_VALUE_MAX bytes */
};

struct facts {
	/* the header of the message itself */
	struct fact_header *header;
	size_t header_count;
	char *received[FACTS_RECEIVED_MAX]; /* values as they came, top first */
	size_t received_count;
	char from_address[FACTS_ADDRESS_MAX]; /* lower case; "" for <> */
	char *from_name;              /* all of the From value, folded */
	char *subject;                /* folded */
	char *subject_shown;          /* decoded, not folded */
	char trap[FACTS_ADDRESS_MAX]; /* lower case, or "" */
	/* recipients with a BATV tag, as written */
	char *tagged[FACTS_TAGGED_MAX];
	size_t tagged_count;
	bool has_return_path;
	bool return_path_is_null;
	char return_path[FACTS_ADDRESS_MAX];
	char content_type[128]; /* "multipart/report", lower case */
	char report_type[64];   /* its report-type, lower case, or "" */

	/* the returned message's header, RETURNED_HEADER_MAX of it at most */
	const char *returned;
	size_t returned_size;

	bool by_gmime; /* which the message's header was overwritten for */
	/* structure; what lies in a returned message is not looked at */
	bool has_status_part;      /* message/delivery-status */
	bool has_disposition_part; /* message/disposition-notification */
	bool has_feedback_part;    /* message/feedback-report (ARF) */
	bool has_returned_message; /* message/rfc822 */
	bool has_returned_headers; /* text/rfc822-headers */
	bool has_executable;       /* an attachment that runs, or an archive */
	bool has_document;         /* one that is a document or a picture */
	bool html_only;            /* there is no text/plain to read */
	struct dsn dsn;            /* of the status or disposition part */

	/* the text that a person would read first */
	char *text;        /* folded, lines kept, without what is returned */
	char *words;       /* the same with each run of white space one blank */
	char *status_text; /* folded: of the status part, "" where none */
	size_t links;      /* http:// and https:// in it, HTML's included */
	bool text_has_returned;   /* it quotes a message's header block */
	bool text_has_quotes;     /* it quotes words, line by line */
	bool text_is_cut;         /* what it returns or quotes is left out */
	bool text_has_reply_code; /* a line has "550 ", "5.1.1" or the like */
	bool text_names_address;  /* of neither the trap nor the sender */
	bool text_has_status_fields; /* it quotes delivery-status fields */
	struct dsn text_dsn;         /* those */
};

/* The value of the first header field of that name (lower case), or NULL. */
const char *facts_header(const struct facts *facts, const char *name);

#endif
