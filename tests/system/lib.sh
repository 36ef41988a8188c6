# What all system tests share: sourced by tests/system/* (bash), first thing.
#
# A test prints "ok - NAME" or "not ok - NAME: WHY" for each case and ends with
# `finish`, which prints the plan; without a plan tests/run counts it as
# failed.  Everything a test starts ends, and its folder goes, when it exits.
# Sanitizer reports of any program a test runs fail the test.
# shellcheck shell=bash
set -u
BS_SOURCE=${BS_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
BS_BUILD=${BS_BUILD:-$BS_SOURCE/build/tests/sanitized}
BS_QUICK=${BS_QUICK:-no}
# used by those who source this
# shellcheck disable=SC2034
backstopd=$BS_BUILD/server/backstopd feed=$BS_BUILD/feeder/backstop-feed \
    ctl=$BS_BUILD/tools/backstopctl samples=$BS_SOURCE/tests/data/mail

# what ends with the test, the newest first
started=() mounted=() results=0 bad=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/backstop-test.XXXXXX") || exit 3
chmod 755 "$tmp"
mkdir "$tmp/sanitizer" && chmod 1777 "$tmp/sanitizer"
export ASAN_OPTIONS="${ASAN_OPTIONS:-exitcode=99}:log_path=$tmp/sanitizer/asan"
export LSAN_OPTIONS="${LSAN_OPTIONS:-exitcode=99}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-exitcode=99}:log_path=$tmp/sanitizer/ub"

clean_up() {
	local pid place
	for pid in ${started[@]+"${started[@]}"}; do
		kill "$pid" 2>/dev/null
	done
	for pid in ${started[@]+"${started[@]}"}; do
		end_within "$pid" 5 || kill -9 "$pid" 2>/dev/null
	done
	for place in ${mounted[@]+"${mounted[@]}"}; do
		umount "$place" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

ok() {
	results=$((results + 1))
	printf 'ok - %s\n' "$1"
}

# not_ok NAME WHY: of WHY only the first line goes into the result.
not_ok() {
	results=$((results + 1)) bad=$((bad + 1))
	printf 'not ok - %s: %s\n' "$1" "${2%%$'\n'*}"
	printf '%s\n' "$2" | sed -n '2,40s/^/# /p'
}

# check NAME COMMAND...: the command must succeed.
check() {
	local name=$1 out code
	shift
	out=$("$@" 2>&1)
	code=$?
	if [ $code -eq 0 ]; then
		ok "$name"
	else
		not_ok "$name" "exit code $code: $*"$'\n'"$out"
	fi
}

check_equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected '${2//$'\n'/ }', got '${3//$'\n'/ }'"
	fi
}

# check_matches NAME REGEX TEXT
check_matches() {
	if [[ $3 =~ $2 ]]; then
		ok "$1"
	else
		not_ok "$1" "does not match '$2': '${3//$'\n'/ }'"
	fi
}

# finish: the last thing a test does.
finish() {
	local report reports=()
	for report in "$tmp"/sanitizer/*; do
		[ -f "$report" ] && reports+=("$report")
	done
	if [ ${#reports[@]} -eq 0 ]; then
		ok "no sanitizer report"
	else
		not_ok "no sanitizer report" "$(head -n 30 "${reports[0]}")"
	fi
	printf '1..%d\n' "$results"
	[ "$bad" -eq 0 ]
	exit
}

now_ms() {
	local now=$EPOCHREALTIME # with a comma in some locales
	echo $((${now%[.,]*} * 1000 + 10#${now#*[.,]} / 1000))
}

# end_within PID SECONDS: waits for a process to end; 1 if it did not.
end_within() {
	local end=$(($(now_ms) + $2 * 1000))
	while kill -0 "$1" 2>/dev/null; do
		[ "$(now_ms)" -lt $end ] || return 1
		sleep 0.02
	done
}

# A port that nobody had at the time of asking: who binds it must be ready to
# ask for another one.
free_port() {
	local port hex
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		hex=$(printf '%04X' $port)
		if ! cat /proc/net/udp /proc/net/udp6 /proc/net/tcp \
		    /proc/net/tcp6 2>/dev/null | grep -q ":$hex "; then
			echo $port
			return
		fi
	done
}

# answers PORT: whether a server there answers for our zone.
answers() {
	dig +short +tries=1 +time=1 @127.0.0.1 -p "$1" bl.example SOA \
	    2>/dev/null | grep -q '^[a-z]'
}

# start_server FOLDER: starts backstopd on FOLDER/backstop.conf with "@PORT"
# in it replaced by a free port, as FOLDER/running.conf; sets server_pid and
# port.  Its log is FOLDER/server.log.  1 if it does not answer within 10 s.
start_server() {
	local folder=$1 end try
	for try in 1 2 3 4 5; do
		port=$(free_port)
		sed "s/@PORT/@$port/" "$folder/backstop.conf" \
		    >"$folder/running.conf"
		"$backstopd" -c "$folder/running.conf" \
		    >"$folder/server.log" 2>&1 &
		server_pid=$!
		started=("$server_pid" ${started[@]+"${started[@]}"})
		end=$(($(now_ms) + 10000))
		while [ "$(now_ms)" -lt $end ]; do
			answers "$port" && return 0
			kill -0 "$server_pid" 2>/dev/null || break
			sleep 0.05
		done
		grep -q 'in use' "$folder/server.log" || break
		echo "# try $try: port $port was taken meanwhile" >&2
	done
	sed 's/^/# /' "$folder/server.log" >&2
	return 1
}

# stop_server: ends the server as an operator would; its exit code, or 137
# where it did not end within 10 s.
stop_server() {
	kill "$server_pid" 2>/dev/null
	end_within "$server_pid" 10 || kill -9 "$server_pid" 2>/dev/null
	wait "$server_pid"
}

# reversed ADDRESS: the labels that a DNS list is asked for.
reversed() {
	local address=$1 left right='' groups=() tail=() group out='' i
	if [[ $address != *:* ]]; then
		IFS=. read -ra groups <<<"$address"
		echo "${groups[3]}.${groups[2]}.${groups[1]}.${groups[0]}"
		return
	fi
	left=${address%%::*}
	[ "$left" = "$address" ] || right=${address#*::}
	IFS=: read -ra groups <<<"$left"
	IFS=: read -ra tail <<<"$right"
	while [ $((${#groups[@]} + ${#tail[@]})) -lt 8 ]; do
		groups+=(0)
	done
	for group in "${groups[@]}" ${tail[@]+"${tail[@]}"}; do
		group=$(printf '%04x' "0x$group")
		for i in 0 1 2 3; do
			out=${group:i:1}${out:+.$out}
		done
	done
	echo "$out"
}
