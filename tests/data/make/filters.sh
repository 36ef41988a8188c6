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

packages[clamav]="+clamav-milter clamav-daemon"
# It has no notices of its own any more: what it refuses comes back from the
# mail server.  The database holds the test string's sum only.
run_clamav() {
	user clamav 914
	mkdir -p /run/clamav /var/lib/clamav /var/log/clamav
	echo 44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature \
	    >/var/lib/clamav/made.hdb
	cat >/etc/clamd.conf <<-EOF
		LocalSocket /run/clamav/clamd
		DatabaseDirectory /var/lib/clamav
		User clamav
		Foreground yes
	EOF
	cat >/etc/clamav-milter.conf <<-EOF
		MilterSocket inet:7357@127.0.0.1
		ClamdSocket unix:/run/clamav/clamd
		User clamav
		Foreground yes
		OnInfected Reject
		RejectMsg Infected: %v
		LogFile /var/log/clamav/milter
	EOF
	chown -R clamav:clamav /run/clamav /var/lib/clamav /var/log/clamav
	clamd -c /etc/clamd.conf >/var/log/clamd.log 2>&1 &
	local daemons=($!) i
	for ((i = 0; i < 100; i++)); do
		[ ! -S /run/clamav/clamd ] || break
		sleep 0.2
	done
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
