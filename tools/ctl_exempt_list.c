/*
 * backstopctl exempt list: all exemptions in order, those of the configuration
 * among them, and how many of these wait for backstopd.
 *
 * Reads a batch, lets the snapshot go, prints the batch, as `list` does.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_exemption.h"

#define BATCH_EXEMPTIONS 256

/* What the configuration exempts and the database does not know of. */
static int
note_not_applied(struct ctl *ctl)
{
	const struct bs_policy *policy = &ctl->config->policy;
	char text[BS_PREFIX_TEXT_MAX];
	size_t missing = 0;

	for (size_t i = 0; i < policy->exempt_count; i++) {
		struct bs_exemption around;
		int error = bs_snapshot_exempt(
		    ctl->snapshot, &policy->exempt[i], &around);

		if (error == BS_ENOTFOUND && missing++ == 0)
			bs_prefix_format(&policy->exempt[i], text);
		else if (error != BS_OK && error != BS_ENOTFOUND)
			return error;
	}
	if (missing > 0)
		ctl_say("note: %zu of %s, the first is %s, wait for backstopd, "
			"which reads them by `backstopctl reload`",
		    missing, ctl->config->path, text);
	return BS_OK;
}

/* Reads a batch after *last; BS_ENOTFOUND with the last one. */
static int
fill_batch(struct bs_snapshot *snapshot, struct bs_prefix *last, bool *started,
    struct bs_exemption *batch, size_t *count)
{
	int error = bs_snapshot_renew(snapshot);

	*count = 0;
	while (error == BS_OK && *count < BATCH_EXEMPTIONS) {
		error = bs_snapshot_exempt_next(
		    snapshot, *started ? last : NULL, &batch[*count]);
		if (error != BS_OK)
			break;
		*started = true;
		*last = batch[(*count)++].prefix;
	}
	return error;
}

static void
write_exemption(const struct ctl *ctl, const struct bs_exemption *exemption)
{
	struct bs_json *json;

	if (!ctl->options->given[CTL_JSON]) {
		ctl_exemption_write_row(exemption, stdout);
		return;
	}
	json = ctl_exemption_json(exemption);
	(void)bs_json_write(&json, stdout);
}

enum bs_exit
ctl_exempt_list(struct ctl *ctl)
{
	struct bs_exemption *batch = calloc(BATCH_EXEMPTIONS, sizeof(*batch));
	enum bs_exit exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	struct bs_prefix last;
	bool started = false;
	int error = batch == NULL ? BS_ENOMEM : BS_OK;

	if (exit_code == BS_EXIT_OK && error == BS_OK)
		error = note_not_applied(ctl);
	while (exit_code == BS_EXIT_OK && error == BS_OK && !ferror(stdout)) {
		size_t count;

		error =
		    fill_batch(ctl->snapshot, &last, &started, batch, &count);
		bs_snapshot_release(ctl->snapshot);
		for (size_t i = 0; i < count && !ferror(stdout); i++)
			write_exemption(ctl, &batch[i]);
	}
	free(batch);
	if (exit_code == BS_EXIT_OK && error != BS_OK && error != BS_ENOTFOUND)
		exit_code = ctl_store_failed(ctl, "reading", error);
	return exit_code;
}
