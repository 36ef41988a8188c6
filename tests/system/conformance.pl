# Asks a DNS server byte by byte, for tests/system/conformance:
#
#	perl conformance.pl table PORT FILE	each row of a table (below)
#	perl conformance.pl types PORT		each query type, 0 to 65535
#	perl conformance.pl headers PORT	each header: opcodes, flags, rcodes
#	perl conformance.pl mutate PORT COUNT	so many mutated queries
#	perl conformance.pl cookie PORT [COOKIE]	the rcode and the cookie that
#						come back for one
#
# A row of the table is "RFC | what it says | question | expected", and where others
# differ "| the RFC's words".  The question
# is NAME TYPE and words that change the message, see `message`.  What is expected
# are words KEY=VALUE about the response, see `facts`; VALUE may have
# alternatives, a~b.  Of each row a line is printed: its number, "ok", or what
# was found instead.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

$SIG{PIPE} = 'IGNORE';
$| = 1;
my ($command, $port, @arguments) = @ARGV;

my %type = (A => 1, NS => 2, CNAME => 5, SOA => 6, MX => 15, TXT => 16,
	AAAA => 28, SRV => 33, DNAME => 39, OPT => 41, DS => 43, RRSIG => 46,
	NSEC => 47, DNSKEY => 48, SVCB => 64, HTTPS => 65, TKEY => 249,
	TSIG => 250, IXFR => 251, AXFR => 252, MAILB => 253, MAILA => 254,
	ANY => 255, CAA => 257);
my %type_name = reverse %type;
my @rcode = qw(NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN
	YXRRSET NXRRSET NOTAUTH NOTZONE);
@rcode[16, 23] = qw(BADVERS BADCOOKIE);

# --- messages ------------------------------------------------------------------
# Labels are split at dots; \DDD is an octet; a name without its final dot gets
# the zone's.
sub wire {
	my ($name) = @_;
	$name = '' if $name eq '.';
	$name .= '.bl.example.' unless $name eq '' || $name =~ /\.$/;
	$name = 'bl.example.' if $name eq '@.bl.example.';
	return join('', map {
		s/\\(\d{3})/chr $1/ger =~ s/^(.*)$/pack('C', length $1) . $1/ser
	} split(/\./, $name)) . "\0";
}

sub type_number {
	my ($text) = @_;
	return $text =~ /^TYPE(\d+)$/ ? $1 : $type{$text} // die "type $text\n";
}

sub record {
	my ($owner, $type, $class, $ttl, $data) = @_;
	return $owner . pack('nnNn/a', $type, $class, $ttl, $data);
}

# The message of a row, and how it is to be sent.
sub message {
	my ($name, $type, @words) = split(/ /, $_[0]);
	my %with = map { /^([^=]+)(?:=(.*))?$/ ? ($1 => $2 // '') : () } @words;
	my $id = int(rand(65536));
	my $flags = hex($with{flags} // '0') | ($with{opcode} // 0) << 11;
	my $owner = defined $with{wire} ? pack('H*', $with{wire}) : wire($name);
	my $question = $owner
	    . pack('nn', type_number($type), $with{class} // 1);
	my @more = map { pack('H*', $_) } grep { $_ ne '' }
	    split(/,/, $with{rr} // '');
	if (defined $with{edns} || $_[0] =~ / (size|ver|do|z|ercode|option)\b/) {
		my $ttl = ($with{ercode} // 0) << 24 | ($with{ver} // 0) << 16
		    | (defined $with{do} ? 0x8000 : 0) | hex($with{z} // '0');
		push @more, (record(pack('H*', $with{owner} // '00'), 41,
			$with{size} // 1232, $ttl, pack('H*', $with{option} // '')))
		    x ($with{opts} // 1);
	}
	push @more, (signature(\%with, $id)) x ($with{tsigs} // 1)
	    if defined $with{tsig};
	push @more, pack('H*', $with{behind}) if defined $with{behind};
	my $bytes = pack('n6', $id, $flags, $with{qd} // 1, $with{an} // 0,
		$with{ns} // 0, $with{ar} // scalar @more);
	$bytes .= $question unless defined $with{noquestion};
	$bytes .= pack('H*', $with{middle} // '') . join('', @more)
	    . pack('H*', $with{extra} // '');
	$bytes = substr($bytes, 0, length($bytes) - ($with{cut} // 0));
	return ($bytes, \%with);
}

# Signed by a key that nobody has: the MAC is as good as any.
sub signature {
	my ($with, $id) = @_;
	my $data = wire($with->{algorithm} // 'hmac-sha256.')
	    . pack('nNn', 0, time, 300) . pack('n/a', 'm' x 32)
	    . pack('nnn', $id, 0, 0);
	$data = substr($data, 0, length($data) - ($with->{tsigcut} // 0));
	return record(wire($with->{tsig}), $type{TSIG}, 255,
		$with->{tsigttl} // 0, $data);
}

# --- responses -----------------------------------------------------------------
my ($got, $at);

sub name_at {
	my ($from) = @_;
	my ($name, $jumps) = ('', 0);
	while (1) {
		die "a name past the end\n" if $from >= length $got;
		my $size = ord(substr($got, $from, 1));
		if ($size >= 0xc0) {
			my $to = unpack('n', substr($got, $from, 2)) & 0x3fff;
			die "a pointer forward\n" if $to >= $from || $jumps++ > 50;
			$from = $to;
			next;
		}
		die "label type\n" if $size > 63;
		last if $size == 0;
		$name .= substr($got, $from + 1, $size)
		    =~ s/([^!-~]|[.\\])/sprintf '\\%03d', ord $1/ger . '.';
		$from += 1 + $size;
	}
	return $name eq '' ? '.' : $name;
}

sub skip_name {
	while (1) {
		die "cut in a name\n" if $at >= length $got;
		my $size = ord(substr($got, $at, 1));
		$at += $size >= 0xc0 ? 2 : 1 + $size;
		return if $size == 0 || $size >= 0xc0;
	}
}

# TYPE:DATA of a record, data as text for the few types that are compared.
sub data_text {
	my ($type, $from, $size) = @_;
	my $data = substr($got, $from, $size);
	return join('.', unpack('C4', $data)) if $type == 1;
	return name_at($from) if $type == 2 || $type == 5;
	return join('+', unpack('(C/a)*', $data)) =~ tr/ /_/r if $type == 16;
	return unpack('H*', $data);
}

# Reads a section into facts: AN (TYPE:DATA, sorted), AN.types, AN.owners,
# AN.ttl (lowest), AN.ttls (how many), AN.count.
sub section {
	my ($fact, $key, $count) = @_;
	my (@all, @types, %owner, %ttls, $ttl);
	for (1 .. $count) {
		my $owner = name_at($at);
		skip_name();
		die "cut in a record\n" if $at + 10 > length $got;
		my ($type, $class, $one_ttl, $size)
		    = unpack('nnNn', substr($got, $at, 10));
		$at += 10;
		die "cut in data\n" if $at + $size > length $got;
		if ($type == 41) {
			die "two OPT\n" if $fact->{opt} eq 'yes';
			opt($fact, $owner, $class, $one_ttl, substr($got, $at, $size));
			$at += $size;
			next;
		}
		tsig($fact, $owner, $class, $one_ttl, substr($got, $at, $size))
		    if $type == 250;
		my $text = $type_name{$type} // "TYPE$type";
		push @types, $text;
		push @all, "$text:" . data_text($type, $at, $size);
		$owner{lc $owner} = 1;
		$fact->{"$key.class"} = $class;
		$ttls{$one_ttl} = 1;
		$ttl = $one_ttl if !defined $ttl || $one_ttl < $ttl;
		# MINIMUM of an SOA
		$fact->{"$key.minimum"} = unpack('N', substr($got, $at + $size - 4, 4))
		    if $type == 6;
		$at += $size;
	}
	$fact->{$key} = join(',', sort @all);
	my %once = map { $_ => 1 } @types;
	$fact->{"$key.types"} = join(',', sort keys %once);
	$fact->{"$key.count"} = @types;
	$fact->{"$key.owners"} = join(',', sort keys %owner);
	$fact->{"$key.ttl"} = $ttl // '';
	$fact->{"$key.ttls"} = keys %ttls;
}

sub opt {
	my ($fact, $owner, $class, $ttl, $data) = @_;
	$fact->{opt} = 'yes';
	$fact->{'opt.owner'} = $owner;
	$fact->{'opt.size'} = $class;
	$fact->{'opt.version'} = $ttl >> 16 & 0xff;
	$fact->{'opt.do'} = $ttl >> 15 & 1;
	$fact->{'opt.z'} = $ttl & 0x7fff;
	$fact->{rcode_number} |= ($ttl >> 24) << 4;
	my @codes;
	while (length $data >= 4) {
		my ($code, $value) = unpack('nn/a', $data);
		push @codes, $code;
		$fact->{"opt.$code"} = unpack('H*', $value);
		$fact->{"opt.$code.size"} = length $value;
		$data = substr($data, 4 + length $value);
	}
	die "an option cut\n" if $data ne '';
	$fact->{'opt.codes'} = join(',', @codes);
}

# tsig: its owner; tsig.mac, tsig.error; tsig.id: whether it is the message's;
# tsig.last: whether it ends the message.
sub tsig {
	my ($fact, $owner, $class, $ttl, $data) = @_;
	die "two TSIG\n" if defined $fact->{tsig};
	my $name = $at;
	skip_name();
	my $algorithm = name_at($name);
	$data = substr($data, $at - $name);
	$at = $name;
	my ($high, $low, $fudge, $mac, $id, $error, $other)
	    = unpack('nNnn/annn/a', $data);
	die "a TSIG cut\n" unless defined $other;
	@$fact{qw(tsig tsig.algorithm tsig.class tsig.ttl tsig.error tsig.mac)}
	    = ($owner, $algorithm, $class, $ttl, $error, length $mac);
	$fact->{'tsig.id'} = $id == unpack('n', $got) ? 'same' : 'another';
	$fact->{'tsig.last'} = $at + length(pack('nNnn/annn/a', $high, $low,
		$fudge, $mac, $id, $error, $other)) + length(wire($algorithm))
	    == length $got ? 1 : 0;
}

# What can be said of a response to $asked.
sub facts {
	my ($asked) = @_;
	return {answer => 'none'} unless defined $got;
	my $fact = {answer => 'yes', size => length $got, opt => 'no'};
	die "shorter than a header\n" if length $got < 12;
	my ($id, $flags, $qd, $an, $ns, $ar) = unpack('n6', $got);
	$fact->{id} = $id == unpack('n', $asked) ? 'same' : 'another';
	$fact->{qr} = $flags >> 15;
	$fact->{opcode} = $flags >> 11 & 15;
	my $bit = 10;
	$fact->{$_} = $flags >> $bit-- & 1 for qw(aa tc rd ra zero ad cd);
	$fact->{rcode_number} = $flags & 15;
	$fact->{qd} = $qd;
	$at = 12;
	for (1 .. $qd) {
		skip_name();
		$at += 4;
	}
	# the question byte by byte, its case too
	$fact->{q} = $qd == 1 && substr($got, 12, $at - 12)
	    eq substr($asked, 12, $at - 12) ? 'same' : $qd ? 'another' : 'none';
	section($fact, 'an', $an);
	section($fact, 'au', $ns);
	section($fact, 'ar', $ar);
	$fact->{rest} = length($got) - $at;
	$fact->{rcode} = $rcode[$fact->{rcode_number}] // $fact->{rcode_number};
	return $fact;
}

# What differs from the words that are expected; '' for nothing.
sub differences {
	my ($fact, $words) = @_;
	my @wrong;
	for my $word (split(/ /, $words)) {
		my ($key, $sign, $value) = $word =~ /^([^=<]+)([=<])(.*)$/
		    or die "expected: $word\n";
		my $is = $fact->{$key} // '';
		next if $sign eq '<' ? $is ne '' && $is <= $value
		    : grep { $is eq $_ } $value eq '' ? ('')
			: split(/~/, $value, -1);
		push @wrong, "$key=$is";
	}
	return join(' ', @wrong);
}

# --- asking ----------------------------------------------------------------------
my $udp;

sub ask_udp {
	my ($bytes, $patience) = @_;
	$udp //= IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $port, Proto => 'udp') // die "socket: $!\n";
	my $select = IO::Select->new($udp);
	while ($select->can_read(0)) { # what came too late
		sysread($udp, my $late, 65535);
	}
	syswrite($udp, $bytes);
	while ($select->can_read($patience)) {
		my $size = sysread($udp, my $message, 65535) // next;
		return $message
		    if substr($message, 0, 2) eq substr($bytes, 0, 2);
	}
	return undef;
}

# All that comes back for these messages in one stream, at most $count.
sub ask_tcp {
	my ($count, $patience, @messages) = @_;
	my $tcp = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $port, Proto => 'tcp', Timeout => 3) or return;
	my $select = IO::Select->new($tcp);
	my ($bytes, @found) = ('');
	syswrite($tcp, $_) for @messages;
	while (@found < $count && $select->can_read($patience)) {
		sysread($tcp, $bytes, 65536, length $bytes) or last;
		while (length $bytes >= 2
		    && length $bytes >= 2 + unpack('n', $bytes)) {
			push @found, unpack('n/a', $bytes);
			substr($bytes, 0, 2 + unpack('n', $bytes)) = '';
		}
	}
	return @found;
}

sub ask {
	my ($bytes, $with, $expects_none) = @_;
	my $patience = $expects_none ? 0.4 : 3;
	return (ask_tcp(1, $patience, pack('n/a', $bytes)))[0]
	    if defined $with->{tcp};
	# in pieces: its length, then byte by byte
	return (ask_tcp(1, $patience, split(//, pack('n/a', $bytes))))[0]
	    if defined $with->{pieces};
	if (defined $with->{pipelined}) {
		my @all = map { pack('n', $_) . substr($bytes, 2) } 1 .. 20;
		my @found = ask_tcp(20, $patience,
			join('', map { pack('n/a', $_) } @all));
		my %ids = map { unpack('n', $_) => 1 } @found;
		return keys %ids == 20
		    ? substr($bytes, 0, 2) . substr($found[0], 2) : undef;
	}
	for (1 .. ($expects_none ? 1 : 3)) {
		my $message = ask_udp($bytes, $expects_none ? 0.4 : 1);
		return $message if defined $message;
	}
	return undef;
}

# A cookie to come back with.
sub fresh_cookie {
	my ($bytes, $with) = message('2.0.0.127 A option=000a00080102030405060708');
	$got = ask($bytes, $with, 0);
	my $cookie = facts($bytes)->{'opt.10'} // '0102030405060708';
	return sprintf '000a%04x%s', length($cookie) / 2, $cookie;
}

sub run_table {
	my ($file) = @_;
	open(my $in, '<', $file) or die "$file: $!\n";
	while (my $line = <$in>) {
		next if $line =~ /^\s*(#|$)/;
		my (undef, undef, $question, $expected)
		    = map { s/^\s+|\s+$//gr } split(/\|/, $line, 5);
		$question =~ s/option=COOKIE/'option=' . fresh_cookie()/e;
		my $result = eval {
			my ($bytes, $with) = message($question);
			$got = ask($bytes, $with, $expected eq 'answer=none');
			my $rest = $expected eq 'answer=none'
			    ? '' : ' qr=1 id=same rest=0';
			differences(facts($bytes), $expected . $rest);
		} // "broken: $@";
		print "$. ", $result eq '' ? 'ok' : $result =~ s/\n//gr, "\n";
	}
}

# "RCODE COOKIE" for a cookie in hexadecimal.
sub run_cookie {
	my ($cookie) = @_;
	$cookie //= '0102030405060708';
	my ($bytes, $with) = message(sprintf('2.0.0.127 A option=000a%04x%s',
		length($cookie) / 2, $cookie));
	$got = ask($bytes, $with, 0);
	my $fact = facts($bytes);
	print $fact->{rcode} // 'none', ' ', $fact->{'opt.10'} // 'none', "\n";
}

# --- sweeps ------------------------------------------------------------------------
# Sends messages by id, many under way, and calls $check for each response; again
# where one was lost.  Returns the ids that had none.
sub sweep {
	my ($make, $check, @ids) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $port, Proto => 'udp') // die "socket: $!\n";
	my $select = IO::Select->new($socket);
	my %left = map { $_ => 1 } @ids;
	for (1 .. 5) {
		my @round = sort { $a <=> $b } keys %left;
		while (my @some = splice(@round, 0, 64)) {
			syswrite($socket, $make->($_)) for @some;
			for (@some) {
				$select->can_read(0.5) or last;
				sysread($socket, $got, 65535) // next;
				my $id = unpack('n', $got);
				delete $left{$id} and $check->($id);
			}
		}
	}
	return keys %left;
}

sub report {
	my ($done, $bad, @lost) = @_;
	print "$done answered, ", scalar @lost, " lost, ", scalar @$bad, " wrong";
	print ': ', join('; ', @$bad[0 .. ($#$bad > 4 ? 4 : $#$bad)]) if @$bad;
	print "\n";
}

# A listed address of each type: data for A, TXT and ANY; meta types by their
# own rules; NODATA for all others.
sub run_types {
	my ($done, @bad, @lost) = (0);
	for my $name ('2.0.0.127', 'no-such', '@') {
		my $owner = wire($name);
		my $make = sub {
			pack('n6', $_[0], 0, 1, 0, 0, 0) . $owner
			    . pack('nn', $_[0], 1);
		};
		push @lost, sweep($make, sub {
			my ($type) = @_;
			my $fact = eval { facts($make->($type)) } // {broken => $@};
			my $words = expected_of($name, $type);
			my $wrong = differences($fact, "$words q=same");
			push @bad, "$name TYPE$type: $wrong" if $wrong ne '';
			$done++;
		}, 0 .. 65535);
	}
	report($done, \@bad, @lost);
}

sub expected_of {
	my ($name, $type) = @_;
	return 'rcode=FORMERR an.count=0 aa=0'
	    if $type == 41 || $type == 249 || $type == 250;
	return 'rcode=REFUSED an.count=0 aa=0' if $type == 251 || $type == 252;
	return 'rcode=NOTIMP an.count=0 aa=0' if $type == 253 || $type == 254;
	return 'rcode=NXDOMAIN an.count=0 au.types=SOA aa=1' if $name eq 'no-such';
	my %has = $name eq '@' ? (6 => 'SOA', 2 => 'NS', 15 => 'MX',
		16 => 'TXT', 255 => 'NS~SOA~TXT') : (1 => 'A', 16 => 'TXT', 255 => 'A');
	return "rcode=NOERROR an.types=$has{$type} aa=1" if defined $has{$type};
	return 'rcode=NOERROR an.count=0 au.types=SOA aa=1';
}

# Each flags word without QR gets what its opcode asks for; with QR nothing.
sub run_headers {
	my ($done, @bad) = (0);
	my $owner = wire('2.0.0.127');
	my $make = sub {
		my ($flags) = @_;
		pack('n6', $flags, $flags, 1, 0, 0, 0) . $owner . pack('nn', 1, 1);
	};
	my @lost = sweep($make, sub {
		my ($flags) = @_;
		my $opcode = $flags >> 11 & 15;
		my $words = $opcode == 0 ? 'rcode=NOERROR aa=1 an=A:127.0.0.2'
		    : 'rcode=NOTIMP aa=0 an.count=0';
		my $rd = $flags >> 8 & 1;
		my $wrong = differences(facts($make->($flags)), "$words qr=1"
			. " opcode=$opcode rd=$rd tc=0 ra=0 zero=0 ad=0 cd=0 q=same");
		push @bad, sprintf('%04x: %s', $flags, $wrong) if $wrong ne '';
		$done++;
	}, 0 .. 32767);
	for (map { 0x8000 + 257 * $_ } 0 .. 127) {
		syswrite($udp // ($udp = IO::Socket::INET->new(
			PeerAddr => '127.0.0.1', PeerPort => $port,
			Proto => 'udp')), $make->($_));
	}
	push @bad, 'a response was answered' if IO::Select->new($udp)->can_read(1);
	report($done, \@bad, @lost);
}

# --- mutations -----------------------------------------------------------------------
sub mutate {
	my ($bytes) = @_;
	for (0 .. int(rand(4))) {
		my $place = int(rand(length($bytes) || 1));
		my $kind = int(rand(6));
		if ($kind == 0) {
			substr($bytes, $place, 1) = chr(int(rand(256)))
			    if length $bytes;
		} elsif ($kind == 1 && length $bytes) {
			substr($bytes, $place, 1) ^= chr(1 << int(rand(8)));
		} elsif ($kind == 2) {
			substr($bytes, $place, 1 + int(rand(12))) = '';
		} elsif ($kind == 3) {
			substr($bytes, $place, 0)
			    = join('', map { chr(int(rand(256))) } 0 .. int(rand(8)));
		} elsif ($kind == 4) {
			$bytes .= substr($bytes, $place);
		} else {
			substr($bytes, $place, 2) = pack('n', (0, 1, 0x3fff, 0xc00c,
				0xffff)[int(rand(5))]) if length $bytes > $place + 2;
		}
	}
	return substr($bytes, 0, 1400);
}

# The server must answer an honest question all the while.
sub run_mutations {
	my ($count, $seed) = @_;
	my ($sent, $dead) = (0, 0);
	my @questions = ('2.0.0.127 A', '2.0.0.127 TXT edns', '@ SOA do',
		'www A size=4096 option=00030000', 'nothing A',
		'2.0.0.127 A option=000a00080102030405060708', 'alias A',
		'x.sub A edns', '. NS', 'id.server. TXT class=3',
		'@ IXFR ns=1 middle=c00c000600010000000000160000'
		    . '0000000100000002000000030000000400000005');
	srand($seed // 4);
	while ($sent < $count) {
		for (1 .. 100) {
			my ($bytes) = message($questions[rand @questions]);
			ask_udp('', 0) unless defined $udp;
			syswrite($udp, mutate($bytes));
			$sent++;
		}
		my ($bytes, $with) = message('2.0.0.127 A');
		my $answer = ask($bytes, $with, 0);
		$dead++ unless defined $answer && length $answer > 40;
		last if $dead > 2;
	}
	print "$sent sent, $dead questions without an answer\n";
}

my %commands = (table => \&run_table, types => \&run_types,
	headers => \&run_headers, mutate => \&run_mutations,
	cookie => \&run_cookie);
($commands{$command // ''} // die "see the head of the source\n")->(@arguments);
