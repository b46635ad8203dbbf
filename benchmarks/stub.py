"""A stub of AWS on loopback that responds to every call at once and stores nothing.

It runs in its own process, so that the CPU time of a measured process does not include it.
`set_response` sets the response to an operation, and its delay.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from tests.support.aws_environment import NO_ACCOUNT

ROOT = Path(__file__).parent.parent
_RESPONSES = {b"BatchWriteItem": b'{"UnprocessedItems":{}}'}
_DELAYS: dict[bytes, float] = {}
_LENGTH = b"content-length:"
_TARGET = b"x-amz-target:"
_EXPECT = b"expect:"
_CONTROL = b"PUT /responses/"


@contextmanager
def run_stub() -> Iterator[str]:
    """Run the stub, point AWS's environment variables to it, and yield its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stub"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    url = process.stdout.readline().strip()
    before = dict(os.environ)
    os.environ |= {**NO_ACCOUNT, "AWS_ENDPOINT_URL": url}
    try:
        yield url
    finally:
        os.environ.clear()
        os.environ |= before
        process.terminate()
        process.communicate()


def set_response(url: str, operation: str, body: str, delay_seconds: float = 0) -> None:
    """Set the stub's response to an operation of a JSON service, and the delay before it."""
    request = Request(  # noqa: S310  # on loopback
        f"{url}/responses/{operation}/{delay_seconds}", body.encode(), method="PUT"
    )
    with urlopen(request) as response:  # noqa: S310  # on loopback
        response.read()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            fields = [line for line in head if line.lower().startswith((_LENGTH, _TARGET, _EXPECT))]
            values = {line.lower().partition(b":")[0]: line.partition(b":")[2] for line in fields}
            if b"expect" in values:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            content = await reader.readexactly(int(values.get(b"content-length", b"0")))
            if head[0].startswith(_CONTROL):
                name, _, delay = head[0].removeprefix(_CONTROL).split(b" ")[0].partition(b"/")
                _RESPONSES[name], _DELAYS[name] = content, float(delay)
            operation = values.get(b"x-amz-target", b"").rpartition(b".")[2].strip()
            body = _RESPONSES.get(operation, b"{}" if operation else b"")
            if delay_seconds := _DELAYS.get(operation):
                await asyncio.sleep(delay_seconds)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, limit=1 << 24)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
