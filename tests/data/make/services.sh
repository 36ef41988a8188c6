# What programs of a system tell those who run it: ordinary mail that nobody may
# be listed for, though it speaks of bounces.  Run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

packages[jobs]="+cron +at +anacron"
run_jobs() {
	stub_sendmail
	user daemon 1 && user crontab 917
	mkdir -p /var/spool/cron/{crontabs,atjobs,atspool} /var/spool/anacron /etc/cron.d
	rm -f /etc/cron.d/* /etc/crontab
	printf 'MAILTO=%s\n* * * * * root echo "mail to bob@other.example could not be delivered"; mailq-not-there\n' \
	    "$trap_address" >/etc/cron.d/made
	cron -f &
	local daemon=$!
	taken service-cron 70
	kill $daemon
	printf 'MAILTO=%s\n1 0 backup echo "rsync: connection unexpectedly closed"; exit 12\n' \
	    "$trap_address" >/etc/anacrontab
	anacron -d -f -n
	taken service-anacron 10
}

packages[logs]="+logwatch +logcheck +logcheck-database"
run_logs() {
	stub_sendmail
	user logcheck 918 /var/lib/logcheck && user adm 4
	mkdir -p /var/log /var/lib/logcheck /run/lock/logcheck /var/cache/logwatch
	local when
	when=$(LC_ALL=C date '+%b %e %H:%M:%S')
	cat >/var/log/mail.log <<-EOF
		$when mail postfix/smtp[100]: AAA1: to=<bob@other.example>, relay=mx.other.example[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.other.example[192.0.2.9] said: 550 5.1.1 <bob@other.example>: Recipient address rejected: User unknown (in reply to RCPT TO command))
		$when mail postfix/bounce[101]: AAA1: sender non-delivery notification: AAA2
		$when mail postfix/smtp[102]: AAA3: to=<eve@other.example>, relay=none, delay=400, delays=0/0/400/0, dsn=4.4.1, status=deferred (connect to mx.other.example[192.0.2.9]:25: Connection timed out)
		$when mail postfix/smtpd[103]: NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 550 5.1.1 <nobody@$host>: Recipient address rejected: User unknown in local recipient table; from=<x@y.example> to=<nobody@$host> proto=ESMTP helo=<y.example>
		$when mail amavis[104]: (00104-01) Blocked INFECTED (Eicar-Test-Signature), <x@y.example> -> <ada@$host>, quarantine: virus-1
	EOF
	cp /var/log/mail.log /var/log/syslog
	cp /var/log/mail.log /var/log/maillog
	logwatch --output mail --mailto "$trap_address" --range today --detail high \
	    --service postfix --service sshd
	taken service-logwatch 10
	chown -R logcheck /var/lib/logcheck /run/lock/logcheck /var/log/syslog
	chmod 644 /var/log/syslog
	printf 'REPORTLEVEL="server"\nSENDMAILTO="%s"\nMAILASATTACH=0\nFQDN=1\n' \
	    "$trap_address" >/etc/logcheck/logcheck.conf
	rm -rf /etc/logcheck/logcheck.logfiles.d
	echo /var/log/syslog >/etc/logcheck/logcheck.logfiles
	setpriv --reuid 918 --regid 4 --clear-groups logcheck
	taken service-logcheck 10
}

packages[monit]="+monit"
run_monit() {
	cat >/etc/monitrc <<-EOF
		set daemon 2
		set log /var/log/monit
		set idfile /var/lib/monit.id
		set statefile /var/lib/monit.state
		set mailserver 192.0.2.1 port 25
		set alert $trap_address
		check file queue with path /var/spool/none
	EOF
	chmod 600 /etc/monitrc
	mkdir -p /var/lib
	monit -I -c /etc/monitrc >/dev/null 2>&1 &
	local daemon=$!
	taken service-monit 20
	kill $daemon
}

packages[patches]="+git-email +libmailtools-perl"
run_patches() {
	stub_sendmail
	mkdir -p /tmp/tree && cd /tmp/tree || return
	git init -q
	git config user.name Ada && git config user.email "ada@$host"
	echo 1 >bounce.c && git add . && git commit -qm first
	echo 'return 550;' >bounce.c
	git commit -qam "bounce: say why a message could not be delivered

The user is unknown: return the message to its sender."
	git send-email --quiet --smtp-server 192.0.2.1 --to "$trap_address" \
	    --confirm never HEAD^
	taken service-git-send-email 10
}

packages[smartd]="+smartmontools"
# The script that smartd runs for each warning.
run_smartd() {
	stub_sendmail
	cat >/usr/bin/mail <<-'EOF'
		#!/bin/sh
		# mail -s SUBJECT ADDRESS
		{ printf 'Subject: %s\nTo: %s\nFrom: root <root@mail.sender.example>\n\n' "$2" "$3"; cat; } | /usr/sbin/sendmail "$3"
	EOF
	chmod 755 /usr/bin/mail
	SMARTD_MAILER=mail SMARTD_ADDRESS=$trap_address SMARTD_DEVICE=/dev/sda \
	SMARTD_DEVICETYPE=sat SMARTD_DEVICESTRING="/dev/sda [SAT]" \
	SMARTD_FAILTYPE=FailedHealthCheck SMARTD_TFIRST="$(date)" SMARTD_PREVCNT=0 \
	SMARTD_MESSAGE="Device: /dev/sda [SAT], FAILED SMART self-check. BACK UP DATA NOW!" \
	SMARTD_FULLMESSAGE="The following warning/error was logged by the smartd daemon" \
	    /usr/share/smartmontools/smartd_warning.sh
	taken service-smartd 10
}

packages[postmaster]=postfix
# What Postfix tells its own postmaster: copies of what it bounced or could not
# bounce, and transcripts of sessions.
run_postmaster() {
	start_postfix <<-EOF
		mydestination = $host
		local_recipient_maps =
		notify_classes = bounce, 2bounce, delay, policy, protocol, resource, software
		bounce_notice_recipient = $trap_address
		2bounce_notice_recipient = $trap_address
		delay_notice_recipient = $trap_address
		error_notice_recipient = $trap_address
		delay_warning_time = 1s
		smtpd_recipient_restrictions = reject
	EOF
	echo "192.0.2.25:25 inet n - n - - smtpd" >>/etc/postfix/master.cf
	postfix reload >/dev/null 2>&1
	message "refused" reject@other.example |
	    sendmail -f ada@other.example reject@other.example
	taken service-postfix-bounce
	message "twice" reject@other.example |
	    sendmail -f reject@other.example reject@other.example
	taken service-postfix-2bounce
	message "delayed" defer@other.example |
	    sendmail -f ada@other.example defer@other.example
	taken service-postfix-delay
	printf 'EHLO x.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nQUIT\r\n' |
	    perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new("192.0.2.25:25") or exit 1;
		while (<STDIN>) { print $s $_; select undef, undef, undef, 0.3; }
		print while <$s>;' >/dev/null
	taken service-postfix-policy
	postfix stop >/dev/null 2>&1
}
