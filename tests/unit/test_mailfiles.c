/*
 * feeder/mailfiles on real files in a temporary folder: each row builds some
 * of them and says what the walk must report, a word for each event.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes_fixture.h"
#include "mailfiles.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define FROM "From a@b.example Mon Nov 23 01:02:03 2026\n"
#define LOG_MAX 8192
#define STEPS_MAX 10

/* --- a folder and what a walk over it reports ----------------------------- */

static const char *home; /* where each test works */

/* What happened: "read PATH BODY", "skip PATH WHY", "fail PATH". */
struct events {
	char log[LOG_MAX];
	size_t bytes;
	/* when the first message is read, renames this to that */
	const char *rename_from, *rename_to;
	int stop_after; /* messages; 0: never */
	int messages;
};

static void
note(
    struct events *events, const char *what, const char *path, const char *text)
{
	size_t used = strlen(events->log);

	if (strncmp(path, home, strlen(home)) == 0)
		path += strlen(home) + 1;
	(void)snprintf(events->log + used, LOG_MAX - used, "%s %s%s%s\n", what,
	    path, text[0] == '\0' ? "" : " ", text);
}

static int
on_message(
    void *context, const char *path, const struct mail *mail, uint32_t file_s)
{
	struct events *events = context;
	char text[64];

	assert_true(file_s != 0 || strcmp(path, "-") == 0);
	if (mail->index > 0)
		(void)snprintf(text, sizeof(text), "%zu %.2s%s", mail->index,
		    mail->bytes, mail->cut ? " cut" : "");
	else
		(void)snprintf(text, sizeof(text), "%.2s%s", mail->bytes,
		    mail->cut ? " cut" : "");
	note(events, "read", path, text);
	if (events->rename_from != NULL) {
		(void)rename(events->rename_from, events->rename_to);
		events->rename_from = NULL;
	}
	events->messages++;
	return events->messages == events->stop_after ? MAILFILES_STOPPED
						      : BS_OK;
}

static void
on_skipped(void *context, const char *path, enum mail_skip why, bool named)
{
	static const char *const words[MAIL_SKIP_COUNT] = {
	    [MAIL_SKIP_EMPTY] = "empty",
	    [MAIL_SKIP_BINARY] = "binary",
	    [MAIL_SKIP_TEXT] = "text",
	    [MAIL_SKIP_SPECIAL] = "special",
	    [MAIL_SKIP_LINK] = "link",
	    [MAIL_SKIP_DANGLING] = "dangling",
	    [MAIL_SKIP_GONE] = "gone",
	    [MAIL_SKIP_DEEP] = "deep",
	};
	char text[64];

	(void)snprintf(
	    text, sizeof(text), "%s%s", words[why], named ? " named" : "");
	note(context, "skip", path, text);
}

static void
on_failed(void *context, const struct bs_message *message)
{
	char path[BS_MESSAGE_MAX];
	const char *colon = strchr(message->text, ':');

	assert_non_null(colon);
	/* thing: what is wrong: remedy */
	assert_non_null(strchr(colon + 1, ':'));
	(void)snprintf(path, sizeof(path), "%.*s", (int)(colon - message->text),
	    message->text);
	note(context, "fail", path, "");
}

static void
on_progress(void *context, size_t bytes)
{
	struct events *events = context;

	events->bytes += bytes;
}

static int
walk_limited(struct events *events, const char *path, size_t size_max)
{
	struct mailfiles_handler handler = {
	    events, on_message, on_skipped, on_failed, on_progress};
	struct mailfiles *files;
	int rc;

	assert_int_equal(
	    mailfiles_new(&handler, NULL, size_max, &files), BS_OK);
	rc = mailfiles_read(files, path);
	mailfiles_free(&files);
	return rc;
}

static int
walk(struct events *events, const char *path)
{
	return walk_limited(events, path, 1000);
}

static void
write_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	if (enter_folder(state) != 0)
		return -1;
	home = *state;
	return 0;
}

/* --- rows ---------------------------------------------------------------- */

enum step_kind { END, DIR_, FILE_, LINK_, FIFO_ };

struct step {
	enum step_kind kind;
	const char *path;
	const char *text; /* a file's content, a link's target */
};

#define MAILDIR(name)                                  \
	{DIR_, name, NULL}, {DIR_, name "/cur", NULL}, \
	{                                              \
		DIR_, name "/new", NULL                \
	}

static const struct {
	const char *name;
	struct step step[STEPS_MAX];
	const char *path; /* below home */
	const char *want;
} rows[] = {
    {"a message", {{FILE_, "a.eml", "A: 1\n"}}, "a.eml", "read a.eml A:\n"},
    {"an mbox", {{FILE_, "m", FROM "A: 1\n\n" FROM "B: 2\n\n"}}, "m",
	"read m 1 A:\nread m 2 B:\n"},
    {"hidden, but named", {{FILE_, ".a", "A: 1\n"}}, ".a", "read .a A:\n"},
    {"empty, named", {{FILE_, "a", ""}}, "a", "skip a empty named\n"},
    {"text, named", {{FILE_, "a", "prose\n"}}, "a", "skip a text named\n"},
    {"not there", {{END, NULL, NULL}}, "a", "fail a\n"},
    {"below a file", {{FILE_, "a", "A: 1\n"}}, "a/b", "fail a/b\n"},
    {"fifo, named", {{FIFO_, "p", NULL}}, "p", "skip p special named\n"},
    {"dangling, named", {{LINK_, "l", "no"}}, "l", "skip l dangling named\n"},
    {"device", {{LINK_, "l", "/dev/zero"}}, "l", "skip l special named\n"},
    {"folder in order",
	{{DIR_, "d", NULL}, {FILE_, "d/b", "B: 1\n"}, {FILE_, "d/a", "A: 1\n"},
	    {DIR_, "d/c", NULL}, {FILE_, "d/c/x", "X: 1\n"},
	    {FILE_, "d/.h", "H: 1\n"}},
	"d", "read d/a A:\nread d/b B:\nread d/c/x X:\n"},
    {"slash at the end", {{DIR_, "d", NULL}, {FILE_, "d/a", "A: 1\n"}}, "d/",
	"read d/a A:\n"},
    {"no mail in a folder",
	{{DIR_, "d", NULL}, {FILE_, "d/a", ""}, {FILE_, "d/b", "prose"},
	    {FIFO_, "d/c", NULL}, {LINK_, "d/e", "no"}, {LINK_, "d/f", "."},
	    {LINK_, "d/g", "g"}, {FILE_, "d/z", "Z: 1\n"}},
	"d",
	"skip d/a empty\nskip d/b text\nskip d/c special\n"
	"skip d/e dangling\nskip d/f link\nskip d/g dangling\nread d/z Z:\n"},
    {"links to files are followed",
	{{DIR_, "d", NULL}, {FILE_, "a", "A: 1\n"}, {LINK_, "d/l", "../a"}},
	"d", "read d/l A:\n"},
    {"a named link to a folder",
	{{DIR_, "d", NULL}, {FILE_, "d/a", "A: 1\n"}, {LINK_, "l", "d"}}, "l",
	"read l/a A:\n"},
    {"Maildir",
	{MAILDIR("m"), {DIR_, "m/tmp", NULL}, {FILE_, "m/tmp/t", "T: 1\n"},
	    {FILE_, "m/cur/2:2,S", "C: 1\n"}, {FILE_, "m/new/1", "N: 1\n"},
	    {FILE_, "m/dovecot-uidlist", "3 V1\n"},
	    {FILE_, "m/cur/.hidden", "H: 1\n"}},
	"m", "read m/new/1 N:\nread m/cur/2:2,S C:\n"},
    {"Maildir without tmp",
	{MAILDIR("m"), {FILE_, "m/new/1", FROM "N: 1\n\n" FROM "X: 1\n"}}, "m",
	"read m/new/1 N:\n"},
    {"Maildir++ folders",
	{MAILDIR("m"), MAILDIR("m/.Sub"), {FILE_, "m/.Sub/new/1", "S: 1\n"},
	    {DIR_, "m/.index", NULL}, {FILE_, "m/.index/x", "X: 1\n"}},
	"m", "read m/.Sub/new/1 S:\n"},
    {"Maildirs in folders",
	{{DIR_, "d", NULL}, MAILDIR("d/m"), {FILE_, "d/m/new/1", "N: 1\n"},
	    {FILE_, "d/a", "A: 1\n"}},
	"d", "read d/a A:\nread d/m/new/1 N:\n"},
    {"Maildir with what is no message",
	{MAILDIR("m"), {FILE_, "m/new/1", ""}, {FIFO_, "m/new/2", NULL},
	    {DIR_, "m/new/3", NULL}, {FILE_, "m/new/4", "N: 1\n"}},
	"m",
	"skip m/new/1 empty\nskip m/new/2 special\nskip m/new/3 special\n"
	"read m/new/4 N:\n"},
    {"only cur is no Maildir",
	{{DIR_, "d", NULL}, {DIR_, "d/cur", NULL},
	    {FILE_, "d/cur/a", "A: 1\n"}},
	"d", "read d/cur/a A:\n"},
};

static void
build(const struct step *step)
{
	for (size_t i = 0; i < STEPS_MAX && step[i].kind != END; i++) {
		const char *path = step[i].path, *text = step[i].text;

		if (step[i].kind == DIR_)
			assert_int_equal(mkdir(path, 0755), 0);
		else if (step[i].kind == LINK_)
			assert_int_equal(symlink(text, path), 0);
		else if (step[i].kind == FIFO_)
			assert_int_equal(mkfifo(path, 0644), 0);
		else
			write_file(path, text, strlen(text));
	}
}

static void
test_rows(void **state)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct events events = {0};
		char path[256];

		assert_int_equal(leave_folder(state), 0);
		assert_int_equal(set_up(state), 0);
		build(rows[i].step);
		(void)snprintf(path, sizeof(path), "%s/%s", home, rows[i].path);
		assert_int_equal(walk(&events, path), BS_OK);
		if (strcmp(events.log, rows[i].want) != 0)
			fail_msg("%s:\n%s", rows[i].name, events.log);
	}
}

/* --- files that change meanwhile ------------------------------------------ */

static const struct {
	const char *name;
	const char *from, *to;
	const char *want;
} rename_rows[] = {
    {"new to cur", "m/new/2", "m/cur/2:2,",
	"read m/new/1 N:\nread m/cur/3:2, C:\nread m/cur/2:2, M:\n"},
    {"flags", "m/cur/3:2,", "m/cur/3:2,S",
	"read m/new/1 N:\nread m/new/2 M:\nread m/cur/3:2,S C:\n"},
    {"taken away", "m/new/2", "gone",
	"read m/new/1 N:\nread m/cur/3:2, C:\nskip m/new/2 gone\n"},
    {"after it was read", "m/new/1", "m/cur/1:2,S",
	"read m/new/1 N:\nread m/new/2 M:\nread m/cur/3:2, C:\n"},
};

static void
test_renames(void **state)
{
	static const struct step steps[STEPS_MAX] = {MAILDIR("m"),
	    {FILE_, "m/new/1", "N: 1\n"}, {FILE_, "m/new/2", "M: 1\n"},
	    {FILE_, "m/cur/3:2,", "C: 1\n"}};

	for (size_t i = 0; i < ROWS(rename_rows); i++) {
		struct events events = {.rename_from = rename_rows[i].from,
		    .rename_to = rename_rows[i].to};

		assert_int_equal(leave_folder(state), 0);
		assert_int_equal(set_up(state), 0);
		build(steps);
		assert_int_equal(walk(&events, "m"), BS_OK);
		if (strcmp(events.log, rename_rows[i].want) != 0)
			fail_msg("%s:\n%s", rename_rows[i].name, events.log);
	}
}

/* In a plain folder a file that goes away is skipped with a reason. */
static void
test_gone(void **state)
{
	static const struct step steps[STEPS_MAX] = {{DIR_, "d", NULL},
	    {FILE_, "d/a", "A: 1\n"}, {FILE_, "d/b", "B: 1\n"},
	    {FILE_, "d/c", "C: 1\n"}};
	struct events events = {.rename_from = "d/b", .rename_to = "gone"};

	(void)state;
	build(steps);
	assert_int_equal(walk(&events, "d"), BS_OK);
	assert_string_equal(
	    events.log, "read d/a A:\nskip d/b gone\nread d/c C:\n");
}

/* --- limits and stops ----------------------------------------------------- */

static void
test_size(void **state)
{
	char text[1001] = "A: 1\n\n";
	struct events events = {0};

	(void)state;
	memset(text + 6, 'x', sizeof(text) - 6);
	assert_int_equal(mkdir("d", 0755), 0);
	write_file("d/1000", text, 1000);
	write_file("d/1001", text, 1001);
	assert_int_equal(walk(&events, "d"), BS_OK);
	assert_string_equal(events.log, "read d/1000 A:\nread d/1001 A: cut\n");
}

/* A sparse file of 10 GB is read as far as its first bytes say "mail". */
static void
test_huge(void **state)
{
	struct events events = {0};

	(void)state;
	write_file("huge", "A: 1\n\n", 6);
	assert_int_equal(truncate("huge", (off_t)10 << 30), 0);
	assert_int_equal(walk_limited(&events, "huge", 1000000), BS_OK);
	assert_string_equal(events.log, "read huge A: cut\n");
	assert_true(events.bytes < 2000000);
	write_file("zeros", "", 0);
	assert_int_equal(truncate("zeros", (off_t)10 << 30), 0);
	events.log[0] = '\0';
	assert_int_equal(walk_limited(&events, "zeros", 1000000), BS_OK);
	assert_string_equal(events.log, "skip zeros binary named\n");
}

static void
test_depth(void **state)
{
	struct events events = {0};

	(void)state;
	/* "d" is the first of MAILFILES_DEPTH_MAX folders */
	for (int i = 0; i < MAILFILES_DEPTH_MAX + 1; i++) {
		assert_int_equal(mkdir("d", 0755), 0);
		assert_int_equal(chdir("d"), 0);
		if (i == MAILFILES_DEPTH_MAX - 1)
			write_file("a", "A: 1\n", 5);
	}
	assert_int_equal(chdir(home), 0);
	assert_int_equal(walk(&events, "d"), BS_OK);
	assert_non_null(strstr(events.log, "/a A:\n"));
	assert_non_null(strstr(events.log, "/d deep\n"));
	assert_int_equal(events.messages, 1);
}

static void
test_stop(void **state)
{
	static const struct step steps[STEPS_MAX] = {{DIR_, "d", NULL},
	    {FILE_, "d/a", FROM "A: 1\n\n" FROM "B: 1\n\n"},
	    {FILE_, "d/b", "C: 1\n"}};

	(void)state;
	build(steps);
	for (int after = 1; after <= 3; after++) {
		struct events events = {.stop_after = after};

		assert_int_equal(walk(&events, "d"), MAILFILES_STOPPED);
		assert_int_equal(events.messages, after);
	}
}

static void
test_measure(void **state)
{
	static const struct step steps[STEPS_MAX] = {{DIR_, "d", NULL},
	    {FILE_, "d/a", "12345"}, MAILDIR("d/m"),
	    {FILE_, "d/m/new/1", "123"}, {FIFO_, "d/p", NULL},
	    {LINK_, "d/l", "no"}};
	struct events events = {0};
	struct mailfiles_handler handler = {
	    &events, on_message, on_skipped, on_failed, on_progress};
	struct mailfiles *files;

	(void)state;
	build(steps);
	assert_int_equal(mailfiles_new(&handler, NULL, 1000, &files), BS_OK);
	assert_int_equal(mailfiles_measure(files, "d"), 8);
	assert_int_equal(mailfiles_measure(files, "no"), 0);
	assert_int_equal(mailfiles_measure(files, "-"), 0);
	assert_string_equal(events.log, "");
	mailfiles_free(&files);
}

static void
test_stdin(void **state)
{
	static const char text[] = FROM "A: 1\n\n" FROM "B: 1\n\n";
	struct events events = {0};
	int ends[2], saved = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(
	    write(ends[1], text, sizeof(text) - 1), sizeof(text) - 1);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(walk(&events, "-"), BS_OK);
	assert_string_equal(events.log, "read - 1 A:\nread - 2 B:\n");
	/* nothing is left: an empty mailbox */
	events.log[0] = '\0';
	assert_int_equal(walk(&events, "-"), BS_OK);
	assert_string_equal(events.log, "skip - empty named\n");
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* A folder as standard input cannot be read, and says so. */
static void
test_stdin_folder(void **state)
{
	struct events events = {0};
	int saved = dup(STDIN_FILENO), folder = open(".", O_RDONLY);

	(void)state;
	dup2(folder, STDIN_FILENO);
	close(folder);
	assert_int_equal(walk(&events, "-"), BS_OK);
	assert_string_equal(events.log, "fail -\n");
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void
test_no_rights(void **state)
{
	static const struct step steps[STEPS_MAX] = {{DIR_, "d", NULL},
	    {DIR_, "d/a", NULL}, {FILE_, "d/b", "B: 1\n"},
	    {FILE_, "d/c", "C: 1\n"}};
	struct events events = {0};
	uid_t user = geteuid();

	(void)state;
	build(steps);
	assert_int_equal(chmod("d/a", 0), 0);
	assert_int_equal(chmod("d/b", 0), 0);
	assert_int_equal(chmod(home, 0755), 0);
	if (user == 0) /* root may read everything: be somebody else */
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(walk(&events, "d"), BS_OK);
	if (user == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod("d/a", 0755), 0);
	assert_string_equal(events.log, "fail d/a\nfail d/b\nread d/c C:\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_rows),
	    TEST(test_renames),
	    TEST(test_gone),
	    TEST(test_size),
	    TEST(test_huge),
	    TEST(test_depth),
	    TEST(test_stop),
	    TEST(test_measure),
	    TEST(test_stdin),
	    TEST(test_stdin_folder),
	    TEST(test_no_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
