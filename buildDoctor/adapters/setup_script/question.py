"""The build that a setup.py is asked about."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.plan.torch_helper import ExtensionHelper


class SetupQuestion(Struct, frozen=True, kw_only=True):
    """What the machine of the build is like. What is not stated is not known, and no variable is set but the stated ones."""

    cuda: str
    """The toolkit's version, such as `12.9`."""
    arch_list: str | None = None
    """The text of TORCH_CUDA_ARCH_LIST; nothing when it is not set."""
    capabilities: tuple[str, ...] | None = None
    """The capabilities of the GPUs that torch sees while it builds."""
    torch: str | None = None
    """torch's version."""
    torch_cuda: str | None = None
    """The CUDA that torch was built with."""
    torch_architectures: tuple[str, ...] | None = None
    """What torch was built for, as it writes it: `sm_90`."""
    helper: ExtensionHelper | None = None
    """What torch's own cpp_extension accepts."""
    variables: tuple[tuple[str, str], ...] = ()
    """Further environment variables."""

    @property
    def cuda_of_torch(self) -> str:
        """The CUDA of torch; where it is not known that of the toolkit, for torch's helper accepts no other major version."""
        return self.torch_cuda or ".".join(self.cuda.split(".")[:2])

    @property
    def environment(self) -> dict[str, str]:
        """All the variables that the script finds."""
        found = dict(self.variables)
        if self.arch_list is not None:
            found["TORCH_CUDA_ARCH_LIST"] = self.arch_list
        return found


def nvcc_says(cuda: str) -> str:
    """What `nvcc -V` prints for a toolkit, in the words that scripts look for."""
    numbers = cuda.split(".")
    short = ".".join(numbers[:2])
    full = cuda if len(numbers) > 2 else f"{cuda}.1"
    return (
        "nvcc: NVIDIA (R) Cuda compiler driver\n"
        "Copyright (c) 2005-2025 NVIDIA Corporation\n"
        f"Cuda compilation tools, release {short}, V{full}\n"
        f"Build cuda_{short}.r{short}/compiler.0_0\n"
    )
