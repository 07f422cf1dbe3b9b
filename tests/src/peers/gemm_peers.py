#!/usr/bin/env python3
"""Times the GEMMs of PyTorch on this GPU, for 'mxforge bench gemm --with-peers' to compare with.

Prints one line of comma-separated values for each peer and shape, under the header

    peer,M,N,K,ms,TFLOPs

where ms is the median of replayed CUDA graphs over random operands (zeros would use less power and run faster), in as many sets as it
takes for the L2 cache to have forgotten the first. A peer that cannot run says 'failed' in the place of its time, and why.

    python tests/src/peers/gemm_peers.py --ms 2048,8192 > peers.csv
    mxforge bench gemm --ms 2048,8192 --with-peers peers.csv

Rates are sustained: the GPU is kept busy until its power limit has set in. With --burst they are those of a rested one, and names end in
_burst. Needs PyTorch with CUDA; FP8 needs compute capability 8.9 or newer.
"""

import argparse
import statistics
import sys
import time

HEADER = "peer,M,N,K,ms,TFLOPs"

# Several times the L2 cache of any GPU so far.
FORGOTTEN_BYTES = 300e6
MOST_SETS = 64

WARM_UP_SECONDS = 1.5
REST_SECONDS = 0.5
ROUNDS = 15
ROUND_MILLIS = 20


def bf16(torch, m, n, k):
    """cuBLAS."""
    a = torch.randn(m, k, device="cuda").bfloat16()
    b = torch.randn(n, k, device="cuda").bfloat16()
    return lambda: torch.mm(a, b.t())


def fp8(by_row, fast):
    """E4M3 with scales by tensor or by row; 'fast' keeps sums in the tensor cores' own, shorter accumulators."""

    def prepare(torch, m, n, k):
        a = torch.randn(m, k, device="cuda").to(torch.float8_e4m3fn)
        b = torch.randn(n, k, device="cuda").to(torch.float8_e4m3fn)
        scale_a = torch.rand((m, 1) if by_row else (), device="cuda") + 0.5
        scale_b = torch.rand((1, n) if by_row else (), device="cuda") + 0.5
        return lambda: torch._scaled_mm(
            a, b.t(), scale_a=scale_a, scale_b=scale_b, out_dtype=torch.bfloat16, use_fast_accum=fast
        )

    return prepare


def int8(torch, m, n, k):
    a = torch.randint(-128, 128, (m, k), device="cuda", dtype=torch.int8)
    b = torch.randint(-128, 128, (n, k), device="cuda", dtype=torch.int8)
    return lambda: torch._int_mm(a, b.t())


PEERS = {
    "bf16": (bf16, 2),
    "fp8_tensor": (fp8(by_row=False, fast=True), 1),
    "fp8_row": (fp8(by_row=True, fast=True), 1),
    "fp8_row_exact": (fp8(by_row=True, fast=False), 1),
    "int8": (int8, 1),
}


def graph_of(torch, calls):
    """All calls one after the other, recorded once."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for call in calls:
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for call in calls:
            call()
    return graph


def round_millis(torch, graph, replays):
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record()
    for _ in range(replays):
        graph.replay()
    end.record()
    end.synchronize()
    return start.elapsed_time(end)


def millis(torch, calls, burst):
    """Median milliseconds of one call."""
    graph = graph_of(torch, calls)
    once = max(round_millis(torch, graph, 1) for _ in range(2))
    replays = max(1, round(ROUND_MILLIS / max(once, 1e-3)))
    if not burst:
        begin = time.monotonic()
        while time.monotonic() - begin < WARM_UP_SECONDS:
            round_millis(torch, graph, replays)
    rounds = []
    for _ in range(ROUNDS):
        if burst:
            time.sleep(REST_SECONDS)
            round_millis(torch, graph, 1)
        rounds.append(round_millis(torch, graph, replays) / replays / len(calls))
    return statistics.median(rounds)


def line(torch, name, m, n, k, burst):
    prepare, width = PEERS[name]
    subject = f"{name}{'_burst' if burst else ''},{m},{n},{k}"
    try:
        read = width * (m * k + n * k) + 2 * m * n
        sets = int(max(3, min(MOST_SETS, 1 + FORGOTTEN_BYTES / read)))
        found = millis(torch, [prepare(torch, m, n, k) for _ in range(sets)], burst)
        return f"{subject},{found:.5f},{2.0 * m * n * k / found / 1e9:.1f}"
    except Exception as failure:  # One peer's failure is a line of the result, not the end of it.
        reason = " ".join(str(failure).split()).replace(",", ";") or type(failure).__name__
        return f"{subject},failed,{reason[:160]}"


def shape(text):
    n, k = text.split("x")
    return int(n), int(k)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ms", default="2048,8192,16384", help="tokens")
    parser.add_argument("--nks", default="4096x4096,1024x4096,14336x4096,4096x14336", help="sizes of the weight, NxK")
    parser.add_argument("--peers", default=",".join(PEERS), help="of " + ", ".join(PEERS))
    parser.add_argument("--burst", action="store_true", help="rates of a rested GPU")
    options = parser.parse_args()
    names = options.peers.split(",")
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        parser.error(f"unknown peer {unknown[0]}: choose of {', '.join(PEERS)}")
    sizes = [shape(text) for text in options.nks.split(",")]

    try:
        import torch
    except ImportError:
        sys.exit("gemm_peers.py: PyTorch is not installed: pip install torch")
    if not torch.cuda.is_available():
        sys.exit("gemm_peers.py: PyTorch finds no GPU")
    torch.manual_seed(0)
    print(HEADER, flush=True)
    for m in map(int, options.ms.split(",")):
        for n, k in sizes:
            for name in names:
                print(line(torch, name, m, n, k, options.burst), flush=True)
                torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
