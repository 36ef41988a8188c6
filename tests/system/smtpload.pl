# Load for tests/system/smtpkill: bounces by SMTP, each from an address of its
# own (XCLIENT), from several processes, until the server goes away:
#
#	perl smtpload.pl PORT ROUND PROCESSES
#
# Prints the address of each message that got its 250.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{PIPE} = 'IGNORE';
my ($port, $round, $processes) = @ARGV;

sub body {
	my ($word) = @_;
	my $text = <<"END";
From: MAILER-DAEMON\@bounce.example (Mail Delivery System)
To: a\@trap.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <$word\@bounce.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; bounce.example

Final-Recipient: rfc822; nobody\@bounce.example
Action: failed
Status: 5.1.1

--B--
.
END
	$text =~ s/\n/\r\n/g;
	return $text;
}

# The reply to a command, or nothing where the server is gone.
sub say_to {
	my ($socket, $bytes) = @_;
	my $line;
	print $socket $bytes if defined $bytes;
	do {
		$line = <$socket>;
		return '' unless defined $line && $line =~ /\n$/;
	} while ($line =~ /^\d\d\d-/);
	return $line;
}

sub run {
	my ($number) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $port, Proto => 'tcp', Timeout => 5) or return;
	$socket->autoflush(1);
	say_to($socket);
	say_to($socket, "EHLO c\r\n");
	for my $i (0 .. 255) {
		# 100 rounds of 8 processes: networks of 10 bits each way
		my $address = join('.', 20 + $number, 1 + $round, 7, $i);
		say_to($socket, "XCLIENT ADDR=$address\r\n");
		say_to($socket, "EHLO c\r\n");
		say_to($socket, "MAIL FROM:<>\r\n");
		say_to($socket, "RCPT TO:<a\@trap.example>\r\n");
		say_to($socket, "DATA\r\n");
		my $reply = say_to($socket, body("$round-$number-$i"));
		return if $reply eq '';
		syswrite(STDOUT, "$address\n") if $reply =~ /^250/;
	}
}

for my $number (0 .. $processes - 1) {
	next if fork;
	run($number);
	exit;
}
1 while wait != -1;
