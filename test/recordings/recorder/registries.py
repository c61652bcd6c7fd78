#!/usr/bin/env python3
"""Registries that behave differently, before the real one: `registries.py UPSTREAM STATE`. Files in STATE switch them while they run.

private.acme.example asks for basic authentication (STATE/password), mirror.acme.example answers until STATE/mirror-down exists, slow.acme.example takes long for blobs.
"""
import base64, http.server, pathlib, sys, threading, time, urllib.request, urllib.error

upstream, state = sys.argv[1], pathlib.Path(sys.argv[2])


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kind = ""

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        if self.kind == "private":
            wanted = "Basic " + base64.b64encode(b"robot:" + (state / "password").read_bytes().strip()).decode()
            if self.headers.get("Authorization") != wanted:
                body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}'
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="private.acme.example"')
                return self.finish_with(body)
        if self.kind == "slow" and "/blobs/" in self.path:
            time.sleep(900)
        request = urllib.request.Request(f"http://{upstream}{self.path}", method=self.command, headers={"Accept": self.headers.get("Accept", "*/*")})
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        self.send_response(answer.status)
        for name in ("Content-Type", "Docker-Content-Digest"):
            if answer.headers.get(name):
                self.send_header(name, answer.headers[name])
        body = answer.read()
        length = answer.headers.get("Content-Length") if self.command == "HEAD" else str(len(body))
        self.finish_with(body, length)

    def finish_with(self, body, length=None):
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def serve(kind, port):
    handler = type(kind, (Proxy,), {"kind": kind})
    while True:
        if kind == "mirror" and (state / "mirror-down").exists():
            time.sleep(1)
            continue
        http.server.ThreadingHTTPServer.allow_reuse_address = True
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while not (kind == "mirror" and (state / "mirror-down").exists()):
            time.sleep(1)
        server.shutdown(); server.server_close()


for kind, port in (("private", 5098), ("slow", 5097)):
    threading.Thread(target=serve, args=(kind, port), daemon=True).start()
serve("mirror", 5096)
