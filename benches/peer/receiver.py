"""Takes whatever the outputs send: requests of the intake and of OTLP, and datagrams on a socket whose path is given. Prints its port."""
import http.server
import socket
import sys
import threading


class Taker(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.send_response(200 if self.path.startswith('/v1/') else 202)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


def datagrams(path):
    taker = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    taker.bind(path)
    while True:
        taker.recv(65536)


threading.Thread(target=datagrams, args=[sys.argv[1]], daemon=True).start()
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Taker)
print(server.server_port, flush=True)
server.serve_forever()
