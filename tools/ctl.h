/*
 * What backstopctl's commands share: the context that is handed to each, and
 * the steps that most of them begin with.
 *
 * A command is a function of its own in a file of its own (ctl_show.c …) and a
 * row of the table in ctl_command.c.  It reads its arguments first, so that a
 * mistyped address is told before the database is touched; what goes wrong is
 * said with ctl_say where it is known, and only the exit code is returned.
 */
#ifndef CTL_H
#define CTL_H

#include <stdbool.h>
#include <stddef.h>

#include "clock.h"
#include "config.h"
#include "error.h"
#include "ipprefix.h"
#include "journal.h"
#include "reserved.h"
#include "store.h"

#include "ctl_options.h"

struct ctl {
	const struct ctl_options *options; /* borrowed */
	uint32_t now_s;               /* read once: one command is one moment */
	struct bs_config *config;     /* NULL until ctl_load_config */
	struct bs_store *store;       /* NULL until ctl_open_store */
	struct bs_snapshot *snapshot; /* NULL until ctl_open_snapshot */
};

/* "backstopctl: TEXT" to stderr, one line: "thing: what is wrong: remedy". */
void ctl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Each does its step, with those before it, unless it is done already.
 * Returns BS_EXIT_OK, or the exit code after having said why. */
enum bs_exit ctl_load_config(struct ctl *ctl);
enum bs_exit ctl_open_store(struct ctl *ctl, enum bs_store_access access);
enum bs_exit ctl_open_snapshot(struct ctl *ctl, enum bs_store_access access);

/* Begins a write transaction in the name of the person who runs this. */
enum bs_exit ctl_begin(struct ctl *ctl, struct bs_writer **writer_r);

/* Commits; says why where that fails.  Frees *writer in any case. */
enum bs_exit ctl_commit(struct ctl *ctl, struct bs_writer **writer);

/* Frees what was opened. */
void ctl_close(struct ctl *ctl);

/* Says that the open database failed at `what`; the exit code for it. */
enum bs_exit ctl_store_failed(
    const struct ctl *ctl, const char *what, int error);

/*
 * Reads ADDRESS[/LEN]; a v4-mapped one is taken as the IPv4 that it means.
 * False after having said what is wrong.
 */
bool ctl_parse_prefix(const char *text, struct bs_prefix *prefix_r);

/* Reads all arguments of the command; every bad one is said.  A new array of
 * options->argument_count, to be freed, or NULL. */
struct bs_prefix *ctl_parse_arguments(const struct ctl *ctl);

/* For each address or prefix among the arguments, with a snapshot open to read:
 * calls `show`, which says what there is to say.  The worst of its exit codes,
 * or why it could not be called at all. */
typedef enum bs_exit ctl_show_prefix(
    struct ctl *ctl, const struct bs_prefix *prefix);
enum bs_exit ctl_show_each(struct ctl *ctl, ctl_show_prefix *show);

/* Reads --class, or gives `otherwise` where there is none. */
bool ctl_parse_classes(
    const struct ctl *ctl, bs_classes otherwise, bs_classes *classes_r);

/* Checks --reason: *reason_r (borrowed) is "" where there is none. */
bool ctl_parse_reason(const struct ctl *ctl, const char **reason_r);

/* Says that the prefix was removed, in the words of `what` or as a JSON object;
 * `wider`, or NULL, is what it is still covered by. */
void ctl_tell_removed(const struct ctl *ctl, const char *prefix,
    const char *what, const char *wider);

/* Who runs this, for the journal: "operator:alice". */
void ctl_actor(char actor_r[BS_JOURNAL_ACTOR_MAX + 1]);

/* The exempt prefix of the configuration that `prefix` lies in or reaches
 * into, or NULL. */
const struct bs_prefix *ctl_find_exempt(
    const struct ctl *ctl, const struct bs_prefix *prefix);

/* The reserved space that `prefix` lies in (the narrowest) or reaches into, or
 * NULL: documentation space that the configuration allows is none. */
const struct bs_reserved *ctl_find_reserved(
    const struct ctl *ctl, const struct bs_prefix *prefix);

#endif
