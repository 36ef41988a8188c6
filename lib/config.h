/*
 * The configuration: one table describes every key (name, type, unit, range,
 * default, a line of help); the reader, its messages, the manual page and
 * `make`'s samples all come from it.
 *
 * Messages are one line each: "FILE:LINE: KEY: what is wrong: what to write
 * instead", with "did you mean `database`?" for a misspelt key and both lines
 * for a duplicate.  All errors of a file are reported in one run.  The same
 * code runs in backstopd -t, at start and on reload.
 *
 * What is beyond the text (can the port be bound, does the zone file parse) is
 * for the programs to check; config_where names the line for their messages.
 */
#ifndef BS_CONFIG_H
#define BS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "class.h"
#include "error.h"
#include "ipprefix.h"
#include "policy.h"

#define BS_CONFIG_DEFAULT_PATH BS_SYSCONFDIR "/backstop/backstop.conf"

/* Limits of the lists. */
#define BS_CONFIG_LISTEN_MAX 64
#define BS_CONFIG_ZONES_MAX 1024
#define BS_CONFIG_PREFIXES_MAX 65536
#define BS_CONFIG_NAMES_MAX 65536
#define BS_CONFIG_FILES_MAX 64
#define BS_CONFIG_HOPS_MAX 20
#define BS_CONFIG_PATTERNS_MAX 1000
#define BS_CONFIG_WORKERS_MAX 256
#define BS_CONFIG_TCP_CONNECTIONS_MAX 100000
#define BS_CONFIG_TCP_IDLE_MAX_S 3600
#define BS_CONFIG_JOURNAL_AGE_MIN_S (60 * 60)
#define BS_CONFIG_JOURNAL_AGE_MAX_S (400 * 24 * 60 * 60)
#define BS_CONFIG_JOURNAL_RECORDS_MIN 1000
#define BS_CONFIG_JOURNAL_RECORDS_MAX 100000000
#define BS_CONFIG_UDP_SIZE_MIN 512 /* bytes of a response */
#define BS_CONFIG_UDP_SIZE_MAX 1232
#define BS_CONFIG_TEXT_MAX 128 /* bytes of what the server tells of itself */
#define BS_CONFIG_RATE_MAX 100000
#define BS_CONFIG_SLIP_MAX 100

/* Default TXT template: %c the classes, %a the address (or prefix), %z the
 * zone, %% a percent sign. */
#define BS_CONFIG_TXT_DEFAULT "backscatter (%c) from %a, see https://%z/%a"

struct bs_config_zone {
	char *name; /* as written, without a final dot; a valid name */
	char *file; /* path of the master file, made absolute */
	bs_classes classes;
	uint32_t ttl_s;          /* of listed answers */
	char *txt;               /* template */
	bool flat;               /* answer 127.0.0.2 whatever the classes */
	bool shutdown;           /* lists nothing any more */
	struct bs_prefix *allow; /* none: everybody may ask */
	size_t allow_count;
	struct bs_prefix *deny;
	size_t deny_count;
	unsigned line; /* of its `name` */
	unsigned file_line;
};

struct bs_config_listen {
	struct bs_endpoint endpoint;
	unsigned line;
};

struct bs_config_file {
	char *path; /* made absolute */
	unsigned line;
};

/* Where mail is taken: a UNIX socket, or an endpoint. */
struct bs_config_door {
	char *path; /* NULL: an endpoint */
	struct bs_endpoint endpoint;
	unsigned line;
};

/* What becomes of a trap's mail at the milter, in the order of the table. */
enum bs_config_milter_action {
	BS_CONFIG_MILTER_ACCEPT,
	BS_CONFIG_MILTER_DISCARD,
	BS_CONFIG_MILTER_REFUSE,
};

/* What a message gets that cannot be kept. */
enum bs_config_milter_failure {
	BS_CONFIG_MILTER_PASS,
	BS_CONFIG_MILTER_TEMPFAIL,
};

/* Limits of the sessions with mail clients. */
struct bs_config_session {
	uint32_t connections;
	uint32_t connections_per_client; /* from one IPv4 /24 or IPv6 /56 */
	uint32_t recipients;             /* of a message */
	uint32_t commands;               /* of a session */
	uint32_t errors;
	uint32_t message_size; /* bytes that are kept of a message */
	uint32_t timeout_s;    /* without a command, or a byte of a message */
	uint32_t message_time_s;
	uint32_t lifetime_s;
	uint32_t shutdown_time_s;
};

/* When a process that judges mail gives way to a new one. */
struct bs_config_judge {
	uint32_t messages; /* after so many */
	uint32_t time_s;   /* after so long, if there were any */
};

/* Who hands in reports: messages with others attached. */
struct bs_config_reporter {
	char *feed;                     /* the feed that its sightings are of */
	struct bs_config_file *folders; /* of reports, for scan */
	size_t folder_count;
	struct bs_prefix *from; /* may connect and report */
	size_t from_count;
	/* as relays and mailbox.by and .hops, of what is attached */
	struct bs_prefix *relays;
	size_t relay_count;
	char **by;
	size_t by_count;
	uint32_t hops;
};

struct bs_config {
	char *path;             /* as given */
	char *database;         /* folder, made absolute */
	unsigned database_line; /* 0 where a default */
	uint32_t journal_age_s;
	uint32_t journal_records;
	char *trap_key;     /* file, made absolute; default: in `database` */
	char *control;      /* socket, made absolute; default: in `database` */
	char *feed_control; /* backstop-feed serve's; as control */
	char *user;         /* name or number; NULL: who owns `database` */

	char *tag_key;      /* file, made absolute; default: in `database` */
	char *tag_header;   /* name of the field that outgoing mail carries */
	char **tag_domains; /* these send mail; lower case */
	size_t tag_domain_count;
	bool tag_all; /* all that they send is tagged */

	struct bs_config_listen *listen;
	size_t listen_count;
	struct bs_config_zone *zone;
	size_t zone_count;
	uint32_t workers; /* 0: as many as there are cores */
	uint32_t tcp_connections;
	uint32_t tcp_idle_s;
	uint32_t udp_size; /* bytes of a response */
	char *nsid;        /* NULL: is not told, as the next two */
	char *identity;
	char *version;
	bool cookies;
	bool cookies_strict;
	char *cookie_secret_file; /* made absolute; NULL: a random secret */
	uint32_t rate_limit;      /* answers a second; 0: no limit */
	uint32_t rate_slip;       /* 0: nothing slips */
	struct bs_prefix *rate_allow;
	size_t rate_allow_count;

	struct bs_prefix *relays; /* looked through, never listed */
	size_t relay_count;
	char **mailbox_by; /* host names, lower case */
	size_t mailbox_by_count;
	uint32_t mailbox_hops; /* topmost Received lines that are ours */
	struct bs_config_reporter *reporter;
	size_t reporter_count;
	char **trap_domains; /* lower case */
	size_t trap_domain_count;
	char **trap_addresses; /* lower case */
	size_t trap_address_count;
	char **trap_patterns; /* lower case */
	size_t trap_pattern_count;
	bool trap_plus_extension;

	char **role_addresses; /* lower case; some without a domain */
	size_t role_address_count;
	char *role_maildir;  /* made absolute; default: in `database` */
	char *role_sendmail; /* program, made absolute, or NULL */
	char **role_to;      /* who gets it from sendmail: one or none */
	size_t role_to_count;

	struct bs_config_door *smtp_listen, *lmtp_listen;
	size_t smtp_listen_count, lmtp_listen_count;
	struct bs_config_door *milter_listen; /* one or none */
	size_t milter_listen_count;
	char *milter_group;         /* NULL: as it comes */
	uint32_t milter_action;     /* enum bs_config_milter_action */
	uint32_t milter_on_failure; /* enum bs_config_milter_failure */
	char *smtp_hostname;        /* NULL: the system's */
	char *smtp_certificate; /* PEM files, made absolute, or NULL: no TLS */
	char *smtp_key;
	uint32_t feed_workers; /* 0: as many as there are cores */
	struct bs_config_judge judge;
	struct bs_config_session session;
	struct bs_prefix *xclient, *xforward, *proxy; /* `trusted` */
	size_t xclient_count, xforward_count, proxy_count;
	char **callout_senders; /* patterns, lower case */
	size_t callout_sender_count;
	struct bs_prefix *callout_monitors;
	size_t callout_monitor_count;

	struct bs_config_file *rule_files; /* of the classifier */
	size_t rule_file_count;

	struct bs_config_file *exempt_files;
	size_t exempt_file_count;
	/* `exempt`, `relays` and, from bs_config_load, what `exempt-files`
	 * name; policy.exempt points to it */
	struct bs_prefix *exempt;
	size_t exempt_count;
	struct bs_policy_feed *feed;
	size_t feed_count;
	struct bs_policy policy;
};

/* Called for each message, a whole line without newline; `fatal` is false
 * for a warning. */
typedef void bs_config_report(void *context, bool fatal, const char *line);

/*
 * Reads and checks a file.  On success *config_r is new, else untouched.
 * BS_ECONFIG: errors, each reported; BS_EACCES, BS_EIO, BS_ENOTFOUND: the
 * file cannot be read (missing, no rights, a folder), reported as well.
 * With path NULL the result is all defaults (classify needs no file): path,
 * database, trap_key, control and feed_control are NULL then.  Whether a zone is needed is up to the
 * program: none is no error here.
 */
int bs_config_load(const char *path, bs_config_report *report, void *context,
    struct bs_config **config_r);

/* The same from memory, without the files that it names; `path` only names it in messages and anchors
 * relative paths.  This is what the fuzz target calls. */
int bs_config_parse(const char *path, const char *text, size_t size,
    bs_config_report *report, void *context, struct bs_config **config_r);

void bs_config_free(struct bs_config **config);

/* The text of the manual page's key list in mdoc, from the table. */
void bs_config_write_mdoc(FILE *out);

#endif
