# A client of SMTP and LMTP that does what it is told, for tests/system/smtp*:
#
#	perl smtpclient.pl [-v] WHERE [LOCAL-ADDRESS] <SCRIPT
#
# WHERE is ADDRESS:PORT or a path.  Lines of the script:
#	> TEXT		sends TEXT and CRLF, waits for the reply
#	+ TEXT		sends TEXT and CRLF, waits for nothing
#	= TEXT		sends TEXT as it is (\r, \n, \0, \xHH, \\ known)
#	x N TEXT	sends TEXT, as above, N times
#	< 		waits for a reply
#	sleep SECONDS	waits
#	tls		begins TLS, as after a STARTTLS that was answered
#	close		closes, without a word
#	shut		sends no more, and goes on reading
# Prints the first word of each reply and the enhanced code, a line each: "250
# 2.1.0"; with -v whole replies.  "closed" where the server closed, "silent"
# where it says nothing for 20 s.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw(sleep);

$SIG{PIPE} = 'IGNORE';
$| = 1;
my $verbose = @ARGV && $ARGV[0] eq '-v' ? shift : 0;
my ($where, $local) = @ARGV;
my $raw = $where =~ m{^/}
    ? IO::Socket::UNIX->new(Peer => $where)
    : IO::Socket::INET->new(PeerAddr => $where, Proto => 'tcp', Timeout => 10,
	($local ? (LocalAddr => $local) : ()));
unless ($raw) {
	print "refused\n";
	exit;
}
my ($socket, $input) = ($raw, '');

sub send_bytes {
	my ($bytes) = @_;
	my $at = 0;
	while ($at < length $bytes) {
		my $sent = syswrite($socket, $bytes, 65536, $at);
		return unless $sent;
		$at += $sent;
	}
}
# One reply, all of its lines.
sub reply {
	my $text = '';
	while (1) {
		while ($input =~ s/^([^\n]*\n)//) {
			$text .= $1;
			next if $1 =~ /^\d\d\d-/;
			if ($verbose) {
				$text =~ s/\r//g;
				print $text;
			} elsif ($1 =~ /^(\d\d\d) (\d\.\d\.\d)?/) {
				print $1, defined $2 ? " $2" : '', "\n";
			} else {
				print "strange: $1\n";
			}
			return 1;
		}
		my $pending = $socket->can('pending') && $socket->pending;
		if (!$pending && !IO::Select->new($raw)->can_read(20)) {
			print "silent\n";
			return 0;
		}
		my $got = sysread($socket, $input, 65536, length $input);
		unless ($got) {
			print "closed\n";
			exit;
		}
	}
}
sub plain {
	my ($text) = @_;
	my %is = (r => "\r", n => "\n", 0 => "\0", '\\' => '\\');
	$text =~ s/\\(x([0-9a-fA-F]{2})|[rn0\\])/defined $2 ? chr hex $2
	    : $is{$1}/ge;
	return $text;
}

while (my $line = <STDIN>) {
	chomp $line;
	if ($line =~ /^> ?(.*)/s) { send_bytes("$1\r\n"); reply() }
	elsif ($line =~ /^\+ ?(.*)/s) { send_bytes("$1\r\n") }
	elsif ($line =~ /^= ?(.*)/s) { send_bytes(plain($1)) }
	elsif ($line =~ /^x (\d+) (.*)/s) { send_bytes(plain($2) x $1) }
	elsif ($line =~ /^</) { reply() }
	elsif ($line =~ /^sleep ([\d.]+)/) { sleep $1 }
	elsif ($line =~ /^close/) { close $socket; exit }
	elsif ($line =~ /^shut/) { shutdown $socket, 1 }
	elsif ($line =~ /^tls/) {
		require IO::Socket::SSL;
		$input = '';
		$socket = IO::Socket::SSL->start_SSL($raw,
			SSL_verify_mode => 0) or do { print "no TLS\n"; exit };
	} else { die "script: $line\n" }
}
