"""What tells whose machine a report is from is left out; what tells about the fault stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.evidence import Binary, Evidence, NotSeen, Origin
from buildDoctor.core.redaction import Names, redacted, redactor, texts_in

ALICE = Names(homes=("/data/homes/alice", "/home/alice"), users=("alice",), host="gpu-box-7.example.org")


def redact(text: str, names: Names = ALICE) -> str:
    return redactor(names, [text])(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("/home/alice/venv/lib/python3.12", "~/venv/lib/python3.12", id="the usual home"),
        pytest.param("/data/homes/alice/src", "~/src", id="a home elsewhere"),
        pytest.param("/home/bob/models/x", "~/models/x", id="a home of another machine"),
        pytest.param("/Users/carol/src:/home/bob", "~/src:~", id="two of them in a list"),
        pytest.param(r"C:\Users\dave\torch", r"~\torch", id="Windows"),
        pytest.param("/root/.cache/vllm", "~/.cache/vllm", id="root"),
        pytest.param("from /root", "from ~", id="root alone"),
        pytest.param(
            "/scratch/alice/vllm/_C.so", "/scratch/<user>/vllm/_C.so", id="a folder of the user that is no home"
        ),
        pytest.param("alice@gpu-box-7: make", "<user>@<host>: make", id="a prompt"),
        pytest.param("built on gpu-box-7.example.org", "built on <host>", id="the host with its domain"),
        pytest.param("file:///home/alice/x.whl", "file://~/x.whl", id="an address of a file"),
        pytest.param("wheel in '/home/alice'", "wheel in '~'", id="in quotes"),
    ],
)
def test_names_are_left_out(text: str, told: str) -> None:
    assert redact(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "/usr/local/cuda-12.9/bin/nvcc", "vllm/_C.abi3.so", "/opt/homebrew/lib", "/srv/homework/alicent/x", "sm_120a alice",
        "csrc/alice/kernel.cu", "/rooted/tree", "gpu-box-70", "https://github.com/alicent", "/homes",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_stays(text: str) -> None:
    assert redact(text) == text


def test_a_user_called_like_a_library_does_not_take_the_library_with_it() -> None:
    text = "/home/vllm/venv/lib/python3.12/site-packages/vllm/_C.abi3.so"
    assert redact(text, Names(users=("vllm",), host="torch")) == "~/venv/lib/python3.12/site-packages/vllm/_C.abi3.so"


def test_the_user_of_a_home_in_one_text_is_left_out_of_another() -> None:
    texts = ("/home/bob/venv", "/mnt/fast/bob/model")
    assert redactor(Names(), texts)(texts[1]) == "/mnt/fast/<user>/model"


def test_every_text_of_the_evidence_is_redacted_and_the_rest_is_the_same_object() -> None:
    untouched = Binary(path="/usr/lib/libx.so", package="x")
    evidence = Evidence(
        binaries=(untouched, Binary(path="/home/alice/_C.so")),
        origins=(Origin(path="torch", source="/home/alice/venv"),),
        not_seen=(NotSeen(path="plan", reason="/home/alice/src has none"),),
    )

    told = redacted(evidence, redactor(ALICE, texts_in(evidence)))

    assert not [text for text in texts_in(told) if "alice" in text]
    assert told.binaries is not None
    assert told.binaries[0] is untouched
    assert redacted(Evidence(binaries=(untouched,)), redactor(ALICE, ())).binaries == (untouched,)


@given(st.text(max_size=80), st.text(max_size=12))
def test_no_text_and_no_name_make_it_raise(text: str, name: str) -> None:
    redact(text, Names(homes=(f"/{name}", name), users=(name,), host=name))


@given(
    st.from_regex(r"[a-z]{4,8}[0-9]", fullmatch=True),
    st.sampled_from(["/home/{}/x", "see /home/{}:", "{}@host", "/mnt/{}/y"]),
)
def test_a_name_never_stays(name: str, shape: str) -> None:
    assert name not in redact(shape.format(name), Names(users=(name,)))
