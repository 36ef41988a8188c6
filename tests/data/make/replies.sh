# Programs that answer for a person, and mail servers with an admin's own words:
# run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

packages[cyrus]="+cyrus-imapd"
# Mail comes to Cyrus as it does in life, by LMTP from a Postfix.
run_cyrus() {
	user cyrus 912
	mkdir -p /run/cyrus/{socket,proc,lock} /var/lib/cyrus /var/spool/cyrus/mail \
	    /var/spool/sieve
	cat >/etc/imapd.conf <<-EOF
		configdirectory: /var/lib/cyrus
		proc_path: /run/cyrus/proc
		mboxname_lockpath: /run/cyrus/lock
		defaultpartition: default
		partition-default: /var/spool/cyrus/mail
		sievedir: /var/spool/sieve
		lmtpsocket: /run/cyrus/socket/lmtp
		servername: $host
		autocreate_quota: 0
		autocreate_post: yes
		smtp_backend: host
		smtp_host: 192.0.2.1:25
		lmtp_over_quota_perm_failure: yes
		lmtp_strict_quota: yes
		sieve_use_lmtp_reject: no
	EOF
	cat >/etc/cyrus.conf <<-EOF
		START {
			recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -r"
		}
		SERVICES {
			lmtpunix cmd="/usr/lib/cyrus/bin/lmtpd" listen="/run/cyrus/socket/lmtp" prefork=0
		}
		EVENTS {
			checkpoint cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -c" period=30
		}
	EOF
	chown -R cyrus:mail /run/cyrus /var/lib/cyrus /var/spool/cyrus /var/spool/sieve
	start_postfix <<-EOF
		mydestination =
		virtual_mailbox_domains = $host
		virtual_mailbox_maps = static:ok
		virtual_transport = lmtp:unix:/run/cyrus/socket/lmtp
	EOF
	/usr/lib/cyrus/bin/master >/var/log/cyrus.log 2>&1 &
	local daemon=$!
	sleep 3
	chmod -R a+rwx /run/cyrus/socket
	as_cyrus() { setpriv --reuid 912 --regid 8 --clear-groups "$@"; }
	# answers SCRIPT CASE: what ada's script makes of a message
	answers() {
		local folder
		folder=$(as_cyrus /usr/lib/cyrus/bin/mbpath -u -S ada)
		as_cyrus mkdir -p "$folder"
		printf '%s\n' "$1" >/tmp/script
		as_cyrus /usr/lib/cyrus/bin/sievec /tmp/script "$folder/made.bc"
		as_cyrus ln -sf made.bc "$folder/defaultbc"
		message "offer" "ada@$host" | sendmail -f "$trap_address" "ada@$host"
		taken "cyrus-$2"
	}
	message "hello" "ada@$host" | sendmail -f "bob@$host" "ada@$host"
	sleep 2
	answers 'require "vacation"; vacation :days 1 :addresses ["ada@mail.sender.example"] "I am away until December 5 and read your mail then.";' vacation
	answers 'require "vacation"; vacation :days 2 :addresses ["ada@mail.sender.example"] :subject "Nepritomnost" "Do 5. prosince jsem mimo kancelar.";' vacation-cs
	answers 'require "reject"; reject "I do not take mail from you.";' reject
	# over quota, and refused in the session: it is Postfix that tells the sender
	kill $daemon
	wait $daemon
	echo "sieve_use_lmtp_reject: yes" >>/etc/imapd.conf
	sed -i "s/^autocreate_quota:.*/autocreate_quota: 1/; /lmtp_reject: no/d" /etc/imapd.conf
	/usr/lib/cyrus/bin/master >/var/log/cyrus.log 2>&1 &
	daemon=$!
	sleep 3
	chmod -R a+rwx /run/cyrus/socket
	answers 'require "reject"; reject "I do not take mail from you.";' lmtp-reject
	{ message "quota" "bob@$host"; head -c 5000 /dev/zero | tr "\0" "x" | fold; } >/tmp/big
	sendmail -f "$trap_address" "bob@$host" </tmp/big
	taken cyrus-quota
	kill $daemon
}

packages[gnarwl]="gnarwl +slapd"
run_gnarwl() {
	stub_sendmail
	mkdir -p /var/lib/made /var/lib/gnarwl/block
	cat >/etc/ldap/slapd.conf <<-EOF
		include /etc/ldap/schema/core.schema
		include /etc/ldap/schema/cosine.schema
		include /etc/ldap/schema/inetorgperson.schema
		modulepath /usr/lib/ldap
		moduleload back_mdb
		pidfile /var/lib/made/pid
		database mdb
		suffix "o=made"
		directory /var/lib/made
		access to * by * read
	EOF
	slapadd -f /etc/ldap/slapd.conf <<-EOF
		dn: o=made
		objectClass: organization
		o: made

		dn: cn=Ada,o=made
		objectClass: inetOrgPerson
		cn: Ada Lovelace
		sn: Lovelace
		mail: ada@$host
		employeeType: away
		description: I am away until December 5. Your mail will be read when I am back.

		dn: cn=Bea,o=made
		objectClass: inetOrgPerson
		cn: Bea Meier
		sn: Meier
		mail: bea@$host
		employeeType: away
		description:: $(printf 'Ich bin im Urlaub und ab dem 5. Dezember wieder im B\303\274ro.' | base64 -w0)
	EOF
	slapd -f /etc/ldap/slapd.conf -h ldap://127.0.0.1/ -d 0 >/var/log/slapd.log 2>&1 &
	local daemon=$! name
	sleep 2
	# shellcheck disable=SC2016 # its own variable
	sed 's/ou=\S*//; s/^base .*/base o=made/;
	    s/^queryfilter .*/queryfilter (\&(mail=$recepient)(employeeType=away))/;
	    s/^result .*/result description/; s/^server .*/server 127.0.0.1/;
	    s/^charset .*/charset UTF-8/; s/^protocol .*/protocol 3/; s/^map_field .*\(begin\|end\|deputy\).*//' \
	    /usr/share/gnarwl/gnarwl.cfg.template >/etc/gnarwl.cfg
	for name in ada bea; do
		{ echo "From $trap_address $(LC_ALL=C date)"
		    message "offer" "$name@$host"; } |
		    gnarwl -c /etc/gnarwl.cfg -a "$name@$host" -s "$trap_address"
		taken "gnarwl-$name" 5
	done
	kill $daemon
}

packages[postfixadmin]="postfixadmin +libemail-valid-perl +libemail-sender-perl +libmime-encwords-perl +liblog-log4perl-perl +libdbd-pg-perl +libnet-dns-perl postgresql-15"
# Its vacation.pl, with the tables that the script asks.
run_postfixadmin() {
	local bin=/usr/lib/postgresql/15/bin name
	# it asks the DNS for the exchanger of its own domain
	echo "nameserver 192.0.2.1" >/etc/resolv.conf
	python3 /made/names.py 192.0.2.1 &
	local names=$!
	user postgres 916 /var/lib/made
	mkdir -p /var/lib/made /var/run/postgresql /etc/postfixadmin
	chown postgres /var/lib/made /var/run/postgresql
	as_postgres() {
		HOME=/var/lib/made setpriv --reuid postgres --regid \
		    "$(id -g postgres)" --clear-groups "$@"
	}
	as_postgres $bin/initdb -D /var/lib/made/db >/var/log/initdb.log
	as_postgres $bin/postgres -D /var/lib/made/db -c listen_addresses= \
	    -k /var/run/postgresql >/var/log/postgres.log 2>&1 &
	local daemon=$!
	sleep 4
	as_postgres $bin/psql -q postgres <<-EOF
		CREATE TABLE alias (address text, goto text);
		CREATE TABLE alias_domain (alias_domain text, target_domain text);
		CREATE TABLE vacation (email text, subject text, body text,
		    active boolean, interval_time int DEFAULT 0,
		    activefrom timestamptz DEFAULT '2000-01-01',
		    activeuntil timestamptz DEFAULT '2100-01-01');
		CREATE TABLE vacation_notification (on_vacation text, notified text,
		    notified_at timestamptz DEFAULT now(), UNIQUE (on_vacation, notified));
		INSERT INTO vacation (email, subject, body, active) VALUES
		    ('ada@$host', 'Out of Office',
		    'I will be away from <date> until <date>. For urgent matters you can contact <contact person>.', true),
		    ('bea@$host', 'Abwesenheitsnotiz',
		    'Ich bin vom 1. bis zum 5. Dezember nicht im Büro.', true),
		    ('eva@$host', 'Fraværende',
		    'Jeg er ikke på kontoret før 5. desember.', true);
	EOF
	cat >/etc/postfixadmin/vacation.conf <<-EOF
		\$db_type = 'Pg';
		\$db_username = 'postgres';
		\$db_password = '';
		\$db_name = 'postgres';
		\$vacation_domain = 'autoreply.sender.example';
		\$smtp_server = '192.0.2.1';
		\$smtp_client = '192.0.2.25';
		\$smtp_helo = '$host';
		\$smtp_ssl = 0;
		1;
	EOF
	for name in ada bea eva; do
		message "offer" "$name@$host" | as_postgres perl \
		    /usr/share/doc/postfixadmin/examples/VIRTUAL_VACATION/vacation.pl \
		    -f "$trap_address" -- "$name#$host@autoreply.sender.example"
		taken "postfixadmin-$name"
	done
	kill $daemon $names
}

packages[exim_filter]="exim4-daemon-light exim4-base libidn12"
# Exim's own answers: a user's filter, and a router with a text of its own.
run_exim_filter() {
	user Debian-exim 901
	user ada 1901 /home/ada
	mkdir -p /var/spool/exim4 /var/log/exim4 /home/ada
	chown -R Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4
	mkdir -p /etc/exim4
	cat >/etc/exim4/exim4.conf <<-EOF
		primary_hostname = $host
		domainlist local_domains = $host
		spool_directory = /var/spool/exim4
		log_file_path = /var/log/exim4/%slog
		keep_environment =
		disable_ipv6
		trusted_users = root
		begin routers
		out:
		  driver = manualroute
		  domains = ! +local_domains
		  route_list = * 192.0.2.1
		  self = send
		  transport = remote
		away:
		  driver = accept
		  local_parts = bea
		  transport = away
		filter:
		  driver = redirect
		  local_parts = ada
		  check_local_user
		  file = /home/ada/.forward
		  allow_filter
		  allow_fail
		  reply_transport = reply
		gone:
		  driver = redirect
		  data = :blackhole:
		begin transports
		remote:
		  driver = smtp
		  interface = 192.0.2.25
		  hosts_try_fastopen =
		reply:
		  driver = autoreply
		away:
		  driver = autoreply
		  to = \$sender_address
		  from = "Bea <bea@$host>"
		  subject = "Bea ist im Urlaub"
		  text = "Ihre Nachricht wird erst nach dem 5. Dezember gelesen.\\n"
		  user = Debian-exim
	EOF
	# filter CASE LINES: what ada's filter makes of a message
	filter() {
		printf '# Exim filter\n%s\nfinish\n' "$2" >/home/ada/.forward
		chown -R ada /home/ada
		message offer "ada@$host" | exim4 -f "$trap_address" -odi "ada@$host"
		taken "exim-$1"
	}
	printf 'I am on leave until December 5.\n' >/home/ada/.vacation.msg
	filter vacation 'vacation'
	filter mail 'mail to $reply_address subject "Re: $h_subject:" text "Thank you, we have received your message and will answer within two days."'
	filter fail 'fail text "I do not take mail from you."'
	message offer "bea@$host" | exim4 -f "$trap_address" -odi "bea@$host"
	taken exim-router
}

packages[dovecot_quota]="${packages[dovecot]}"
run_dovecot_quota() {
	stub_sendmail
	user dovecot 908 && user dovenull 909
	user ada 1901 /home/ada
	mkdir -p /home/ada && chown ada /home/ada
	cat >/etc/dovecot/dovecot.conf <<-EOF
		protocols =
		mail_location = maildir:~/Maildir
		hostname = $host
		postmaster_address = postmaster@$host
		sendmail_path = /usr/sbin/sendmail
		log_path = /var/log/dovecot.log
		mail_plugins = quota
		quota_full_tempfail = no
		protocol lda {
		  mail_plugins = quota
		}
		plugin {
		  quota = maildir:User quota
		  quota_rule = *:bytes=10
		}
	EOF
	: >/var/log/dovecot.log && chmod 666 /var/log/dovecot.log
	message "offer" "ada@$host" | as_ada /usr/lib/dovecot/dovecot-lda \
	    -c /etc/dovecot/dovecot.conf -f "$trap_address" -a "ada@$host"
	taken dovecot-quota
}

packages[postfix_templates]=postfix
# bounce(5): an admin's own texts in another language
run_postfix_templates() {
	cat >/etc/postfix-bounce.cf <<-'EOF'
		failure_template = <<END
		Charset: utf-8
		From: MAILER-DAEMON (Mailsystem)
		Subject: Ihre Nachricht konnte nicht zugestellt werden
		Postmaster-Subject: Kopie an den Postmaster: nicht zugestellt

		Dies ist das Mailsystem von $myhostname.

		Leider konnte Ihre Nachricht an einen oder mehrere Empfänger nicht
		zugestellt werden. Sie ist unten angehängt.
		END

		delay_template = <<END
		Charset: utf-8
		From: MAILER-DAEMON (Système de courrier)
		Subject: Avertissement : votre message est retardé
		Postmaster-Subject: Copie : message retardé

		Ceci est le système de courrier de l'hôte $myhostname.

		Ceci n'est qu'un avertissement, vous n'avez pas à renvoyer le message.
		Il n'a pas pu être remis depuis $delay_warning_time_hours heures.
		END
	EOF
	start_postfix <<-EOF
		mydestination = $host
		local_recipient_maps =
		bounce_template_file = /etc/postfix-bounce.cf
		delay_warning_time = 1s
	EOF
	message "refused" reject@other.example |
	    sendmail -f "$trap_address" reject@other.example
	taken postfix-template-de
	message "delayed" defer@other.example |
	    sendmail -f "$trap_address" defer@other.example
	taken postfix-template-fr
	postfix stop >/dev/null 2>&1
}

packages[mailagent]="mailagent +libperl5.36"
run_mailagent() {
	start_postfix </dev/null
	user ada 1901 /home/ada
	mkdir -p /home/ada/mail /home/ada/var/mailagent
	cat >/home/ada/.mailagent <<-EOF
		home     : /home/ada
		maildrop : /home/ada/mail
		mailbox  : ada
		path     : /usr/bin:/bin:/usr/sbin
		p_host   : /bin
		umask    : 077
		timezone : UTC
		email    : ada@$host
		user     : ada
		name     : Ada
		vacation : ON
		vacfile  : ~/.vacation
		vacperiod: 1d
		vacfixed : OFF
		spool    : ~/var/mailagent
		log      : agentlog
		logdir   : \$spool
		queue    : \$spool/queue
		tmpdir   : /tmp
		emergdir : \$spool/emerg
		track    : OFF
		rules    : ~/.rules
		hash     : dbr
		maxsize  : 150000
		plsave   : plsave
		lockmax  : 20
		lockdelay: 2
		lockhold : 3600
		sendmail : /usr/sbin/sendmail
		domain   : sender.example
	EOF
	printf 'maildrop = /home/ada/mail;\n{ VACATION on; LEAVE; };\n' >/home/ada/.rules
	printf 'Subject: Re: %%R (I am away)\n\nI am away until December 5 and will read your mail then.\n' >/home/ada/.vacation
	mkdir -p /home/ada/var/mailagent/queue
	chown -R ada /home/ada
	{ echo "From $trap_address $(LC_ALL=C date)"
	    message "offer" "ada@$host"; } >/tmp/m
	as_ada mailagent /tmp/m
	taken mailagent-vacation
	postfix stop >/dev/null 2>&1
}
