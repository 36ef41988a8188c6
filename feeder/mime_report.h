/*
 * A report of abuse (RFC 5965) in, its fields and what is attached out.
 */
#ifndef FEED_MIME_REPORT_H
#define FEED_MIME_REPORT_H

#include <stddef.h>

/* A report taken apart: the fields of its message/feedback-report and what is
 * attached. */
struct mime_report {
	char *fields; /* decoded, or NULL: it has none */
	size_t fields_size;
	char *message; /* the first attached message, or header of one */
	size_t message_size;
	size_t messages; /* how many are attached */
};

/*
 * Takes apart a message (borrowed) that bounds_apply has bounded.  The report
 * is new, to be freed with mime_report_free; empty where GMime can't read it.
 */
void mime_read_report(
    const char *bytes, size_t size, struct mime_report *report_r);
void mime_report_free(struct mime_report *report);

#endif
