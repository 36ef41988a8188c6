#!/usr/bin/perl
# Hands one message to a mail server by SMTP:
#
#	submit.pl HOST[:PORT] SENDER RECIPIENT <MESSAGE
use strict;
use warnings;
use IO::Socket::INET;

my ($server, $sender, $recipient) = @ARGV;
$server .= ':25' if $server !~ /:/;
my $socket = IO::Socket::INET->new(PeerAddr => $server) or die "$server: $!\n";

# the server's whole reply
sub reply {
	my $line;
	do { $line = <$socket> // die "$server hung up\n" } while $line =~ /^\d\d\d-/;
	warn $line if $line =~ /^[45]/;
}

reply();
for my $command ('EHLO other.example', "MAIL FROM:<$sender>",
    "RCPT TO:<$recipient>", 'DATA') {
	print {$socket} "$command\r\n";
	reply();
}
while (my $line = <STDIN>) {
	$line =~ s/\r?\n$//;
	$line =~ s/^\./../;
	print {$socket} "$line\r\n";
}
print {$socket} ".\r\n";
reply();
print {$socket} "QUIT\r\n";
