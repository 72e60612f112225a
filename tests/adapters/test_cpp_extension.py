"""The lists of torch's own build helper, from its file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.cpp_extension import read_extension_helper

HELPER = """
import collections
def _get_cuda_arch_flags(cflags=None):
    named_arches = collections.OrderedDict([('Ampere+Tegra', '8.7'), ('Ampere', '8.0;8.6+PTX')])
    supported_arches = ['8.0', '8.6',
                        '9.0a']
    valid = supported_arches + [s + '+PTX' for s in supported_arches]
"""


def installed(folder: Path, text: str) -> Path:
    place = folder / "torch" / "utils"
    place.mkdir(parents=True)
    (folder / "torch" / "version.py").write_text("")
    (place / "cpp_extension.py").write_text(text)
    return folder


def test_the_lists_are_read_with_their_place(tmp_path: Path) -> None:
    """From site-packages, from the folder of torch and from a wheel alike."""
    folder = installed(tmp_path / "site-packages", HELPER)
    wheel = tmp_path / "torch.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("torch/utils/cpp_extension.py", HELPER)

    for place in (folder, folder / "torch", wheel):
        helper, missing, origin = read_extension_helper(place)
        assert missing is None
        assert helper is not None
        assert origin is not None
        assert helper.architectures == ("8.0", "8.6", "9.0a")
        assert helper.names == (("Ampere+Tegra", "8.7"), ("Ampere", "8.0;8.6+PTX"))
        assert origin.source.endswith("torch/utils/cpp_extension.py, line 5")


@pytest.mark.parametrize(
    "text",
    ["", "def _get_cuda_arch_flags(:", "supported_arches = ['8.0']", HELPER.replace("'8.6',", "f(),"), HELPER.replace("'8.6'", "8"), "x = " + "(" * 5000],
    ids=["empty", "no Python", "another function", "a call in the list", "a number in the list", "too deep"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    helper, missing, _ = read_extension_helper(installed(tmp_path, text))

    assert helper is None
    assert missing is not None
    assert missing.path == "torch.extension_architectures"


def test_nothing_of_it_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    read_extension_helper(installed(tmp_path, f"open({str(mark)!r}, 'w')\n{HELPER}"))

    assert not mark.exists()


@pytest.mark.corpus
def test_a_real_torch_accepts_what_it_lists(corpus: Any) -> None:
    helper, _, _ = read_extension_helper(corpus.wheel("torch", "2.8.0", "cp311-manylinux_2_28_x86_64"))

    assert helper is not None
    assert len(helper.architectures) == 27
    assert helper.architectures[-4:] == ("12.0", "12.0a", "12.1", "12.1a")
    assert "12.0f" not in helper.architectures
    assert dict(helper.names)["Blackwell"] == "10.0;10.3;12.0;12.1+PTX"
