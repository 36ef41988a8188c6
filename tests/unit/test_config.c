/* Tests of lib/config: every message, every key's range, every limit. */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "config_report.h"
#include "config_said.h"
#include "config_table.h"
#include "yaml.h"

#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X61 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define NAME253 X63 "." X63 "." X63 "." X61
#define ELSEWHERE                                                             \
	"feed[].from: what hosts report is not told by its feed: write them " \
	"as `reporter: [{feed: NAME, from: [ADDRESS]}]`; files are imported " \
	"wherever they come from\n"
#define NO_TRANSFERS                                                       \
	"not in this version yet: serve every name server from this host " \
	"until then\n"

static void
count(void *context, bool fatal, const char *line)
{
	struct said *said = context;

	(void)fatal;
	(void)snprintf(said->text, sizeof(said->text), "%s", line);
	said->errors++;
}

struct row {
	const char *name;
	const char *text;
	const char *said;
};

static void
check_rows(const struct row *row, size_t count_of_rows)
{
	for (; count_of_rows > 0; row++, count_of_rows--) {
		struct said said;
		struct bs_config *config = said_parse(row->text, &said);

		if (strcmp(said.text, row->said) != 0)
			fail_msg("%s: said:\n%s", row->name, said.text);
		bs_config_free(&config);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(rows[0]))

/* --- keys --------------------------------------------------------------- */

/* As the messages list them. */
#define TOP_KEYS                                                                                                    \
	"database, journal, listen, workers, tcp-connections, tcp-idle, "                                           \
	"udp-size, nsid, identity, version, cookies, rate-limit, "                                                  \
	"user, control, feed-control, zone, trap, trap-key, tag, relays, mailbox, reporter, exempt, exempt-files, " \
	"documentation-space, rules, evidence, publish-delay, policy, smtp, lmtp, trusted, session, "               \
	"feed-workers, judge, role, callout, milter, feed"

static const struct row key_rows[] = {
    {"good", D, ""},
    {"empty file", "",
	F ": database: missing: add a line database: /var/lib/backstop\n"},
    {"comments only", "# database: /d\n",
	F ": database: missing: add a line database: /var/lib/backstop\n"},
    {"top is a list", "- database\n",
	F ":1: configuration: a list where keys are due: write KEY: VALUE, as "
	  "in database: /var/lib/backstop\n"},
    {"top is a scalar", "database\n",
	F ":1: configuration: one value where keys are due: write KEY: VALUE, "
	  "as in database: /var/lib/backstop\n"},
    {"misspelt", D "lisen: 127.0.0.1@53\n",
	F ":2: lisen: unknown key: did you mean `listen`?\n"},
    {"another case", D "Listen: 127.0.0.1@53\n",
	F ":2: Listen: unknown key: did you mean `listen`?\n"},
    {"misspelt and required", "databse: /d\n",
	F ":1: databse: unknown key: did you mean `database`?\n"},
    {"misspelt and required in a zone", D "zone:\n  - name: x\n    fiel: y\n",
	F ":4: zone[].fiel: unknown key: did you mean `file`?\n"},
    {"misspelt in a zone", D "zone:\n  - name: x\n    fiel: y\n    file: y\n",
	F ":4: zone[].fiel: unknown key: did you mean `file`?\n"},
    {"misspelt in a policy", D "policy: {bounce: {hit: 1}}\n",
	F ":2: policy.bounce.hit: unknown key: did you mean `hits`?\n"},
    {"unknown class of a policy", D "policy: {bounc: {hits: 1}}\n",
	F ":2: policy.bounc: unknown key: did you mean `bounce`?\n"},
    {"unlike all others", D "frobnicate: 1\n",
	F ":2: frobnicate: unknown key: remove it, or write one of " TOP_KEYS
	  "\n"},
    {"of a zone at the top", D "file: x\n",
	F ":2: file: not known here: it belongs into `zone`, move it there\n"},
    {"of the top in a zone", D "zone: [{name: a, file: b, listen: c}]\n",
	F ":2: zone[].listen: not known here: it belongs into the top level, "
	  "move it there\n"},
    {"of a class in the policy", D "policy: {hits: 1}\n",
	F ":2: policy.hits: not known here: it belongs into `policy.bounce`, "
	  "move it there\n"},
    {"misspelt and of a zone", D "clases: all\n",
	F ":2: clases: unknown key: did you mean `classes` in `zone`?\n"},
    {"joined by a dot", D "trap.domains: [a.example]\n",
	F ":2: trap.domains: keys are not joined by dots: write it nested, as "
	  "in trap: {domains: [trap.example]}\n"},
    {"with brackets", D "zone[]: 1\n",
	F ":2: zone[]: unknown key: did you mean `zone`?\n"},
    {"control characters", D "\"a\\nb\\e\": 1\n",
	F ":2: a?b?: unknown key: remove it, or write one of " TOP_KEYS "\n"},
    {"twice", D "exempt: []\ndatabase: /e\n",
	F ":3: database: given twice, first in line 1: remove one of the "
	  "two\n"},
    {"twice, beside other errors", "workers: x\nworkers: 1\n",
	F ": database: missing: add a line database: /var/lib/backstop\n" F
	  ":1: workers: x: no whole number: write digits only, from 0 to "
	  "256\n" F
	  ":2: workers: given twice, first in line 1: remove one of the "
	  "two\n"},
    {"YAML's own errors", D "exempt: [1.2.3.4\nrelays: []\n",
	F ":2: `[`: not closed, or a comma is missing, noticed in line 3: "
	  "write a comma between two items and `]` after the last\n"},
    {"no value", D "listen:\n",
	F ":2: listen: has no value: write listen: [127.0.0.1@53, "
	  "\"::1@53\"]\n"},
    {"no value for a map", D "policy:\n",
	F ":2: policy: has no value: write policy: {bounce: {hits: 1, traps: "
	  "1, window: 1d, expire: 4w}}\n"},
    {"empty text", "database: ''\n",
	F ":1: database: has no value: write database: /var/lib/backstop\n"},
    {"list for a value", "database: [/d]\n",
	F ":1: database: takes a path, here is a list: write database: "
	  "/var/lib/backstop\n"},
    {"map for a value", D "workers: {a: 1}\n",
	F ":2: workers: takes a whole number, here is a map: write workers: "
	  "2\n"},
    {"value for a map", D "trap: a.example\n",
	F ":2: trap: takes a map, here is one value: write trap: {domains: "
	  "[trap.example]}\n"},
    {"map for a list", D "exempt: {a: 1}\n",
	F ":2: exempt: takes a list of addresses and prefixes, here is a map: "
	  "write exempt: [198.18.0.0/15]\n"},
    {"list in a list", D "exempt: [[10.0.0.0/8]]\n",
	F ":2: exempt: takes a list of addresses and prefixes, here is a "
	  "list: write exempt: [198.18.0.0/15]\n"},
    {"map for a list of maps", D "zone: {name: x, file: y}\n",
	F ":2: zone: takes a list of maps, here is a map: write zone: [{name: "
	  "bl.example, file: bl.example.zone}]\n"},
    {"names for a list of maps", D "zone: [x]\n",
	F ":2: zone: takes a list of maps, here is one value: write zone: "
	  "[{name: bl.example, file: bl.example.zone}]\n"},
    {"zone without keys", D "zone:\n  - ttl: 1m\n",
	F ":3: zone[].name: missing: add name: bl.example\n" F
	  ":3: zone[].file: missing: add file: bl.example.zone\n"},
    {"milter", D "milter: {listen: [\"::1@1\"], action: refuse}\n", ""},
    {"milter, as Postfix writes it",
	D "milter: {listen: [\"inet:[::1]:1\"], on-failure: tempfail}\n", ""},
    {"milter, no port", D "milter: {listen: [\"inet:localhost\"]}\n",
	F ":2: milter.listen: inet:localhost: no address and port after "
	  "`inet:`: write 127.0.0.1@2526 or inet:127.0.0.1:2526\n"},
    {"milter, two sockets", D "milter: {listen: [127.0.0.1@1, 127.0.0.1@2]}\n",
	F ":2: milter.listen: 2 items: write at most 1\n"},
    {"milter, all addresses", D "milter: {listen: [\"0.0.0.0@1\"]}\n",
	"W " F ":2: milter.listen: all addresses of this host: who reaches it "
	"can have any host listed: write one that only the mail server "
	"reaches, as 127.0.0.1\n"},
    {"trusted, our own",
	D "trusted: {xclient: [10.0.0.0/8], xforward: [\"fc00::/7\"],\n"
	  "    proxy: [192.0.2.1]}\n",
	""},
    {"trusted, everybody",
	D "trusted: {xclient: [0.0.0.0/0], xforward: [\"::/0\"],\n"
	  "    proxy: [64.0.0.0/6]}\n",
	"W " F ": trusted.xclient: 0.0.0.0/0: whoever connects from there can "
	"have any host listed: write your own hosts only\n"
	"W " F ": trusted.xforward: ::/0: whoever connects from there can "
	"have any host listed: write your own hosts only\n"
	"W " F ": trusted.proxy: 64.0.0.0/6: whoever connects from there can "
	"have any host listed: write your own hosts only\n"},
    {"milter, any port", D "milter: {listen: [127.0.0.1@0]}\n",
	F ":2: milter.listen: no port: write the one that the mail server is "
	  "told of, as in 127.0.0.1@2526\n"},
    {"milter, no such action", D "milter: {action: reject}\n",
	F ":2: milter.action: reject: none of accept, discard, refuse: write "
	  "one of them\n"},
    {"milter, a beginning of an action", D "milter: {action: ref}\n",
	F ":2: milter.action: ref: none of accept, discard, refuse: write one "
	  "of them\n"},
    {"milter, a group of no socket",
	D "milter: {listen: [127.0.0.1@1], group: postfix}\n",
	F ": milter.group: milter.listen is no UNIX socket: write listen: "
	  "[\"unix:/run/backstop/milter.sock\"], or leave group out\n"},
    {"door without a port", D "smtp: {listen: x}\n",
	F ":2: smtp.listen: x: not ADDRESS@PORT: write an address and a port, "
	  "as in 127.0.0.1@53 or \"::1@53\"\n"},
    {"a bare path as a door", D "lmtp: {listen: [/run/l.sock]}\n",
	F ":2: lmtp.listen: /run/l.sock: a path, and not said to be one: write "
	  "\"unix:/run/l.sock\"\n"},
    {"trap without a domain", D "trap: {addresses: [old.name]}\n",
	F ":2: trap.addresses: old.name: no mail address: write one, as in "
	  "old.name@example.net\n"},
    {"role with two domains", D "role: {addresses: [a@b@c_]}\n",
	F ":2: role.addresses: a@b@c_: no mail address: write one, as in "
	  "abuse@trap.example, or abuse\n"},
    {"pattern without an at", D "trap: {patterns: [\"*\"]}\n",
	F ":2: trap.patterns: *: no pattern of addresses: write one with an "
	  "`@`, as in \"*@*.trap.example\"\n"},
    {"sendmail for nobody", D "role: {sendmail: /usr/sbin/sendmail}\n",
	F ": role: sendmail and to go together: write both, or leave both out "
	  "for a Maildir\n"},
    {"a key for no certificate", D "smtp: {key: mx.key}\n",
	F ": smtp.key: there is no smtp.certificate: write both, or leave both "
	  "out for no TLS\n"},
    {"not in this version, zones",
	D "zone: [{name: a, file: b,\n transfer: "
	  "[10.0.0.1],\n notify: [10.0.0.1, 10.0.0.2@53]}]\n",
	"W " F ":3: zone[].transfer: " NO_TRANSFERS "W " F
	":4: zone[].notify: " NO_TRANSFERS},
    {"a feed",
	D "feed: [{name: p, prefixes: 10.0.0.0/8, classes: bounce, "
	  "traps: 2, max-new-per-hour: 9}]\n",
	""},
    {"not in this version, feeds", D "feed: [{name: p, from: 10.0.0.0/8}]\n",
	F ":2: " ELSEWHERE},
    {"checked all the same", D "feed: [{name: p, from: x,\n traps: 0}]\n",
	F ":2: " ELSEWHERE F
	  ":2: feed[].from: x: no IP address or prefix: write one, as in "
	  "10.0.0.0/8 or \"fd00::/8\"\n" F
	  ":3: feed[].traps: 0: out of range: write a number from 1 to 1000\n"},
};

static void
test_keys(void **state)
{
	(void)state;
	CHECK_ROWS(key_rows);
}

/* --- values ------------------------------------------------------------- */

#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X128 X32 X32 X32 X32

#define NO_ADDRESS                                                           \
	"an IP address where a name is due: write the domain's or host's "   \
	"name (that of a `by` is behind `by` in the host's Received lines; " \
	"`relays` has addresses)\n"

static const struct row value_rows[] = {
    {"port after a colon", D "listen: 127.0.0.1:53\n",
	F ":2: listen: 127.0.0.1:53: the port comes after `@`: write "
	  "\"127.0.0.1@53\"\n"},
    {"port after a bracket", D "listen: ['[::1]:53']\n",
	F ":2: listen: [::1]:53: the port comes after `@`: write "
	  "\"::1@53\"\n"},
    {"no port", D "listen: 192.0.2.1\n",
	F ":2: listen: 192.0.2.1: has no port: write \"192.0.2.1@53\"\n"},
    {"no port, IPv6", D "listen: ['2001:db8::1']\n",
	F ":2: listen: 2001:db8::1: has no port: write \"2001:db8::1@53\"\n"},
    {"a port alone", D "listen: 53\n",
	F ":2: listen: 53: not ADDRESS@PORT: write an address and a port, as "
	  "in 127.0.0.1@53 or \"::1@53\"\n"},
    {"port too large", D "listen: 127.0.0.1@65536\n",
	F ":2: listen: 127.0.0.1@65536: the port is no number from 0 to "
	  "65535: write one after the `@`, as in 127.0.0.1@53\n"},
    {"port of letters", D "listen: 127.0.0.1@domain\n",
	F ":2: listen: 127.0.0.1@domain: the port is no number from 0 to "
	  "65535: write one after the `@`, as in 127.0.0.1@53\n"},
    {"star", D "listen: '*@53'\n",
	F ":2: listen: *@53: `*` is no address: write 0.0.0.0@53 and "
	  "\"::@53\"\n"},
    {"host name", D "listen: [localhost@53]\n",
	F ":2: listen: localhost@53: before the `@` is no IP address: write "
	  "one, as in 127.0.0.1@53 or \"::1@53\"\n"},
    {"each item in its line", D "listen:\n  - 127.0.0.1@53\n  - x@1\n",
	F ":4: listen: x@1: before the `@` is no IP address: write one, as in "
	  "127.0.0.1@53 or \"::1@53\"\n"},
    {"no listener", D "listen: []\n",
	F ":2: listen: the list is empty: write listen: [127.0.0.1@53, "
	  "\"::1@53\"]\n"},
    {"listener twice", D "listen:\n  - ::1@53\n  - 0:0::1@53\n",
	F ":4: listen: ::1@53: given twice, first in line 3: remove one of "
	  "the two\n"},
    {"port 0 twice", D "listen: [127.0.0.1@0, 127.0.0.1@0]\n", ""},
    {"relative socket", D "lmtp: {listen: [unix:x]}\n",
	F ":2: lmtp.listen: unix:x: no absolute path of at most 107 bytes "
	  "after `unix:`: write unix:/run/backstop/lmtp.sock\n"},
    {"host bits", D "exempt: [192.0.2.5/24]\n",
	F ":2: exempt: 192.0.2.5/24: bits are set beyond the prefix length: "
	  "write \"192.0.2.0/24\", or leave out `/` for the one address\n"},
    {"length too large", D "exempt: [10.0.0.0/33]\n",
	F ":2: exempt: 10.0.0.0/33: the prefix length is too large: write at "
	  "most /32\n"},
    {"length too large, IPv6", D "relays: ['fd00::/129']\n",
	F ":2: relays: fd00::/129: the prefix length is too large: write at "
	  "most /128\n"},
    {"short address", D "relays: 10/8\n",
	F ":2: relays: 10/8: no IP address or prefix: write one, as in "
	  "10.0.0.0/8 or \"fd00::/8\"\n"},
    {"empty label", D "trap: {domains: [a..example]}\n",
	F ":2: trap.domains: a..example: a domain name with nothing before a "
	  "dot: write it as in bl.example\n"},
    {"the root", D "trap: {domains: [.]}\n",
	F ":2: trap.domains: .: a domain name with nothing before a dot: "
	  "write it as in bl.example\n"},
    {"mail address", D "trap: {domains: [trap@a.example]}\n",
	F ":2: trap.domains: trap@a.example: an address where a domain is "
	  "due: write a.example\n"},
    {"blank in a name", D "mailbox: {by: ['a b']}\n",
	F ":2: mailbox.by: a b: ` ` in a domain name: write letters, digits, "
	  "`-`, `_` and dots only\n"},
    {"an address for a host's name", D "mailbox: {by: [192.0.2.1]}\n",
	F ":2: mailbox.by: 192.0.2.1: " NO_ADDRESS},
    {"the same of IPv6", D "mailbox: {by: ['2001:db8::1']}\n",
	F ":2: mailbox.by: 2001:db8::1: " NO_ADDRESS},
    {"an address for a domain", D "trap: {domains: [192.0.2.1]}\n",
	F ":2: trap.domains: 192.0.2.1: " NO_ADDRESS},
    {"a name like an address", D "mailbox: {by: [192.0.2.1.example]}\n", ""},
    {"a name where an address is due", D "relays: [mx.trap.example]\n",
	F ":2: relays: mx.trap.example: no IP address or prefix: write one, as "
	  "in 10.0.0.0/8 or \"fd00::/8\"\n"},
    {"umlaut in a name", D "mailbox: {by: [m\xc3\xbcll.example]}\n", ""},
    {"umlaut in an address", D "trap: {addresses: [a@m\xc3\xbcll.example]}\n",
	""},
    {"what can't be a name", D "mailbox: {by: ['m\xc3\xbcll ler.example']}\n",
	F ":2: mailbox.by: m\xc3\xbcll ler.example: not ASCII, and no "
	  "internationalised domain name: write its xn-- form (idn2 tells "
	  "it)\n"},
    {"umlaut in a pattern", D "trap: {patterns: ['x*@m\xc3\xbcll.example']}\n",
	F ":2: trap.patterns: x*@m\xc3\xbcll.example: a domain that is not "
	  "ASCII in a pattern: write what it begins with in its xn-- form "
	  "(idn2 tells it), or all of it in trap.domains\n"},
    {"label of 63", D "trap: {domains: " X63 ".example}\n", ""},
    {"label of 64", D "trap: {domains: x" X63 ".example}\n",
	F ":2: trap.domains: x" X63 ".example: 64 bytes between two dots: "
	  "write at most 63\n"},
    {"name of 253", D "trap: {domains: " NAME253 "}\n", ""},
    {"name of 253 and a dot", D "trap: {domains: " NAME253 ".}\n", ""},
    {"name of 254", D "trap: {domains: " NAME253 "x}\n",
	F ":2: trap.domains: " X63 ".xxxxxxxxxxxxxxxx...: a domain name of "
	  "254 bytes: write at most 253\n"},
    {"number with letters", D "workers: 4k\n",
	F ":2: workers: 4k: no whole number: write digits only, from 0 to "
	  "256\n"},
    {"negative number", D "workers: -1\n",
	F ":2: workers: -1: no whole number: write digits only, from 0 to "
	  "256\n"},
    {"octal number", D "workers: 010\n",
	F ":2: workers: 010: no whole number: write digits only, from 0 to "
	  "256\n"},
    {"most workers", D "workers: 256\n", ""},
    {"one worker too many", D "workers: 257\n",
	F ":2: workers: 257: out of range: write a number from 0 to 256\n"},
    {"beyond 64 bits", D "workers: 99999999999999999999\n",
	F ":2: workers: 99999999999999999999: out of range: write a number "
	  "from 0 to 256\n"},
    {"widest prefix", D "policy: {ipv6-prefix: 48}\n", ""},
    {"prefix too wide", D "policy: {ipv6-prefix: 47}\n",
	F ":2: policy.ipv6-prefix: 47: out of range: write a number from 48 "
	  "to 128\n"},
    {"narrowest prefix", D "policy: {ipv6-prefix: 128}\n", ""},
    {"prefix too narrow", D "policy: {ipv6-prefix: 129}\n",
	F ":2: policy.ipv6-prefix: 129: out of range: write a number from 48 "
	  "to 128\n"},
    {"no hits", D "policy: {virus: {hits: 0}}\n",
	F ":2: policy.virus.hits: 0: out of range: write a number from 1 to "
	  "1000\n"},
    {"unit as a word", D "policy: {virus: {expire: 4 weeks}}\n",
	F ":2: policy.virus.expire: 4 weeks: a unit is one small letter right "
	  "after the number: write 4w\n"},
    {"unit as a capital", D "policy: {virus: {expire: 4W}}\n",
	F ":2: policy.virus.expire: 4W: a unit is one small letter right "
	  "after the number: write 4w\n"},
    {"unit shortened", D "policy: {virus: {window: 90min}}\n",
	F ":2: policy.virus.window: 90min: a unit is one small letter right "
	  "after the number: write 90m\n"},
    {"unknown unit", D "policy: {virus: {expire: 1y}}\n",
	F ":2: policy.virus.expire: 1y: no length of time: write a number and "
	  "one of s, m, h, d, w, as in 4w\n"},
    {"fraction", D "policy: {virus: {window: 1.5h}}\n",
	F ":2: policy.virus.window: 1.5h: no length of time: write a number "
	  "and one of s, m, h, d, w, as in 1d\n"},
    {"time too short", D "policy: {virus: {window: 0s}}\n",
	F ":2: policy.virus.window: 0s: out of range: write a time from 1s to "
	  "2080w\n"},
    {"longest time", D "policy: {virus: {window: 14560d}}\n", ""},
    {"time too long", D "policy: {virus: {window: 14561d}}\n",
	F ":2: policy.virus.window: 14561d: out of range: write a time from 1s "
	  "to 2080w\n"},
    {"time beyond a century", D "policy: {virus: {window: 99999w}}\n",
	F ":2: policy.virus.window: 99999w: out of range: write a time from "
	  "1s to 2080w\n"},
    {"longest TTL", D "zone: [{name: a, file: b, ttl: 604800}]\n", ""},
    {"TTL too long", D "zone: [{name: a, file: b, ttl: 604801}]\n",
	F ":2: zone[].ttl: 604801: out of range: write a time from 0s to "
	  "1w\n"},
    {"neither yes nor no", D "documentation-space: on\n",
	F ":2: documentation-space: on: neither yes nor no: write yes or "
	  "no\n"},
    {"misspelt class", D "zone: [{name: a, file: b, classes: [calout]}]\n",
	F ":2: zone[].classes: calout: unknown class: did you mean "
	  "`callout`?\n"},
    {"unknown class", D "zone: [{name: a, file: b, classes: spam}]\n",
	F ":2: zone[].classes: spam: unknown class: write bounce, autoreply, "
	  "challenge, virus, callout, subscribe or all\n"},
    {"no class", D "zone: [{name: a, file: b, classes: []}]\n",
	F ":2: zone[].classes: the list is empty: write classes: [bounce, "
	  "callout]\n"},
    {"class twice", D "zone: [{name: a, file: b, classes: [virus, virus]}]\n",
	F
	":2: zone[].classes: virus: given before in this list: write each class once, "
	"or all alone\n"},
    {"all and a class", D "zone: [{name: a, file: b, classes: [virus, all]}]\n",
	F
	":2: zone[].classes: all: given before in this list: write each class once, "
	"or all alone\n"},
    {"home folder", "database: ~/db\n",
	F ":1: database: ~/db: `~` stands for no folder here: write the whole "
	  "path\n"},
    {"unknown percent", D "zone: [{name: a, file: b, txt: \"100%\"}]\n",
	F ":2: zone[].txt: 100%: `%` stands for nothing: write %c (classes), "
	  "%a (address), %z (zone) or %%\n"},
    {"unknown letter", D "zone: [{name: a, file: b, txt: \"%a %i\"}]\n",
	F ":2: zone[].txt: %a %i: `%i` stands for nothing: write %c "
	  "(classes), %a (address), %z (zone) or %%\n"},
    {"umlaut in the text", D "zone: [{name: a, file: b, txt: \"\xc3\xbc\"}]\n",
	F ":2: zone[].txt: \xc3\xbc: a byte that is no printable ASCII: write "
	  "plain ASCII letters, one line\n"},
    {"control character in the text",
	D "zone: [{name: a, file: b, txt: \"a\\tb\"}]\n",
	F ":2: zone[].txt: a?b: a byte that is no printable ASCII: write "
	  "plain ASCII letters, one line\n"},
    {"text too long", D "nsid: " X128 "y\n",
	F ":2: nsid: " X32 X32
	  "xxxxxxxxxxxxxxxx: 129 bytes long: write a text of 1 to 128 "
	  "bytes\n"},
    {"the longest text", D "nsid: " X128 "\n", ""},
    {"umlaut in a name", D "identity: \xc3\xbc\n",
	F ":2: identity: \xc3\xbc: a byte that is no printable ASCII: write "
	  "plain ASCII letters, one line\n"},
    {"UDP too small", D "udp-size: 511\n",
	F ":2: udp-size: 511: out of range: write a number from 512 to "
	  "1232\n"},
    {"UDP too large", D "udp-size: 1233\n",
	F ":2: udp-size: 1233: out of range: write a number from 512 to "
	  "1232\n"},
    {"answers too many", D "rate-limit: {answers: 100001}\n",
	F ":2: rate-limit.answers: 100001: out of range: write a number from "
	  "0 to 100000\n"},
    {"slips too rarely", D "rate-limit: {slip: 101}\n",
	F ":2: rate-limit.slip: 101: out of range: write a number from 0 to "
	  "100\n"},
    {"denied by name", D "zone: [{name: a, file: b, deny: [c.example]}]\n",
	F ":2: zone[].deny: c.example: no IP address or prefix: write one, as "
	  "in 10.0.0.0/8 or \"fd00::/8\"\n"},
    {"zone twice",
	D "zone:\n  - {name: bl.example, file: a}\n"
	  "  - name: BL.example.\n    file: b\n",
	F ":4: zone[].name: BL.example: given twice, first in line 3: remove "
	  "one of the two zones\n"},
    {"feed without a word", D "feed: [{name: a b}]\n",
	F ":2: feed[].name: a b: no word: write up to 63 letters, digits, `-` "
	  "and `_`\n"},
    {"a feed called as our own traps", D "feed: [{name: local}]\n",
	F ":2: feed[].name: local: is what our own traps see: write another "
	  "name\n"},
    {"a feed twice", D "feed: [{name: a},\n {name: b}, {name: a}]\n",
	F ":3: feed[].name: a: given twice, first in line 2: remove one of the "
	  "two feeds\n"},
};

static void
test_values(void **state)
{
	(void)state;
	CHECK_ROWS(value_rows);
}

/* --- limits of lists and texts, at each and one past it ------------------ */

/* An item is `before`, a number's upper byte, `between`, its lower byte,
 * `after`. */
struct list_limit {
	const char *key;
	const char *before, *between, *after;
	unsigned max;
	const char *said;
};

static const struct list_limit list_limits[] = {
    {"listen:", "10.0.", ".", "@53", BS_CONFIG_LISTEN_MAX,
	F ":2: listen: 65 items: write at most 64\n"},
    {"zone:", "{name: z", "-", ", file: b}", BS_CONFIG_ZONES_MAX,
	F ":2: zone: 1025 items: write at most 1024\n"},
    {"exempt:", "10.0.", ".", "", BS_CONFIG_PREFIXES_MAX,
	F ":2: exempt: 65537 items: write at most 65536\n"},
    {"relays:", "10.0.", ".", "", BS_CONFIG_PREFIXES_MAX,
	F ":2: relays: 65537 items: write at most 65536\n"},
    {"mailbox:\n by:", "n", "-", ".example", BS_CONFIG_NAMES_MAX,
	F ":3: mailbox.by: 65537 items: write at most 65536\n"},
    {"trap:\n domains:", "n", "-", ".example", BS_CONFIG_NAMES_MAX,
	F ":3: trap.domains: 65537 items: write at most 65536\n"},
};

/* "database: /d\nKEY: [ITEM, ITEM, ...]", to be freed. */
static char *
make_list(const struct list_limit *row, unsigned items)
{
	char *text = malloc(64 + (size_t)items * 64);
	size_t used;

	assert_non_null(text);
	used = (size_t)sprintf(text, D "%s [", row->key);
	for (unsigned i = 0; i < items; i++)
		used += (size_t)sprintf(text + used, "%s%s%u%s%u%s",
		    i > 0 ? ", " : "", row->before, i / 256 % 256, row->between,
		    i % 256, row->after);
	(void)strcpy(text + used, "]\n");
	return text;
}

static void
test_list_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(list_limits) / sizeof(list_limits[0]);
	     i++) {
		for (unsigned more = 0; more <= 1; more++) {
			char *text = make_list(
			    &list_limits[i], list_limits[i].max + more);
			struct said said;
			struct bs_config *config = said_parse(text, &said);

			assert_string_equal(
			    said.text, more ? list_limits[i].said : "");
			bs_config_free(&config);
			free(text);
		}
	}
}

/* Puts `size` bytes of x between two texts. */
static void
check_text(const char *before, int size, const char *after, const char *wanted)
{
	char filler[5000], text[8192];
	struct said said;
	struct bs_config *config;

	memset(filler, 'x', sizeof(filler));
	(void)snprintf(
	    text, sizeof(text), "%s%.*s%s", before, size, filler, after);
	config = said_parse(text, &said);
	assert_string_equal(said.text, wanted);
	bs_config_free(&config);
}

/* %c grows to 55 bytes at most, %a to 43, %z to the size of the name. */
static void
test_text_limits(void **state)
{
	static const char txt[] =
	    D "zone:\n  - {name: bl.example, file: b, txt: '%%%c%a%z";
	int room = 255 - 1 - 55 - 43 - 10;

	(void)state;
	check_text(txt, room, "'}\n", "");
	check_text(txt, room + 1, "'}\n",
	    F ":3: zone[].txt: may become 256 bytes long with all classes and "
	      "the longest address: write a txt that is 1 bytes shorter\n");
	check_text("database: /", 4094, "\n", "");
	check_text("database: /", 4095, "\n",
	    F ":1: database: /" X63 "xxxxxxxxxxxxxxxx...: a path of 4096 "
	      "bytes: write at most 4095\n");
}

/* More messages than are kept: one line tells of the rest. */
static void
test_many_messages(void **state)
{
	unsigned items = BS_CONFIG_NOTES_MAX + 2;
	const struct list_limit row = {"exempt:", "x", ".", "", 0, ""};
	char *text = make_list(&row, items);
	struct bs_config *config = NULL;
	struct said said = {.used = 0};

	(void)state;
	assert_int_equal(
	    bs_config_parse(F, text, strlen(text), count, &said, &config),
	    BS_ECONFIG);
	assert_int_equal(said.errors, BS_CONFIG_NOTES_MAX + 1);
	assert_string_equal(said.text,
	    F ": messages: there are more than 1000: mend these first");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_list_limits),
	    cmocka_unit_test(test_text_limits),
	    cmocka_unit_test(test_many_messages),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
