"""What of a folder is looked into."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters.targets import shared_objects


def test_the_files_of_a_folder_that_hold_code_are_found_each_once(tmp_path: Path) -> None:
    for name in ("b.so", "a/x.so.1.2", "a/module.pyd", "a/library.dll", "p-1-0.conda", "so", "x.sonata", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "link.so").symlink_to("b.so")
    (tmp_path / "linked").symlink_to("a")
    (tmp_path / "folder.so").mkdir()
    found = [str(path.relative_to(tmp_path)) for path in shared_objects(tmp_path)]
    assert found == ["b.so", "p-1-0.conda", "a/library.dll", "a/module.pyd", "a/x.so.1.2"]
