"""GPUs, driver and libcuda of machines that are folders: what their files say, and what is not there."""

from __future__ import annotations

import platform
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from buildDoctor.adapters.gpus import read_gpus
from buildDoctor.adapters.gpus.libcuda import find_libcuda
from buildDoctor.adapters.gpus.nvml import _ask
from buildDoctor.adapters.gpus.sight import Sight
from buildDoctor.adapters.gpus.smi import parse_query
from buildDoctor.adapters.machine_files import read_machine

LIBRARIES = f"usr/lib/{platform.machine()}-linux-gnu"
VERSION = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {}  Release Build  (dvs-builder@U22-I3)  Tue Sep 2\nGCC version: gcc 12\n"


def put(root: Path, path: str, text: str = "") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def gpu(root: Path, bus: str, name: str, uuid: str) -> None:
    text = f"Model: \t\t {name}\nIRQ:   \t\t 126\nGPU UUID: \t {uuid}\nBus Type: \t PCIe\nBus Location: \t {bus}\nGPU Firmware: \t 580.95\n"
    put(root, f"proc/driver/nvidia/gpus/{bus}/information", text)
    put(root, f"sys/bus/pci/devices/{bus}/vendor", "0x10de\n")
    put(root, f"sys/bus/pci/devices/{bus}/class", "0x030000\n")


def libcuda(root: Path, folder: str, version: str, size: int = 1 << 19) -> None:
    target = put(root, f"{folder}/libcuda.so.{version}" if version else f"{folder}/libcuda.so", "x" * size)
    (root / folder / "libcuda.so.1").symlink_to(target.name)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A machine with an RTX 3080 and an RTX 5090."""
    put(tmp_path, "proc/driver/nvidia/version", VERSION.format("580.95.05"))
    gpu(tmp_path, "0000:01:00.0", "NVIDIA GeForce RTX 3080", "GPU-aaaa1111-0000")
    gpu(tmp_path, "0000:41:00.0", "NVIDIA GeForce RTX 5090", "GPU-bbbb2222-0000")
    libcuda(tmp_path, LIBRARIES, "580.95.05")
    return tmp_path


def look(root: Path, **variables: str) -> Sight:
    return read_gpus(variables, read_machine(root)[0], root=root)


def test_the_files_of_the_driver_name_gpus_and_driver(pair: Path) -> None:
    sight = look(pair)

    assert sight.gpus is not None
    assert [(one.index, one.name, one.capability, one.uuid, one.pci_bus) for one in sight.gpus] == [
        (0, "NVIDIA GeForce RTX 3080", "8.6", "GPU-aaaa1111-0000", "00000000:01:00.0"),
        (1, "NVIDIA GeForce RTX 5090", "12.0", "GPU-bbbb2222-0000", "00000000:41:00.0"),
    ]
    driver = sight.driver
    assert driver is not None
    assert (driver.version, driver.cuda, driver.libcuda_version, driver.libcuda_kind) == (
        "580.95.05",
        "13.0",
        "580.95.05",
        "driver",
    )
    assert driver.libcuda in {f"/{LIBRARIES}/libcuda.so.1", f"/{LIBRARIES.removeprefix('usr/')}/libcuda.so.1"}


@pytest.mark.parametrize(
    ("variables", "visible", "numbers"),
    [
        pytest.param({}, [True, True], [None, None], id="by speed"),
        pytest.param({"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, [True, True], [0, 1], id="by bus"),
        pytest.param({"CUDA_VISIBLE_DEVICES": "GPU-bbbb"}, [False, True], [None, 0], id="one by its identifier"),
        pytest.param({"CUDA_VISIBLE_DEVICES": "1"}, [None, None], [None, None], id="a number without an order"),
        pytest.param(
            {"CUDA_VISIBLE_DEVICES": "1,0", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, [True, True], [1, 0], id="turned round"
        ),
        pytest.param({"CUDA_VISIBLE_DEVICES": ""}, [False, False], [None, None], id="set to nothing"),
        pytest.param({"CUDA_VISIBLE_DEVICES": "-1"}, [False, False], [None, None], id="minus one"),
        pytest.param(
            {"CUDA_VISIBLE_DEVICES": "1,7,0", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"},
            [False, True],
            [None, 0],
            id="what comes after a wrong one",
        ),
        pytest.param(
            {"CUDA_VISIBLE_DEVICES": "1,1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, [False, False], [None, None], id="twice"
        ),
    ],
)
def test_what_programs_see_of_different_gpus(
    pair: Path, variables: dict[str, str], visible: list[bool | None], numbers: list[int | None]
) -> None:
    gpus = look(pair, **variables).gpus
    assert gpus is not None
    assert ([one.visible for one in gpus], [one.cuda_index for one in gpus]) == (visible, numbers)


def test_no_gpu_at_all_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "sys/bus/pci/devices").mkdir(parents=True)
    sight = look(tmp_path)
    assert (sight.gpus, sight.driver) == ((), None)
    assert [note.path for note in sight.not_seen] == ["driver"]


def test_a_machine_whose_gpus_are_not_on_a_bus_is_no_empty_list(tmp_path: Path) -> None:
    """WSL and Jetson have none there."""
    (tmp_path / "sys/bus/pci/devices").mkdir(parents=True)
    put(tmp_path, "proc/version", "Linux version 5.15.167.4-microsoft-standard-WSL2")
    assert look(tmp_path).gpus is None


def test_a_gpu_without_a_driver_is_no_empty_list(tmp_path: Path) -> None:
    gpu(tmp_path, "0000:01:00.0", "x", "y")
    for path in sorted((tmp_path / "proc").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    machine = read_machine(tmp_path)[0]
    assert (machine.nvidia_devices, machine.kernel_module, look(tmp_path).gpus) == (1, False, None)


def test_a_name_that_is_not_known_has_no_capability(tmp_path: Path) -> None:
    gpu(tmp_path, "0000:01:00.0", "NVIDIA Quantum 1", "GPU-1")
    sight = look(tmp_path)
    assert sight.gpus is not None
    assert sight.gpus[0].capability is None
    assert "gpus[0].capability" in [note.path for note in sight.not_seen]


COMPAT = "usr/local/cuda-13.0/compat"


@pytest.mark.parametrize(
    ("folder", "version", "kind"),
    [
        (COMPAT, "590.44.01", "compat"),
        ("usr/local/cuda/lib64/stubs", "", "stub"),
        ("usr/lib/wsl/lib", "", "wsl"),
        ("usr/lib/aarch64-linux-gnu/tegra", "1.1", "tegra"),
        ("opt/conda/lib", "", "stub"),
        ("opt/driver/lib", "550.54.14", "driver"),
    ],
)
def test_the_first_libcuda_of_the_search_is_told_apart(pair: Path, folder: str, version: str, kind: str) -> None:
    """LD_LIBRARY_PATH comes before everything else."""
    libcuda(pair, folder, version, size=1000 if kind == "stub" else 1 << 19)
    found = find_libcuda({"LD_LIBRARY_PATH": f"/nowhere:/{folder}/"}, pair)
    assert (found.path, found.kind, found.found_by) == (f"/{folder}/libcuda.so.1", kind, "LD_LIBRARY_PATH")


def test_the_configuration_of_the_loader_is_followed(pair: Path) -> None:
    """As images do that put the compat folder before the driver's; a link through /usr/local/cuda leads there too."""
    libcuda(pair, COMPAT, "590.44.01")
    (pair / "usr/local/cuda").symlink_to("/usr/local/cuda-13.0")
    put(pair, "etc/ld.so.conf", "# a comment\ninclude /etc/ld.so.conf.d/*.conf\n/opt/none\n")
    put(pair, "etc/ld.so.conf.d/00-compat.conf", f"/{COMPAT}\n")
    put(pair, "etc/ld.so.conf.d/99-itself.conf", "include /etc/ld.so.conf\n")
    found = find_libcuda({}, pair)
    assert (found.kind, found.version, found.found_by) == ("compat", "590.44.01", "/etc/ld.so.conf.d/00-compat.conf")


def test_files_that_include_each_other_are_read_once(pair: Path) -> None:
    """Twenty that each include all twenty would be read 160,000 times, and hide what stands behind them."""
    put(pair, "etc/ld.so.conf", "include a/*.conf\ninclude b/*.conf\n")
    for at in range(20):
        put(pair, f"etc/a/{at:02}.conf", "include *.conf\n/opt/none\n")
    put(pair, "etc/b/compat.conf", f"/{COMPAT}\n")
    libcuda(pair, COMPAT, "590.44.01")
    assert find_libcuda({}, pair).kind == "compat"


def test_a_configuration_that_includes_itself_ends(pair: Path) -> None:
    put(pair, "etc/ld.so.conf", "include /etc/ld.so.conf\n" * 3)
    assert find_libcuda({}, pair).kind == "driver"


@pytest.mark.parametrize(
    ("files", "platform_name", "l4t"),
    [
        ({}, "linux", ""),
        ({"proc/version": "Linux version 6.6.87.2-microsoft-standard-WSL2 (root@x)"}, "wsl", ""),
        (
            {"etc/nv_tegra_release": "# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic\n"},
            "tegra",
            "36.4.3",
        ),
    ],
    ids=["linux", "wsl", "jetson"],
)
def test_the_platform_is_told(tmp_path: Path, files: dict[str, str], platform_name: str, l4t: str) -> None:
    for name, text in files.items():
        put(tmp_path, name, text)
    machine = read_machine(tmp_path)[0]
    assert (machine.platform, machine.l4t) == (platform_name, l4t)


def test_the_memory_of_a_container_is_its_limit(tmp_path: Path) -> None:
    put(tmp_path, "proc/meminfo", "MemTotal:       65536000 kB\nMemFree: 1 kB\n")
    assert read_machine(tmp_path)[0].memory_bytes == 65536000 * 1024
    put(tmp_path, ".dockerenv")
    put(tmp_path, "sys/fs/cgroup/memory.max", "8589934592\n")
    machine = read_machine(tmp_path)[0]
    assert (machine.memory_bytes, machine.container) == (8589934592, True)


SMI = "0, NVIDIA H100 80GB HBM3, 9.0, GPU-6d1c, 81559, 580.159.04, 00000000:01:00.0, Enabled\n1, NVIDIA GB10, 12.1, GPU-7, [N/A], 580.159.04, 00000000:02:00.0, [N/A]\n"
LISTING = """GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-6d1c)
  MIG 1g.10gb     Device  0: (UUID: MIG-11111111-2222-5333-8444-555555555555)
  MIG 2g.20gb     Device  1: (UUID: MIG-66666666-2222-5333-8444-555555555555)
GPU 1: NVIDIA GB10 (UUID: GPU-7)
"""


def test_the_answer_of_nvidia_smi_is_read() -> None:
    """A GPU that shares the machine's memory states none, and one that cannot be split has no mode."""
    sight = parse_query(SMI, LISTING)
    assert sight.gpus is not None
    assert [(one.capability, one.memory_bytes, one.mig) for one in sight.gpus] == [
        ("9.0", 81559 << 20, True),
        ("12.1", None, False),
    ]
    assert sight.gpus[0].instances == (
        "1g.10gb MIG-11111111-2222-5333-8444-555555555555",
        "2g.20gb MIG-66666666-2222-5333-8444-555555555555",
    )
    assert (sight.gpus[1].instances, sight.driver_version) == ((), "580.159.04")


@pytest.mark.parametrize("text", ["0, x\n", "a, b, c, d, e, f, g, h\n", "Failed to initialize NVML: Driver/library\n"])
def test_another_answer_is_refused(text: str) -> None:
    sight = parse_query(text)
    assert sight.gpus is None
    assert "unknown shape" in sight.not_seen[0].reason


@pytest.mark.parametrize(
    "text", [b"\xff" * 100, b"NVRM version:", b"Model: " + b"x" * 200_000], ids=["bytes", "cut", "long"]
)
def test_damaged_files_never_raise(tmp_path: Path, text: bytes) -> None:
    for path in (
        "proc/driver/nvidia/version",
        "proc/driver/nvidia/gpus/0/information",
        "etc/ld.so.conf",
        "proc/version",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    look(tmp_path)


class Nvml:
    """The functions of the package nvidia-ml-py that are called, for a machine with one split GPU and one GB10."""

    NVMLError = type("NVMLError", (Exception,), {})
    NVML_DEVICE_MIG_ENABLE = 1

    def __getattr__(self, name: str) -> Any:
        """A function that answers from `answers`; an answer that is an error is raised."""

        def function(*arguments: Any) -> Any:
            answer = self.answers[name]
            answer = answer(*arguments) if callable(answer) else answer
            if answer is None:
                raise self.NVMLError("Not Supported")
            return answer

        return function

    def __init__(self, **changed: Any) -> None:
        self.answers = {
            "nvmlInit": 0, "nvmlShutdown": 0, "nvmlDeviceGetCount": 2, "nvmlSystemGetDriverVersion": b"580.95.05",
            "nvmlDeviceGetHandleByIndex": lambda at: at,
            "nvmlDeviceGetCudaComputeCapability": lambda at: [(9, 0), (12, 1)][at],
            "nvmlDeviceGetMemoryInfo": lambda at: [SimpleNamespace(total=80 << 30), None][at],
            "nvmlDeviceGetMigMode": lambda at: [(1, 1), None][at],
            "nvmlDeviceGetMaxMigDeviceCount": 2,
            "nvmlDeviceGetMigDeviceHandleByIndex": lambda _handle, at: [10, None][at],
            "nvmlDeviceGetName": lambda at: {0: "NVIDIA H100", 1: b"NVIDIA GB10", 10: "NVIDIA H100 MIG 1g.10gb"}[at],
            "nvmlDeviceGetUUID": lambda at: f"MIG-{at}" if at == 10 else f"GPU-{at}",
            "nvmlDeviceGetPciInfo": lambda at: SimpleNamespace(busId=f"00000000:0{at}:00.0"),
            **changed,
        }  # fmt: skip


def test_the_answers_of_nvml_are_read() -> None:
    """Some versions of the package give bytes, and what a GPU does not support is an error."""
    sight = _ask(Nvml())
    assert sight.driver_version == "580.95.05"
    assert sight.gpus is not None
    assert [(one.name, one.capability, one.memory_bytes, one.mig, one.instances) for one in sight.gpus] == [
        ("NVIDIA H100", "9.0", 80 << 30, True, ("1g.10gb MIG-10",)),
        ("NVIDIA GB10", "12.1", None, False, ()),
    ]


def test_an_error_of_nvml_is_a_reason() -> None:
    sight = _ask(Nvml(nvmlInit=None))
    assert (sight.gpus, sight.not_seen[0].reason) == (None, "NVML says: Not Supported")
