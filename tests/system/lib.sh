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

# shellcheck source=tools/trial.sh
. "$BS_SOURCE/tools/trial.sh"

# what ends with the test, the newest first; trial.sh adds to `started`
started=() mounted=() results=0 bad=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/backstop-test.XXXXXX") || exit 3
chmod 755 "$tmp"
mkdir "$tmp/sanitizer" && chmod 1777 "$tmp/sanitizer"
export ASAN_OPTIONS="${ASAN_OPTIONS:-exitcode=99}:log_path=$tmp/sanitizer/asan"
export LSAN_OPTIONS="${LSAN_OPTIONS:-exitcode=99}"
export BS_SANITIZER_FOLDER=$tmp/sanitizer
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
	# tests take rights away
	chmod -R u+rwX "$tmp" 2>/dev/null
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

ok() {
	results=$((results + 1))
	printf 'ok - %s\n' "$1"
}

# not_ok NAME WHY: of WHY only the first line goes into the result, and of a
# long rest (a build that failed) the end, where the trouble is.
not_ok() {
	results=$((results + 1)) bad=$((bad + 1))
	printf 'not ok - %s: %s\n' "$1" "${2%%$'\n'*}"
	printf '%s\n' "$2" | sed 1d | tail -n 40 | sed 's/^/# /'
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

# check_equal NAME EXPECTED GOT: of long texts the lines that differ are told.
check_equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	elif [[ $2$3 == *$'\n'* ]]; then
		not_ok "$1" "- expected, + got:
$(diff -U0 <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 1,2d)"
	else
		not_ok "$1" "expected '$2', got '$3'"
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

# taken_in FD PID: waits until a process has read what was written to a pipe, which
# is open as FD, and sleeps.
taken_in() {
	local end=$(($(now_ms) + 60000)) quiet=0
	until [ $quiet -eq 3 ]; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		quiet=$((quiet + 1))
		# FIONREAD
		perl -e 'my $left = pack "i", 0; ioctl STDIN, 0x541b, $left or exit 0;
		    exit(unpack("i", $left) ? 1 : 0)' <&"$1" &&
		    grep -qs '^State:[[:space:]]*S' "/proc/$2/status" || quiet=0
		sleep 0.1
	done
}

# minds PID SIGNAL: waits until a program that was just started has a handler for
# a signal's number, or has it blocked, as one does that reads signals from a file.
minds() {
	local end=$(($(now_ms) + 60000))
	until [ ! "/proc/$1/exe" -ef "/proc/$$/exe" ] &&
	    awk -v bit="$2" '/^Sig(Cgt|Blk):/ {
		digit = substr($2, 16 - int((bit - 1) / 4), 1)
		value = index("0123456789abcdef", digit) - 1
		found = found || int(value / 2 ^ ((bit - 1) % 4)) % 2 }
		END { exit !found }' "/proc/$1/status"; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# is_report FILE: whether a sanitizer found something.  LeakSanitizer looks at a
# process from another one, which says this where kill -9 comes in its midst.
is_report() {
	[ -f "$1" ] &&
	    grep -qvE '^==[0-9]+==Unable to get registers from thread [0-9]+\.?$' "$1"
}

# finish: the last thing a test does.
finish() {
	local report reports=()
	for report in "$tmp"/sanitizer/*; do
		is_report "$report" && reports+=("$report")
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
