"""What of a folder is looked into."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.targets import Kind, classify, shared_objects
from buildDoctor.core.errors import RequestError


def test_the_files_of_a_folder_that_hold_code_are_found_each_once(tmp_path: Path) -> None:
    for name in ("b.so", "a/x.so.1.2", "a/module.pyd", "a/library.dll", "p-1-0.conda", "so", "x.sonata", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "link.so").symlink_to("b.so")
    (tmp_path / "linked").symlink_to("a")
    (tmp_path / "folder.so").mkdir()
    found = [str(path.relative_to(tmp_path)) for path in shared_objects(tmp_path)]
    assert found == ["b.so", "p-1-0.conda", "a/library.dll", "a/module.pyd", "a/x.so.1.2"]


def test_the_case_of_an_installed_build_doctor_is_no_part_of_an_environment(tmp_path: Path) -> None:
    """By itself it can be examined."""
    case = tmp_path / "site-packages/buildDoctor/demo"
    case.mkdir(parents=True)
    (case / "_C.abi3.so").write_bytes(b"x")
    assert list(shared_objects(tmp_path)) == []
    assert list(shared_objects(case)) == [case / "_C.abi3.so"]


def test_a_log_in_the_place_of_a_target_leads_to_the_command_that_reads_it(tmp_path: Path) -> None:
    log = tmp_path / "crash.log"
    log.write_text("no kernel image is available", encoding="utf-8")
    with pytest.raises(RequestError, match=f"build-doctor explain {log} reads it"):
        classify(str(log), ())


def test_a_package_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """It may be installed, in another environment than the one that is examined."""
    (tmp_path / "torch").mkdir()
    with pytest.raises(RequestError, match=rf"looked for in {tmp_path}: name another environment with --python EXE$"):
        classify("vllm", (tmp_path,))
    with pytest.raises(RequestError, match=r"did you mean torch\?$"):
        classify("torhc", (tmp_path,))


def test_file_of_a_wheel_is_a_target(tmp_path: Path) -> None:
    """As reports name it, so that a name can be copied from them."""
    wheel = tmp_path / "p-1-py3-none-any.whl"
    wheel.write_bytes(b"")
    target = classify(f"{wheel}!p/_C.so", ())
    assert (target.kind, target.path, target.member) == (Kind.WHEEL, wheel, "p/_C.so")
    with pytest.raises(RequestError, match="there is no such file"):
        classify(f"{tmp_path}/other.whl!p/_C.so", ())
