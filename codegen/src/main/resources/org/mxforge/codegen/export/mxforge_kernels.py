"""Launches exported kernels through the CUDA driver; needs Python and libcuda, and nothing else.

    kernels = Kernels("exported")                     # the folder, and the current context or else that of the first GPU
    use = kernels.choose("mxgemm/v2;...", tokens=16, rest="n4096,k4096")
    kernel = kernels.load(use["kernel"])
    kernel.launch(stream, m=16, n=4096, a_0=address, ...)

Arguments are checked as the JSON files say before anything is launched; what cannot be right is a ValueError with a sentence.
"""
import ast
import ctypes
import json
import operator
import pathlib

_ATTRIBUTES = {"multiprocessors": 16, "shared_memory_per_multiprocessor": 81}
_MAX_DYNAMIC_SHARED = 8
# Of the 48 KiB that need no asking, static shared memory takes a part.
_SHARED_FOR_ALL = 24 << 10
_NO_BINARY_FOR_GPU = 209
_TYPES = {"address": ctypes.c_uint64, "int32": ctypes.c_int32, "float32": ctypes.c_float}


def _over(a, b):
    """Division that drops what is left over, as C does."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _over,
              ast.Mod: lambda a, b: a - b * _over(a, b), ast.LtE: operator.le, ast.GtE: operator.ge, ast.Eq: operator.eq}


def formula(text):
    """A formula of the JSON files as a function of a dictionary of values."""

    def read(node):
        if isinstance(node, ast.Constant):
            return lambda values: node.value
        if isinstance(node, ast.Name):
            return lambda values: values[node.id]
        if isinstance(node, ast.Call) and node.func.id in ("min", "max"):
            function = min if node.func.id == "min" else max
            parts = [read(part) for part in node.args]
            return lambda values: function(part(values) for part in parts)
        if isinstance(node, ast.BoolOp):
            holds = all if isinstance(node.op, ast.And) else any
            parts = [read(part) for part in node.values]
            return lambda values: int(holds(part(values) for part in parts))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            kind, left, right = type(node.ops[0]), read(node.left), read(node.comparators[0])
        elif isinstance(node, ast.BinOp):
            kind, left, right = type(node.op), read(node.left), read(node.right)
        else:
            raise ValueError(f"bad formula '{text}'")
        return lambda values: int(_OPERATORS[kind](left(values), right(values)))

    return read(ast.parse(text.replace("&&", " and ").replace("||", " or "), mode="eval").body)


class Driver:
    """The CUDA driver, on the context that is current or else on that of the first GPU."""

    def __init__(self):
        self._cuda = ctypes.CDLL("libcuda.so.1")
        self.call("cuInit", 0)
        context = ctypes.c_void_p()
        self.call("cuCtxGetCurrent", ctypes.byref(context))
        self.device = ctypes.c_int()
        if context.value:
            self.call("cuCtxGetDevice", ctypes.byref(self.device))
        else:
            self.call("cuDeviceGet", ctypes.byref(self.device), 0)
            self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), self.device)
            self.call("cuCtxSetCurrent", context)
        self.facts = {name: self.attribute(number) for name, number in _ATTRIBUTES.items()}
        self.capability = 10 * self.attribute(75) + self.attribute(76)

    def attribute(self, number):
        value = ctypes.c_int()
        self.call("cuDeviceGetAttribute", ctypes.byref(value), number, self.device)
        return value.value

    def result(self, function, *arguments):
        return getattr(self._cuda, function)(*arguments)

    def call(self, function, *arguments):
        result = self.result(function, *arguments)
        if result != 0:
            text = ctypes.c_char_p()
            self._cuda.cuGetErrorString(result, ctypes.byref(text))
            raise RuntimeError(f"{function} failed: {(text.value or b'unknown error').decode()}")


class Kernel:
    """A loaded kernel."""

    def __init__(self, driver, folder, about):
        self.about = about
        self._driver = driver
        self._shared = _SHARED_FOR_ALL
        self._checks = [self._check(condition) for condition in about["conditions"]]
        self._definitions = [(each["name"], formula(each["value"])) for each in about["definitions"]]
        self._grid = [formula(side) for side in about["launch"]["grid"]]
        self._shared_bytes = formula(about["launch"]["shared_bytes"])
        module = ctypes.c_void_p()
        for kind in ("cubin", "ptx"):
            path = str(folder / "kernels" / f"{about['name']}.{kind}").encode()
            result = driver.result("cuModuleLoad", ctypes.byref(module), path)
            if result != _NO_BINARY_FOR_GPU:
                break
        if result != 0:
            raise RuntimeError(f"kernel {about['name']} cannot be loaded on this GPU: error {result} of the driver")
        self._function = ctypes.c_void_p()
        driver.call("cuModuleGetFunction", ctypes.byref(self._function), module, about["entry"].encode())

    @staticmethod
    def _check(condition):
        if "address" in condition:
            name, called, alignment = condition["address"], condition["called"], condition["alignment"]
            used = formula(condition["used"])

            def check(values):
                if used(values) and not values[name]:
                    raise ValueError(f"the address of {called} is 0: it points nowhere")
                if used(values) and values[name] % alignment:
                    raise ValueError(f"the address of {called}, {values[name]:#x}, is not a multiple of {alignment} bytes")
        elif "within" in condition:
            name, least, most = condition["within"], condition["least"], condition["most"]

            def check(values):
                if not least <= values[name] <= most:
                    raise ValueError(f"{name} is {values[name]}: it must be from {least} to {most}")
        else:
            holds, sentence = formula(condition["holds"]), condition["sentence"]
            shown = [formula(value) for value in condition["values"]]

            def check(values):
                if not holds(values):
                    raise ValueError(sentence.format(*(value(values) for value in shown)))
        return check

    def launch(self, stream, **arguments):
        """Puts a launch on a stream (its address; 0 for the default one), without waiting. Addresses are whole numbers."""
        wanted = self.about["arguments"]
        if set(arguments) != {each["name"] for each in wanted}:
            raise TypeError(f"{self.about['entry']} takes {', '.join(each['name'] for each in wanted)}")
        values = {**self._driver.facts, **arguments}
        for check in self._checks:
            check(values)
        for name, value in self._definitions:
            values[name] = value(values)
        shared = self._shared_bytes(values)
        if shared > self._shared:
            self._driver.call("cuFuncSetAttribute", self._function, _MAX_DYNAMIC_SHARED, shared)
            self._shared = shared
        passed = [_TYPES[each["type"]](arguments[each["name"]]) for each in wanted]
        pointers = (ctypes.c_void_p * len(passed))(*(ctypes.addressof(each) for each in passed))
        self._driver.call(
            "cuLaunchKernel", self._function, *(side(values) for side in self._grid), 1, self.about["launch"]["threads"], 1, 1,
            shared, ctypes.c_void_p(stream), pointers, None)


class Kernels:
    """The kernels of an exported folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.driver = Driver()
        self._about = {about["name"]: about for about in map(_read, sorted((self.folder / "kernels").glob("*.json")))}
        self._loaded = {}
        self.target = self._best()

    def _best(self):
        """The target for this GPU: its own, or else one whose PTX the driver compiles for it."""
        targets = {about["target"] for about in self._about.values()}
        number = {target: int(target.strip("sm_a")) for target in targets}
        fitting = [target for target in targets if number[target] == self.driver.capability
                   or not target.endswith("a") and number[target] <= self.driver.capability]
        if not fitting:
            raise RuntimeError(f"none of these kernels is for this GPU: they are for {', '.join(sorted(targets))}")
        return max(fitting, key=number.get)

    def uses(self, spec):
        """What is launched for this spec here, each with the name of its kernel."""
        return [{**use, "kernel": about["name"]} for about in self._about.values()
                if about["spec"] == spec and about["target"] == self.target for use in about["uses"]]

    def choose(self, spec, tokens, rest=None, operands=None):
        """What to launch: for the fewest tokens that are no fewer than these, or else for the most.

        rest: how the shape must end, such as "n4096,k4096"; operands: how they must lie, such as {"weight": "fragments"}.
        """
        fitting = []
        for use in self.uses(spec):
            size, _, end = use["shape"].partition(",")
            if rest in (None, end) and all(use["operands"].get(side) == layout for side, layout in (operands or {}).items()):
                fitting.append((int(size[1:] or 0), use))
        if not fitting:
            raise LookupError(f"no kernel for {self.target} computes {spec} for such a shape")
        enough = [each for each in fitting if each[0] >= tokens]
        return (min(enough, key=lambda each: each[0]) if enough else max(fitting, key=lambda each: each[0]))[1]

    def load(self, name):
        if name not in self._loaded:
            self._loaded[name] = Kernel(self.driver, self.folder, self._about[name])
        return self._loaded[name]


def _read(file):
    with open(file, encoding="utf-8") as text:
        return json.load(text)
