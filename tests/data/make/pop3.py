#!/usr/bin/env python3
"""A mailbox with one message, for fetchmail in tests/data/make.

pop3.py ADDRESS FILE: listens on port 110 of ADDRESS; any user, any password.
"""
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        message = self.server.message
        self.say("+OK POP3")
        for raw in self.rfile:
            verb = raw.decode("latin1").strip().upper()[:4]
            if verb == "CAPA":
                self.say("-ERR none")
            elif verb == "STAT":
                self.say("+OK 1 %d" % len(message))
            elif verb == "LIST":
                self.say("+OK 1 %d" % len(message))
            elif verb == "UIDL":
                self.say("+OK 1 made")
            elif verb in ("RETR", "TOP "):
                self.say("+OK")
                self.wfile.write(message + b".\r\n")
            else:
                self.say("+OK")
                if verb == "QUIT":
                    return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server((sys.argv[1], 110), Session) as server:
    with open(sys.argv[2], "rb") as file:
        server.message = file.read().replace(b"\n", b"\r\n")
    server.serve_forever()
