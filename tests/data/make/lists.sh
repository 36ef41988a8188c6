# Mailing lists' programs: run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

packages[sympa]="+sympa"
run_sympa() {
	stub_sendmail
	user sympa 913
	mkdir -p /etc/sympa/sympa /var/lib/sympa/list_data /var/spool/sympa \
	    /run/sympa /var/log/sympa
	cat >/etc/sympa/sympa/sympa.conf <<-EOF
		domain $host
		listmaster listmaster@trap.example
		lang en-US
		supported_lang en-US,de,fr,es,it,pl,ja
		db_type SQLite
		db_name /var/lib/sympa/sympa.sqlite
		sendmail /usr/sbin/sendmail
		sendmail_aliases none
		home /var/lib/sympa/list_data
		wwsympa_url http://$host/sympa
		cookie made
		sleep 1
		bulk_sleep 1
		bulk_wait_to_fork 1
		bulk_lazytime 5
	EOF
	touch /etc/sympa/data_structure.version
	cat >/tmp/list.xml <<-EOF
		<?xml version="1.0" ?>
		<list>
		<listname>talk</listname>
		<type>discussion_list</type>
		<subject>Talk</subject>
		<description>Talk of the town</description>
		<status>open</status>
		<topic>art</topic>
		<owner multiple="1"><email>owner@trap.example</email></owner>
		</list>
	EOF
	chown -R sympa:sympa /etc/sympa /var/lib/sympa /var/spool/sympa /run/sympa
	as_sympa() { setpriv --reuid 913 --regid 913 --clear-groups "$@"; }
	local bin=/usr/lib/sympa/bin
	as_sympa $bin/sympa --health_check
	as_sympa $bin/sympa --create_list --robot "$host" --input_file /tmp/list.xml
	as_sympa $bin/sympa_msg.pl --foreground >/var/log/sympa/msg 2>&1 &
	local daemons=($!)
	as_sympa $bin/bulk.pl --foreground >/var/log/sympa/bulk 2>&1 &
	daemons+=($!)
	sleep 5
	# ask CASE SUBJECT [LIST]
	ask() {
		message "$2" "${3:-sympa}@$host" | as_sympa $bin/queue "${3:-sympa}@$host"
		taken "sympa-$1"
		sleep 2
		[ -z "$(ls /made/in)" ] || taken "sympa-$1-more"
	}
	local config=/var/lib/sympa/list_data/talk/config language
	for language in en-US de fr ja; do
		sed -i "/^subscribe/d; /^lang /d; /^send/d; /^unsubscribe/d" $config
		printf '\nsubscribe auth\n\nunsubscribe auth\n\nlang %s\n\nsend private\n' $language >>$config
		sleep 1
		ask "subscribe-$language" "subscribe talk"
		ask "unsubscribe-$language" "unsubscribe talk"
		ask "denied-$language" "offer" talk
	done
	ask help help
	ask unknown-command "hello"
	ask unknown-list offer nowhere
	ask review "review talk"
	ask which which
	sed -i "/^subscribe/d; /^lang /d" $config
	printf '\nlang en-US\n\nsubscribe open_notify\n' >>$config
	sleep 1
	ask welcome "subscribe talk"
	ask again "subscribe talk"
	kill "${daemons[@]}"
}

packages[courier_mlm]="+courier-mlm"
run_courier_mlm() {
	stub_sendmail
	user ada 1901 /home/ada
	mkdir -p /home/ada && chown ada /home/ada
	local list=/home/ada/talk case
	as_ada couriermlm create $list "ADDRESS=talk@$host"
	for case in subscribe unsubscribe help; do
		message "$case" "talk-$case@$host" |
		    as_ada env "DEFAULT=$case" "SENDER=$trap_address" \
			"HOST=$host" "LOCAL=talk-$case" couriermlm ctlmsg $list
		taken "courier-mlm-$case"
	done
}

packages[smartlist]="+smartlist"
run_smartlist() {
	stub_sendmail
	user list 38 /var/list
	chown -R list:list /var/list
	cd /var/list || return
	ln -sf /usr/bin/procmail /var/list/.bin/procmail
	sed "s/^domain=.*/domain=$host/" .etc/rc.init.dist >.etc/rc.init
	setpriv --reuid 38 --regid 38 --clear-groups .bin/createlist talk
	# ask CASE ADDRESS SUBJECT
	ask() {
		{ echo "From $trap_address $(LC_ALL=C date)"
		    message "$3" "$2@$host"; } |
		    setpriv --reuid 38 --regid 38 --clear-groups .bin/flist "$2"
		taken "smartlist-$1"
	}
	ask subscribe talk-request subscribe
	ask unsubscribe talk-request unsubscribe
	ask help talk-request help
}
