# Hostile sessions for tests/system/smtphostile, each with a name:
#
#	perl smtphostile.pl PORT LMTP-PORT
#
# Clients come from 127.0.0.1 (nobody in particular), 127.0.1.1 (trusted with
# XCLIENT and XFORWARD) and 127.0.2.1 (a PROXY).  Prints TAP lines without a
# plan: a session is ok if the codes of its replies fit, and the server closed
# or still answers when it is through.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(time sleep);

$SIG{PIPE} = 'IGNORE';
my ($port, $lmtp) = @ARGV;
my $parallel = 6;

my $hi = "EHLO c.example\r\n";
my $mail = "MAIL FROM:<>\r\n";
my $rcpt = "RCPT TO:<a\@trap.example>\r\n";
my $begin = $hi . $mail . $rcpt;
my $data = $begin . "DATA\r\n";
my $quit = "QUIT\r\n";
my $greeted = '220 250';
my $begun = "$greeted 250 250";
my (@rows);

# A session: its name, what it sends, a pattern for the codes of all replies.
# More: from => address, port => port, piece => bytes at a time, pause =>
# seconds between them, end => how it ends (quit: waits for the server;
# reset; cut).
sub row {
	my ($name, $bytes, $codes, %more) = @_;
	push @rows, {name => $name, bytes => $bytes, codes => $codes, %more};
}

# --- smuggling: a second message in the first one's text ----------------------
my %forms = (
	'LF . LF' => "\n.\n", 'LF . CRLF' => "\n.\r\n",
	'CRLF . LF' => "\r\n.\n", 'CR . CR' => "\r.\r",
	'CR . CRLF' => "\r.\r\n", 'CRLF . CR' => "\r\n.\r",
	'CR . LF' => "\r.\n", 'LF . CR' => "\n.\r",
	'LF . CR CRLF' => "\n.\r\r\n", 'CRLF . CR CRLF' => "\r\n.\r\r\n",
	'CRLF NUL . CRLF' => "\r\n\0.\r\n", 'CRLF . NUL CRLF' => "\r\n.\0\r\n",
	'CR CRLF . LF' => "\r\r\n.\n", 'LF CR . LF CR' => "\n\r.\n\r",
	'NEL . NEL' => "\xc2\x85.\xc2\x85",
	'U+2028 . U+2028' => "\xe2\x80\xa8.\xe2\x80\xa8",
	'VT . VT' => "\x0b.\x0b", 'FF . FF' => "\x0c.\x0c",
);
for my $name (sort keys %forms) {
	my $hidden = "x$forms{$name}$mail${rcpt}DATA\r\ny\r\n.\r\n";
	row("smuggling, $name", "$data$hidden$quit", "$begun 354 250 221");
	(my $bytes = "$data$hidden$quit") =~ s/EHLO/LHLO/;
	row("smuggling by LMTP, $name", $bytes, "$begun 354 250 221",
	    port => $lmtp);
}
row('smuggling in pieces', "${data}x\n.\n$mail$rcpt\r\n.\r\n$quit",
    "$begun 354 250 221", piece => 1);

# --- command lines --------------------------------------------------------------
row('a line of 2047 bytes', 'NOOP ' . 'x' x 2041 . "\r\n$quit", '220 250 221');
row('a line of 2049 bytes', 'NOOP ' . 'x' x 2042 . "\r\n$quit", '220 500 221');
row('a line of 1 MB', 'NOOP ' . 'x' x 1e6 . "\r\n$quit", '220 500 221');
row('a line of 32 MB', 'x' x 32e6 . "\r\n$quit", '220 500 221');
row('a line without an end', 'EHLO ' . 'x' x 5e6, '220', end => 'cut');
row('NUL', "NO\0OP\r\n$quit", '220 500 221');
row('NULs', "\0" x 5000 . "\r\n$quit", '220 521');
row('control characters', "NOOP \x01\x02\x1b[2J\r\n$quit", '220 500 221');
row('no UTF-8', "NOOP \xff\xfe\r\n$quit", '220 500 221');
row('bare LF', "EHLO c\n$mail$quit", '220 521');
row('bare CR', "EHLO c\rMAIL FROM:<>\r\n$quit", '220 500 221');
row('CR CR LF', "NOOP\r\r\n$quit", '220 500 221');
row('LF CR', "NOOP\n\r$quit", '220 521');
row('empty lines', "\r\n\r\n\r\n$quit", '220 500 500 500 221');
row('blanks', " \r\n\t\r\n$quit", '220 500 500 221');
row('unknown commands', "FOO\r\nBAR x\r\n$quit", '220 500 500 221');
row('BDAT', "${begin}BDAT 5 LAST\r\n$quit", "$begun 500 221");
row('BDAT with its bytes', "${begin}BDAT 6 LAST\r\nQUIT\r\n",
    "$begun 500 221");
row('AUTH', "${hi}AUTH PLAIN AHgAeA==\r\n$quit", "$greeted 500 221");
row('ETRN and TURN', "${hi}ETRN x\r\nTURN\r\n$quit", "$greeted 500 500 221");
row('DEBUG and WIZ', "${hi}DEBUG\r\nWIZ\r\n$quit", "$greeted 500 500 221");
row('VRFY of a trap', "VRFY a\@trap.example\r\n$quit", '220 252 221');
row('VRFY of nobody', "VRFY x\@nobody.example\r\n$quit", '220 252 221');
row('EXPN', "EXPN all\r\n$quit", '220 502 221');
row('a format string', "EHLO %s%s%n%n\r\n$quit", '220 250 221');
row('a shell in HELO', "HELO `reboot`\r\n$quit", '220 250 221');
row('a HELO of 255 bytes', 'HELO ' . 'h' x 255 . "\r\n$quit", '220 250 221');
row('a HELO of 256 bytes', 'HELO ' . 'h' x 256 . "\r\n$quit", '220 501 221');
row('HELO without a name', "HELO\r\n$quit", '220 501 221');
row('commands behind QUIT', "${quit}NOOP\r\nNOOP\r\n", '220 221');

# --- the order of commands --------------------------------------------------------
row('MAIL first', "$mail$quit", '220 503 221');
row('RCPT first', "$hi$rcpt$quit", "$greeted 503 221");
row('DATA first', "${hi}DATA\r\n$quit", "$greeted 503 221");
row('DATA without a recipient', "$hi${mail}DATA\r\n$quit",
    "$greeted 250 554 221");
row('DATA with refused recipients',
    "$hi${mail}RCPT TO:<x\@y.example>\r\nDATA\r\n$quit",
    "$greeted 250 550 554 221");
row('MAIL twice', "$hi$mail$mail$quit", "$greeted 250 503 221");
row('EHLO in a transaction', "$begin$hi$rcpt$quit",
    "$begun 250 503 221");
row('LHLO by SMTP', "LHLO c\r\n$quit", '220 500 221');
row('EHLO by LMTP', "$hi$quit", '220 500 221', port => $lmtp);
row('DATA with an argument', "${begin}DATA now\r\n$quit", "$begun 501 221");
row('RSET with an argument', "RSET x\r\n$quit", '220 501 221');
row('QUIT with an argument', "QUIT x\r\n$quit", '220 501 221');

# --- addresses -----------------------------------------------------------------------
my @bad = ('<a@b', 'a@b>', '<@>', '<@b>', '<a@>', '<a@@b>', '<a@b@c>', '<a b@c>',
	'<a@b c>', '<a@.b>', '<a@b..c>', '<"a@b>', '<"a"b@c>', '<a@[>',
	'<a@[1.2.3.4>', '<a@]>', '<@x:>', '<@x a@b>', '<@x,y:a@b>', '<<a@b>>',
	'<a@b>>', '<a@b>x', '<>x', "<a\@b\xff>", '<a@b/c>', '<a@' . 'x' x 64 . '>',
	'<' . 'l' x 256 . '@b>', '<a@' . join('.', ('x' x 50) x 6) . '>',
	'<' . '@x,' x 20 . '@x:a@b>', '', '<');
for my $i (0 .. $#bad) {
	(my $shown = $bad[$i]) =~ s/[^ -~]/?/g;
	$shown = substr($shown, 0, 20);
	my $code = $bad[$i] =~ /\xff/ ? 500 : 501;
	row("sender $i: $shown", "${hi}MAIL FROM:$bad[$i]\r\n$quit",
	    "$greeted $code 221");
	row("recipient $i: $shown", "$hi${mail}RCPT TO:$bad[$i]\r\n$quit",
	    "$greeted 250 $code 221");
}
row('a tag before a long literal with an @', "$hi${mail}RCPT TO:<prvs=3007abcdef="
	. 'a' x 47 . '@[' . 'x' x 252 . "\@]>\r\n$quit",
    "$greeted 250 550 221");
row('percent hack', "$hi${mail}RCPT TO:<x%y\@z.example>\r\n$quit",
    "$greeted 250 550 221");
row('bang path', "$hi${mail}RCPT TO:<y!x\@z.example>\r\n$quit",
    "$greeted 250 550 221");
row('a pipe as recipient', "$hi${mail}RCPT TO:<\"|reboot\"\@z.example>\r\n$quit",
    "$greeted 250 550 221");
row('null recipient', "$hi${mail}RCPT TO:<>\r\n$quit", "$greeted 250 501 221");

# --- parameters ------------------------------------------------------------------------
for my $bad ('SIZE=x', 'SIZE=-1', 'SIZE=', 'SIZE', 'SIZE=1' . '0' x 30,
	'BODY=', 'BODY', 'SMTPUTF8=1', '=', '=x') {
	row("MAIL with $bad", "${hi}MAIL FROM:<> $bad\r\n$quit",
	    "$greeted 501 221");
}
for my $bad ('BODY=BINARYMIME', 'body=x') {
	row("MAIL with $bad", "${hi}MAIL FROM:<> $bad\r\n$quit",
	    "$greeted 555 221");
}
for my $bad ('RET=FULL', 'ENVID=x', 'AUTH=<>', 'X', 'NOTIFY=NEVER') {
	row("MAIL with $bad", "${hi}MAIL FROM:<> $bad\r\n$quit",
	    "$greeted 555 221");
	row("RCPT with $bad",
	    "$hi${mail}RCPT TO:<a\@trap.example> $bad\r\n$quit",
	    "$greeted 250 555 221");
}
row('SIZE of 20 digits', "${hi}MAIL FROM:<> SIZE=" . '9' x 20 . "\r\n$quit",
    "$greeted 552 221");
row('UTF-8 without SMTPUTF8', "${hi}MAIL FROM:<\xc3\xbc\@b.example>\r\n$quit",
    "$greeted 553 221");

# --- texts ---------------------------------------------------------------------------------
sub text {
	my ($name, $text, $codes, %more) = @_;
	row("text: $name", "$data$text\r\n.\r\n$quit",
	    $codes // "$begun 354 250 221", %more);
}
text('empty', '');
text('only dots', join("\r\n", ('..') x 1000));
text('no header', 'hello');
text('NULs', "\0" x 100000);
text('a header of 1 MB', 'Subject: ' . 'x' x 1e6);
text('100,000 header lines', "X: y\r\n" x 100000);
text('groups in groups', 'To: ' . 'g:' x 75000 . ';' x 75000);
text('groups in groups, folded', 'To: ' . "g:\r\n " x 40000);
text('10,000 parts', "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
    . "--B\r\n\r\nx\r\n" x 10000);
text('nested parts', join('', map {
	"Content-Type: multipart/mixed; boundary=B$_\r\n\r\n--B$_\r\n" }
    1 .. 2000));
text('nested messages', "Content-Type: message/rfc822\r\n\r\n" x 3000);
text('a boundary of 64 KB', 'Content-Type: multipart/mixed; boundary='
    . 'b' x 65536 . "\r\n\r\n--" . 'b' x 65536);
text('unknown charset', "Content-Type: text/plain; charset=x-none\r\n\r\n\xff");
text('endless encoded words', 'Subject: ' . '=?utf-8?q?a?= ' x 20000);
text('base64 that is none', "Content-Transfer-Encoding: base64\r\n\r\n"
    . '****' x 50000);
text('parameters without end', 'Content-Type: multipart/report'
    . '; a*0=x' x 20000);
text('a date in 9999', 'Date: Fri, 31 Dec 9999 23:59:59 +0000');
text('10,000 Received', "Received: from x ([192.0.2.9]) by y; x\r\n" x 10000);
text('1 MB without a line end', 'x' x 1e6);
text('a million empty lines', "\r\n" x 1e6);
text('just the size', 'x' x (2097152 - 2), undef);
text('a byte too large', 'x' x (2097152 - 1), "$begun 354 552 221");
text('far too large', 'x' x 8e6, "$begun 354 552 221");
text('without end', 'x' x 9e6, "$begun 354 552");
text('byte by byte', 'hello', undef, piece => 1);

# --- floods -----------------------------------------------------------------------------------
row('100,000 recipients', $hi . $mail . $rcpt x 100000 . $quit,
    "$greeted 250( 250){100}( 452)+ 421");
row('100,000 unknown recipients',
    $hi . $mail . "RCPT TO:<x\@y.example>\r\n" x 100000,
    "$greeted 250( 550)+ 421");
row('100,000 NOOPs', "NOOP\r\n" x 100000, '220( 250)+ 421');
row('100,000 RSETs', $hi . "RSET\r\n" x 100000, '220( 250)+ 421');
row('100,000 EHLOs', $hi x 100000, '220( 250)+ 421');
row('100,000 errors', "FOO\r\n" x 100000, '220( 500)+ 421');
row('50 messages at once', $hi . ("$mail${rcpt}DATA\r\nx\r\n.\r\n" x 50) . $quit,
    "$greeted( 250 250 354 250){50} 221");
row('a client that never reads', "NOOP\r\n" x 200000, '', end => 'deaf');

# --- trusted hosts' words -----------------------------------------------------------------------
for my $word ('XCLIENT ADDR=192.0.2.9', 'XFORWARD ADDR=192.0.2.9', 'XCLIENT',
	'XFORWARD') {
	row("$word from nobody", "$hi$word\r\n$quit", "$greeted 550 221");
}
for my $value ('ADDR=x', 'ADDR=1.2.3', 'ADDR=010.0.0.1', 'ADDR=1.2.3.4.5',
	'ADDR=IPv6:x', 'ADDR=fe80::1%lo', 'HELO=+4', 'HELO=+zz', 'X=y', '=y',
	'ADDR', '', 'HELO=' . 'h' x 300) {
	my $shown = substr($value, 0, 20);
	row("XCLIENT $shown", "${hi}XCLIENT $value\r\n$quit", "$greeted 501 221",
	    from => '127.0.1.1');
	row("XFORWARD $shown", "${hi}XFORWARD $value\r\n$quit",
	    "$greeted 501 221", from => '127.0.1.1');
}
row('XCLIENT behind MAIL', "$hi${mail}XCLIENT ADDR=192.0.2.9\r\n$quit",
    "$greeted 250 503 221", from => '127.0.1.1');
my %heads = ('none' => $hi, 'a wrong word' => "PROXY TCP9 x y 1 2\r\n",
	'no address' => "PROXY TCP4 x y 1 2\r\n",
	'a bare LF' => "PROXY UNKNOWN\n$hi",
	'108 bytes' => 'PROXY UNKNOWN ' . 'x' x 92 . "\r\n",
	'without end' => 'PROXY TCP4 ' . 'x' x 5000,
	'version 3' => "\r\n\r\n\0\r\nQUIT\n\x31\x11\0\0",
	'64 KB of options' => "\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff" . 'x' x 65535);
row("PROXY: $_", $heads{$_}, '', from => '127.0.2.1') for sort keys %heads;

# --- TLS, and other protocols ----------------------------------------------------------------------
row('STARTTLS and what follows', "${hi}STARTTLS\r\n$mail$rcpt$quit",
    "$greeted 220", end => 'cut');
row('STARTTLS with an argument', "${hi}STARTTLS x\r\n$quit",
    "$greeted 501 221");
row('a TLS hello at once', "\x16\x03\x01\0\x05hello\r\n$quit", '220 521');
row('HTTP', "GET / HTTP/1.1\r\nHost: x\r\n\r\n", '220 521');
row('HTTP with SMTP in it', "POST / HTTP/1.1\r\n\r\n$begin$quit",
    '220 521');
row('SSH', "SSH-2.0-x\r\n", '220 500', end => 'cut');
row('DNS', "\0\x1d\0\0\1\0\0\1\0\0\0\0\0\0\2bl\7example\0\0\1\0\1", '220',
    end => 'cut');
row('SOCKS', "\5\1\0", '220', end => 'cut');
row('random bytes', join('', map { chr(($_ * 7919 + 13) % 251) } 1 .. 5000),
    '220.*', end => 'cut');

# --- ends in the middle ---------------------------------------------------------------------------
my @parts = (['nothing', ''], ['half a command', 'EHL'], ['EHLO', $hi],
	['MAIL', $hi . $mail], ['RCPT', $begin], ['DATA', $data],
	['half a message', $data . "x\r\n"], ['CRLF .', $data . "x\r\n."],
	['CRLF . CR', $data . "x\r\n.\r"]);
for my $part (@parts) {
	row("reset behind $part->[0]", $part->[1], '220.*|', end => 'reset');
	row("cut behind $part->[0]", $part->[1], '220.*', end => 'cut');
}

# --- playing them ------------------------------------------------------------------------------------
sub play {
	my ($row) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $row->{port} // $port, Proto => 'tcp', Timeout => 20,
		LocalAddr => $row->{from} // '127.0.0.1') or return "no connection";
	my $select = IO::Select->new($socket);
	my ($at, $input, $end, $closed) = (0, '', time + 60, 0);
	my $bytes = $row->{bytes};
	my $piece = $row->{piece} // 65536;
	my $how = $row->{end} // 'quit';
	$socket->blocking(0);
	while (time < $end) {
		if ($at < length $bytes && $select->can_write(0.05)) {
			my $sent = syswrite($socket, $bytes, $piece, $at);
			$at = length $bytes if !defined $sent && !$!{EAGAIN};
			$at += $sent // 0;
		}
		last if $how eq 'deaf' && ($at == length $bytes
		    || !$select->can_write(3));
		next if $how eq 'deaf';
		# on a busy machine the greeting may take its time
		my $wait = $how eq 'cut' && $input eq '' ? 10 : 0.3;
		while ($select->can_read($at < length $bytes ? 0 : $wait)) {
			my $got = sysread($socket, $input, 65536, length $input);
			$closed = 1 if !$got && !$!{EAGAIN};
			last if $closed || $at < length $bytes;
			$wait = 0.3;
		}
		last if $closed || ($at == length $bytes && $how ne 'quit');
	}
	setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0))
	    if $how eq 'reset';
	close $socket;
	return 'not closed within 60 s' if $how eq 'quit' && !$closed;
	my @codes = map { /^(\d\d\d) .*\r$/ ? $1 : /^\d\d\d-.*\r$/ ? () : '???' }
	    split /\n/, $input;
	my $codes = join(' ', @codes);
	return '' if $how eq 'deaf' || $codes =~ /^(?:$row->{codes})$/;
	return 'replies ' . substr($codes, 0, 200);
}

my $next = 0;
for my $worker (0 .. $parallel - 1) {
	next if fork;
	for (my $i = $worker; $i < @rows; $i += $parallel) {
		my $why = play($rows[$i]);
		syswrite(STDOUT, $why eq '' ? "ok $rows[$i]{name}\n"
		    : "not $rows[$i]{name}\t$why\n");
	}
	exit;
}
1 while wait != -1;
