"""A time-stamp service (RFC 3161) on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.support.certificates import authority, issued

Answer = Callable[[bytes, str], tuple[int, bytes]]
"""Makes status and body of the reply from the body and type of a request."""


def stamping(at: datetime) -> Answer:
    """Return the answers of a service whose clock stands."""
    certificate, key = issued("Harbour Time", *authority("Time Authority"), stamps=True)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(der), fixed_dt=at
    )

    def answer(asked: bytes, kind: str) -> tuple[int, bytes]:
        if kind != "application/timestamp-query":
            return 415, b""
        return 200, stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()

    return answer


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    """Serve, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            code, body = answer(self.rfile.read(int(self.headers["Content-Length"])), self.headers["Content-Type"])
            self.send_response(code)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/stamp"
        finally:
            server.shutdown()
            thread.join()
