# What the benches of the DNS server share: sourced by tests/bench/dns and
# tests/bench/churn (bash) after tools/setup.sh.  The server runs on the first
# core, the load on the second.
# shellcheck shell=bash
set -u

now_ms() { date +%s%3N; }

# bench_begin PROGRAM...: builds without sanitizers in build/bench, and the
# named programs of tests/bench; sets tree and tmp, a folder that goes.
bench_begin() {
	local build=$PWD/build/bench
	tree=$build/tree pid=
	setup_build "$PWD" "$tree" "$build/build.log" "$(nproc)" || exit 3
	make -s -C "$tree" "${@/#/tests/bench/}" >>"$build/build.log" 2>&1 ||
	    exit 3
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/backstop-bench.XXXXXX") || exit 3
	chmod 755 "$tmp"
	[ "$(stat -f -c %T "$tmp")" != tmpfs ] ||
	    echo "$tmp is a tmpfs, so the database's pages count as memory:" \
		"set TMPDIR to a folder on a disk"
	trap bench_end EXIT
	trap 'exit 130' HUP INT TERM
}

bench_end() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$tmp"
}

# bench_database LISTINGS: lists, questions and the configuration of a server
# with one worker on 127.0.0.1@5410, and its database, filled.
bench_database() {
	local start
	echo "Making $1 listings"
	"$tree/tests/bench/listdata" "$tmp" "$1" || exit 3
	mkdir -p "$tmp/db"
	cat >"$tmp/backstop.conf" <<-END
	database: db
	listen: [127.0.0.1@5410]
	workers: 1
	zone:
	  - {name: bl.test, file: apex.zone}
	END
	# shellcheck disable=SC2016 # not variables
	printf '%s\n' '$ORIGIN bl.test.' '$TTL 3600' \
	    '@ SOA ns hostmaster 1 3600 600 604800 300' '@ NS ns' \
	    'ns A 127.0.0.1' >"$tmp/apex.zone"
	start=$(now_ms)
	xargs -n 20000 "$tree/tools/backstopctl" -c "$tmp/backstop.conf" add \
	    --class bounce --for 4w --reason bench <"$tmp/plain.txt" \
	    >/dev/null || exit 3
	echo "backstopctl add: $1 listings in $(($(now_ms) - start)) ms," \
	    "$(($(stat -c %s "$tmp/db/data.mdb") / $1)) bytes of file each"
}

# family PID: a process and all of its children.
family() {
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do
		family "$child"
	done
}

# ticks: user and system time of the server so far, in clock ticks.
ticks() {
	local each all=()
	for each in $(family "$pid"); do
		all+=("/proc/$each/stat")
	done
	# fields 14 and 15; the name, in brackets, may have blanks in it
	sed 's/^.*) //' "${all[@]}" 2>/dev/null |
	    awk '{ u += $12; s += $13 } END { print u, s }'
}

# memory_mb: what the server's processes have in memory that is no file's.  A
# page that several of them share counts once, by a part in each (Pss); sums of
# RssAnon and RssShmem would count it for each of them.
memory_mb() {
	local each all=()
	for each in $(family "$pid"); do
		all+=("/proc/$each/smaps_rollup")
	done
	awk '/^Pss_(Anon|Shmem):/ { k += $2 } END { printf "%.1f\n", k / 1024 }' \
	    "${all[@]}"
}

# answers PORT: waits for the first answer of a server on 127.0.0.1; 1 when it
# ended or said nothing within 10 minutes.
answers() {
	local end=$((SECONDS + 600))
	while [ $SECONDS -lt $end ]; do
		"$tree/tests/bench/dnsload" "$1" --first 10 2>/dev/null &&
		    return 0
		kill -0 "$pid" 2>/dev/null || return 1
	done
	return 1
}

# settled: waits until the server has nothing to do any more (a filter or a
# zone is made in the background), for a minute at most.
settled() {
	local before end=$((SECONDS + 60))
	while [ $SECONDS -lt $end ]; do
		before=$(ticks)
		sleep 1
		[ "$before" != "$(ticks)" ] || return 0
	done
}

# median FILE KEY...: of the last field of the lines that begin with KEY
median() {
	local file=$1
	shift
	grep "^$* " "$file" | awk '{ print $NF }' | sort -n |
	    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# target NAME FIGURE RELATION LIMIT: one line, met or missed; counts what was
# missed in `missed`.
missed=0
target() {
	local verdict=met
	if ! awk -v a="${2:-none}" -v l="$4" -v r="$3" 'BEGIN {
	    exit !(a != "none" && (r == "<=" ? a + 0 <= l : a + 0 >= l)) }'
	then
		verdict=MISSED missed=$((missed + 1))
	fi
	printf '%-62s %10s %s %-7s %s\n' "$1" "${2:-none}" "$3" "$4" "$verdict"
}

# ratio A B: A by B with two digits
ratio() {
	awk -v a="${1:-0}" -v b="${2:-0}" \
	    'BEGIN { if (b > 0) printf "%.2f\n", a / b }'
}
