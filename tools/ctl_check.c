/*
 * backstopctl check: looks at every record of the database, or of a backup.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_due.h"
#include "ctl_findings.h"

enum bs_exit
ctl_check(struct ctl *ctl)
{
	const char *file = ctl->options->argument_count > 0
			       ? ctl->options->arguments[0]
			       : NULL;
	enum bs_exit exit_code = ctl_load_config(ctl);
	struct ctl_findings findings;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	exit_code = ctl_find(ctl, file, &findings);
	if (exit_code == BS_EXIT_ENVIRONMENT)
		return exit_code;
	ctl_due_say(ctl, &findings.due, "the list");
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_number(json, "records", findings.records);
		bs_json_number(json, "findings", findings.findings);
		bs_json_bool(json, "damaged", findings.damaged);
		bs_json_number(json, "ahead",
		    findings.due.in_use ? 0 : findings.due.sightings);
		(void)bs_json_write(&json, stdout);
	} else if (exit_code == BS_EXIT_OK) {
		printf("%" PRIu64 " records: all is well\n", findings.records);
	} else {
		printf("%" PRIu64 " records: %" PRIu64 " findings%s\n",
		    findings.records, findings.findings,
		    findings.damaged ? ", and the file is damaged" : "");
	}
	return exit_code;
}
