"""What a setup.py writes is followed as Python would run it, and a run of the same script agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
ONE = "ext_modules = [CUDAExtension('e', ['a.cu'], extra_compile_args={'nvcc': %s})]"
G80, G90, G120 = (f"'-gencode', 'arch=compute_{n},code=sm_{n}'" for n in (80, 90, 120))

LAWS = {
    "a plain list": (f"flags = ['-O3', {G80}]\n", ("8.0",)),
    "append": ("flags = []\nflags.append('-gencode')\nflags.append('arch=compute_80,code=sm_80')\n", ("8.0",)),
    "plus": (f"flags = ['-O3'] + [{G80}] + [{G90}]\n", ("8.0", "9.0")),
    "plus and assign": (f"flags = []\nother = flags\nflags += [{G80}]\nother += [{G90}]\n", ("8.0", "9.0")),
    "extend": (f"flags = []\nflags.extend(({G80}))\n", ("8.0",)),
    "a comprehension": ("flags = [f'-gencode=arch=compute_{a},code=sm_{a}' for a in ('80', '90') if a != '90']\n", ("8.0",)),
    "an f-string of numbers": ("n = 10 * 9 + 0\nflags = [f'-gencode=arch=compute_{n},code=sm_{n}']\n", ("9.0",)),
    "format and percent": (
        "flags = ['-gencode=arch=compute_{},code=sm_{}'.format(80, 80), '-gencode=arch=compute_%d,code=sm_%d' % (90, 90)]\n",
        ("8.0", "9.0"),
    ),
    "a helper with a default": (
        f"def with_threads(flags, threads='4'):\n    return flags + ['--threads', threads]\nflags = with_threads([{G80}])\n",
        ("8.0",),
    ),
    "a helper with stars": (
        f"def joined(*lists, **more):\n    return [f for one in lists for f in one] + more['last']\nflags = joined([{G80}], ['-O3'], last=[{G90}])\n",
        ("8.0", "9.0"),
    ),
    "a helper that returns early": (
        f"def archs(new):\n    if new:\n        return [{G90}]\n    return [{G80}]\nflags = archs(True) + archs(False)\n",
        ("9.0", "8.0"),
    ),
    "a closure and a lambda": (
        f"base = [{G80}]\ndef outer():\n    mine = [{G90}]\n    return lambda: base + mine\nflags = outer()()\n",
        ("8.0", "9.0"),
    ),
    "getenv with a default": (
        "flags = [f'-gencode=arch=compute_{a},code=sm_{a}' for a in os.getenv('MY_ARCHS', '80;90').split(';')]\n",
        ("8.0", "9.0"),
    ),
    "environ in three ways": (
        (f"flags = []\nif 'MY_ARCHS' in os.environ:\n    flags += [{G80}]\nif os.environ.get('MY_ARCHS') is None:\n    flags += [{G90}]\n"
        f"try:\n    os.environ['MY_ARCHS']\nexcept KeyError:\n    flags += [{G120}]\n"),
        ("9.0", "12.0"),
    ),
    "versions of packaging": (
        f"flags = []\nif parse('12.8') >= Version('12.10'):\n    flags += [{G80}]\nelif Version('12.8').major == 12:\n    flags += [{G90}]\n",
        ("9.0",),
    ),
    "the version that nvcc says": (
        ("import subprocess\n"
        "said = subprocess.check_output([CUDA_HOME + '/bin/nvcc', '-V'], universal_newlines=True).split()\n"
        "version = parse(said[said.index('release') + 1].split(',')[0])\n"
        f"flags = [{G80}]\nif version >= Version('12.8'):\n    flags += [{G120}]\n"),
        ("8.0", "12.0"),
    ),
    "the version that a search finds": (
        ("import re, subprocess\n"
        "said = subprocess.run(['nvcc', '--version'], stdout=subprocess.PIPE).stdout\n"
        "found = re.search(r'release (\\d+)\\.(\\d+)', str(said))\n"
        f"flags = [{G90}] if int(found.group(1)) * 10 + int(found[2]) == 128 else [{G80}]\n"),
        ("9.0",),
    ),
    "the CUDA and the version of torch": (
        f"flags = [{G80}]\nif torch.version.cuda is not None and not torch.version.hip and int(torch.__version__.split('.')[0]) == 2:\n    flags += [{G90}]\n",
        ("8.0", "9.0"),
    ),
    "the capability of the GPU": (
        "major, minor = torch.cuda.get_device_capability()\nflags = [f'-gencode=arch=compute_{major}{minor},code=sm_{major}{minor}']\n",
        ("9.0",),
    ),
    "an exception of the script": (
        f"class Mine(Exception):\n    pass\ntry:\n    raise Mine('no')\nexcept Mine as error:\n    flags = [{G80}]\nfinally:\n    flags += [{G90}]\n",
        ("8.0", "9.0"),
    ),
    "else of try, for and while": (
        (f"flags = []\ntry:\n    n = 2\nexcept ValueError:\n    n = 9\nelse:\n    flags += [{G80}]\n"
        f"while n:\n    n -= 1\nelse:\n    flags += [{G90}]\nfor n in (1, 2, 3):\n    if n == 2:\n        break\nelse:\n    flags += [{G120}]\n"),
        ("8.0", "9.0"),
    ),
    "a loop over pairs": (
        ("flags = []\nfor a, wanted in zip(['80', '90', '120'], [True, False, True]):\n    if not wanted:\n        continue\n"
        "    flags += ['-gencode', f'arch=compute_{a},code=sm_{a}']\n"),
        ("8.0", "12.0"),
    ),
    "a dictionary of lists": (
        (f"table = {{'old': [{G80}], 'new': [{G120}]}}\ntable.setdefault('new', []).append('-O3')\ntable.update(old=[{G90}])\n"
        "flags = [flag for key, value in sorted(table.items()) for flag in value]\n"),
        ("12.0", "9.0"),
    ),
    "any, all and sets": (
        f"have = set('80 90'.split()) - {{'80'}}\nflags = [{G90}] if any(h == '90' for h in have) and all(h != '80' for h in have) else []\n",
        ("9.0",),
    ),
    "a choice": (f"flags = [{G80}] if sys.platform == 'win32' else [{G90}]\n", ("9.0",)),
    "a global that a function sets": (f"flags = []\ndef change():\n    global flags\n    flags = [{G80}]\nchange()\n", ("8.0",)),
    "a partial and a cached function": (
        ("import functools\n@functools.lru_cache(maxsize=None)\ndef one(kind, number):\n    return f'-gencode=arch=compute_{number},code={kind}_{number}'\n"
        "flags = list(map(functools.partial(one, 'sm'), [80, 90]))\n"),
        ("8.0", "9.0"),
    ),
    "a text that is run": (
        f"exec(\"flags = [{G80}]\")\nnames = {{}}\nexec(compile('x = 1 + 1', 'f', 'exec'), names)\nflags += [{G90}] if eval('names')['x'] == 2 else []\n",
        ("8.0", "9.0"),
    ),
    "cubin and PTX in one flag": ("flags = ['-gencode=arch=compute_90,code=[sm_90,compute_90]']\n", ("9.0+PTX",)),
    "the short form": ("flags = ['-arch=sm_90']\n", ("9.0+PTX",)),
    "no flag of its own: torch's list": ("flags = ['-O3']\n", ("9.0",)),
    "the four letters in another flag: the compiler's default": ("flags = ['-Xcompiler', '-march=native']\n", ("5.2+PTX",)),
    "the script sets torch's list": ("os.environ['TORCH_CUDA_ARCH_LIST'] = '8.0 12.0+PTX'\nflags = []\n", ("8.0", "12.0+PTX")),
    "the script empties torch's list: the GPUs": ("os.environ['TORCH_CUDA_ARCH_LIST'] = ''\nflags = []\n", ("9.0+PTX",)),
}  # fmt: skip


@pytest.mark.parametrize(("body", "architectures"), LAWS.values(), ids=LAWS)
def test_reading_and_running_agree(
    body: str, architectures: tuple[str, ...], make_tree: Call, read: Call, record: Call
) -> None:
    """The reader finds the architectures; so does a run of the script, with the same flags reaching nvcc."""
    tree = make_tree(body + ONE % "flags")

    reading, recorded = read(tree), record(tree)

    assert [s.architectures for s in reading.plan.sources] == [architectures]
    (asked,) = recorded.way.extensions
    assert asked.name == "e"
    assert asked.sources == ("a.cu",)
    assert not recorded.way.stop


def test_definitions_come_from_macros_and_flags(make_tree: Call, read: Call) -> None:
    tree = make_tree(
        "ext_modules = [CUDAExtension('e', ['a.cu'], define_macros=[('A', None), ('B', '1')], extra_compile_args=['-DC=2'])]"
    )

    assert read(tree).plan.sources[0].definitions == ("A", "B=1", "C=2")


def test_globs_are_answered_from_the_tree(make_tree: Call, read: Call) -> None:
    body = "import glob\nfrom pathlib import Path\nhere = Path(__file__).parent\nfiles = sorted(glob.glob('csrc/**/*.cu', recursive=True)) + [str(p.relative_to(here.resolve())) for p in (here / 'more').glob('*.cu')]\next_modules = [CUDAExtension('e', [f for f in files if 'skip' not in f])]"
    tree = make_tree(body, csrc__a_dot_cu="", csrc__deep__b_dot_cu="", csrc__skip_dot_cu="", more__c_dot_cu="")

    assert read(tree).plan.extensions[0].sources == ("csrc/a.cu", "csrc/deep/b.cu", "more/c.cu")


def test_a_module_of_the_tree_is_followed(make_tree: Call, read: Call) -> None:
    tree = make_tree(
        "from tools.flags import FLAGS\nfrom tools import flags\n" + ONE % "FLAGS + flags.more()",
        tools__flags_dot_py=f"from .base import BASE\nFLAGS = [{G80}] + BASE\ndef more():\n    return [{G120}]\n",
        tools__base_dot_py=f"BASE = [{G90}]\n",
        tools____init___dot_py="",
    )
    (tree / "tools" / "__init__.py").write_text("")

    assert read(tree).plan.sources[0].architectures == ("8.0", "9.0", "12.0")


def test_each_change_of_a_list_is_a_step_with_its_line(make_tree: Call, read: Call) -> None:
    tree = make_tree(f"cc_flag = []\ncc_flag += [{G80}]\ncc_flag.extend([{G90}])\n" + ONE % "cc_flag")

    steps = read(tree).plan.steps

    assert [(s.variable, s.before, s.after, s.file, s.line) for s in steps] == [
        ("cc_flag", None, ("8.0",), "setup.py", 8),
        ("cc_flag", ("8.0",), ("8.0", "9.0"), "setup.py", 9),
    ]


def test_the_variables_about_architectures_are_named(make_tree: Call, read: Call) -> None:
    tree = make_tree(
        "os.getenv('MY_CUDA_ARCHS')\nos.environ.get('MAX_JOBS')\nos.environ.get('NATTEN_CUDA_ARCH', '')\n" + ONE % "[]"
    )

    assert read(tree).plan.variables == ("MY_CUDA_ARCHS", "NATTEN_CUDA_ARCH")


def test_a_stated_variable_is_what_the_script_finds(make_tree: Call, read: Call) -> None:
    body = "a = os.environ['MY_ARCH']\n" + ONE % "[f'-gencode=arch=compute_{a},code=sm_{a}']"

    reading = read(make_tree(body), variables=(("MY_ARCH", "103"),))

    assert reading.plan.sources[0].architectures == ("10.3",)


def test_the_copy_of_cutlass_that_the_tree_brings_is_told(make_tree: Call, read: Call) -> None:
    header = "#define CUTLASS_MAJOR 4\n#define CUTLASS_MINOR 0\n#define CUTLASS_PATCH 0\n"

    reading = read(make_tree(ONE % "[]", csrc__cutlass__include__cutlass__version_dot_h=header))

    place = "csrc/cutlass/include/cutlass/version.h"
    assert [(copy.version, copy.place) for copy in reading.plan.cutlass] == [("4.0.0", place)]
    assert [origin.source for origin in reading.origins if origin.path == "plan.cutlass[0]"] == [place]
