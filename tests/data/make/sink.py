#!/usr/bin/env python3
"""The traps' mail exchanger of tests/data/make: keeps each message as a file.

sink.py FOLDER ADDRESS: listens on port 25 of ADDRESS.  A recipient
reject...@ gets 550, full...@ 552, defer...@ 451; what comes to a trap is kept, with
the lines that an exchanger puts before a message.
"""
import os
import socketserver
import sys
import time


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def keep(self, helo, sender, recipients, data):
        server = self.server
        if not any(to.endswith("@trap.example") for to in recipients):
            return
        server.count += 1
        name = os.path.join(server.folder, "%03d.eml" % server.count)
        date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        with open(name + ".new", "wb") as file:
            file.write(
                (
                    "Return-Path: <%s>\nDelivered-To: %s\n"
                    "Received: from %s (%s [%s])\n\tby mx.trap.example with "
                    "ESMTP id %d\n\tfor <%s>; %s\n"
                    % (sender, recipients[0], helo, helo,
                       self.client_address[0], server.count, recipients[0],
                       date)
                ).encode()
            )
            file.write(data.replace(b"\r\n", b"\n"))
        os.rename(name + ".new", name)

    def read_data(self):
        lines = []
        for line in self.rfile:
            if line in (b".\r\n", b".\n"):
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def handle(self):
        helo, sender, recipients = "", "", []
        self.say("220 mx.trap.example ESMTP")
        for raw in self.rfile:
            line = raw.decode("latin1").strip()
            verb = line.upper()
            if verb.startswith("EHLO"):
                helo = line[5:]
                self.say("250-mx.trap.example")
                self.say("250 8BITMIME")
            elif verb.startswith("HELO"):
                helo = line[5:]
                self.say("250 mx.trap.example")
            elif verb.startswith("MAIL"):
                sender, recipients = line.split("<", 1)[1].split(">")[0], []
                self.say("250 2.1.0 Ok")
            elif verb.startswith("RCPT"):
                address = line.split("<", 1)[1].split(">")[0]
                if address.startswith("reject"):
                    self.say("550 5.1.1 <%s>: User unknown" % address)
                elif address.startswith("full"):
                    self.say("552 5.2.2 <%s>: Mailbox full" % address)
                elif address.startswith("defer"):
                    self.say("451 4.7.1 <%s>: Try again later" % address)
                else:
                    recipients.append(address)
                    self.say("250 2.1.5 Ok")
            elif verb == "DATA":
                if not recipients:
                    self.say("554 5.5.1 No valid recipients")
                    continue
                self.say("354 End data with <CR><LF>.<CR><LF>")
                self.keep(helo, sender, recipients, self.read_data())
                self.say("250 2.0.0 Ok")
            elif verb == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                self.say("250 2.0.0 Ok")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    count = 0


with Server((sys.argv[2], 25), Session) as server:
    server.folder = sys.argv[1]
    server.serve_forever()
