"""The whole doctor on a real machine: what it says beside what torch, nvidia-smi, NVML and nvcc say live.

Usage: python3 tests/device/whole_doctor.py FOLDER

Run with the Python of an environment that has torch, on a machine with a GPU and nvcc; build-doctor has to be importable.
Tiny libraries are built for too old, too new and the right architecture, each diagnosed before it is run. Into FOLDER go
`live.json`, the doctor's reports (gzip), `libraries.json`, and `comparison.json` with every fact that both sides state.
It ends with 1 when they differ.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ARCHITECTURES = {"old": "80", "new": "120", "right": ""}
"""What the libraries are built for; nothing stands for the GPU's own."""

ASK_TORCH = """
import json, os, torch
from torch.utils import cpp_extension
count = torch.cuda.device_count()
devices = [torch.cuda.get_device_properties(at) for at in range(count)]
print(json.dumps({
    "version": torch.__version__, "cuda": torch.version.cuda, "architectures": torch.cuda.get_arch_list(),
    "cxx11_abi": torch.compiled_with_cxx11_abi(), "cuda_home": cpp_extension.CUDA_HOME, "path": os.path.dirname(torch.__file__),
    "devices": [{"name": d.name, "capability": f"{d.major}.{d.minor}", "uuid": f"GPU-{d.uuid}", "memory": d.total_memory} for d in devices],
    "libcuda": sorted({line.split()[-1] for line in open("/proc/self/maps") if "libcuda.so" in line}),
}))
"""
ASK_TRITON = "import triton; from triton import knobs; print(triton.__version__, knobs.nvidia.ptxas.path, knobs.nvidia.ptxas.version)"
RUN = """
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.launch.restype = ctypes.c_char_p
value = ctypes.c_int(0)
print(library.launch(ctypes.byref(value)).decode(), value.value)
"""


def said(*command: str, environment: dict[str, str] | None = None, seconds: float = 120) -> dict[str, Any]:
    """What a program says, its exit code and how long it took."""
    start = time.perf_counter()
    try:
        ended = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"code": None, "output": "", "errors": str(error), "seconds": time.perf_counter() - start}
    seconds = round(time.perf_counter() - start, 3)
    return {"code": ended.returncode, "output": ended.stdout, "errors": ended.stderr[-4000:], "seconds": seconds}


def doctor(folder: Path, name: str, *arguments: str) -> dict[str, Any]:
    """A report of the doctor, kept in the folder with its seconds."""
    environment = {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    ended = said(
        sys.executable, "-m", "buildDoctor", "--json", "--quiet", *arguments, environment=environment, seconds=300
    )
    try:
        report: dict[str, Any] = json.loads(ended["output"])
    except ValueError:
        report = {"evidence": {}, "findings": [], "not_seen": [], "failed": ended}
    with gzip.open(folder / f"doctor-{name}.json.gz", "wt", encoding="utf-8") as stream:
        json.dump(
            {"seconds": ended["seconds"], "code": ended["code"], "errors": ended["errors"], "report": report}, stream
        )
    print(
        f"doctor {name}: code {ended['code']}, {ended['seconds']} s, {len(report['findings'])} findings",
        file=sys.stderr,
    )
    return report


def live() -> dict[str, Any]:
    """What the machine's own tools say."""
    query = "index,name,compute_cap,uuid,memory.total,driver_version,pci.bus_id,mig.mode.current"
    nvcc = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
    torch = said(sys.executable, "-c", ASK_TORCH, environment={"PYTHONPATH": ""})
    return {
        "nvidia-smi": said("nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader,nounits"),
        "nvidia-smi header": said("nvidia-smi"),
        "nvcc": nvcc,
        "nvcc --version": said(nvcc, "--version"),
        "nvcc --list-gpu-arch": said(nvcc, "--list-gpu-arch"),
        "gcc": said("gcc", "-dumpfullversion"),
        "torch": json.loads(torch["output"]) if torch["code"] == 0 else torch,
        "triton": said(sys.executable, "-c", ASK_TRITON, environment={"PYTHONPATH": ""}),
        "packages": said(sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"),
        "files": {
            str(path): path.read_text(errors="replace")[:4000] for path in files_of_driver() if path.is_file()
        },
        "variables": {name: value for name, value in sorted(os.environ.items()) if re.search("CUDA|TORCH|NV|LD_|ARCH", name)},
    }  # fmt: skip


def files_of_driver() -> list[Path]:
    """The files that tell of the driver."""
    proc = Path("/proc/driver/nvidia")
    listed = [Path("/proc/version"), proc / "version", Path("/etc/ld.so.conf"), *Path("/etc/ld.so.conf.d").glob("*")]
    return [*listed, *proc.glob("gpus/*/information")]


def build(folder: Path, name: str, number: str) -> Path | None:
    """A library with one kernel for one architecture, as machine code alone."""
    nvcc = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
    target = folder / f"{name}.so"
    flags = ["-shared", "-Xcompiler", "-fPIC", "-cudart", "static"]
    code = f"arch=compute_{number},code=sm_{number}"
    ended = said(nvcc, *flags, "-gencode", code, str(HERE / "launch.cu"), "-o", str(target))
    if ended["code"] != 0:
        print(f"{name}: not built: {ended['errors']}", file=sys.stderr)
        return None
    return target


def libraries(own: str) -> list[dict[str, Any]]:
    """What the doctor says of each library, and then what becomes of it."""
    found = []
    with tempfile.TemporaryDirectory() as work:
        for name, number in ARCHITECTURES.items():
            built = build(Path(work), name, number or own)
            if built is None:
                continue
            report = doctor(Path(work), f"library-{name}", str(built))
            rules = sorted(finding["rule"] for finding in report["findings"] if finding["severity"] == "error")
            ran = said(sys.executable, "-c", RUN, str(built), environment={"PYTHONPATH": "", "CUDA_CACHE_DISABLE": "1"})
            runs = ran["output"].strip() == "cudaSuccess 42"
            found.append({
                "name": name, "architecture": number or own, "errors": rules, "verdict": report.get("verdict", ""),
                "ran": ran["output"].strip() or ran["errors"], "report": report, "agrees": runs == ("no-image-for-capability" not in rules),
            })  # fmt: skip
    return found


def comparison(facts: dict[str, Any], report: dict[str, Any]) -> list[dict[str, Any]]:
    """Each fact that both sides state."""
    evidence = report["evidence"]
    rows = [line.split(", ") for line in facts["nvidia-smi"]["output"].splitlines()]
    gpus, torch = evidence.get("gpus") or [], facts["torch"]
    driver, toolkits = evidence.get("driver") or {}, evidence.get("toolkits") or []
    version = re.search(r"V(\d+\.\d+\.\d+)", facts["nvcc --version"]["output"])
    header = re.search(r"CUDA Version: (\d+\.\d+)", facts["nvidia-smi header"]["output"])
    chosen = next((t for t in toolkits if "torch" in (t.get("chosen_by") or [])), None) or next(iter(toolkits), {})
    pairs = [
        ("gpus: index, name, capability, uuid, bus", [[str(g.get(k)) for k in ("index", "name", "capability", "uuid", "pci_bus")] for g in gpus], [[*row[:4], row[6]] for row in rows]),
        ("gpus: memory within 1%", all(abs(g["memory_bytes"] / 2**20 / float(r[4]) - 1) < 0.01 for g, r in zip(gpus, rows, strict=False) if g.get("memory_bytes")), True),
        ("gpus: what torch sees", [[g.get("name"), g.get("capability"), g.get("uuid")] for g in gpus if g.get("visible")], [[d["name"], d["capability"], d["uuid"]] for d in torch.get("devices", [])]),
        ("driver.version", driver.get("version"), rows[0][5] if rows else None),
        ("driver.cuda", driver.get("cuda"), header and header[1]),
        ("driver.libcuda", os.path.realpath(driver.get("libcuda") or ""), os.path.realpath(next(iter(torch.get("libcuda", [])), ""))),
        ("toolkits: nvcc", chosen.get("version"), version and version[1]),
        ("torch.version", (evidence.get("torch") or {}).get("version"), torch.get("version")),
        ("torch.cuda", (evidence.get("torch") or {}).get("cuda"), torch.get("cuda")),
        ("torch.architectures", sorted((evidence.get("torch") or {}).get("architectures") or []), sorted(torch.get("architectures") or [])),
        ("torch.cxx11_abi", (evidence.get("torch") or {}).get("cxx11_abi"), "new" if torch.get("cxx11_abi") else "old"),
        ("torch.path", os.path.realpath((evidence.get("torch") or {}).get("path") or ""), os.path.realpath(torch.get("path") or "")),
    ]  # fmt: skip
    return [{"fact": name, "doctor": ours, "live": theirs, "agrees": ours == theirs} for name, ours, theirs in pairs]


def live_rows(torch: dict[str, Any], live: dict[str, Any]) -> list[dict[str, Any]]:
    """What the doctor's own process of the Python said, beside what torch says."""
    devices = [[one.get(key) for key in ("name", "capability", "uuid")] for one in live.get("devices") or []]
    pairs = [
        ("live.ended", live.get("ended"), "answered"),
        ("live.torch", live.get("torch"), torch.get("version")),
        ("live.architectures", live.get("architectures"), torch.get("architectures")),
        ("live.devices", devices, [[d["name"], d["capability"], d["uuid"]] for d in torch.get("devices", [])]),
        ("live.libraries: errors", [one["path"] for one in live.get("libraries") or [] if one.get("error")], []),
    ]
    return [{"fact": name, "doctor": ours, "live": theirs, "agrees": ours == theirs} for name, ours, theirs in pairs]


def main() -> None:
    """Asks both sides, compares, writes."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    facts = live()
    (folder / "live.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    with tempfile.TemporaryDirectory() as empty:
        # Nothing of the current folder is examined with the environment.
        os.chdir(empty)
        # The first run finds the files on the disk, the second in memory.
        doctor(Path(empty), "first", "--python", sys.executable)
        report = doctor(folder, "whole", "--python", sys.executable)
        still = doctor(folder, "static", "--python", sys.executable, "--static")
        asked = doctor(folder, "asked", "--python", sys.executable, "--ask-python")
        os.chdir(ROOT)
    capability = next((gpu["capability"] for gpu in report["evidence"].get("gpus") or []), "9.0")
    kept = libraries(capability.replace(".", ""))
    (folder / "libraries.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    rows = [{"way": "whole", **row} for row in comparison(facts, report)]
    rows += [{"way": "static", **row} for row in comparison(facts, still)]
    rows += [{"way": "asked", **row} for row in live_rows(facts["torch"], asked["evidence"].get("live") or {})]
    (folder / "comparison.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    wrong = [row for row in [*rows, *kept] if not row["agrees"]]
    for row in wrong:
        print(f"differs: {json.dumps({key: value for key, value in row.items() if key != 'report'})}")
    for one in kept:
        print(f"library {one['name']} for {one['architecture']}: {one['errors']}; ran: {one['ran']}")
    print(f"{len(rows) + len(kept)} facts, {len(wrong)} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
