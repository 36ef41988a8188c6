# What the tests of live doors share: sourced (bash) after lib.sh.
# shellcheck shell=bash disable=SC2154
client=$BS_SOURCE/tests/system/smtpclient.pl

# start_feed FOLDER: starts serve on FOLDER/backstop.conf; sets feed_pid.  Its
# log is FOLDER/feed.log.  1 if it does not serve within a minute.
start_feed() {
	local end
	# a log of its own for each start
	: >"$1/feed.log"
	"$feed" -c "$1/backstop.conf" serve 2>"$1/feed.log" &
	feed_pid=$!
	started=("$feed_pid" ${started[@]+"${started[@]}"})
	end=$(($(now_ms) + 60000))
	until grep -q ' serving ' "$1/feed.log"; do
		kill -0 "$feed_pid" 2>/dev/null || return 1
		[ "$(now_ms)" -lt $end ] || return 1
		sleep 0.05
	done
}
# stop_feed: ends it as an operator would; its exit code.
stop_feed() {
	kill "$feed_pid" 2>/dev/null
	end_within "$feed_pid" 90 || kill -9 "$feed_pid" 2>/dev/null
	wait "$feed_pid"
}
# feed_port NAME FOLDER: the port that a listener got for port 0.
feed_port() {
	sed -n "s/.*serving .*$1 on [0-9.]*@\([0-9]*\).*/\1/p" "$2/feed.log"
}

# talk WHERE [LOCAL]: a script of smtpclient.pl on stdin; its replies in a line.
talk() {
	timeout 60 perl "$client" "$@" | paste -sd' '
}

# bounce TRAP [WORD]: the text of a standard bounce, with CRLF; WORD makes it
# another message.
bounce() {
	sed 's/$/\r/' <<-END
		Received: from mx.example by bounce.example; Wed, 25 Nov 2026 20:00:00 +0000
		From: MAILER-DAEMON@bounce.example (Mail Delivery System)
		To: $1
		Subject: Undelivered Mail Returned to Sender ${2-}
		Message-ID: <${2-one}@bounce.example>
		Auto-Submitted: auto-replied
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status;
		 boundary="B"

		--B
		Content-Type: text/plain

		I'm sorry to have to inform you that your message could not
		be delivered to one or more recipients.

		--B
		Content-Type: message/delivery-status

		Reporting-MTA: dns; bounce.example

		Final-Recipient: rfc822; nobody@bounce.example
		Action: failed
		Status: 5.1.1

		--B--
	END
}
# data: stdin as lines of a script, each sent without waiting.
data() {
	sed 's/\r$//; s/^\./../; s/^/+ /'
}
# one_bounce HELO TRAP [WORD]: a whole session that sends it.
one_bounce() {
	printf '<\n> EHLO %s\n> MAIL FROM:<>\n> RCPT TO:<%s>\n> DATA\n' "$1" "$2"
	bounce "$2" "${3-}" | data
	printf '> .\n> QUIT\n'
}

# hold_database: another program has the database's write lock, and is stopped in
# the midst of that; sets holder.  1 if that can't be had.
hold_database() {
	local end=$(($(now_ms) + 60000))
	awk 'BEGIN { for (i = 0; i < 30000; i++)
		printf "11.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' \
	    >"$tmp/many"
	while [ "$(now_ms)" -lt "$end" ]; do
		"$ctl" -c "$trial/backstop.conf" import "$tmp/many" \
		    >"$tmp/holder.log" 2>&1 &
		holder=$!
		started=("$holder" "${started[@]}")
		until holds_lock || ! kill -0 "$holder" 2>/dev/null; do
			:
		done
		kill -STOP "$holder" 2>/dev/null
		holds_lock && return
		release_database
	done
	return 1
}
# holds_lock: whether the mutex at the head of lock.mdb names the holder
holds_lock() {
	od -An -v -tu4 -N192 "$trial/db/lock.mdb" | grep -qw "$holder"
}
# release_database: it goes on, to its end
release_database() {
	kill -CONT "$holder"
	wait "$holder"
}

# counts WHAT NUMBER: waits until serve counts so many of that.
counts() {
	local end=$(($(now_ms) + 60000))
	until "$ctl" -c "$trial/backstop.conf" --json stats 2>/dev/null |
	    grep -q "\"$1\": *$2\>"; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# shown ADDRESS: its classes, or "not listed".
shown() {
	"$ctl" -c "$trial/backstop.conf" show "$1" 2>&1 |
	    sed -n '1s/.*listed, answer [0-9.]* (\(.*\))/\1/; 1s/.*: not listed.*/not listed/; 1p'
}
# shown_within SECONDS ADDRESS CLASSES: waits for that; on a busy machine a minute
# more, for this is no test of speed.
shown_within() {
	local end=$(($(now_ms) + ($1 + 60) * 1000))
	until [ "$(shown "$2")" = "$3" ]; do
		[ "$(now_ms)" -lt $end ] || break
		sleep 0.1
	done
	shown "$2"
}

# asked ADDRESS: what the list says of it, by DNS; of the server at $port.
asked() {
	dig +short +tries=1 +time=5 @127.0.0.1 -p "$port" \
	    "$(reversed "$1").bl.example" A
}
# answers_within SECONDS ADDRESS ANSWER: the same, of the list itself.
answers_within() {
	local end=$(($(now_ms) + ($1 + 60) * 1000))
	until [ "$(asked "$2")" = "$3" ]; do
		[ "$(now_ms)" -lt "$end" ] || break
		sleep 0.1
	done
	asked "$2"
}
