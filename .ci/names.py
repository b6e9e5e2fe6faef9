"""A name server that knows one name: `.ci/static` asks it from a folder without /etc/hosts."""
import socket
import sys

name, address = sys.argv[1], socket.inet_aton(sys.argv[2])
known = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True:
    asked, client = server.recvfrom(512)
    end = asked.index(b"\0", 12) + 1
    kind = asked[end : end + 4]
    is_known = asked[12:end].lower() == known and kind == b"\0\1\0\1"
    answers = b"\0\1" if is_known else b"\0\0"
    head = asked[:2] + b"\x84\0\0\1" + answers + b"\0\0\0\0"
    reply = head + asked[12 : end + 4]
    if is_known:
        reply += b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + address
    server.sendto(reply, client)
