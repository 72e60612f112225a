"""The terminal UI in a browser: a real server, and a client in the browser's place."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.arguments import parse
from buildDoctor.faces.cli.serve import run

ROOT = Path(__file__).parents[3]
SECONDS = 60


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a server that shows the bundled case."""
    with socket.socket() as found:
        found.bind(("localhost", 0))
        number = found.getsockname()[1]
    command = [sys.executable, "-m", "buildDoctor", "serve", "--port", str(number), "demo"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    yield number
    server.terminate()
    server.wait(SECONDS)


async def _seen(port: int, words: str) -> str:
    """What the screen is sent until it holds some words."""
    async with aiohttp.ClientSession() as session:
        address = f"http://localhost:{port}"
        while True:
            try:
                async with session.get(address) as page:
                    assert page.status == 200
                    break
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)
        sent = ""
        async with session.ws_connect(f"{address}/ws?width=100&height=30") as screen:
            while words not in sent:
                message = await screen.receive()
                sent += message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else ""
        return sent


def test_browser_is_sent_the_screen_of_the_case(port: int) -> None:
    """Nobody sits at this process, and it opens the UI all the same, since textual-serve asks for it."""
    sent = asyncio.run(asyncio.wait_for(_seen(port, "12.0a"), SECONDS))
    assert "Findings" in sent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "vllm"], "this opens no terminal UI"),
        (["demo", "--json"], "this opens no terminal UI"),
        (["--port", "0", "demo"], "there are ports from 1 to 65535"),
    ],
    ids=["a command that prints", "a report in a form", "a port that is none"],
)
def test_what_opens_no_screen_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        run(parse(["serve", *words]))


def test_port_that_is_taken_is_named() -> None:
    with socket.create_server(("localhost", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(RequestError, match=f"--port {number}: the port cannot be had"):
            run(parse(["serve", "--port", str(number), "demo"]))
