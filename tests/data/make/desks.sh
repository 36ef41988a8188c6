# Ticket systems: run by make, whose functions these use.
# shellcheck shell=bash disable=SC2154,SC2034 # make's: host, trap_address, packages

packages[rt]="+request-tracker5 +rt5-db-sqlite"
# The mail gate's work without the web server between: the function that it calls.
run_rt() {
	stub_sendmail
	mkdir -p /var/lib/rt /var/log/request-tracker5 /var/cache/request-tracker5/{data,session_data,mason_data}
	cat >/etc/request-tracker5/RT_SiteConfig.pm <<-EOF
		Set(\$rtname, "help.sender.example");
		Set(\$Organization, "sender.example");
		Set(\$WebDomain, "help.sender.example");
		Set(\$CorrespondAddress, "help\\@$host");
		Set(\$CommentAddress, "help-comment\\@$host");
		Set(\$OwnerEmail, "root\\@$host");
		Set(\$DatabaseType, "SQLite");
		Set(\$DatabaseName, "/var/lib/rt/rt.sqlite");
		Set(\$MailCommand, "sendmailpipe");
		Set(\$SendmailPath, "/usr/sbin/sendmail");
		Set(\$SendmailArguments, "-t");
		Set(\$LogToSyslog, undef);
		Set(\$LogToSTDERR, "warning");
		1;
	EOF
	local etc=/usr/share/request-tracker5/etc
	rt-setup-database-5 --action init --skip-create --datadir $etc \
	    >/var/log/rt.log 2>&1 || tail /var/log/rt.log
	cat >/tmp/gate <<-'EOF'
		use lib "/usr/share/request-tracker5/lib";
		use RT -init;
		use RT::Interface::Email;
		if ($ARGV[0] eq "allow") {
			my $queue = RT::Queue->new(RT->SystemUser);
			$queue->Load("General");
			my $everyone = RT::Group->new(RT->SystemUser);
			$everyone->LoadSystemInternalGroup("Everyone");
			$everyone->PrincipalObj->GrantRight(Object => $queue, Right => $_)
			    for qw(CreateTicket ReplyToTicket);
			exit;
		}
		local $/;
		print join(" ", RT::Interface::Email::Gateway({ queue => "General",
		    action => "correspond", message => scalar <STDIN> })), "\n";
	EOF
	message "offer" "help@$host" | perl /tmp/gate mail
	taken rt-denied
	perl /tmp/gate allow
	message "offer" "help@$host" | perl /tmp/gate mail
	taken rt-autoreply
}
