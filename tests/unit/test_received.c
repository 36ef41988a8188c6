/*
 * Received lines of every MTA that we know, every refusal, and the walk to the
 * source.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "received.h"
#include "source.h"

struct line_row {
	const char *name;
	const char *value;
	enum received_peer peer;
	const char *addr; /* "" where the peer is no address */
	const char *by;
};

/* clang-format off */
static const struct line_row lines[] = {
	{"postfix", "from HELO (rdns.example [192.0.2.1]) by mx.example (Postfix) with ESMTP id 1A; Tue, 4 Mar 2025 08:10:00 +0000", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"postfix, unknown", "from HELO (unknown [192.0.2.1]) by mx.example (Postfix) with ESMTPS id 1A", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"postfix, TLS", "from a (a [192.0.2.1]) (using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)) (No client certificate requested) by mx.example (Postfix) with ESMTPS id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"postfix, IPv6", "from a (a [IPv6:2001:db8::1]) by mx.example (Postfix)", RECEIVED_ADDRESS, "2001:db8::1", "mx.example"},
	{"postfix, folded", "from a (a\n\t[192.0.2.1])\n\tby mx.example (Postfix)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"postfix, HELO claims", "from [198.51.100.9] (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"postfix, authenticated", "from a (a [192.0.2.1]) (Authenticated sender: b) by mx.example (Postfix) with ESMTPSA id 2", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, no name", "from [192.0.2.1] (helo=a.example) by mx.example with esmtp (Exim 4.96)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, name", "from a.example ([192.0.2.1] helo=b.example) by mx.example with esmtps (TLS1.3) (Exim 4.96)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, port", "from a.example ([192.0.2.1]:40001 helo=b ident=c) by mx.example with esmtp (Exim 4.80)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, port first", "from [192.0.2.1] (port=58540 helo=a.example) by mx.example with esmtp id 1f", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, port of the bare one", "from [192.0.2.1]:4711 (helo=a) by mx.example with esmtp (Exim 4.80)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, HELO claims", "from a.example ([192.0.2.1] helo=[198.51.100.9]) by mx.example with esmtp (Exim 4.96)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, HELO equals", "from [192.0.2.1] by mx.example with smtp (Exim 4.96)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, IPv6", "from [2001:db8::25] (helo=a) by mx.example with esmtp (Exim 4.96)", RECEIVED_ADDRESS, "2001:db8::25", "mx.example"},
	{"exim 2", "from a (b.example) [192.0.2.1] by mx.example with esmtp (Exim 2.05 #1 (Debian))", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exim, local", "from mail by mx.example with local (Exim 4.60) id 1", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"qmail", "from unknown (HELO a.example) (192.0.2.1) by mx.example with SMTP; 4 Mar 2025 08:10:00 -0000", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"qmail, ident", "from a.example (HELO b) (joe@192.0.2.1) by mx.example with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"qmail, ident claims", "from a.example (HELO b) (198.51.100.9@192.0.2.1) by mx.example with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"qmail, HELO claims", "from unknown (HELO [198.51.100.9]) (192.0.2.1) by mx.example with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"qmail, no HELO", "from a.example (192.0.2.1) by mx.example with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"qmail, invoked", "(qmail 2022 invoked from network); 4 Mar 2025 08:10:00 -0000", RECEIVED_NO_FROM, "", ""},
	{"yahoo", "from 127.0.0.1 (EHLO a.example) (192.0.2.1) by mta.example with SMTPS; Mon, 21 May 2018 12:26:17 +0000", RECEIVED_ADDRESS, "192.0.2.1", "mta.example"},
	{"zimbra", "from a (LHLO a.example) (192.0.2.1) by mx.example with LMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"sendmail", "from helo.example (rdns.example [192.0.2.1]) by mx.example (8.17.1/8.17.1) with ESMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"sendmail, forged", "from helo.example (rdns.example [192.0.2.1] (may be forged)) by mx.example (8.17.1/8.17.1)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"sendmail, no name", "from helo.example ([192.0.2.1]) by mx.example (8.17.1/8.17.1)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"sendmail, ident", "from helo.example (IDENT:joe@rdns.example [192.0.2.1]) by mx.example (8.9.3/8.9.3)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"sendmail, IPv6", "from a (a.example [IPv6:2001:db8:0:0:0:0:0:1]) by mx.example (8.17.1/8.17.1)", RECEIVED_ADDRESS, "2001:db8::1", "mx.example"},
	{"sendmail, local", "from localhost (localhost) by mx.example (8.17.1/8.17.1) id q1", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"exchange", "from a.example (192.0.2.1) by MX.example (192.0.2.2) with Microsoft SMTP Server (TLS) id 15.0.1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"exchange, IPv6", "from a.example (2001:db8:1::12) by mx.example (2001:db8:2::1) with Microsoft SMTP Server (version=TLS1_2) id 15.20", RECEIVED_ADDRESS, "2001:db8:1::12", "mx.example"},
	{"exchange, inner step", "from a.example (2001:db8:1::12) by mx.example with HTTPS via b.example; Mon, 21 May 2018 05:08:01 +0000", RECEIVED_NOT_SMTP, "", "mx.example"},
	{"exchange, mapi", "from a.example ([192.0.2.1]) by a.example ([192.0.2.1]) with mapi id 14.03", RECEIVED_NOT_SMTP, "", "a.example"},
	{"exchange, zone id", "from a.example ([fe80::1%22]) by mx.example ([fe80::2%22]) with Microsoft SMTP Server id 14.02", RECEIVED_MALFORMED, "", "mx.example"},
	{"IIS", "from a.example ([192.0.2.1]) by mx.example with Microsoft SMTPSVC(6.0.3790.4675)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"gmail", "from a.example (a.example. [192.0.2.1]) by mx.google.com with ESMTPS id 1si2", RECEIVED_ADDRESS, "192.0.2.1", "mx.google.com"},
	{"gmail, inner step", "by 10.1.2.3 with SMTP id w10cs10896muo; Tue, 12 Oct 2010 01:00:00 -0700 (PDT)", RECEIVED_NO_FROM, "", "10.1.2.3"},
	{"gmail, inner step, IPv6", "by 2002:a05:6402:1::1 with SMTP id x5csp; Thu, 26 Feb 2023 18:30:56 -0800", RECEIVED_NO_FROM, "", "2002:a05:6402:1::1"},
	{"courier", "from a.example (rdns.example [::ffff:192.0.2.1]) by mx.example with esmtp; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"courier, bare", "from a.example ([192.0.2.1]) by mx.example with esmtp id 000000.1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"courier, auth", "from a.example (rdns.example [192.0.2.1]) (AUTH: LOGIN joe) by mx.example with esmtp", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"domino", "from a.example ([192.0.2.1]) by mx.example (Lotus Domino Release 8.5.3) with ESMTP id 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mdaemon", "from a.example (rdns.example [192.0.2.1]) by mx.example (MDaemon PRO v20) with ESMTP id md5", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"communigate", "from [192.0.2.1] (HELO a.example) by mx.example (CommuniGate Pro SMTP 6.2) with ESMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"communigate, account", "from [192.0.2.1] (account joe@example HELO a) by mx.example (CommuniGate Pro SMTP 6.2) with ESMTPA", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"communigate, verified", "from a.example ([192.0.2.1] verified) by mx.example (CommuniGate Pro SMTP 4.2.8) with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"haraka", "from a.example (rdns.example [192.0.2.1]) by mx.example (Haraka/2.8.28) with ESMTP id 1.1 envelope-from <>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"opensmtpd", "from a.example (rdns.example [192.0.2.1]) by mx.example (OpenSMTPD) with ESMTP id 1a for <t@example>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"imail", "from a.example [192.0.2.1] by mx.example (SMTPD32-7.07) id A1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mx logic", "from unknown [192.0.2.1] (EHLO a.example) by mx.example (mxl_mta-8.5.0) with ESMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"momentum", "from [192.0.2.1] ([192.0.2.1:25] helo=a.example) by mx.example (envelope-from <>) (ecelerity 3.6.5) with ESMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"powermta", "from a.example (192.0.2.1) by mx.example (PowerMTA v5.0) id h1 for <t@example>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"rockliffe", "from a.example (unverified [192.0.2.1]) by mx.example (Rockliffe SMTPRA 6.1) with ESMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"kerio", "from a.example ([192.0.2.1]) by mx.example (Kerio Connect 9.2) with ESMTPS for t@example", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"lsmtp", "from a.example (192.0.2.1) by mx.example (LSMTP for Windows NT v1.1b) with SMTP id <0.1@mx>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"coremail", "from a.example (unknown [192.0.2.1]) by mx1 (Coremail) with SMTP id 2", RECEIVED_ADDRESS, "192.0.2.1", "mx1"},
	{"gmail, TLS", "from a.example (a.example. [2001:db8::25]) by mx.google.com with ESMTPS id d2e1a72fcca58-1 for <t@example> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Fri", RECEIVED_ADDRESS, "2001:db8::25", "mx.google.com"},
	{"exchange 365", "from a.example (192.0.2.1) by AM7EUR03FT002.mail.protection.outlook.com (10.152.16.89) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.6933.18 via Frontend Transport", RECEIVED_ADDRESS, "192.0.2.1", "am7eur03ft002.mail.protection.outlook.com"},
	{"icloud", "from a.example (rdns.example [192.0.2.1]) by p00-icloudmta-smtpin-us-central-1k-100-percent-3 (Postfix) with ESMTPS id 1A2", RECEIVED_ADDRESS, "192.0.2.1", "p00-icloudmta-smtpin-us-central-1k-100-percent-3"},
	{"yandex", "from a.example (rdns.example [192.0.2.1]) by mxfront1o.mail.yandex.net (mxfront/Yandex) with ESMTPS id AbCdEf-1; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mxfront1o.mail.yandex.net"},
	{"yandex, IPv6", "from a.example (a.example [2001:db8::25]) by mxback1.mail.yandex.net (mxback/Yandex) with ESMTP id 1", RECEIVED_ADDRESS, "2001:db8::25", "mxback1.mail.yandex.net"},
	{"mail.ru", "from [192.0.2.1] (port=58540 helo=a.example) by mx1.mail.ru with esmtp (envelope-from <>) id 1fKabc-0001", RECEIVED_ADDRESS, "192.0.2.1", "mx1.mail.ru"},
	{"qq", "from a.example (unknown [192.0.2.1]) by newxmmxszc6-1.qq.com (NewMX) with SMTP id ABCD; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "newxmmxszc6-1.qq.com"},
	{"gmx", "from a.example ([192.0.2.1]) by mx-ha.gmx.net (mxgmx014 [198.51.100.9]) with ESMTPS (Nemesis) id 1M", RECEIVED_ADDRESS, "192.0.2.1", "mx-ha.gmx.net"},
	{"docomo", "from a.example (rdns.example [192.0.2.1]) by mfsmax.docomo.ne.jp (DOCOMO Mail Server Ver2.0) with SMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "mfsmax.docomo.ne.jp"},
	{"barracuda", "from a.example (rdns.example [192.0.2.1]) by spam.example (Spam Firewall) with SMTP id A232AD03DE3A", RECEIVED_ADDRESS, "192.0.2.1", "spam.example"},
	{"mimecast", "from a.example (rdns.example [192.0.2.1]) by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384) id us-mta-1-1", RECEIVED_ADDRESS, "192.0.2.1", "relay.mimecast.com"},
	{"proofpoint", "from a.example (rdns.example [192.0.2.1]) by mx0a-00000000.pphosted.com (PPS) with ESMTPS id 3a", RECEIVED_ADDRESS, "192.0.2.1", "mx0a-00000000.pphosted.com"},
	{"messagelabs", "from a.example (HELO b.example) (192.0.2.1) by server-9.tower-1.messagelabs.com with ECDHE-RSA-AES256-GCM-SHA384 encrypted SMTP; 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "server-9.tower-1.messagelabs.com"},
	{"ironport", "from a.example (HELO b.example) ([192.0.2.1]) by esa1.example with ESMTP/TLS/AES128-SHA; 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "esa1.example"},
	{"sendgrid", "from a.example (unknown [192.0.2.1]) by ismtpd0001p1iad1.sendgrid.net (SG) with ESMTP id 1", RECEIVED_ADDRESS, "192.0.2.1", "ismtpd0001p1iad1.sendgrid.net"},
	{"ses", "from a.example (rdns.example [192.0.2.1]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id 1 for t@example", RECEIVED_ADDRESS, "192.0.2.1", "inbound-smtp.us-east-1.amazonaws.com"},
	{"halon", "from a.example (unknown [192.0.2.1]) by us1.inumbo.example (Halon) with ESMTPS id d81f-1", RECEIVED_ADDRESS, "192.0.2.1", "us1.inumbo.example"},
	{"haraka 2.1", "from a.example (rdns.example [192.0.2.1 ]) by mx.example (Haraka/2.1.4) with ESMTPS id 7B.1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"hmailserver", "from a.example (rdns.example [192.0.2.1]) by mx.example with ESMTPS (version=TLSv1.2 cipher=ECDHE) ; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"hmailserver 4", "from a.example ([192.0.2.1]) by mx.example with hMailServer ; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mailenable", "from a.example ([192.0.2.1]) by mx.example with MailEnable ESMTP; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"smartermail", "from UnknownHost [192.0.2.1] by mx.example with SMTP; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"icewarp", "from a.example ([192.0.2.1]) by mx.example (IceWarp 12.0.2.1 x64) with ESMTP id 201", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"axigen", "from [192.0.2.1] (HELO a.example) by mx.example (Axigen) with ESMTPS id 0", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"xmail", "from a.example ([192.0.2.1]:1234) by mx.example with [XMail 1.27 ESMTP Server] id <S1>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mercury", "from a.example (192.0.2.1) by mx.example (Mercury/32 v4.72) with ESMTP ID MG1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"oracle", "from a.example ([192.0.2.1]) by mx.example (Oracle Communications Messaging Server 7.0.5) with ESMTP id <0N0>", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"james", "from 192.0.2.1 (EHLO a.example) ([192.0.2.1]) by mx.example (JAMES SMTP Server ) with ESMTP ID 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"zmailer", "from a.example ([192.0.2.1]:4883 \"EHLO a.example\" rhost-flags-OK-OK-OK-OK) by mx.example with ESMTP id S1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"zmailer, HELO claims", "from a.example ([192.0.2.1]:4883 \"EHLO [198.51.100.9]\" rhost-flags-OK) by mx.example with ESMTP id S1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"stalwart", "from a.example (rdns.example [192.0.2.1]) (using TLSv1.3 with cipher TLS13_AES_256_GCM_SHA384) by mx.example (Stalwart SMTP) with ESMTPS id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mox", "from a.example (rdns.example [192.0.2.1]) by mx.example ([198.51.100.2]) via tcp with ESMTPS id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"maddy", "from a.example (rdns.example. [192.0.2.1]) by mx.example (envelope-sender <>) with ESMTPS id 1", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"zoho", "from a.example (rdns.example [192.0.2.1]) by mx.zohomail.com with SMTPS id 1741; Tue, 4 Mar 2025", RECEIVED_ADDRESS, "192.0.2.1", "mx.zohomail.com"},
	{"fortimail", "from a.example ([192.0.2.1]) by fm.example with ESMTP id 1-1 (version=TLSv1.2)", RECEIVED_ADDRESS, "192.0.2.1", "fm.example"},
	{"groupwise", "from INET-MTA by gw.example with Novell_GroupWise; Tue, 4 Mar 2025", RECEIVED_NO_ADDRESS, "", "gw.example"},
	{"mailenable, inner step", "from ([192.0.2.1]) for <t@example> with MailEnable Catch-All Filter; Tue", RECEIVED_NO_ADDRESS, "", ""},
	{"exchange, transport inside", "from a.example (2001:db8::1) by b.example with mapi id 15.1 via Mailbox Transport", RECEIVED_NOT_SMTP, "", "b.example"},
	{"proofpoint, filter", "from pps.filterd by mx0a.example (8.17.1.24/8.17.1.24) with ESMTP id 1", RECEIVED_NO_ADDRESS, "", "mx0a.example"},
	{"literal of blanks", "from a (a [ ]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"zmailer, two", "from a ([192.0.2.1]:1 [198.51.100.9]) by mx.example", RECEIVED_AMBIGUOUS, "", "mx.example"},
	{"dovecot", "from mx.example by mx.example (Dovecot) with LMTP id T2", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"cyrus", "from a ([unix socket]) by mx.example (Cyrus v2.2.12) with LMTPA; Sun, 23 Dec 2007 15:04:04 -0800", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"postfix, local", "by mx.example (Postfix, from userid 1000) id 1A; Tue, 4 Mar 2025 08:10:00 +0000", RECEIVED_NO_FROM, "", "mx.example"},
	{"HELO ends the clause", "from a([198.51.100.9])by (unknown [192.0.2.1]) by mx.example with ESMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"HELO with a comment", "from a(198.51.100.9) (b.example [192.0.2.1]) by mx.example with ESMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"HELO with a comment alone", "from a(198.51.100.9) by mx.example with SMTP", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"HELO opens a comment", "from a( (b.example [192.0.2.1]) by mx.example with ESMTP", RECEIVED_DOUBTFUL, "", ""},
	{"comments glued to each other", "from unknown (HELO a)([192.0.2.1]) by mx.example with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"mdaemon, raw", "from a.example [192.0.2.1] by a.example [192.0.2.1] with RAW (MDaemon.v3.5.2.R)", RECEIVED_NOT_SMTP, "", "a.example"},
	{"webmail", "from [192.0.2.1] by web1.mail.example via HTTP; Tue, 4 Mar 2025", RECEIVED_NOT_SMTP, "", "web1.mail.example"},
	{"fetchmail", "from pop.example [192.0.2.1] by home.example with POP3 (fetchmail-6.3.6)", RECEIVED_NOT_SMTP, "", "home.example"},
	{"v4-mapped", "from a (a [IPv6:::ffff:192.0.2.1]) by mx.example", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"upper case", "FROM a (a [192.0.2.1]) BY MX.EXAMPLE. WITH SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"the same address twice", "from a ([192.0.2.1]) [192.0.2.1] by mx.example", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"address of the receiver only", "from a by mx.example ([192.0.2.1]) with SMTP", RECEIVED_NO_ADDRESS, "", "mx.example"},

	/* refusals */
	{"HELO alone", "from [192.0.2.1] by mx.example with SMTP id 1", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"HELO alone, no brackets", "from 192.0.2.1 by mx.example with SMTP id 1", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"HELO in a comment alone", "from unknown (HELO 192.0.2.1) by mx.example with SMTP", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"HELO with brackets in a comment", "from unknown (HELO [192.0.2.1]) by mx.example with SMTP", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"leading zero", "from a (a [010.0.0.1]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"three octets", "from a (a [1.2.3]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"five octets", "from a (a [1.2.3.4.5]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"octet above 255", "from a (a [192.0.2.256]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"bare, malformed", "from a (192.0.02.1) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"zone id", "from a (a [fe80::1%eth0]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"tag with IPv4", "from a (a [IPv6:192.0.2.1]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"prefix", "from a (a [192.0.2.0/24]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"good and bad", "from a (a [192.0.2.1]) (192.0.02.1) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"HELO: address and by", "from a [198.51.100.9] by mx.example (unknown [192.0.2.1]) by mx.example (Postfix) with ESMTP id 1A; Tue, 4 Mar 2025 08:10:00 +0000", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: by", "from a by mx.example (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: by and an end", "from a [198.51.100.9] by mx.example; (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: by and a comment", "from a [198.51.100.9] by mx.example ( (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: many words", "from a [198.51.100.9] x x x x x x x x x x x x x x x x x x x x x x (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: by and many words", "from a [198.51.100.9] by mx.example x x x x x x x x x x x x x x x x x x x x (unknown [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"a host that is called helo", "from a (helo [192.0.2.1] (may be forged)) by mx.example (8.17.1/8.17.1)", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"a host that is called account", "from a (account [192.0.2.1]) by mx.example (8.17.1/8.17.1)", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"a comment of many words", "from a (IDENT:x x x x x x x x x x x x x x x x x x x x x x x x@b [192.0.2.1]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"two addresses", "from a (b [192.0.2.1]) (c [198.51.100.1]) by mx.example", RECEIVED_AMBIGUOUS, "", "mx.example"},
	{"two in a comment", "from a ([198.51.100.1] x [192.0.2.1]) by mx.example", RECEIVED_AMBIGUOUS, "", "mx.example"},
	{"glued to a word", "from a (x[192.0.2.1]) by mx.example", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"masked", "from a (unknown [#.#.#.#]) by mx.example", RECEIVED_MALFORMED, "", "mx.example"},
	{"no bracket's end", "from a (a [192.0.2.1", RECEIVED_DOUBTFUL, "", ""},
	{"hidden in a nested comment", "from a (b (c [192.0.2.1])) by mx.example", RECEIVED_NO_ADDRESS, "", "mx.example"},
	{"after the date", "from a; Tue, 4 Mar 2025 (a [192.0.2.1]) by mx.example", RECEIVED_DOUBTFUL, "", ""},
	{"HELO opens a literal", "from [ (b.example [192.0.2.1]) by mx.example (Postfix)", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: address, and opens a literal", "from [198.51.100.9],[198.51.100.9],[ (b.example [192.0.2.1]) by mx.example (Postfix)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"HELO: addresses and commas", "from [198.51.100.9],[198.51.100.9],x (b.example [192.0.2.1]) by mx.example (Postfix)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"HELO: blanks, and opens a literal", "from x ([198.51.100.9]) [ (b.example [192.0.2.1]) by mx.example with SMTP", RECEIVED_DOUBTFUL, "", ""},
	{"HELO and RCPT enclose the rest", "from x ([198.51.100.9]) by mx.example (HELO (unknown [192.0.2.1]) by mx.example with SMTP for <\"a) b\"@trap.example>", RECEIVED_DOUBTFUL, "", ""},
	{"HELO and RCPT enclose the by", "from x ([198.51.100.9]) (HELO (unknown [192.0.2.1]) by mx.example with SMTP for <\"a) by mx.example \"@trap.example>", RECEIVED_DOUBTFUL, "", ""},
	{"HELO: address and an end", "from x ([198.51.100.9]); (unknown [192.0.2.1]) by mx.example with SMTP", RECEIVED_DOUBTFUL, "", ""},
	{"a name that opens a literal", "from x ([198.51.100.9] [ [192.0.2.1]) by mx.example with SMTP", RECEIVED_MALFORMED, "", "mx.example"},
	{"an ident that opens a literal", "from x (IDENT:[198.51.100.9] [@b.example [192.0.2.1]) by mx.example (8.9.3/8.9.3)", RECEIVED_MALFORMED, "", "mx.example"},
	{"HELO: a literal, of a host that is called helo", "from [198.51.100.9] (helo [192.0.2.1] (may be forged)) by mx.example (8.17.1/8.17.1)", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"HELO: a literal, of a host that is called account", "from [198.51.100.9] (account [192.0.2.1]) by mx.example (8.17.1/8.17.1)", RECEIVED_DOUBTFUL, "", "mx.example"},
	{"exim, HELO claims, no name", "from [192.0.2.1] (helo=[198.51.100.9]) by mx.example with esmtp (Exim 4.96)", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"HELO: a literal, and no peer is known", "from [198.51.100.9] (unknown [unknown]) by mx.example with esmtp (Exim 4.96)", RECEIVED_MALFORMED, "", "mx.example"},
	{"no peer is known", "from x (unknown [unknown]) by mx.example (Postfix)", RECEIVED_MALFORMED, "", "mx.example"},
	{"by in a comment", "from a (a [192.0.2.1]) by mx.example (scanned by x (1.0)) with SMTP", RECEIVED_ADDRESS, "192.0.2.1", "mx.example"},
	{"more words than are read", "from a a a a a a a a a a a a a a a a a a a a a a a a a a (b [192.0.2.1]) by mx.example", RECEIVED_DOUBTFUL, "", ""},
	{"empty", "", RECEIVED_NO_FROM, "", ""},
	{"from alone", "from", RECEIVED_NO_ADDRESS, "", ""},
	{"from by", "from by", RECEIVED_NO_ADDRESS, "", ""},
	{"by alone", "by", RECEIVED_NO_FROM, "", ""},
	{"open comment", "from a (((((((((((((((((((((((", RECEIVED_DOUBTFUL, "", ""},
	{"backslash at the end", "from a (b\\", RECEIVED_DOUBTFUL, "", ""},
};
/* clang-format on */

static void
test_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct received received;
		char text[BS_ADDR_TEXT_MAX] = "";

		received_parse(lines[i].value, &received);
		if (received.peer == RECEIVED_ADDRESS)
			bs_addr_format(&received.addr, text);
		if (received.peer != lines[i].peer ||
		    strcmp(text, lines[i].addr) != 0 ||
		    strcmp(received.by, lines[i].by) != 0)
			fail_msg("%s: peer %d, address %s, by %s",
			    lines[i].name, (int)received.peer, text,
			    received.by);
	}
}

#define HOPS_MAX 4
#define OUTSIDE "from a (a [203.0.113.7]) by mx.trap.example (Postfix)"
#define FILTER "from localhost (localhost [127.0.0.1]) by mx.trap.example (x)"
#define RELAY "from b (b [10.0.0.7]) by store.trap.example (Postfix)"
#define LMTP "from mx.trap.example by mx.trap.example (Dovecot) with LMTP id 1"
#define FOREIGN "from c (c [198.51.100.3]) by mx.other.example (Postfix)"

struct walk_row {
	const char *name;
	const char *hops[HOPS_MAX];
	const char *relays[2];
	const char *by[2];
	const char *source; /* "" for none */
	const char *reason; /* contains */
	size_t ours;
	size_t trusted; /* mailbox.hops */
};

/* clang-format off */
static const struct walk_row walks[] = {
	{"no line", {NULL}, {NULL}, {NULL}, "", "no Received", 0, 0},
	{"no settings", {OUTSIDE}, {NULL}, {NULL}, "203.0.113.7", "topmost Received: peer 203.0.113.7", 0, 0},
	{"documentation space is said", {OUTSIDE}, {NULL}, {NULL}, "203.0.113.7", "documentation", 0, 0},
	{"only the topmost counts", {RELAY, OUTSIDE}, {NULL}, {NULL}, "", "peer 10.0.0.7 is", 0, 0},
	{"one relay", {RELAY, OUTSIDE}, {"10.0.0.0/8"}, {NULL}, "203.0.113.7", "Received line 2", 1, 0},
	{"two relays", {RELAY, FILTER, OUTSIDE}, {"10.0.0.0/8", "127.0.0.0/8"}, {NULL}, "203.0.113.7", "Received line 3", 2, 0},
	{"all relays", {RELAY, FILTER}, {"10.0.0.0/8", "127.0.0.0/8"}, {NULL}, "", "all Received lines", 2, 0},
	{"public relay", {FOREIGN, OUTSIDE}, {"198.51.100.3/32"}, {NULL}, "203.0.113.7", "line 2", 1, 0},
	{"by is ours", {OUTSIDE}, {NULL}, {"mx.trap.example"}, "203.0.113.7", "topmost", 1, 0},
	{"by in any case", {"from a (a [203.0.113.7]) by MX.Trap.Example"}, {NULL}, {"mx.trap.example"}, "203.0.113.7", "topmost", 1, 0},
	{"by is not ours", {FOREIGN, OUTSIDE}, {NULL}, {"mx.trap.example"}, "", "mailbox.by", 0, 0},
	{"no by at all", {"from a (a [203.0.113.7])"}, {NULL}, {"mx.trap.example"}, "", "mailbox.by", 0, 0},
	{"delivery step of ours", {LMTP, OUTSIDE, FOREIGN}, {NULL}, {"mx.trap.example"}, "203.0.113.7", "line 2", 2, 0},
	{"delivery step, unset", {LMTP, OUTSIDE}, {NULL}, {NULL}, "", "names no peer", 0, 0},
	{"relay and by", {RELAY, OUTSIDE, FOREIGN}, {"10.0.0.0/8"}, {"store.trap.example", "mx.trap.example"}, "203.0.113.7", "line 2", 2, 0},
	{"private", {FILTER}, {NULL}, {NULL}, "", "127.0.0.1", 0, 0},
	{"6to4", {"from a (a [2002:c000:201::1]) by b"}, {NULL}, {NULL}, "", "2002:c000:201::1 is", 0, 0},
	{"Teredo", {"from a (a [2001::1]) by b"}, {NULL}, {NULL}, "", "2001::1 is", 0, 0},
	{"link-local", {"from a (a [fe80::1]) by b"}, {NULL}, {NULL}, "", "fe80::1 is", 0, 0},
	{"class E", {"from a (a [240.0.0.1]) by b"}, {NULL}, {NULL}, "", "240.0.0.1 is", 0, 0},
	{"public", {"from a (a [8.8.8.8]) by b"}, {NULL}, {NULL}, "8.8.8.8", "peer 8.8.8.8", 0, 0},
	{"malformed", {"from a (a [08.8.8.8]) by b"}, {NULL}, {NULL}, "", "malformed", 0, 0},
	{"malformed, none behind it", {"from a (a [08.8.8.8]) by b", OUTSIDE}, {"10.0.0.0/8"}, {NULL}, "", "malformed", 0, 0},
	{"one hop of ours", {FOREIGN, OUTSIDE}, {NULL}, {NULL}, "198.51.100.3", "topmost", 1, 1},
	{"two hops of ours", {FOREIGN, OUTSIDE}, {NULL}, {NULL}, "203.0.113.7", "line 2", 2, 2},
	{"hops that name no peer", {LMTP, "by x with SMTP", OUTSIDE, FOREIGN}, {NULL}, {NULL}, "203.0.113.7", "line 3", 3, 3},
	{"the last hop names none", {LMTP, "from a by x", OUTSIDE}, {NULL}, {NULL}, "", "names no peer", 2, 2},
	{"more hops than lines", {OUTSIDE}, {NULL}, {NULL}, "", "fewer Received lines", 0, 2},
	{"hops, then a relay", {LMTP, RELAY, OUTSIDE}, {"10.0.0.0/8"}, {NULL}, "203.0.113.7", "line 3", 2, 2},
	{"hops and by", {LMTP, OUTSIDE, FOREIGN}, {NULL}, {"mx.trap.example"}, "203.0.113.7", "line 2", 2, 2},
	{"hops, and by is not ours", {FOREIGN, OUTSIDE}, {NULL}, {"mx.trap.example"}, "", "mailbox.by", 2, 2},
	{"HELO hides the peer", {"from [ (x [198.51.100.3]) by mx.trap.example (Postfix)", OUTSIDE}, {NULL}, {"mx.trap.example"}, "", "from the client's HELO", 0, 0},
	{"the peer is not known", {"from x (unknown [unknown]) by mx.trap.example (Postfix)", OUTSIDE}, {NULL}, {"mx.trap.example"}, "", "malformed", 2, 0},
	{"an address is never written", {"from a by mx.trap.example with SMTP", OUTSIDE}, {NULL}, {"mx.trap.example"}, "", "names no peer", 2, 0},
	{"sendmail's filter", {"from pps.filterd by mx.trap.example (8.17.1/8.17.1) with ESMTP id 1", OUTSIDE}, {NULL}, {"mx.trap.example"}, "203.0.113.7", "line 2", 2, 0},
	{"HELO says relay", {"from [10.0.0.7] (x [203.0.113.9]) by b", OUTSIDE}, {"10.0.0.0/8"}, {NULL}, "203.0.113.9", "topmost", 0, 0},
};
/* clang-format on */

static size_t
fill_config(const struct walk_row *row, struct bs_config *config,
    struct bs_prefix relays[2], char *by[2])
{
	size_t hops = 0;

	memset(config, 0, sizeof *config);
	config->relays = relays;
	config->mailbox_by = by;
	for (size_t i = 0; i < 2; i++) {
		if (row->relays[i] != NULL)
			assert_int_equal(bs_prefix_parse(row->relays[i],
					     strlen(row->relays[i]),
					     &relays[config->relay_count++]),
			    BS_OK);
		if (row->by[i] != NULL)
			by[config->mailbox_by_count++] =
			    (char *)(uintptr_t)row->by[i];
	}
	while (hops < HOPS_MAX && row->hops[hops] != NULL)
		hops++;
	return hops;
}

/* Of what is longer the end may be missing. */
static void
test_size(void **state)
{
	char value[RECEIVED_VALUE_MAX + 2];
	struct received received;

	(void)state;
	memset(value, 'x', sizeof value);
	memcpy(value, "from a (a [192.0.2.1]) by mx.example id ", 40);
	value[RECEIVED_VALUE_MAX] = '\0';
	received_parse(value, &received);
	assert_int_equal(received.peer, RECEIVED_ADDRESS);
	value[RECEIVED_VALUE_MAX] = 'x';
	value[RECEIVED_VALUE_MAX + 1] = '\0';
	received_parse(value, &received);
	assert_int_equal(received.peer, RECEIVED_DOUBTFUL);
}

static void
test_walk(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
		const struct walk_row *row = &walks[i];
		struct bs_prefix relays[2];
		struct bs_config config;
		struct source_trust trust;
		struct source source;
		char *by[2], text[BS_ADDR_TEXT_MAX] = "";
		size_t hops = fill_config(row, &config, relays, by);

		config.mailbox_hops = (uint32_t)row->trusted;
		trust = source_trust_of(&config);
		source_find(
		    &trust, (char *const *)(uintptr_t)row->hops, hops, &source);
		if (source.has_source)
			bs_addr_format(&source.source, text);
		if (strcmp(text, row->source) != 0 ||
		    source.ours != row->ours ||
		    strstr(source.reason, row->reason) == NULL)
			fail_msg("%s: source %s, ours %zu, %s", row->name, text,
			    source.ours, source.reason);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
