/*
 * The progress bar of long scans.  scan.c counts into it; what is printed
 * meanwhile goes through messages.c, which clears it first.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

#define SECOND_NS UINT64_C(1000000000)
#define REDRAW_NS (SECOND_NS / 10)
#define BAR_CELLS 20

struct progress
progress_start(FILE *stream)
{
	struct progress progress = {0};

	if (isatty(fileno(stream)))
		progress.stream = stream;
	progress.start_ns = bs_clock_monotonic_ns();
	return progress;
}

char *
progress_format_size(uint64_t bytes, char text[PROGRESS_SIZE_TEXT_MAX])
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB"};
	double size = (double)bytes / 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		(void)snprintf(
		    text, PROGRESS_SIZE_TEXT_MAX, "%u B", (unsigned)bytes);
		return text;
	}
	while (size >= 999.95 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		size /= 1000;
		unit++;
	}
	(void)snprintf(
	    text, PROGRESS_SIZE_TEXT_MAX, "%.1f %s", size, units[unit]);
	return text;
}

/* How much is done, 0 to 1; 0 when unknown.  Files may have grown since. */
static double
share(const struct progress *progress)
{
	double done;

	if (progress->total_bytes == 0)
		return 0;
	done = (double)progress->done_bytes / (double)progress->total_bytes;
	return done > 1 ? 1 : done;
}

/* Seconds to go; 0 when unknown. */
static uint32_t
seconds_left(const struct progress *progress, uint64_t elapsed_ns)
{
	double done = share(progress), left_s;

	if (done <= 0)
		return 0;
	left_s =
	    (double)elapsed_ns / (double)SECOND_NS * (1 - done) / done + 0.5;
	return left_s > UINT32_MAX ? UINT32_MAX : (uint32_t)left_s;
}

char *
progress_format(const struct progress *progress, uint64_t elapsed_ns,
    char text[PROGRESS_TEXT_MAX])
{
	char done[PROGRESS_SIZE_TEXT_MAX], total[PROGRESS_SIZE_TEXT_MAX];
	char left[BS_DURATION_TEXT_MAX], bar[BAR_CELLS + 1];
	int cells = (int)(share(progress) * BAR_CELLS);

	progress_format_size(progress->done_bytes, done);
	if (progress->total_bytes == 0) {
		(void)snprintf(text, PROGRESS_TEXT_MAX,
		    "%" PRIu64 " messages, %s", progress->messages, done);
		return text;
	}
	for (int i = 0; i < BAR_CELLS; i++)
		bar[i] = i < cells ? '#' : '.';
	bar[BAR_CELLS] = '\0';
	(void)snprintf(text, PROGRESS_TEXT_MAX,
	    "[%s] %3d %%  %" PRIu64 " messages, %s of %s, %s left", bar,
	    (int)(share(progress) * 100), progress->messages, done,
	    progress_format_size(progress->total_bytes, total),
	    bs_duration_format(seconds_left(progress, elapsed_ns), left));
	return text;
}

static bool
is_due(const struct progress *progress, uint64_t now_ns)
{
	uint64_t elapsed_ns = now_ns - progress->start_ns;

	if (now_ns - progress->shown_ns < REDRAW_NS)
		return false;
	if (progress->visible)
		return true;
	return elapsed_ns >= PROGRESS_START_S * SECOND_NS &&
	       (progress->total_bytes == 0 ||
		   seconds_left(progress, elapsed_ns) >= PROGRESS_LEFT_MIN_S);
}

static void
show(struct progress *progress)
{
	char text[PROGRESS_TEXT_MAX];
	uint64_t now_ns;

	if (progress->stream == NULL)
		return;
	now_ns = bs_clock_monotonic_ns();
	if (!is_due(progress, now_ns))
		return;
	fprintf(progress->stream, "\r%s\033[K",
	    progress_format(progress, now_ns - progress->start_ns, text));
	fflush(progress->stream);
	progress->shown_ns = now_ns;
	progress->visible = true;
}

void
progress_bytes(struct progress *progress, size_t bytes)
{
	progress->done_bytes += bytes;
	show(progress);
}

void
progress_message(struct progress *progress)
{
	progress->messages++;
	show(progress);
}

void
progress_clear(struct progress *progress)
{
	if (!progress->visible)
		return;
	fputs("\r\033[K", progress->stream);
	fflush(progress->stream);
	progress->visible = false;
}
