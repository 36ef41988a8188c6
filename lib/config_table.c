/*
 * The table itself.  To add a key, add a row and, if its value is kept, the
 * member of struct bs_config that the row names; reader, messages and manual
 * follow.  Rows of the policy, of live doors and of zones are in
 * config_rows_*.h.
 */
#include "autoconf.h"

#include <string.h>

#include "class.h"
#include "config.h"
#include "config_table.h"
#include "evidence.h"
#include "headertag.h"

#define NOWHERE .offset = BS_CONFIG_NOWHERE
#define IN_CONFIG(member) .offset = offsetof(struct bs_config, member)
#define IN_REPORTER(member) \
	.offset = offsetof(struct bs_config_reporter, member)
#define COUNT_IN_REPORTER(member) \
	.count_offset = offsetof(struct bs_config_reporter, member)
#define COUNT(member) .count_offset = offsetof(struct bs_config, member)

#define MANY 1000000u

#include "config_rows_mail.h"
#include "config_rows_policy.h"
#include "config_rows_zone.h"

static const struct bs_config_key key_table[] = {
    {.path = "database",
	.type = BS_CONFIG_PATH,
	.example = "/var/lib/backstop",
	.required = true,
	.help = "Folder of the database, shared by all programs.",
	IN_CONFIG(database)},
    {.path = "journal",
	.type = BS_CONFIG_MAP,
	.example = "{age: 30d}",
	.help =
	    "The record of changes, which secondaries and the server follow.",
	NOWHERE},
    {.path = "journal.age",
	.type = BS_CONFIG_DURATION,
	.min = BS_CONFIG_JOURNAL_AGE_MIN_S,
	.max = BS_CONFIG_JOURNAL_AGE_MAX_S,
	.initial = "30d",
	.example = "30d",
	.help = "A change is kept for so long, and up to twice as long where "
		"secondaries have not taken it.",
	IN_CONFIG(journal_age_s)},
    {.path = "journal.records",
	.type = BS_CONFIG_NUMBER,
	.min = BS_CONFIG_JOURNAL_RECORDS_MIN,
	.max = BS_CONFIG_JOURNAL_RECORDS_MAX,
	.initial = "2000000",
	.example = "2000000",
	.help = "So many changes are kept, and up to twice as many where "
		"secondaries have not taken them.",
	IN_CONFIG(journal_records)},
    {.path = "listen",
	.type = BS_CONFIG_ENDPOINTS,
	.min = 1,
	.max = BS_CONFIG_LISTEN_MAX,
	.initial = "127.0.0.1@53, ::1@53",
	.example = "[127.0.0.1@53, \"::1@53\"]",
	.help = "Where backstopd answers; port 0 lets the system choose one.",
	IN_CONFIG(listen),
	COUNT(listen_count)},
    {.path = "workers",
	.type = BS_CONFIG_NUMBER,
	.max = BS_CONFIG_WORKERS_MAX,
	.initial = "0",
	.example = "2",
	.help = "Threads that answer; 0 is one for each processor core.",
	IN_CONFIG(workers)},
    {.path = "tcp-connections",
	.type = BS_CONFIG_NUMBER,
	.min = 1,
	.max = BS_CONFIG_TCP_CONNECTIONS_MAX,
	.initial = "2000",
	.example = "2000",
	.help = "So many TCP connections may be open at a time, shared out "
		"among the workers, and a quarter of them from one IPv4 /24 or "
		"IPv6 /56; for one more the one that is idle longest is "
		"closed.",
	IN_CONFIG(tcp_connections)},
    {.path = "tcp-idle",
	.type = BS_CONFIG_DURATION,
	.min = 1,
	.max = BS_CONFIG_TCP_IDLE_MAX_S,
	.initial = "10s",
	.example = "10s",
	.help = "A TCP connection without a query for so long is closed.",
	IN_CONFIG(tcp_idle_s)},
    {.path = "udp-size",
	.type = BS_CONFIG_NUMBER,
	.min = BS_CONFIG_UDP_SIZE_MIN,
	.max = BS_CONFIG_UDP_SIZE_MAX,
	.initial = "1232",
	.example = "1232",
	.help = "No answer over UDP has more bytes; clients ask over TCP for "
		"what is longer.",
	IN_CONFIG(udp_size)},
    {.path = "nsid",
	.type = BS_CONFIG_TEXT,
	.min = 1,
	.max = BS_CONFIG_TEXT_MAX,
	.example = "ns1",
	.help = "This server's name for clients that ask for it by NSID (RFC "
		"5001).",
	IN_CONFIG(nsid)},
    {.path = "identity",
	.type = BS_CONFIG_TEXT,
	.min = 1,
	.max = BS_CONFIG_TEXT_MAX,
	.example = "ns1",
	.help = "What is answered to id.server and hostname.bind of class "
		"CHAOS, which are refused without it.",
	IN_CONFIG(identity)},
    {.path = "version",
	.type = BS_CONFIG_TEXT,
	.min = 1,
	.max = BS_CONFIG_TEXT_MAX,
	.example = "backstop",
	.help = "What is answered to version.server and version.bind of class "
		"CHAOS, which are refused without it.",
	IN_CONFIG(version)},
    {.path = "cookies",
	.type = BS_CONFIG_MAP,
	.example = "{secret-file: cookie.secrets}",
	.help = "DNS cookies (RFC 7873, RFC 9018).",
	NOWHERE},
    {.path = "cookies.answer",
	.type = BS_CONFIG_BOOL,
	.initial = "yes",
	.example = "yes",
	.help = "Clients that send a cookie get one.",
	IN_CONFIG(cookies)},
    {.path = "cookies.strict",
	.type = BS_CONFIG_BOOL,
	.initial = "no",
	.example = "no",
	.help = "Over UDP a client that sends a cookie gets its answer only "
		"when it sends back the one that it was given; BADCOOKIE until "
		"then.",
	IN_CONFIG(cookies_strict)},
    {.path = "cookies.secret-file",
	.type = BS_CONFIG_PATH,
	.example = "cookie.secrets",
	.help = "File with the secret that cookies are made with, 32 "
		"hexadecimal digits, the same on all servers of the zones; a "
		"second line may have another that cookies are taken from, the "
		"one before or after it.  Without the file the server makes a "
		"secret for itself.",
	IN_CONFIG(cookie_secret_file)},
    {.path = "rate-limit",
	.type = BS_CONFIG_MAP,
	.example = "{answers: 1000}",
	.help = "Limits what a network (IPv4 /24, IPv6 /56) is answered over "
		"UDP, whatever it asks; clients with a good cookie are not "
		"limited.",
	NOWHERE},
    {.path = "rate-limit.answers",
	.type = BS_CONFIG_NUMBER,
	.max = BS_CONFIG_RATE_MAX,
	.initial = "0",
	.example = "1000",
	.help = "So many answers a second, and as many at once; 0: no limit.",
	IN_CONFIG(rate_limit)},
    {.path = "rate-limit.slip",
	.type = BS_CONFIG_NUMBER,
	.max = BS_CONFIG_SLIP_MAX,
	.initial = "2",
	.example = "2",
	.help = "One in so many beyond the limit is told to ask over TCP, the "
		"others are dropped; 1: all are told, 0: none.",
	IN_CONFIG(rate_slip)},
    {.path = "rate-limit.allow",
	.type = BS_CONFIG_PREFIXES,
	.max = BS_CONFIG_PREFIXES_MAX,
	.example = "[192.0.2.0/24]",
	.help = "Who is not limited.",
	IN_CONFIG(rate_allow),
	COUNT(rate_allow_count)},

    {.path = "user",
	.type = BS_CONFIG_WORD,
	.example = "backstop",
	.help = "Whom backstopd and backstop-feed serve become when they were "
		"started as root and have their sockets, a name or a number.  "
		"Default: who owns the database's folder.",
	IN_CONFIG(user)},
    {.path = "control",
	.type = BS_CONFIG_PATH,
	.example = "/run/backstop/control",
	.help = "Socket by which backstopctl reload and stats reach backstopd, "
		"for who may write to it.  Default: control in the database's "
		"folder.",
	IN_CONFIG(control)},
    {.path = "feed-control",
	.type = BS_CONFIG_PATH,
	.example = "/run/backstop/feed-control",
	.help =
	    "Socket by which backstopctl stats reaches backstop-feed serve, "
	    "as control is backstopd's.  Default: feed-control in the "
	    "database's folder.",
	IN_CONFIG(feed_control)},

    CONFIG_ROWS_ZONE,

    {.path = "trap",
	.type = BS_CONFIG_MAP,
	.example = "{domains: [trap.example]}",
	.help = "The traps.",
	NOWHERE},
    {.path = "trap.domains",
	.type = BS_CONFIG_NAMES,
	.max = BS_CONFIG_NAMES_MAX,
	.example = "[trap.example]",
	.help = "Domains whose addresses never send mail.",
	IN_CONFIG(trap_domains),
	COUNT(trap_domain_count)},
    {.path = "trap.addresses",
	.type = BS_CONFIG_ADDRESSES,
	.max = BS_CONFIG_NAMES_MAX,
	.example = "[old.name@example.net]",
	.help = "Single addresses that never send mail.",
	IN_CONFIG(trap_addresses),
	COUNT(trap_address_count)},
    {.path = "trap.patterns",
	.type = BS_CONFIG_PATTERNS,
	.max = BS_CONFIG_PATTERNS_MAX,
	.example = "[\"*@*.trap.example\"]",
	.help = "Addresses that never send mail: * stands for any text, ? for "
		"one character.",
	IN_CONFIG(trap_patterns),
	COUNT(trap_pattern_count)},
    {.path = "trap.plus-extension",
	.type = BS_CONFIG_BOOL,
	.initial = "no",
	.example = "yes",
	.help =
	    "user+anything@ is the trap user@, but where it is named itself.",
	IN_CONFIG(trap_plus_extension)},
    {.path = "trap-key",
	.type = BS_CONFIG_PATH,
	.example = "trap.key",
	.help = "File of the secret key that hides the traps; made with mode "
		"0600 where it is missing.  Default: trap.key in the "
		"database's folder.",
	IN_CONFIG(trap_key)},
    {.path = "tag",
	.type = BS_CONFIG_MAP,
	.example = "{domains: [mail.example], header: X-Backstop-Tag}",
	.help = "Domains that send mail too: what answers it is genuine.",
	NOWHERE},
    {.path = "tag.domains",
	.type = BS_CONFIG_NAMES,
	.max = BS_CONFIG_NAMES_MAX,
	.example = "[mail.example]",
	.help = "Domains that send mail: a notice to one of them lists nobody, "
		"unless it is proven that we did not send what it answers.",
	IN_CONFIG(tag_domains),
	COUNT(tag_domain_count)},
    {.path = "tag.all",
	.type = BS_CONFIG_BOOL,
	.initial = "no",
	.example = "yes",
	.help = "All mail that these domains send is tagged: a notice without "
		"a valid tag is then proof enough.",
	IN_CONFIG(tag_all)},
    {.path = "tag.header",
	.type = BS_CONFIG_WORD,
	.initial = BS_HEADERTAG_DEFAULT,
	.example = BS_HEADERTAG_DEFAULT,
	.help = "The header field that carries a tag, for mail whose envelope "
		"sender has none.",
	IN_CONFIG(tag_header)},
    {.path = "tag.uses",
	.type = BS_CONFIG_NUMBER,
	.min = 1,
	.max = BS_TAG_USES_MAX,
	.initial = "20",
	.example = "20",
	.help = "A tag that came back more often is no proof any more: it may "
		"be replayed.",
	IN_CONFIG(policy.tag_uses)},
    {.path = "tag.key",
	.type = BS_CONFIG_PATH,
	.example = "tag.key",
	.help = "File of the keys of tags, made by backstopctl tag key "
		"rotate.  Default: tag.key in the database's folder.",
	IN_CONFIG(tag_key)},
    {.path = "relays",
	.type = BS_CONFIG_PREFIXES,
	.max = BS_CONFIG_PREFIXES_MAX,
	.example = "[10.0.0.0/8]",
	.help = "Our own and our forwarders' hosts: looked through for the "
		"source, never listed.",
	IN_CONFIG(relays),
	COUNT(relay_count)},
    {.path = "mailbox",
	.type = BS_CONFIG_MAP,
	.example = "{by: [mx.trap.example]}",
	.help = "Mail that is read from files.",
	NOWHERE},
    {.path = "mailbox.by",
	.type = BS_CONFIG_NAMES,
	.max = BS_CONFIG_NAMES_MAX,
	.example = "[mx.trap.example]",
	.help = "Hosts whose Received lines are ours, by the names that "
		"these have behind `by`: the topmost one counts "
		"only if one of them wrote it.",
	IN_CONFIG(mailbox_by),
	COUNT(mailbox_by_count)},
    {.path = "mailbox.hops",
	.type = BS_CONFIG_NUMBER,
	.max = BS_CONFIG_HOPS_MAX,
	.initial = "0",
	.example = "2",
	.help = "So many topmost Received lines were written by our own hosts, "
		"whatever they say; the last of them names the source.  0: "
		"only mailbox.by and relays tell.",
	IN_CONFIG(mailbox_hops)},
    {.path = "reporter",
	.type = BS_CONFIG_MAPS,
	.max = BS_CONFIG_ZONES_MAX,
	.example = "[{feed: partner, folders: [/var/mail/reports], hops: 1}]",
	.help = "Who hands in backscatter attached to reports.",
	IN_CONFIG(reporter),
	COUNT(reporter_count),
	.item_size = sizeof(struct bs_config_reporter)},
    {.path = "reporter[].feed",
	.type = BS_CONFIG_WORD,
	.example = "partner",
	.required = true,
	.help = "The feed that what it hands in is counted for.",
	IN_REPORTER(feed)},
    {.path = "reporter[].folders",
	.type = BS_CONFIG_PATHS,
	.max = BS_CONFIG_FILES_MAX,
	.example = "[/var/mail/reports]",
	.help = "What is scanned in these folders are reports of this one.",
	IN_REPORTER(folders),
	COUNT_IN_REPORTER(folder_count)},
    {.path = "reporter[].from",
	.type = BS_CONFIG_PREFIXES,
	.max = BS_CONFIG_PREFIXES_MAX,
	.example = "[198.51.100.0/24]",
	.help = "What connects from there and mails to a trap are reports of "
		"this one, none of them a sighting of the host itself.  A host "
		"of `relays` is none.",
	IN_REPORTER(from),
	COUNT_IN_REPORTER(from_count)},
    {.path = "reporter[].by",
	.type = BS_CONFIG_NAMES,
	.max = BS_CONFIG_NAMES_MAX,
	.example = "[mx.partner.example]",
	.help = "Hosts that write the topmost Received line of what it "
		"attaches: its peer is the source.",
	IN_REPORTER(by),
	COUNT_IN_REPORTER(by_count)},
    {.path = "reporter[].relays",
	.type = BS_CONFIG_PREFIXES,
	.max = BS_CONFIG_PREFIXES_MAX,
	.example = "[198.51.100.0/24]",
	.help = "Its own hosts in these lines: looked through.",
	IN_REPORTER(relays),
	COUNT_IN_REPORTER(relay_count)},
    {.path = "reporter[].hops",
	.type = BS_CONFIG_NUMBER,
	.max = BS_CONFIG_HOPS_MAX,
	.initial = "0",
	.example = "1",
	.help = "So many topmost lines are by its own hosts; the last of them "
		"names the source.",
	IN_REPORTER(hops)},
    {.path = "exempt",
	.type = BS_CONFIG_PREFIXES,
	.max = BS_CONFIG_PREFIXES_MAX,
	.example = "[198.18.0.0/15]",
	.help = "Addresses that are never listed, or are listed and never "
		"served: backstopd brings them into the database at its "
		"start.  What listen, smtp.listen and lmtp.listen name is "
		"exempt by itself, as relays are.",
	IN_CONFIG(exempt),
	COUNT(exempt_count)},
    {.path = "exempt-files",
	.type = BS_CONFIG_PATHS,
	.max = BS_CONFIG_FILES_MAX,
	.example = "[providers.txt]",
	.help = "Files with more of them, an address or prefix a line, # "
		"begins a comment.",
	IN_CONFIG(exempt_files),
	COUNT(exempt_file_count)},
    {.path = "documentation-space",
	.type = BS_CONFIG_BOOL,
	.initial = "no",
	.example = "no",
	.help = "For trials and tests: lets 192.0.2.0/24 and the other "
		"addresses of documentation be listed.",
	IN_CONFIG(policy.documentation_space)},

    {.path = "rules",
	.type = BS_CONFIG_PATHS,
	.max = BS_CONFIG_FILES_MAX,
	.example = "[rules.yaml]",
	.help = "Files of your own classifier rules, which add to the standard "
		"ones and change them, see backstop-rules(5).",
	IN_CONFIG(rule_files),
	COUNT(rule_file_count)},
    {.path = "evidence",
	.type = BS_CONFIG_NUMBER,
	.max = BS_EVIDENCE_MAX,
	.initial = "5",
	.example = "5",
	.help = "Of so many sightings of a listing is kept what its "
		"administrator may see: class, hour, source, and what the "
		"notice says of itself.",
	IN_CONFIG(policy.evidence)},
    {.path = "publish-delay",
	.type = BS_CONFIG_DURATION,
	.max = BS_POLICY_PUBLISH_MAX_S,
	.initial = "0",
	.example = "1h",
	.help = "What sightings newly list becomes public a while later, at "
		"random up to this: so that who sends mail to one address "
		"after another, and looks each time whether the sending host "
		"gets listed, does not learn which are traps.",
	IN_CONFIG(policy.publish_delay_s)},

    CONFIG_ROWS_POLICY,
    CONFIG_ROWS_MAIL,
    CONFIG_ROWS_MILTER,
    CONFIG_ROWS_FEED,
};

#define KEY_COUNT (sizeof(key_table) / sizeof(key_table[0]))

_Static_assert(KEY_COUNT <= BS_CONFIG_KEYS_MAX, "raise BS_CONFIG_KEYS_MAX");

static const char *const type_texts[] = {
    [BS_CONFIG_MAP] = "a map",
    [BS_CONFIG_MAPS] = "a list of maps",
    [BS_CONFIG_PATH] = "a path",
    [BS_CONFIG_NAME] = "a domain name",
    [BS_CONFIG_WORD] = "a word",
    [BS_CONFIG_TEXT] = "a text",
    [BS_CONFIG_TEMPLATE] = "a text",
    [BS_CONFIG_NUMBER] = "a whole number",
    [BS_CONFIG_BITS] = "a prefix length in bits",
    [BS_CONFIG_DURATION] = "a length of time",
    [BS_CONFIG_BOOL] = "yes or no",
    [BS_CONFIG_CLASSES] = "a list of classes",
    [BS_CONFIG_NAMES] = "a list of domain names",
    [BS_CONFIG_PATHS] = "a list of paths",
    [BS_CONFIG_PREFIXES] = "a list of addresses and prefixes",
    [BS_CONFIG_ENDPOINTS] = "a list of ADDRESS@PORT",
    [BS_CONFIG_DOORS] = "a list of ADDRESS@PORT or unix:PATH",
    [BS_CONFIG_ADDRESSES] = "a list of mail addresses",
    [BS_CONFIG_ROLES] = "a list of mail addresses or local parts",
    [BS_CONFIG_PATTERNS] = "a list of address patterns",
    [BS_CONFIG_PEERS] = "a list of ADDRESS or ADDRESS@PORT",
    [BS_CONFIG_CHOICE] = "one of",
};

const struct bs_config_key *
bs_config_keys(size_t *count_r)
{
	*count_r = KEY_COUNT;
	return key_table;
}

const struct bs_config_key *
bs_config_key_find(const char *path)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(key_table[i].path, path) == 0)
			return &key_table[i];
	}
	return NULL;
}

size_t
bs_config_key_index(const struct bs_config_key *key)
{
	return (size_t)(key - key_table);
}

const char *
bs_config_key_leaf(const struct bs_config_key *key)
{
	const char *dot = strrchr(key->path, '.');

	return dot != NULL ? dot + 1 : key->path;
}

bool
bs_config_key_is_child(const struct bs_config_key *key, const char *parent)
{
	const char *leaf = bs_config_key_leaf(key);
	size_t size = leaf == key->path ? 0 : (size_t)(leaf - key->path) - 1;

	return strlen(parent) == size && memcmp(key->path, parent, size) == 0;
}

const char *
bs_config_type_text(enum bs_config_type type)
{
	return type_texts[type];
}

bool
bs_config_type_is_list(enum bs_config_type type)
{
	return type >= BS_CONFIG_CLASSES;
}
