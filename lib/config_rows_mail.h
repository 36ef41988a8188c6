/*
 * Rows of the table of keys for the live doors: listeners, whom they trust,
 * limits of sessions, roles, callouts.  For config_table.c alone, which has
 * NOWHERE, IN_CONFIG, COUNT and MANY.
 */
#ifndef BS_CONFIG_ROWS_MAIL_H
#define BS_CONFIG_ROWS_MAIL_H

#define SESSION_KEY(key, member, default_text, help_text) \
	.path = "session." key, .initial = default_text,  \
	.example = default_text, .help = help_text, IN_CONFIG(session.member)
#define SESSION_NUMBER(key, member, least, most, default_text, help_text) \
	{                                                                 \
		.type = BS_CONFIG_NUMBER, .min = least, .max = most,      \
		SESSION_KEY(key, member, default_text, help_text)         \
	}
#define SESSION_TIME(key, member, most, default_text, help_text)   \
	{                                                          \
		.type = BS_CONFIG_DURATION, .min = 1, .max = most, \
		SESSION_KEY(key, member, default_text, help_text)  \
	}

#define CONFIG_ROWS_MAIL                                                                 \
	{.path = "smtp",                                                                 \
	    .type = BS_CONFIG_MAP,                                                       \
	    .example = "{listen: [127.0.0.1@2525]}",                                     \
	    .help = "The SMTP listener of backstop-feed.",                               \
	    NOWHERE},                                                                    \
	    {.path = "smtp.listen",                                                      \
		.type = BS_CONFIG_DOORS,                                                 \
		.max = BS_CONFIG_LISTEN_MAX,                                             \
		.example = "[127.0.0.1@2525]",                                           \
		.help = "Where it listens.",                                             \
		IN_CONFIG(smtp_listen),                                                  \
		COUNT(smtp_listen_count)},                                               \
	    {.path = "smtp.hostname",                                                    \
		.type = BS_CONFIG_NAME,                                                  \
		.example = "mx.trap.example",                                            \
		.help =                                                                  \
		    "What it calls itself, in LMTP too.  Default: the host's name.",     \
		IN_CONFIG(smtp_hostname)},                                               \
	    {.path = "smtp.certificate",                                                 \
		.type = BS_CONFIG_PATH,                                                  \
		.example = "mx.pem",                                                     \
		.help =                                                                  \
		    "File with the certificate for STARTTLS and those that it "          \
		    "needs, in PEM; without it there is no TLS.",                        \
		IN_CONFIG(smtp_certificate)},                                            \
	    {.path = "smtp.key",                                                         \
		.type = BS_CONFIG_PATH,                                                  \
		.example = "mx.key",                                                     \
		.help =                                                                  \
		    "File with its private key, in PEM, without a pass phrase.  "        \
		    "Default: in the certificate's file.",                               \
		IN_CONFIG(smtp_key)},                                                    \
	    {.path = "lmtp",                                                             \
		.type = BS_CONFIG_MAP,                                                   \
		.example = "{listen: [127.0.0.1@2424]}",                                 \
		.help = "The LMTP listener of backstop-feed.",                           \
		NOWHERE},                                                                \
	    {.path = "lmtp.listen",                                                      \
		.type = BS_CONFIG_DOORS,                                                 \
		.max = BS_CONFIG_LISTEN_MAX,                                             \
		.example =                                                               \
		    "[127.0.0.1@2424, \"unix:/run/backstop/lmtp.sock\"]",                \
		.help = "Where it listens.",                                             \
		IN_CONFIG(lmtp_listen),                                                  \
		COUNT(lmtp_listen_count)},                                               \
	    {.path = "trusted",                                                          \
		.type = BS_CONFIG_MAP,                                                   \
		.example = "{xforward: [127.0.0.1]}",                                    \
		.help =                                                                  \
		    "Hosts that may say which client they speak for; a UNIX "            \
		    "socket's peer is 127.0.0.1 here.",                                  \
		NOWHERE},                                                                \
	    {.path = "trusted.xclient",                                                  \
		.type = BS_CONFIG_PREFIXES,                                              \
		.max = BS_CONFIG_PREFIXES_MAX,                                           \
		.example = "[192.0.2.25]",                                               \
		.help = "With XCLIENT, for the whole session.",                          \
		IN_CONFIG(xclient),                                                      \
		COUNT(xclient_count)},                                                   \
	    {.path = "trusted.xforward",                                                 \
		.type = BS_CONFIG_PREFIXES,                                              \
		.max = BS_CONFIG_PREFIXES_MAX,                                           \
		.example = "[192.0.2.25]",                                               \
		.help =                                                                  \
		    "With XFORWARD, for each message: Postfix hosts that deliver "       \
		    "to us.",                                                            \
		IN_CONFIG(xforward),                                                     \
		COUNT(xforward_count)},                                                  \
	    {.path = "trusted.proxy",                                                    \
		.type = BS_CONFIG_PREFIXES,                                              \
		.max = BS_CONFIG_PREFIXES_MAX,                                           \
		.example = "[192.0.2.80]",                                               \
		.help =                                                                  \
		    "With the PROXY protocol, version 1 or 2: each of their "            \
		    "connections must begin with it.",                                   \
		IN_CONFIG(proxy),                                                        \
		COUNT(proxy_count)},                                                     \
	    {.path = "session",                                                          \
		.type = BS_CONFIG_MAP,                                                   \
		.example = "{connections: 1000}",                                        \
		.help = "Limits of the sessions with mail clients.",                     \
		NOWHERE},                                                                \
	    SESSION_NUMBER("connections", connections, 1, 20000, "1000",                 \
		"So many may be open at a time; for one more the one that is idle "      \
		"longest is closed."),                                                   \
	    SESSION_NUMBER("connections-per-client", connections_per_client,             \
		1, 20000, "100",                                                         \
		"So many of them from one IPv4 /24 or IPv6 /56."),                       \
	    SESSION_NUMBER("recipients", recipients, 100, 10000, "1000",                 \
		"So many recipients may a message have."),                               \
	    SESSION_NUMBER("commands", commands, 100, MANY, "20000",                     \
		"So many commands may a session have."),                                 \
	    SESSION_NUMBER("errors", errors, 1, MANY, "50",                              \
		"After so many errors a session is closed; a message that is taken "     \
		"forgives them."),                                                       \
	    SESSION_NUMBER("message-size", message_size, 65536, 33554432,                \
		"10485760",                                                              \
		"Bytes of a message that are kept and judged; of a larger one the rest " \
		"is read, up to four times as much, and it is refused."),                \
	    SESSION_TIME("timeout", timeout_s, 3600, "5m",                               \
		"A client without a command, or a byte of a message, for so long is "    \
		"sent away (RFC 5321, section 4.5.3.2.7: 5 minutes or more); where all " \
		"sessions are taken, it is before that."),                               \
	    SESSION_TIME("message-time", message_time_s, 86400, "10m",                   \
		"So long may a message take from DATA to its end."),                     \
	    SESSION_TIME("lifetime", lifetime_s, 86400, "1h",                            \
		"So long may a session last."),                                          \
	    SESSION_TIME("shutdown-time", shutdown_time_s, 3600, "30s",                  \
		"So long may messages under way take when backstop-feed ends; who is "   \
		"not answered by then gets 421 and keeps his."),                         \
	    {.path = "feed-workers",                                                     \
		.type = BS_CONFIG_NUMBER,                                                \
		.max = BS_CONFIG_WORKERS_MAX,                                            \
		.initial = "0",                                                          \
		.example = "2",                                                          \
		.help =                                                                  \
		    "Processes of backstop-feed that judge mail; 0 is one for each "     \
		    "processor core.",                                                   \
		IN_CONFIG(feed_workers)},                                                \
	    {.path = "judge",                                                            \
		.type = BS_CONFIG_MAP,                                                   \
		.example = "{messages: 100000, time: 10m}",                              \
		.help =                                                                  \
		    "When such a process gives way to a new one, so that whatever a "    \
		    "message made of it sees little other mail; one at a time.",         \
		NOWHERE},                                                                \
	    {.path = "judge.messages",                                                   \
		.type = BS_CONFIG_NUMBER,                                                \
		.min = 100,                                                              \
		.max = MANY * 100,                                                       \
		.initial = "100000",                                                     \
		.example = "100000",                                                     \
		.help =                                                                  \
		    "After so many messages; a new one costs as much as some "           \
		    "hundred.",                                                          \
		IN_CONFIG(judge.messages)},                                              \
	    {.path = "judge.time",                                                       \
		.type = BS_CONFIG_DURATION,                                              \
		.min = 1,                                                                \
		.max = 86400,                                                            \
		.initial = "10m",                                                        \
		.example = "10m",                                                        \
		.help = "After so long, if it has judged any.",                          \
		IN_CONFIG(judge.time_s)},                                                \
	    {.path = "role",                                                             \
		.type = BS_CONFIG_MAP,                                                   \
		.example =                                                               \
		    "{addresses: [abuse], maildir: /var/mail/backstop}",                 \
		.help =                                                                  \
		    "Mail for those who run the traps, always for postmaster: it "       \
		    "is taken from everybody and is no sighting.",                       \
		NOWHERE},                                                                \
	    {.path = "role.addresses",                                                   \
		.type = BS_CONFIG_ROLES,                                                 \
		.max = BS_CONFIG_NAMES_MAX,                                              \
		.example = "[abuse, hostmaster@trap.example]",                           \
		.help =                                                                  \
		    "Who gets it besides postmaster; without a domain at each of "       \
		    "ours.",                                                             \
		IN_CONFIG(role_addresses),                                               \
		COUNT(role_address_count)},                                              \
	    {.path = "role.maildir",                                                     \
		.type = BS_CONFIG_PATH,                                                  \
		.example = "/var/mail/backstop",                                         \
		.help =                                                                  \
		    "Maildir that it is put into, made where it is missing.  "           \
		    "Default: postmaster in the database's folder.",                     \
		IN_CONFIG(role_maildir)},                                                \
	    {.path = "role.sendmail",                                                    \
		.type = BS_CONFIG_PATH,                                                  \
		.example = "/usr/sbin/sendmail",                                         \
		.help =                                                                  \
		    "Program that takes it instead, as sendmail does: with the "         \
		    "arguments -i -f <> -- TO and the message as its input: its "        \
		    "sender gets no bounce of it.",                                      \
		IN_CONFIG(role_sendmail)},                                               \
	    {.path = "role.to",                                                          \
		.type = BS_CONFIG_ROLES,                                                 \
		.max = 1,                                                                \
		.example = "[admin@example.net]",                                        \
		.help = "Who gets it from sendmail; needed with it.",                    \
		IN_CONFIG(role_to),                                                      \
		COUNT(role_to_count)},                                                   \
	    {.path = "callout",                                                          \
		.type = BS_CONFIG_MAP,                                                   \
		.example = "{monitors: [192.0.2.10]}",                                   \
		.help =                                                                  \
		    "Sender address verification: a probe sender, a trap as the "        \
		    "recipient, and no message.",                                        \
		NOWHERE},                                                                \
	    {.path = "callout.senders",                                                  \
		.type = BS_CONFIG_PATTERNS,                                              \
		.max = BS_CONFIG_PATTERNS_MAX,                                           \
		.initial = "<>, double-bounce@*, postmaster@*",                          \
		.example = "[\"<>\", \"double-bounce@*\", \"postmaster@*\"]",            \
		.help = "Senders of probes; * stands for any text, ? for one "           \
			"character.",                                                    \
		IN_CONFIG(callout_senders),                                              \
		COUNT(callout_sender_count)},                                            \
	{                                                                                \
		.path = "callout.monitors", .type = BS_CONFIG_PREFIXES,                  \
		.max = BS_CONFIG_PREFIXES_MAX, .example = "[192.0.2.10]",                \
		.help = "Hosts that watch us: theirs are no callouts.",                  \
		IN_CONFIG(callout_monitors), COUNT(callout_monitor_count)                \
	}

#define CONFIG_ROWS_MILTER                                                                    \
	{.path = "milter",                                                                    \
	    .type = BS_CONFIG_MAP,                                                            \
	    .example = "{listen: [127.0.0.1@2526]}",                                          \
	    .help = "The milter of backstop-feed, for a mail server that has "                \
		    "traps among its real recipients.",                                       \
	    NOWHERE},                                                                         \
	    {.path = "milter.listen",                                                         \
		.type = BS_CONFIG_DOORS,                                                      \
		.max = 1,                                                                     \
		.example = "[\"unix:/run/backstop/milter.sock\"]",                            \
		.help =                                                                       \
		    "Where it listens.  Whoever reaches it can have anybody listed: "         \
		    "only the mail server should.",                                           \
		IN_CONFIG(milter_listen),                                                     \
		COUNT(milter_listen_count)},                                                  \
	    {.path = "milter.group",                                                          \
		.type = BS_CONFIG_WORD,                                                       \
		.example = "postfix",                                                         \
		.help = "The group of its UNIX socket, which has mode 0660.  "                \
			"Default: the group that it is made by.",                             \
		IN_CONFIG(milter_group)},                                                     \
	    {.path = "milter.action",                                                         \
		.type = BS_CONFIG_CHOICE,                                                     \
		.choices = "accept, discard, refuse",                                         \
		.initial = "accept",                                                          \
		.example = "discard",                                                         \
		.help =                                                                       \
		    "What becomes of a trap's mail: accept changes nothing, nor does it "     \
		    "wait until it is kept; discard takes it away; refuse answers it with "   \
		    "550 once it is read.  Of a message with other recipients only the "      \
		    "traps are taken off.",                                                   \
		IN_CONFIG(milter_action)},                                                    \
	{                                                                                     \
		.path = "milter.on-failure", .type = BS_CONFIG_CHOICE,                        \
		.choices = "accept, tempfail", .initial = "accept",                           \
		.example = "tempfail",                                                        \
		.help =                                                                       \
		    "What a message for traps alone gets when it cannot be kept: accept, so " \
		    "that the mail server delivers it, whatever milter.action says, or "      \
		    "tempfail, 451, so that its sender tries again.  One with other "         \
		    "recipients passes untouched.",                                           \
		IN_CONFIG(milter_on_failure)                                                  \
	}

#endif
