"""Multiplies torch tensors by exported kernels: compares with the oracle bit for bit and, with --bench, with the time of 'bench gemm'.

    python proof.py KERNELS CASES NAME... [--bench bench.csv]

KERNELS is a folder of 'mxforge kernels export', CASES one of ExportCases, NAME a case there; bench.csv is what 'bench gemm --csv' wrote.
"""
import argparse
import copy
import csv
import json
import sys

import torch

parser = argparse.ArgumentParser()
parser.add_argument("kernels")
parser.add_argument("cases")
parser.add_argument("names", nargs="+")
parser.add_argument("--bench")
parser.add_argument("--tokens", default="16,2048")
words = parser.parse_args()
sys.path.insert(0, words.kernels + "/python")
torch.zeros(1, device="cuda")
from mxforge_kernels import Kernels  # noqa: E402: of the exported folder
from mxforge_torch import Linear, operator, read_safetensors  # noqa: E402

kernels = Kernels(words.kernels)
tokens = [int(each) for each in words.tokens.split(",")]
faults = []


def repeated(rows, count):
    return rows.repeat((count + len(rows) - 1) // len(rows), 1)[:count].contiguous()


def compare(name, m):
    linear = Linear(kernels, f"{words.cases}/{name}/weights.safetensors", "w")
    data, _ = read_safetensors(f"{words.cases}/{name}/data.safetensors")
    got = operator(f"{name}_{m}", linear)(repeated(data["x"].cuda(), m))
    same = torch.equal(got.view(torch.int16), repeated(data["d"].cuda(), m).view(torch.int16))
    print(f"torch {name}, {m} tokens: {'the oracle' + chr(39) + 's bits' if same else 'WRONG'}", flush=True)
    if not same:
        faults.append(name)


def milliseconds(launch, sets):
    """As tests/src/peers/gemm_peers.py does: replays of a graph, 60 ms to warm up and 120 ms timed."""
    for each in sets:
        launch(*each)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for each in sets:
            launch(*each)

    def span(times):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(times):
            graph.replay()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end)

    span(2)
    once = span(3) / 3
    span(max(1, int(60 / once)))
    times = max(1, int(120 / once))
    return span(times) / times / len(sets)


def copied(linear):
    other = copy.copy(linear)
    other.elements = [each.clone() for each in linear.elements]
    other.scales = [each.clone() for each in linear.scales]
    return other


def activations(m, linear):
    """Groups of many sizes, as 'bench gemm' has them: what tensor cores draw, and so their clock, depends on the values."""
    channels = sum(linear.channels)
    size = torch.randint(-7, 5, (m, channels // 32, 1), device="cuda")
    groups = torch.randn(m, channels // 32, 32, device="cuda") * torch.exp2(size.float())
    x = torch.empty(m, channels, device="cuda", dtype=torch.bfloat16)
    x[:, linear.order.long()] = groups.reshape(m, channels).bfloat16()
    return x


def time(name, m, bench):
    first = Linear(kernels, f"{words.cases}/{name}/random.safetensors", "w")
    use = first.choose(m)
    read = sum(each.numel() for each in first.elements) + m * sum(first.channels)
    sets = []
    for _ in range(max(3, min(256, 1 + int(300e6 / read)))):
        linear = copied(first)
        x = activations(m, first)
        out = torch.empty(m, first.outputs, device="cuda", dtype=torch.bfloat16)
        sets.append((linear, linear.quantize(x, use["operands"]["activation"]), out))
    took = milliseconds(lambda linear, activation, out: linear.multiply(activation, m, out, use), sets)
    promoted = kernels.load(use["kernel"]).about["configuration"].get("promote", 0) > 0
    way = use["algorithm"] + ("_promoted" if promoted else "")
    known = bench.get((f"mxforge_{formats[name]}_{way}", m))
    beside = f", bench gemm {known:.4f} ms: {took / known:.3f} times that" if known else ", not in the benchmark"
    print(f"torch {name}, {m} tokens, {way}: {took:.4f} ms{beside}", flush=True)


def measured(file):
    """Milliseconds of 'bench gemm' by peer and tokens."""
    with open(file, encoding="utf-8") as rows:
        return {(row["peer"].removesuffix("_within4"), int(row["M"])): float(row["ms"]) for row in csv.DictReader(rows)}


with open(f"{words.cases}/cases.json", encoding="utf-8") as text:
    formats = json.load(text)
for name in words.names:
    for m in tokens:
        compare(name, m)
if words.bench:
    bench = measured(words.bench)
    for name in words.names:
        for m in tokens:
            time(name, m, bench)
sys.exit(f"wrong: {', '.join(faults)}" if faults else 0)
