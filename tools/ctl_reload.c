/*
 * backstopctl reload: has the running backstopd read its configuration and zone
 * files again, and says what it says.
 */
#include "autoconf.h"

#include "json.h"

#include "ctl_command.h"
#include "ctl_control.h"

/* A zone file may be large, and another writer at its work. */
#define PATIENCE_S 120

/* What is collected for --json; NULL: lines of text. */
struct told {
	struct bs_json *errors, *warnings;
};

static void
take(void *context, const struct bs_control_line *line)
{
	struct told *told = context;
	bool error = line->kind == BS_CONTROL_ERROR;

	if (line->kind != BS_CONTROL_ERROR && line->kind != BS_CONTROL_WARNING)
		return;
	if (told->errors != NULL)
		bs_json_text(error ? told->errors : told->warnings, NULL,
		    line->text.text);
	else
		ctl_say("%s%s", error ? "" : "warning: ", line->text.text);
}

static enum bs_exit
write_json(
    const struct ctl *ctl, const struct told *told, enum bs_exit exit_code)
{
	struct bs_json *json = bs_json_object();

	bs_json_bool(json, "reloaded", exit_code == BS_EXIT_OK);
	bs_json_put(json, "errors", told->errors);
	bs_json_put(json, "warnings", told->warnings);
	if (bs_json_write(&json, stdout) == BS_ENOMEM)
		return ctl_store_failed(ctl, "reload", BS_ENOMEM);
	return exit_code;
}

enum bs_exit
ctl_reload(struct ctl *ctl)
{
	struct told told = {0};
	struct bs_message message;
	struct ctl_request request = {
	    .program = "backstopd",
	    .command = BS_CONTROL_RELOAD,
	    .patience_s = PATIENCE_S,
	    .take = take,
	    .context = &told,
	};
	enum bs_exit exit_code = ctl_load_config(ctl);

	/* what is wrong in it was said */
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (ctl->options->given[CTL_JSON])
		told = (struct told){bs_json_array(), bs_json_array()};
	request.path = ctl->config->control;
	if (ctl_control_ask(&request, &exit_code, &message) != BS_OK) {
		ctl_say("reload: %s", message.text);
		bs_json_free(&told.errors);
		bs_json_free(&told.warnings);
		return BS_EXIT_ENVIRONMENT;
	}
	if (ctl->options->given[CTL_JSON])
		return write_json(ctl, &told, exit_code);
	if (exit_code == BS_EXIT_OK)
		puts("reloaded");
	else
		ctl_say("reload: all is served as before");
	return exit_code;
}
