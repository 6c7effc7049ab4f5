"""A client that reads the beginning of an answer, and the rest when it is told to.

slow.py HOST PORT TARGET prints "begun", waits for a line, and prints how many lines
there were. Its receive buffer is small, and the system does not make it larger.
"""

import http.client
import socket
import sys

host, port, target = sys.argv[1:]
connection = http.client.HTTPConnection(host, int(port))
connection.sock = socket.socket()
connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
connection.sock.connect((host, int(port)))
connection.request("GET", target, headers={"Accept": "application/x-ndjson"})
answer = connection.getresponse()
lines = answer.read(1 << 10).count(b"\n")
print("begun", flush=True)
sys.stdin.readline()
while part := answer.read(1 << 20):
    lines += part.count(b"\n")
print(lines, flush=True)
