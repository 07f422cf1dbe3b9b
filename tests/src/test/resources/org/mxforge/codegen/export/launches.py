"""Launches what its input asks for on a driver that only notes it: a kernel's name, then type and value of each argument."""
import json
import pathlib
import sys

sys.path.insert(0, sys.argv[1] + "/python")
from mxforge_kernels import Kernel  # noqa: E402: of the exported folder


class Driver:
    facts = {"multiprocessors": 132, "shared_memory_per_multiprocessor": 233472}

    def result(self, function, *arguments):
        return 0

    def call(self, function, *arguments):
        if function == "cuLaunchKernel":
            self.launched = arguments


folder = pathlib.Path(sys.argv[1])
driver = Driver()
kernels = {}
for line in sys.stdin:
    name, *words = line.split()
    if name not in kernels:
        kernels[name] = Kernel(driver, folder, json.loads((folder / "kernels" / f"{name}.json").read_text()))
    values = [float(text) if kind == "float32" else int(text) for kind, text in zip(words[::2], words[1::2])]
    try:
        kernels[name].launch(0, **{each["name"]: value for each, value in zip(kernels[name].about["arguments"], values)})
        x, y, _, threads, _, _, shared = driver.launched[1:8]
        print(x, y, threads, shared)
    except ValueError as refusal:
        print(f"refused: {refusal}")
