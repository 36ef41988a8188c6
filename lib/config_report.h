/*
 * The messages of one run of the configuration's reader: collected, put in
 * the order of their lines, then handed to whoever asked.
 */
#ifndef BS_CONFIG_REPORT_H
#define BS_CONFIG_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

/* What is beyond is not kept, and one line says so. */
#define BS_CONFIG_NOTES_MAX 1000

struct bs_config_note {
	unsigned line; /* 0: none */
	bool fatal;
	char *text;
};

struct bs_config_notes {
	const char *path; /* borrowed */
	struct bs_config_note *note;
	size_t count;
	size_t capacity;
	size_t left_out;
	size_t errors; /* fatal ones, kept or not */
};

/* Notes one message, "KEY: what is wrong: what to write", without file and
 * line. */
void bs_config_note(struct bs_config_notes *notes, bool fatal, unsigned line,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Hands all to `report` in the order of their lines, and frees them. */
void bs_config_notes_flush(
    struct bs_config_notes *notes, bs_config_report *report, void *context);

#endif
