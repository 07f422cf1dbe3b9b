"""Multiplies torch tensors with weights that 'mxforge weights export' laid out for the kernels of this folder.

    linear = Linear(Kernels("exported"), "weights.safetensors", "model.layers.0.self_attn.qkv")
    y = linear(x)                                     # BF16 [tokens][channels] to BF16 [tokens][outputs]
    qkv = operator("qkv", linear)                     # the same as torch.ops.mxforge.qkv, which torch.compile leaves whole

Layers that read one input are one, their outputs side by side: qkv, gate_up. linear.layers has the outputs of each.
"""
import functools
import json
import struct

import torch

_BITS = {"e2m1": 4, "e3m2": 6, "e2m3": 6, "e4m3": 8, "e5m2": 8}
_FOLDED = ("containers", "fragments", "mixed", "mixed_fragments", "bf16")


def read_safetensors(file):
    """The tensors of a safetensors file, and the texts of its header."""
    types = {"U8": torch.uint8, "I32": torch.int32, "F32": torch.float32, "BF16": torch.bfloat16}
    with open(file, "rb") as data:
        length, = struct.unpack("<Q", data.read(8))
        header = json.loads(data.read(length))
        texts = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            data.seek(8 + length + begin)
            content = bytearray(data.read(end - begin))
            tensors[name] = torch.frombuffer(content, dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, texts


def _tiles(count, size):
    return (count + size - 1) // size


def element_bytes(layout, form, rows, channels):
    """Bytes of the elements of an activation, as LAYOUTS.md has them."""
    if layout == "bf16" or (layout == "mixed" and _BITS[form] == 8):
        return _tiles(rows, 128) * _tiles(channels, 64) * 16384
    if layout in ("containers", "mixed"):
        return _tiles(rows, 128) * _tiles(channels, 128) * 16384
    return rows * channels * _BITS[form] // 8


def scale_bytes(layout, rows, channels):
    """Bytes of the scales of an activation, or of the factors of its rows."""
    if layout in _FOLDED:
        return _tiles(rows, 128) * 512
    return rows * channels // 32 if layout == "rows" else _tiles(rows, 128) * _tiles(channels // 32, 4) * 512


@functools.lru_cache
def _ones(count, device):
    """Factors of rows that need none."""
    return torch.ones(count, dtype=torch.float32, device=device)


class Linear:
    """A linear layer: quantizes what it is given, and multiplies it with a weight."""

    def __init__(self, kernels, weights, layer, device="cuda"):
        tensors, texts = read_safetensors(weights)
        about = json.loads(texts["mxforge.layer." + layer])
        self.kernels = kernels
        self.outputs = about["outputs"]
        self.layers = about["layers"]
        self.channels = [int(part.split(":")[1]) for part in about["split"].split("/")[0].split("+")]
        self.pairs = [part.split(":")[0] for part in about["split"].split("/")[0].split("+")]
        self.formats = [pair.split("x")[0] for pair in self.pairs]
        self.layout = about["layout"]
        self.bias = tensors[layer + ".bias"].to(device) if layer + ".bias" in tensors else None
        self.product = (f"mxgemm/v2;pairs={'+'.join(self.pairs)};groups=g32;"
                        f"epilogue={'none' if self.bias is None else 'bias'};out=bf16;"
                        f"tolerance={about['tolerance']}")
        transform = "" if about["transform"] == "none" else f"transform={about['transform']};"
        self.quantizer = (f"mxquantize/v2;side=activation;formats={'+'.join(self.formats)};rule={about['rule']};groups=g32;"
                          f"{transform}prologue=none;in=bf16;tolerance={about['tolerance']}")
        self.order = tensors[about["site"] + ".order"].to(device)
        parts = range(len(self.pairs))
        self.elements = [tensors[f"{layer}.weight.part{i}.elements"].to(device) for i in parts]
        self.scales = [tensors[f"{layer}.weight.part{i}.scales"].to(device) for i in parts] \
            if self.layout not in _FOLDED else [tensors[f"{layer}.weight.factors"].to(device)] * len(self.pairs)

    def _k(self):
        return "+".join(map(str, self.channels))

    def choose(self, tokens):
        """What is launched for so many tokens."""
        return self.kernels.choose(
            self.product, tokens, f"n{self.outputs},k{self._k()}", {"weight": self.layout})

    def quantize(self, x, layout):
        """Elements and scales (or factors) of each partition of x, BF16 [tokens][channels]."""
        rows, columns = x.shape
        elements = [self._room(element_bytes(layout, form, rows, channels), x)
                    for form, channels in zip(self.formats, self.channels)]
        scales = [self._room(scale_bytes(layout, rows, self.channels[0]), x)] * len(elements) if layout in _FOLDED \
            else [self._room(scale_bytes(layout, rows, channels), x) for channels in self.channels]
        use = self.kernels.choose(self.quantizer, rows, f"k{self._k()}", {"activation": layout})
        kernel = self.kernels.load(use["kernel"])
        scale = "factors" if layout in _FOLDED else "scales"
        arguments = {"rows": rows, "columns": columns, "x": x.data_ptr(), "order": self.order.data_ptr()}
        for i, channels in enumerate(self.channels):
            arguments.update({f"codes_{i}": elements[i].data_ptr(), f"{scale}_{i}": scales[i].data_ptr(), f"k_{i}": channels})
        kernel.launch(_stream(), **arguments)
        return elements, scales

    def multiply(self, activation, tokens, out, use=None):
        """Multiplies what quantize made with the weight, into out, BF16 [tokens][outputs]."""
        use = use or self.choose(tokens)
        sides = {"activation": ([*activation[0]], [*activation[1]]), "weight": ([*self.elements], [*self.scales])}
        for each in use["passes"]:
            elements, scales = sides[each["side"]]
            self._pass(each, elements, scales, tokens if each["side"] == "activation" else self.outputs)
        arguments = {"m": tokens, "n": self.outputs, "d": out.data_ptr()}
        if self.bias is not None:
            arguments["bias"] = self.bias.data_ptr()
        for i, channels in enumerate(self.channels):
            for side, letter in (("activation", "a"), ("weight", "b")):
                arguments.update({f"{letter}_{i}": sides[side][0][i].data_ptr(), f"s{letter}_{i}": sides[side][1][i].data_ptr()})
            arguments[f"k_{i}"] = channels
        self.kernels.load(use["kernel"]).launch(_stream(), **arguments)
        return out

    def _pass(self, each, elements, scales, rows):
        """Lays one partition of an operand out anew, in place of what is there."""
        i = each["partition"]
        kernel = self.kernels.load(each["kernel"])
        arguments = {"rows": rows, "channels": self.channels[i]}
        if kernel.about["spec"].startswith("mxunpack"):
            result = self._room(element_bytes("containers", None, rows, self.channels[i]), elements[i])
            arguments.update(fragments=elements[i].data_ptr(), tiles=result.data_ptr())
        else:
            result = self._room(element_bytes("bf16", None, rows, self.channels[i]), elements[i])
            factors = _ones(_tiles(rows, 128) * 128, result.device)
            arguments.update(codes=elements[i].data_ptr(), scales=scales[i].data_ptr(), factors=factors.data_ptr(),
                             tiles=result.data_ptr())
            scales[i] = factors
        kernel.launch(_stream(), **arguments)
        elements[i] = result

    @staticmethod
    def _room(size, like):
        return torch.empty(size, dtype=torch.uint8, device=like.device)

    def __call__(self, x):
        tokens = x.shape[0]
        use = self.choose(tokens)
        out = torch.empty(tokens, self.outputs, dtype=torch.bfloat16, device=x.device)
        return self.multiply(self.quantize(x.contiguous(), use["operands"]["activation"]), tokens, out, use)


def operator(name, linear):
    """Makes a layer the operator mxforge::name."""

    @torch.library.custom_op(f"mxforge::{name}", mutates_args=())
    def operate(x: torch.Tensor) -> torch.Tensor:
        return linear(x)

    @operate.register_fake
    def _(x):
        return x.new_empty(x.shape[0], linear.outputs)

    return operate


def _stream():
    return torch.cuda.current_stream().cuda_stream
