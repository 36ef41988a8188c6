/*
 * backstopctl's commands: one table that dispatch, help and "did you mean" all
 * read.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <stddef.h>
#include <stdio.h>

#include "ctl.h"

struct ctl_command {
	const char *name;
	enum bs_exit (*run)(struct ctl *ctl);
	size_t arguments_min, arguments_max;
	unsigned takes;        /* CTL_TAKES() of options, OR-ed */
	const char *arguments; /* as in its usage line */
	const char *summary;   /* one line */
	const char *help;      /* more lines */
};

/* All commands; static storage. */
const struct ctl_command *ctl_command_table(size_t *count_r);

/* The command of a name, or NULL. */
const struct ctl_command *ctl_command_find(const char *name);

/* Each runs a command whose options and number of arguments were checked. */
enum bs_exit ctl_add(struct ctl *ctl);
enum bs_exit ctl_evidence(struct ctl *ctl);
enum bs_exit ctl_backup(struct ctl *ctl);
enum bs_exit ctl_check(struct ctl *ctl);
enum bs_exit ctl_compact(struct ctl *ctl);
enum bs_exit ctl_export(struct ctl *ctl);
enum bs_exit ctl_import(struct ctl *ctl);
enum bs_exit ctl_restore(struct ctl *ctl);
enum bs_exit ctl_serial(struct ctl *ctl);
enum bs_exit ctl_upgrade(struct ctl *ctl);
enum bs_exit ctl_exempt(struct ctl *ctl);
enum bs_exit ctl_expire(struct ctl *ctl);
enum bs_exit ctl_feed(struct ctl *ctl);
enum bs_exit ctl_help(struct ctl *ctl);
enum bs_exit ctl_history(struct ctl *ctl);
enum bs_exit ctl_list(struct ctl *ctl);
enum bs_exit ctl_reload(struct ctl *ctl);
enum bs_exit ctl_purge(struct ctl *ctl);
enum bs_exit ctl_remove(struct ctl *ctl);
enum bs_exit ctl_show(struct ctl *ctl);
enum bs_exit ctl_stats(struct ctl *ctl);
enum bs_exit ctl_tag(struct ctl *ctl);

/* `remove --self` (ctl_remove_self.c). */
enum bs_exit ctl_remove_self(struct ctl *ctl);

/* `exempt list` (ctl_exempt_list.c). */
enum bs_exit ctl_exempt_list(struct ctl *ctl);

/* The help of one command, or of all (ctl_help.c). */
void ctl_help_command(const struct ctl_command *command, FILE *out);
void ctl_help_all(FILE *out);

#endif
