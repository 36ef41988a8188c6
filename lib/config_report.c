/*
 * Collects the messages, so that those of the YAML reader, of the keys and of
 * the checks across keys come out as one list in the order of the file.
 * Without memory for a message its text is lost and never the fact that there
 * was an error.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_report.h"
#include "error.h"

/* Room for one more, or false. */
static bool
grow(struct bs_config_notes *notes)
{
	size_t capacity = notes->capacity > 0 ? 2 * notes->capacity : 16;
	struct bs_config_note *note;

	if (notes->count == BS_CONFIG_NOTES_MAX)
		return false;
	if (notes->count < notes->capacity)
		return true;
	note = reallocarray(notes->note, capacity, sizeof(*note));
	if (note == NULL)
		return false;
	notes->note = note;
	notes->capacity = capacity;
	return true;
}

void
bs_config_note(struct bs_config_notes *notes, bool fatal, unsigned line,
    const char *format, ...)
{
	struct bs_message message;
	va_list args;
	char *copy;

	notes->errors += fatal ? 1 : 0;
	va_start(args, format);
	bs_message_vset(&message, format, args);
	va_end(args);
	copy = grow(notes) ? strdup(message.text) : NULL;
	if (copy == NULL) {
		notes->left_out++;
		return;
	}
	notes->note[notes->count++] =
	    (struct bs_config_note){.line = line, .fatal = fatal, .text = copy};
}

/* A stable insertion sort: the notes are in order already but for a few. */
static void
sort(struct bs_config_notes *notes)
{
	for (size_t i = 1; i < notes->count; i++) {
		struct bs_config_note moved = notes->note[i];
		size_t k = i;

		for (; k > 0 && notes->note[k - 1].line > moved.line; k--)
			notes->note[k] = notes->note[k - 1];
		notes->note[k] = moved;
	}
}

static void
hand_over(const struct bs_config_notes *notes,
    const struct bs_config_note *note, bs_config_report *report, void *context)
{
	struct bs_message line;

	if (note->line > 0)
		bs_message_set(
		    &line, "%s:%u: %s", notes->path, note->line, note->text);
	else
		bs_message_set(&line, "%s: %s", notes->path, note->text);
	report(context, note->fatal, line.text);
}

void
bs_config_notes_flush(
    struct bs_config_notes *notes, bs_config_report *report, void *context)
{
	struct bs_message rest;

	sort(notes);
	for (size_t i = 0; i < notes->count; i++) {
		hand_over(notes, &notes->note[i], report, context);
		free(notes->note[i].text);
	}
	if (notes->left_out > 0) {
		bs_message_set(&rest,
		    "%s: messages: there are more than %d: mend these first",
		    notes->path, BS_CONFIG_NOTES_MAX);
		report(context, notes->errors > 0, rest.text);
	}
	free(notes->note);
	*notes = (struct bs_config_notes){.path = notes->path};
}
