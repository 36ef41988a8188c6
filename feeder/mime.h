/*
 * The only door to GMime: the bytes of a message in, facts out.
 */
#ifndef FEED_MIME_H
#define FEED_MIME_H

#include "facts.h"

/* GMime's own set-up; once per process each. */
void mime_start(void);
void mime_stop(void);

/*
 * Reads a message that bounds_apply has bounded (borrowed).  The facts are new
 * and hold no reference to it.  Never NULL: what GMime can't read has no parts.
 */
struct facts *mime_read(const char *bytes, size_t size);

void mime_facts_free(struct facts **facts);

/* A report taken apart: the fields of its message/feedback-report and what is
 * attached. */
struct mime_report {
	char *fields; /* decoded, or NULL: it has none */
	size_t fields_size;
	char *message; /* the first attached message, or header of one */
	size_t message_size;
	size_t messages; /* how many are attached */
};

/* Takes apart a message that bounds_apply has bounded.  To be freed. */
void mime_read_report(
    const char *bytes, size_t size, struct mime_report *report_r);
void mime_report_free(struct mime_report *report);

#endif
