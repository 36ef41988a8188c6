/*
 * The log: one line per call to a stream, normally stderr.
 *
 * A line is put together in one buffer and written at once, so that lines of
 * several threads do not mix.  Who may log is the layer that can name the
 * object; the pure files never come here.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "log.h"

#define LOG_LINE_MAX 2048

static const struct {
	const char *name; /* between program and text */
	char priority;    /* syslog(3)'s number */
} log_level_table[] = {
    [BS_LOG_FATAL] = {"fatal: ", '2'},
    [BS_LOG_ERROR] = {"error: ", '3'},
    [BS_LOG_WARNING] = {"warning: ", '4'},
    [BS_LOG_INFO] = {"", '6'},
    [BS_LOG_DEBUG] = {"debug: ", '7'},
};

struct bs_log
bs_log_stderr(const char *program)
{
	return (struct bs_log){
	    .program = program,
	    .level = BS_LOG_INFO,
	    .stream = stderr,
	    .priorities = getenv("JOURNAL_STREAM") != NULL,
	};
}

void
bs_log(
    const struct bs_log *log, enum bs_log_level level, const char *format, ...)
{
	char text[LOG_LINE_MAX], line[LOG_LINE_MAX + 64];
	char priority[] = "<0>";
	va_list args;
	int size;

	if (level > log->level)
		return;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	bs_text_clean(text);
	priority[1] = log_level_table[level].priority;
	size = snprintf(line, sizeof(line), "%s%s: %s%s\n",
	    log->priorities ? priority : "", log->program,
	    log_level_table[level].name, text);
	if (size > 0)
		(void)fwrite(line, 1, (size_t)size, log->stream);
	(void)fflush(log->stream);
}
