#!/usr/bin/env python3
"""The DNS of tests/data/make: each name's exchanger is mx.trap.example.

names.py ADDRESS: answers on UDP port 53 of ADDRESS; other types have no data.
"""
import socket
import struct
import sys

MX = 15
TARGET = b"\x02mx\x04trap\x07example\x00"

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
while True:
    query, peer = server.recvfrom(512)
    end = 12
    while end < len(query) and query[end]:
        end += query[end] + 1
    if end + 5 > len(query):
        continue
    question = query[12:end + 5]
    is_mx = struct.unpack(">H", question[-4:-2])[0] == MX
    answer = b"\xc0\x0c" + struct.pack(
        ">HHIHH", MX, 1, 60, 2 + len(TARGET), 10) + TARGET
    server.sendto(
        query[:2] + struct.pack(">HHHHH", 0x8580, 1, int(is_mx), 0, 0)
        + question + (answer if is_mx else b""), peer)
