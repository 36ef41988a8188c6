# Content filters that tell the sender: run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

# A message whose attachment each scanner takes for a virus.
# shellcheck disable=SC2016 # so it is written
eicar() {
	printf 'From: Trap <%s>\nTo: ada@%s\nSubject: offer\n' "$trap_address" "$host"
	printf 'Message-ID: <%s@trap.example>\nMIME-Version: 1.0\n' "$RANDOM.1"
	printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\n'
	printf 'Content-Type: application/octet-stream; name=%s\n' a.com
	printf 'Content-Disposition: attachment; filename=%s\n' a.com
	printf 'Content-Transfer-Encoding: base64\n\n'
	printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$%s%s' \
	    'EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE!$H+H*' | base64
	printf '\n--b--\n'
}

# start_clamd [USER]: a daemon whose database holds the test string's sum only;
# its process goes to the array daemons
start_clamd() {
	user clamav 914
	mkdir -p /run/clamav /var/lib/clamav /var/log/clamav
	echo 44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature \
	    >/var/lib/clamav/made.hdb
	cat >/etc/clamd.conf <<-EOF
		LocalSocket /run/clamav/clamd
		DatabaseDirectory /var/lib/clamav
		User ${1:-clamav}
		Foreground yes
	EOF
	chown -R "${1:-clamav}" /run/clamav /var/lib/clamav /var/log/clamav
	clamd -c /etc/clamd.conf >/var/log/clamd.log 2>&1 &
	daemons=($!)
	local i
	for ((i = 0; i < 100; i++)); do
		[ ! -S /run/clamav/clamd ] || break
		sleep 0.2
	done
}

# It has no notices of its own any more: what it refuses comes back from the
# mail server.
packages[clamav]="+clamav-milter clamav-daemon"
run_clamav() {
	local daemons
	start_clamd
	cat >/etc/clamav-milter.conf <<-EOF
		MilterSocket inet:7357@127.0.0.1
		ClamdSocket unix:/run/clamav/clamd
		User clamav
		Foreground yes
		OnInfected Reject
		RejectMsg Infected: %v
		LogFile /var/log/clamav/milter
	EOF
	clamav-milter -c /etc/clamav-milter.conf >/var/log/cm.log 2>&1 &
	daemons+=($!)
	sleep 2
	start_postfix <<-EOF
		non_smtpd_milters = inet:127.0.0.1:7357
	EOF
	eicar | sendmail -f "$trap_address" "ada@$host"
	taken clamav-refused
	kill "${daemons[@]}"
}

packages[amavis]="amavisd-new libnet-server-perl libmail-dkim-perl libarchive-zip-perl libberkeleydb-perl libconvert-binhex-perl libconvert-tnef-perl libconvert-uulib-perl libmime-tools-perl libmailtools-perl libnet-libidn-perl libunix-syslog-perl libio-stringy-perl libnet-dns-perl libnet-ip-perl libcrypt-openssl-rsa-perl libcrypt-openssl-bignum-perl libcrypt-openssl-random-perl libmail-authenticationresults-perl libjson-perl libtimedate-perl libio-socket-inet6-perl libsocket6-perl libcompress-raw-zlib-perl libnet-smtp-ssl-perl libio-multiplex-perl libidn12 libio-socket-ssl-perl libnet-ssleay-perl pax lhasa +clamav-daemon +spamassassin"
run_amavis() {
	local daemons
	stub_sendmail
	user amavis 910 /var/lib/amavis
	start_clamd amavis
	mkdir -p /var/lib/amavis/{tmp,db,virusmails} /run/amavis
	echo "$host" >/etc/mailname
	chown -R amavis:amavis /var/lib/amavis /run/amavis
	cat >/etc/amavis/conf.d/99-made <<-EOF
		use strict;
		\$myhostname = "$host";
		\$mydomain = "sender.example";
		@local_domains_acl = ( "." );
		\$inet_socket_bind = "192.0.2.25";
		\$inet_socket_port = 10024;
		@inet_acl = qw( 192.0.2.25 127.0.0.1 );
		\$forward_method = "smtp:[192.0.2.1]:25";
		\$notify_method = "smtp:[192.0.2.1]:25";
		\$final_banned_destiny = D_BOUNCE;
		\$final_virus_destiny = D_BOUNCE;
		\$final_spam_destiny = D_BOUNCE;
		\$final_bad_header_destiny = D_BOUNCE;
		\$warnvirussender = 1;
		@viruses_that_fake_sender_maps = ();
		\$sa_local_tests_only = 1;
		\$sa_dsn_cutoff_level = 9999;
		\$do_syslog = 0;
		\$LOGFILE = "/var/lib/amavis/made.log";
		@bypass_virus_checks_maps = (0);
		@bypass_spam_checks_maps = (0);
		@av_scanners = (["clamd", \&ask_daemon, ["CONTSCAN {}\n",
		    "/run/clamav/clamd"], qr/\bOK\$/m, qr/\bFOUND\$/m,
		    qr/^.*?: (?!Infected Archive)(.*) FOUND\$/m]);
		@av_scanners_backup = ();
		1;
	EOF
	amavisd -u amavis -g amavis start >/var/log/amavis.log 2>&1 ||
	    amavisd-new -u amavis -g amavis start >>/var/log/amavis.log 2>&1
	local i
	for ((i = 0; i < 60; i++)); do
		(exec 3<>/dev/tcp/192.0.2.25/10024) 2>/dev/null && break
		sleep 0.5
	done
	# filtered CASE: a message on standard input through amavis
	filtered() {
		perl -e '
			use IO::Socket::INET;
			my $s = IO::Socket::INET->new("192.0.2.25:10024") or exit 1;
			sub x { print $s "$_[0]\r\n"; $_ = <$s>; $_ = <$s> while /^\d\d\d-/; }
			<$s>; x("EHLO mail.sender.example"); x("MAIL FROM:<t\@trap.example>");
			x("RCPT TO:<ada\@sender.example>"); x("DATA");
			while (<STDIN>) { s/\r?\n$//; print $s "$_\r\n"; }
			x("."); x("QUIT");'
		taken "amavis-$1"
	}
	printf 'From: %s\nSubject: offer\nMIME-Version: 1.0\nContent-Type: application/octet-stream; name=a.exe\n\nMZ\n' \
	    "$trap_address" | filtered banned
	eicar | filtered virus
	{ message "offer" "ada@sender.example"
	    echo 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
	} | filtered spam
	{ printf 'X-Bad: \351t\351\n'; message "offer" "ada@sender.example"; } |
	    filtered bad-header
	kill "${daemons[@]}"
}

packages[mimedefang]="+mimedefang +libnet-dns-perl"
# Its filter as its multiplexor runs it, with a message handed over by hand.
run_mimedefang() {
	user defang 915
	local spool=/var/spool/MIMEDefang
	mkdir -p $spool/d
	cat >/etc/mail/filter <<-EOF
		\$AdminAddress = "postmaster\@$host";
		\$DaemonAddress = "mimedefang\@$host";
		sub filter_begin { }
		sub filter {
			my(\$entity, \$fname, \$ext, \$type) = @_;
			return action_accept() if (\$ext ne ".com");
			action_notify_sender("The attachment \$fname was removed from your mail.\n");
			return action_drop_with_warning("An attachment named \$fname was removed.\n");
		}
		sub filter_end { }
		1;
	EOF
	start_postfix </dev/null
	eicar >$spool/d/INPUTMSG
	: >$spool/d/HEADERS
	printf '%s\n' "S<$trap_address>" "R<ada@$host> esmtp $host ada" Uoffer \
	    QABC I127.0.0.1 Hlocalhost F >$spool/d/COMMANDS
	chown -R defang:defang $spool
	echo "scan ABC $spool/d" | setpriv --reuid 915 --regid 915 --clear-groups \
	    mimedefang.pl -f /etc/mail/filter -server
	taken mimedefang-notice
	postfix stop >/dev/null 2>&1
}
