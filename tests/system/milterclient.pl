# A mail server that speaks the milter protocol as it is told, for
# tests/system/milter*:
#
#	perl milterclient.pl WHERE <SCRIPT
#
# WHERE is ADDRESS:PORT or a path.  Lines of the script:
#	negotiate		offers all that there is (version 6)
#	negotiate VERSION ACTIONS STEPS		offers so much
#	connect 4|6 ADDRESS	a client; or: connect L PATH, connect U
#	helo NAME, mail ADDRESS ARGUMENT..., rcpt ADDRESS, data, eoh, eom
#	header NAME VALUE	(in VALUE \n is known)
#	body TEXT		(\r, \n, \xHH known)
#	macro LETTER NAME VALUE	for the command of that letter
#	abort, quit, quitnc
#	= BYTES			sends them as they are (as in body)
#	x N BYTES		the same N times
#	sleep SECONDS, close
#	<			waits for a reply
# After negotiate, rcpt, data and eom, and after all but abort and quit where no
# silent steps were offered, it waits for replies.  Prints their letters, a line
# each: c continue, a accept, d discard, y and its text a reply code, t tempfail,
# - and an address a recipient that goes, O and two numbers what is agreed upon,
# "closed", "silent" (after $MILTER_WAIT seconds, or 10).
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw(sleep);

$SIG{PIPE} = 'IGNORE';
$| = 1;
my ($where) = @ARGV;
my $socket = $where =~ m{^/}
    ? IO::Socket::UNIX->new(Peer => $where)
    : IO::Socket::INET->new(PeerAddr => $where, Proto => 'tcp', Timeout => 10);
unless ($socket) {
	print "refused\n";
	exit;
}
my ($input, $replies) = ('', 0);

sub send_bytes {
	my ($bytes) = @_;
	my $at = 0;
	while ($at < length $bytes) {
		my $sent = syswrite($socket, $bytes, 65536, $at);
		return unless $sent;
		$at += $sent;
	}
}
sub packet {
	my ($letter, $bytes) = @_;
	$bytes = '' unless defined $bytes;
	send_bytes(pack('N', 1 + length $bytes) . $letter . $bytes);
}
# One reply; what comes before it (recipients that go) is printed as well.
sub reply {
	while (1) {
		while (length $input >= 4) {
			my $size = unpack 'N', $input;
			last if length $input < 4 + $size;
			my $body = substr $input, 4, $size;
			substr($input, 0, 4 + $size) = '';
			my $letter = substr $body, 0, 1, '';
			$body =~ s/\0$// unless $letter eq 'O';
			$body = join ' ', (unpack 'NNN', $body)[1, 2]
			    if $letter eq 'O';
			print length $body ? "$letter $body\n" : "$letter\n";
			return if $letter ne '-';
		}
		unless (IO::Select->new($socket)->can_read($ENV{MILTER_WAIT} || 10)) {
			print "silent\n";
			return;
		}
		unless (sysread $socket, $input, 65536, length $input) {
			print "closed\n";
			exit;
		}
	}
}
sub bytes_of {
	my ($text) = @_;
	$text =~ s/\\(x[0-9a-fA-F]{2}|[rn0\\])/
	    my $c = $1;
	    $c eq 'r' ? "\r" : $c eq 'n' ? "\n" : $c eq '0' ? "\0" :
	    $c eq '\\' ? '\\' : chr hex substr $c, 1/gex;
	return $text;
}
sub client {
	my ($family, $address) = @_;
	return "client.example\0U" if $family eq 'U';
	return "client.example\0$family" . pack('n', 4711) .
	    ($family eq '6' ? "IPv6:$address" : $address) . "\0";
}
my %letter = (helo => 'H', mail => 'M', rcpt => 'R', data => 'T', eoh => 'N',
    eom => 'E', header => 'L', body => 'B', connect => 'C', abort => 'A',
    quit => 'Q', quitnc => 'K');

while (my $line = <STDIN>) {
	chomp $line;
	my ($word, $rest) = split / /, $line, 2;
	$rest = '' unless defined $rest;
	if ($word eq 'negotiate') {
		my ($version, $actions, $steps) = split / /, $rest;
		($version, $actions, $steps) = (6, 0x1ff, 0x1fffff)
		    unless defined $steps;
		$replies = !($steps & 0x1000);
		packet('O', pack 'NNN', $version, $actions, $steps);
		reply();
	} elsif ($word eq 'close') {
		close $socket;
		exit;
	} elsif ($word eq 'sleep') {
		sleep $rest;
	} elsif ($word eq '<') {
		reply();
	} elsif ($word eq '=') {
		send_bytes(bytes_of($rest));
	} elsif ($word eq 'x') {
		my ($count, $text) = split / /, $rest, 2;
		send_bytes(bytes_of($text) x $count);
	} elsif ($word eq 'macro') {
		my ($letter, $name, $value) = split / /, $rest, 3;
		packet('D', "$letter$name\0$value\0");
	} elsif (my $letter = $letter{$word}) {
		my $bytes = '';
		$bytes = client(split / /, $rest) if $word eq 'connect';
		$bytes = "$rest\0" if $word eq 'helo';
		$bytes = join('', map { "$_\0" } split / /, $rest)
		    if $word eq 'mail' || $word eq 'rcpt';
		$bytes = bytes_of($rest) if $word eq 'body';
		if ($word eq 'header') {
			my ($name, $value) = split / /, $rest, 2;
			$bytes = "$name\0" . bytes_of($value) . "\0";
		}
		packet($letter, $bytes);
		reply() if $word =~ /^(rcpt|data|eom)$/ ||
		    ($replies && $word !~ /^(abort|quit)/);
	} else {
		die "no such word: $word\n";
	}
}
