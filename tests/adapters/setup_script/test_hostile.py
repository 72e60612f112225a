"""A setup.py that means harm is read within bounds, and nothing of it happens."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
LONGEST_SECONDS = 25.0
END = "ext_modules = [CUDAExtension('e', ['a.cu'], extra_compile_args={'nvcc': ['-arch=sm_90']})]\n"

HARM = {
    "an endless loop": "while True:\n    pass\n",
    "an endless loop that grows": "x = [1]\nwhile True:\n    x = x + x\n",
    "an endless list": "x = []\nfor i in range(10 ** 9):\n    x.append(i)\n",
    "a text that doubles": "x = 'a'\nfor i in range(99):\n    x = x + x\n",
    "a text of a given length": "x = 'a' * 10 ** 12\n",
    "a list of a given length": "x = [0] * 10 ** 12\n",
    "a number that squares": "x = 10\nfor i in range(99):\n    x = x * x\n",
    "a power": "x = 10 ** 10 ** 10\n",
    "a shift": "x = 1 << 10 ** 12\n",
    "a replacement": "x = ('a' * 100000).replace('a', 'b' * 100000)\n",
    "a join": "x = ('b' * 100000).join(list('a' * 40000))\n",
    "a width": "x = '{:>999999999999}'.format(1) + '%999999999999d' % 1 + f'{1:>999999999999}'\n",
    "a filled text": "x = 'a'.zfill(10 ** 12) + 'a'.ljust(10 ** 12) + 'a\\t'.expandtabs(10 ** 12)\n",
    "a product": "import itertools\nx = list(itertools.product(range(9999), range(9999), range(9999)))\n",
    "a range": "x = sum(range(10 ** 15)) + len(list(range(10 ** 15)))\n",
    "a comprehension of comprehensions": "x = [a for a in range(9999) for b in range(9999) for c in range(9999)]\n",
    "a recursion": "def f(n):\n    return f(n + 1)\nf(0)\n",
    "two functions that call each other": "def f():\n    return g() + g()\ndef g():\n    return f() + f()\nf()\n",
    "a tree of calls": "def f(n):\n    return 1 if n == 0 else f(n - 1) + f(n - 1) + f(n - 1)\nf(15)\n",
    "a text that runs itself": "t = 'exec(t)'\nexec(t)\n",
    "a list that holds itself": "x = []\nx.append(x)\nx = str(x) + repr(x) if x == x else ''\ny = {}\ny['y'] = y\nz = [y, x]\nz = sorted(z)\n",
    "a module that imports itself": "import setup\n",
    "a slow regular expression": "import re\nre.match(r'(a+)+$', 'a' * 5000 + 'b')\nre.match(r'(a|a)*b', 'a' * 5000)\n",
    "a slow one without nesting": "import re\nre.search(r'a*a*a*a*a*b', 'a' * 20000)\nre.search(r'(.*)(.*)(.*)\\\\1x', 'a' * 9999)\n",
    "many optional parts": "import re\nre.match('a?' * 30 + 'a' * 30, 'a' * 30)\n",
    "a huge repetition": "import re\nre.compile('(a{1000}){1000}')\n",
    "many conditions": "".join(f"if os.getpid() > {n}:\n    x = {n}\n" for n in range(400)),
    "many conditions in a loop": "for i in range(3000):\n    if os.getpid() > i:\n        x = i\n",
    "a glob of everything": "import glob\nx = [glob.glob('/**', recursive=True), glob.glob('../' * 50 + '**/*', recursive=True)]\n",
    "a deep expression": f"x = {'-' * 800}1\n",
    "a long sum": f"x = {'+'.join(['1'] * 5000)}\n",
    "deep blocks": "".join(f"{'  ' * n}if os.getpid():\n" for n in range(90)) + f"{'  ' * 90}pass\n",
    "a chain of attributes": f"x = os{'.path' * 3000}\n",
    "a digit that is no digit": "x = int('9' * 5000) + int('\\u0661')\n",
    "a name with a brace": "x = '{0.__class__.__mro__}'.format(os) + '{a[0]}'.format(a=1)\n",
    "a huge JSON": "import json\nx = json.loads('[' * 90000)\n",
    "a list of lists of lists": "x = [0] * 49000\ny = [x] * 49000\nz = [list(x)] * 49000\nt = y == z, str(y), sorted(z), x in z, max(y)\n",
    "a tuple of tuples in a set": "x = (0,) * 49000\ny = (x,) * 49000\nz = {y}\nw = {y: 1}\nv = set([[1]])\n",
    "a class with itself": "class A:\n    pass\nclass A(A):\n    pass\nclass A(A):\n    pass\nA()\n",
}  # fmt: skip


@pytest.mark.parametrize("body", HARM.values(), ids=HARM)
def test_a_bound_is_reached_before_patience_ends(body: str, make_tree: Call, read: Call) -> None:
    """The answer comes in time: a plan, or a refusal in words."""
    tree, begun = make_tree(body + END), time.monotonic()

    reading = read(tree)

    assert time.monotonic() - begun < LONGEST_SECONDS
    assert reading.plan is not None or reading.not_seen[0].reason


@pytest.mark.parametrize(
    "text", ["x = " + "(" * 5000, "\0", "x = (" + "[" * 150 + "]" * 150 + ")", "def f(:\n", "x = 1\n" * 400_000, "\x80\xff = 1"],
    ids=["unclosed", "a zero byte", "deep brackets", "no Python", "too large", "no text"],
)  # fmt: skip
def test_what_is_no_script_is_refused_in_words(text: str, make_tree: Call, read: Call) -> None:
    reading = read(make_tree(text, whole=True))

    assert reading.plan is None or not reading.plan.extensions
    assert reading.not_seen


DEEDS = {
    "a program": "os.system('touch MARK')",
    "a program by subprocess": "import subprocess\nsubprocess.run(['touch', 'MARK'], check=True)",
    "a program by shell": "import subprocess\nsubprocess.check_output('touch MARK', shell=True)",
    "a program by popen": "os.popen('touch MARK').read()",
    "a file": "open('MARK', 'w').write('x')",
    "a file by pathlib": "from pathlib import Path\nPath('MARK').write_text('x')\nPath('MARK').touch()",
    "a copy": "import shutil\nshutil.copy(__file__, 'MARK')",
    "a folder": "os.makedirs('MARK')",
    "a text that is run": "exec(\"open('MARK', 'w')\")\neval(\"open('MARK', 'w')\")",
    "an import by name": "__import__('os').system('touch MARK')\nimport importlib\nimportlib.import_module('os').system('touch MARK')",
    "a way through the classes": "().__class__.__base__.__subclasses__()",
    "a default value": "def f(x=open('MARK', 'w')):\n    pass",
    "a decorator": "@os.system\ndef f():\n    pass",
    "an own format": "class F:\n    def __format__(self, spec):\n        open('MARK', 'w')\nf'{F()}'",
    "the end of the process": "os._exit(9)\nos.abort()\nos.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_reading_does_nothing(deed: str, make_tree: Call, read: Call) -> None:
    tree = make_tree(deed + "\n" + END)
    mark = tree / "MARK"

    reading = read(make_tree(deed.replace("MARK", str(mark)) + "\n" + END))

    assert reading.plan is not None or reading.not_seen
    assert sorted(path.name for path in tree.iterdir()) == ["setup.py"]


def test_what_lies_outside_of_the_tree_is_not_read(make_tree: Call, read: Call, tmp_path: Any) -> None:
    """Neither by a path that leads out nor by a link."""
    (tmp_path / "secret.txt").write_text("-gencode=arch=compute_90,code=sm_90")
    tree = make_tree("x = []\n")
    (tree / "link.txt").symlink_to(tmp_path / "secret.txt")
    body = (
        "flags = []\nfor name in ('../secret.txt', 'link.txt', '/etc/passwd'):\n    try:\n        flags.append(open(name).read())\n"
        "    except FileNotFoundError:\n        pass\next_modules = [CUDAExtension('e', ['a.cu'], extra_compile_args={'nvcc': flags})]\n"
    )

    reading = read(make_tree(body))

    assert reading.plan.sources[0].architectures is None
