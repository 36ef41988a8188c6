/*
 * feeder/reloadable: what a reload takes in, and what only a start can.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_said.h"
#include "reloadable.h"

#define SMTP D "smtp: {listen: [127.0.0.1@25], hostname: mx.example}\n"
#define LMTP D "lmtp: {listen: [127.0.0.1@24, \"unix:/l\"]}\n"
#define MILTER D "milter: {listen: [\"unix:/m\"], group: mail}\n"

static struct bs_config *
read_text(const char *text)
{
	struct said said = {.used = 0};
	struct bs_config *config = said_parse(text, &said);

	if (config == NULL || said.errors > 0)
		fail_msg("%s: %s", text, said.text);
	return config;
}

static bool
takes(const char *old_text, const char *text)
{
	struct bs_config *old = read_text(old_text), *config = read_text(text);
	bool taken = reloadable(old, config);

	assert_int_equal(reloadable(config, old), taken);
	bs_config_free(&old);
	bs_config_free(&config);
	return taken;
}

static void
test_reloadable(void **state)
{
	static const struct {
		const char *name, *old, *text;
		bool taken;
	} rows[] = {
	    {"the same", SMTP, SMTP, true},
	    {"traps and limits", SMTP,
		SMTP "trap: {domains: [t.example]}\n"
		     "session: {connections: 9}\n",
		true},
	    {"relays and policy", LMTP,
		LMTP "relays: [192.0.2.0/24]\npolicy: {bounce: {hits: 2}}\n",
		true},
	    {"the same, said", D, D "role: {maildir: /d/postmaster}\n", true},
	    {"another database", SMTP,
		"database: /e\ntrap-key: /d/trap.key\n"
		"feed-control: /d/feed-control\nrole: {maildir: /d/postmaster}\n"
		"smtp: {listen: [127.0.0.1@25], hostname: mx.example}\n",
		false},
	    {"key of the traps", D, D "trap-key: /k\n", false},
	    {"control socket", D, D "feed-control: /c\n", false},
	    {"a user", D, D "user: nobody\n", false},
	    {"another user", D "user: mail\n", D "user: nobody\n", false},
	    {"a port", SMTP,
		D "smtp: {listen: [127.0.0.1@26], hostname: mx.example}\n",
		false},
	    {"an address", SMTP,
		D "smtp: {listen: [127.0.0.2@25], hostname: mx.example}\n",
		false},
	    {"a name", SMTP,
		D "smtp: {listen: [127.0.0.1@25], hostname: x.example}\n",
		false},
	    {"no name", SMTP, D "smtp: {listen: [127.0.0.1@25]}\n", false},
	    {"the other door", SMTP,
		D "lmtp: {listen: [127.0.0.1@25]}\n"
		  "smtp: {hostname: mx.example}\n",
		false},
	    {"one listener less", LMTP, D "lmtp: {listen: [127.0.0.1@24]}\n",
		false},
	    {"another path", LMTP,
		D "lmtp: {listen: [127.0.0.1@24, \"unix:/k\"]}\n", false},
	    {"a path is no address", LMTP,
		D "lmtp: {listen: [127.0.0.1@24, 127.0.0.1@26]}\n", false},
	    {"a milter", D, MILTER, false},
	    {"a milter's path", MILTER,
		D "milter: {listen: [\"unix:/n\"], group: mail}\n", false},
	    {"a milter's group", MILTER, D "milter: {listen: [\"unix:/m\"]}\n",
		false},
	    {"more judges", D, D "feed-workers: 3\n", false},
	    {"a person's folder", D, D "role: {maildir: /r}\n", false},
	    {"sendmail, not a folder", D,
		D "role: {sendmail: /s, to: a@x.example}\n", false},
	    {"another sendmail", D "role: {sendmail: /s, to: a@x.example}\n",
		D "role: {sendmail: /t, to: b@x.example}\n", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (takes(rows[i].old, rows[i].text) != rows[i].taken)
			fail_msg("%s", rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reloadable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
