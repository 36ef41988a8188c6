# Running a server for a trial: what tools/quickstart and the system tests
# share.  Sourced (bash); defines functions only.  Who sources it sets
# $backstopd and has an array `started`, to which the pids of servers are added
# so that they end with it.
# shellcheck shell=bash disable=SC2154

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
# port.  Its log is FOLDER/server.log.  1 if it does not answer within a minute.
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
		end=$(($(now_ms) + 60000))
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
# where it did not end within a minute.
stop_server() {
	kill "$server_pid" 2>/dev/null
	end_within "$server_pid" 60 || kill -9 "$server_pid" 2>/dev/null
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

# serving_pid PID: the process that answers for a backstopd; PID is the one that
# starts it again.
serving_pid() {
	local children
	children=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
	echo "${children%% *}"
}
