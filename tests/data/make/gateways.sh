# Programs between mail and something else (news, UUCP, a mailbox elsewhere,
# encrypted lists), and young mail servers: run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

# named_exchanger: all names of the DNS lead to the exchanger; sets names
named_exchanger() {
	echo "nameserver 192.0.2.1" >/etc/resolv.conf
	python3 /made/names.py 192.0.2.1 &
	names=$!
}

packages[chasquid]="chasquid"
run_chasquid() {
	local names daemon address
	named_exchanger
	mkdir -p /etc/chasquid/{domains/$host,certs/$host} /var/lib/chasquid
	openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj "/CN=$host" \
	    -keyout /etc/chasquid/certs/$host/privkey.pem \
	    -out /etc/chasquid/certs/$host/fullchain.pem 2>/dev/null
	printf '%s\n' "away: reject@other.example" "full: full@other.example" \
	    "both: reject@other.example, full@other.example" \
	    >/etc/chasquid/domains/$host/aliases
	cat >/etc/chasquid/chasquid.conf <<-EOF
		hostname: "$host"
		smtp_address: "192.0.2.25:25"
		mail_delivery_agent_bin: "/bin/false"
		mail_log_path: "/var/log/chasquid.log"
	EOF
	chasquid-util --configdir=/etc/chasquid user-add "ada@$host" \
	    --password=made >/dev/null
	chasquid --config_dir=/etc/chasquid >/var/log/chasquid.out 2>&1 &
	daemon=$!
	until (exec 3<>/dev/tcp/192.0.2.25/25) 2>/dev/null; do sleep 0.2; done
	for address in ada away full both; do
		message "offer" "$address@$host" >/tmp/message
		/made/submit.pl 192.0.2.25 "$trap_address" "$address@$host" \
		    </tmp/message
		taken "chasquid-$address" 30
	done
	kill $daemon $names
}

packages[fetchmail]="fetchmail"
# It bounces what the mail server behind it refuses.
run_fetchmail() {
	local recipient daemon
	# it hands its bounces to "localhost"
	printf '192.0.2.1 localhost mx.trap.example\n192.0.2.25 %s\n' "$host" >/etc/hosts
	user fetchmail 920 /var/lib/made
	mkdir -p /var/lib/made && chown fetchmail /var/lib/made
	for recipient in reject full; do
		message "offer" "$recipient@$host" >/tmp/message
		sed -i "1i Return-Path: <$trap_address>" /tmp/message
		python3 /made/pop3.py 127.0.0.1 /tmp/message &
		daemon=$!
		sleep 1
		cat >/var/lib/made/rc <<-EOF
			set postmaster "postmaster@$host"
			set bouncemail
			poll 127.0.0.1 protocol pop3 user "ada" password "x" is "$recipient" here
			    sslproto '' smtphost "192.0.2.1" smtpaddress "$host" fetchall
		EOF
		chmod 700 /var/lib/made/rc
		chown fetchmail /var/lib/made/rc
		HOME=/var/lib/made setpriv --reuid 920 --regid 920 --clear-groups \
		    fetchmail -f /var/lib/made/rc --pidfile /var/lib/made/pid \
		    >/var/lib/made/log 2>&1
		taken "fetchmail-$recipient" 5
		kill $daemon
	done
}

packages[uucp]="uucp"
# A command that another site asked for and that failed: rmail, and one that is
# not allowed.
run_uucp() {
	stub_sendmail
	user uucp 10 /var/spool/uucp
	mkdir -p /var/spool/uucp /var/log/uucp /etc/uucp
	chown -R uucp:uucp /var/spool/uucp /var/log/uucp
	printf 'nodename mail\nspool /var/spool/uucp\npubdir /var/spool/uucppublic\n' >/etc/uucp/config
	printf 'system other\ncommands rmail rnews\ncommand-path /usr/local/bin\ntime never\n' >/etc/uucp/sys
	printf '#!/bin/sh\necho "$1: no such user here" >&2\nexit 67\n' >/usr/local/bin/rmail
	chmod 755 /usr/local/bin/rmail
	# asked CASE COMMAND: as uucico leaves it in the spool
	asked() {
		local spool=/var/spool/uucp/other
		mkdir -p $spool/{X.,D.X,D.}
		message "offer" "nobody@$host" >$spool/D./D.otherA0001
		printf 'U t other\nR %s\nF D.otherA0001\nI D.otherA0001\nZ\nC %s\n' \
		    "$trap_address" "$2" >$spool/X./X.otherA0001
		chown -R uucp:uucp /var/spool/uucp
		setpriv --reuid 10 --regid 10 --clear-groups /usr/sbin/uuxqt
		taken "uucp-$1" 5
	}
	asked rmail "rmail nobody@$host"
	sed -i 's/rmail rnews/rnews/' /etc/uucp/sys
	asked denied "rmail nobody@$host"
}

packages[quickml]="+quickml ruby-thwait ruby-e2mmap"
# Its mailing lists are made by writing to them.
run_quickml() {
	local daemon address
	user list 38 /var/lib/quickml
	mkdir -p /var/lib/quickml /var/log/quickml /run/quickml
	chown -R list:list /var/lib/quickml /var/log/quickml /run/quickml
	echo "$host" >/etc/mailname
	sed -i "s/:confirm_ml_creation => false/:confirm_ml_creation => true/
	    s/:smtp_host => .*/:smtp_host => '192.0.2.1',/
	    s/:bind_address => .*/:bind_address => '192.0.2.25',/" /etc/quickml/quickmlrc
	# two names that it was written for are gone from its package's Ruby
	ruby -rtimeout -e 'TimeoutError = Timeout::Error; include Timeout
	    load "/usr/sbin/quickml"' >/var/log/quickml/out 2>&1 &
	daemon=$!
	until (exec 3<>/dev/tcp/192.0.2.25/10025) 2>/dev/null; do sleep 0.2; done
	for address in talk ta/lk; do
		message "offer" "$address@$host" |
		    /made/submit.pl 192.0.2.25:10025 "$trap_address" "$address@$host"
		taken "quickml-${address/\//-}" 10
	done
	kill $daemon "$(cat /run/quickml/quickml.pid)" 2>/dev/null
}

packages[schleuder]="+schleuder"
# Lists that take encrypted mail only: by Postfix's pipe, which tells the sender
# what Schleuder says.
run_schleuder() {
	user schleuder 921 /var/lib/schleuder
	mkdir -p /var/lib/schleuder/lists /var/log/schleuder/lists \
	    /usr/local/lib/schleuder/{filters,keyword_handlers}
	sed -i 's/address: localhost/address: 192.0.2.1/' /etc/schleuder/schleuder.yml
	echo "  enable_starttls_auto: false" >/tmp/line
	sed -i '/^  port: 25/r /tmp/line' /etc/schleuder/schleuder.yml
	chown -R schleuder /etc/schleuder /var/lib/schleuder /var/log/schleuder
	as_schleuder() {
		HOME=/var/lib/schleuder LANG=C.UTF-8 setpriv --reuid 921 --regid 921 --clear-groups "$@"
	}
	(cd /usr/lib/ruby/vendor_ruby/schleuder && as_schleuder rake db:init) >/var/log/init 2>&1 ||
	    head -5 /var/log/init
	as_schleuder ruby -e "
		ENV['SCHLEUDER_CONFIG'] = '/etc/schleuder/schleuder.yml'
		require 'schleuder'
		list, messages = Schleuder::ListBuilder.new({email: 'talk@$host'}, 'ada@$host', nil, nil).run
		p messages
		list.update!(receive_encrypted_only: true)" 2>&1 | tail -5
	start_postfix <<-EOF
		mydestination =
		virtual_mailbox_domains = $host
		virtual_mailbox_maps = static:ok
		virtual_transport = schleuder
		schleuder_destination_recipient_limit = 1
	EOF
	# shellcheck disable=SC2016 # Postfix's
	echo 'schleuder unix - n n - - pipe user=schleuder flags=DRhu argv=/usr/bin/env HOME=/var/lib/schleuder LANG=C.UTF-8 schleuder work ${recipient}' >>/etc/postfix/master.cf
	postfix reload >/dev/null 2>&1
	local language
	for language in en de; do
		as_schleuder ruby -e "
			ENV['SCHLEUDER_CONFIG'] = '/etc/schleuder/schleuder.yml'
			require 'schleuder'
			Schleuder::List.first.update!(language: '$language')"
		message "offer" "talk@$host" | sendmail -f "$trap_address" "talk@$host"
		taken "schleuder-plain-$language" 40
		message "key please" "talk-sendkey@$host" |
		    sendmail -f "$trap_address" "talk-sendkey@$host"
		taken "schleuder-key-$language" 40
	done
	message "offer" "walk@$host" | sendmail -f "$trap_address" "walk@$host"
	taken schleuder-no-list 40
	postfix stop >/dev/null 2>&1
}

packages[inn]="+inn2"
# News: a posting that goes to its group's moderator, ordinary mail.
run_inn() {
	stub_sendmail
	user news 9 /var/spool/news
	local bin=/usr/lib/news/bin daemon
	cat >/etc/news/inn.conf <<-EOF
		mta: "/usr/sbin/sendmail -oi -oem %s"
		organization: "Made"
		ovmethod: tradindexed
		hismethod: hisv6
		pathhost: $host
		pathnews: /usr/lib/news
		domain: sender.example
		runasuser: news
		runasgroup: news
		port: 1119
		bindaddress: 127.0.0.1
		pathdb: /var/lib/news
		pathetc: /etc/news
		pathrun: /run/news
		pathlog: /var/log/news
		pathspool: /var/spool/news
		pathtmp: /tmp
	EOF
	echo "method tradspool { newsgroups: * class: 0 }" >/etc/news/storage.conf
	echo 'ME:*::' >/etc/news/newsfeeds
	echo "*:$trap_address" >/etc/news/moderators
	printf 'auth "all" { hosts: "*" default: "<all>" }\naccess "all" { users: "<all>" newsgroups: "*" access: RPA }\n' >/etc/news/readers.conf
	mkdir -p /var/lib/news /var/log/news /run/news /var/spool/news/{articles,overview,incoming/tmp,incoming/bad,outgoing,archive,innfeed}
	printf '%s 0000000000 0000000001 %s\n' control m control.cancel m \
	    junk n made.talk m >/var/lib/news/active
	: >/var/lib/news/newsgroups
	date +%s >/var/lib/news/active.times
	chown -R news:news /etc/news /var/lib/news /var/log/news /run/news /var/spool/news
	as_news() { setpriv --reuid 9 --regid 9 --clear-groups "$@"; }
	as_news $bin/makehistory
	(cd /var/lib/news && as_news $bin/makedbz -i -o)
	as_news $bin/innd -d -f >/var/log/news/out 2>&1 &
	daemon=$!
	sleep 3
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new("127.0.0.1:1119") or die "no news\n";
		for (@ARGV) { <$s>; print $s "$_\r\n"; }
		<$s>;' "MODE READER" POST "From: bob@other.example
Newsgroups: made.talk
Subject: an offer

An article.
." QUIT >/dev/null
	taken service-inn-moderated 10
	kill $daemon
}
