"""What files give for a contract, and the contract that they fulfil."""

from __future__ import annotations

import tomli

from buildDoctor.core.contracts.contract import Checked, Mode, Requirement, State, check
from buildDoctor.core.contracts.findings import broken
from buildDoctor.core.contracts.writing import contract_text
from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.evidence import Binary, Evidence, Kernel, NotSeen, Unit
from buildDoctor.core.settings import Settings, read_settings


def binary(
    path: str = "pkg/_C.abi3.so", cubins: tuple[str, ...] = (), ptx: tuple[str, ...] = (), count: int = 1
) -> Binary:
    """A file with so many kernels of one function in one unit."""
    kernels = tuple(Kernel(name=f"_Z8fp4_gemmILi{n}EEvv", unit=0, cubins=cubins, ptx=ptx) for n in range(count))
    unit = Unit(index=0, cubins=cubins, ptx=ptx, kernel_count=count)
    return Binary(path=path, units=(unit,), kernels=kernels)


def asked(mode: Mode, *binaries: Binary, not_seen: tuple[NotSeen, ...] = (), **more: object) -> Checked:
    wanted = {"kernel": "*fp4*", "capabilities": ("10.0", "12.0", "12.1"), "mode": mode, "place": "c.toml:1", **more}
    return check("c.toml", [Requirement(**wanted)], Evidence(binaries=binaries, not_seen=not_seen))  # type: ignore[arg-type]  the words of a table


def states(checked: Checked) -> list[str]:
    return [cell.state.value for answer in checked.requirements for cell in answer.cells]


def test_each_mode_takes_what_is_better() -> None:
    """A kernel for the family of 12.0, with PTX for all that is newer than 8.0."""
    both = binary(cubins=("12.0f",), ptx=("8.0",))

    assert states(asked(Mode.NATIVE, both)) == ["broken", "broken", "broken"]
    assert states(asked(Mode.FAMILY, both)) == ["broken", "fulfilled", "fulfilled"]
    assert states(asked(Mode.JIT, both)) == ["fulfilled", "fulfilled", "fulfilled"]


def test_a_chip_of_its_own_is_not_its_neighbour() -> None:
    """Code for 12.0a runs on 12.0 alone."""
    assert states(asked(Mode.FAMILY, binary(cubins=("12.0a",)))) == ["broken", "fulfilled", "broken"]


def test_enough_kernels_must_serve() -> None:
    assert states(asked(Mode.NATIVE, binary(cubins=("12.0",), count=3), at_least=3))[1] == "fulfilled"
    assert states(asked(Mode.NATIVE, binary(cubins=("12.0",), count=3), at_least=4))[1] == "broken"


def test_a_requirement_looks_into_the_files_that_it_names() -> None:
    """By their place in a wheel, or their name; the version in the wheel's name does not count."""
    wheel = binary("dist/pkg-1.0-cp312-cp312-linux_x86_64.whl!pkg/_C.abi3.so", cubins=("12.0",))

    assert states(asked(Mode.NATIVE, wheel, file="pkg/_C.*"))[1] == "fulfilled"
    assert states(asked(Mode.NATIVE, wheel, file="_C.abi3.so"))[1] == "fulfilled"
    assert states(asked(Mode.NATIVE, wheel, file="pkg/_other.*"))[1] == "broken"


def test_what_could_not_be_read_is_neither_given_nor_broken() -> None:
    """And never passes; what another file gives is given all the same."""
    unread, read = Binary(path="b.so"), binary(cubins=("12.0",))

    assert states(asked(Mode.NATIVE, unread)) == ["cannot-tell"] * 3
    assert states(asked(Mode.NATIVE, unread, read)) == ["cannot-tell", "fulfilled", "fulfilled"]
    gap = (NotSeen(path="binaries[0].units[3]", reason="it is cut off"),)
    assert states(asked(Mode.NATIVE, read, not_seen=gap))[0] == "cannot-tell"
    assert not asked(Mode.NATIVE, unread).fulfilled
    assert {finding.rule for finding in broken(asked(Mode.NATIVE, unread))} == {"requirement-cannot-tell"}


def test_what_is_not_given_is_a_finding_at_its_line() -> None:
    findings = broken(asked(Mode.NATIVE, binary(cubins=("12.0a",))))

    assert [finding.subject for finding in findings] == [
        "require=*fp4*, file=*, capability=10.0",
        "require=*fp4*, file=*, capability=12.1",
    ]
    assert {finding.evidence[0].source for finding in findings} == {"c.toml:1"}


def test_the_contract_that_files_fulfil_is_fulfilled_and_none_of_it_can_be_lost() -> None:
    """Written, read and checked; with one architecture less it is broken."""
    whole = binary(cubins=("9.0", "12.0f"), ptx=("12.0",), count=2)
    text = contract_text(["dist/x.whl"], [whole], ("8.0", "9.0", "10.0", "12.0", "12.1"))
    settings, mistakes = read_settings(tomli.loads(text), lambda path: f"c.toml:{path[1]}")

    assert mistakes == []
    assert {requirement.at_least for requirement in settings.requirements} == {2}
    assert check("c.toml", settings.requirements, Evidence(binaries=(whole,))).fulfilled
    for lost in (
        binary(cubins=("9.0",), count=2),
        binary(cubins=("12.0f",), count=2),
        binary(cubins=("9.0", "12.0f"), count=1),
    ):
        assert not check("c.toml", settings.requirements, Evidence(binaries=(lost,))).fulfilled


def test_a_contract_names_exactly_one_function() -> None:
    """With the length that mangling puts before a name; characters of patterns are no patterns."""
    named = Binary(
        path="a.so",
        units=(Unit(index=0, cubins=("9.0",), ptx=(), kernel_count=3),),
        kernels=tuple(Kernel(name=n, unit=0, cubins=("9.0",), ptx=()) for n in ("_Z4gemmv", "_Z8fp4_gemmv", "a[b*")),
    )
    settings, _ = read_settings(tomli.loads(contract_text(["a.so"], [named], ("9.0",))), str)

    assert sorted(one.kernel for one in settings.requirements) == ["*4gemm*", "*8fp4_gemm*", "a[[]b[*]"]
    assert [a.kernels for a in check("c", settings.requirements, Evidence(binaries=(named,))).requirements] == [1, 1, 1]


def mistakes_of(text: str) -> list[str]:
    return [mistake.message for mistake in read_settings(tomli.loads(text), str)[1]]


def test_all_mistakes_are_told_at_once_with_the_nearest_name() -> None:
    found = mistakes_of(
        '[[require]]\nkernal = "*"\ncapability = ["10", "12.0a"]\nmode = "nativ"\nat_least = 0\n[[require]]\nkernel = ""\n'
    )

    assert "'kernal' is not a key of a requirement; did you mean 'kernel'?" in found
    assert "'nativ' is not one of native, family, jit; did you mean 'native'?" in found
    assert "a requirement needs the key 'kernel'" in found
    assert "a requirement needs the key 'capability'" in found
    assert sum("is not a compute capability" in one for one in found) == 2
    assert len(found) == 8


def test_one_capability_needs_no_list() -> None:
    settings, mistakes = read_settings({"require": [{"kernel": "*", "capability": "12.0"}]}, str)

    assert mistakes == []
    assert settings.requirements[0].capabilities == ("12.0",)
    assert Settings().requirements == ()


def test_the_words_of_modes_are_those_of_verdicts() -> None:
    assert {mode.value for mode in Mode} < {verdict.value for verdict in Verdict}
    assert {state.value for state in State} == {"fulfilled", "broken", "cannot-tell"}
