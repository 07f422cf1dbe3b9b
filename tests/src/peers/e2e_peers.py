"""Times transformers in BF16 on the shapes of `mxforge bench e2e`, with random weights: prefill of a batch, and steps after it with a
static cache. Prints lines that `mxforge bench e2e --with-peers FILE` reads; needs torch and transformers.

    python e2e_peers.py --model llama-3.1-8b --works 1x2048,8x2048 --steps 64 > peers.txt
"""
import argparse
import time

import torch
import transformers

SHAPES = {
    "llama-2-7b": ("Llama", 4096, 11008, 32, 32, 32, 32000, 1e4),
    "llama-3.1-8b": ("Llama", 4096, 14336, 32, 32, 8, 128256, 5e5),
    "qwen2.5-7b": ("Qwen2", 3584, 18944, 28, 28, 4, 152064, 1e6),
    "qwen2.5-14b": ("Qwen2", 5120, 13824, 48, 40, 8, 152064, 1e6),
    "qwen2.5-32b": ("Qwen2", 5120, 27648, 64, 40, 8, 152064, 1e6),
    "mixtral-8x7b": ("Mixtral", 4096, 14336, 32, 32, 8, 32000, 1e6),
}


def make(shape):
    family, hidden, intermediate, layers, heads, kv_heads, vocabulary, theta = shape
    config = getattr(transformers, family + "Config")(
        hidden_size=hidden, intermediate_size=intermediate, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=kv_heads, vocab_size=vocabulary, rope_theta=theta, max_position_embeddings=32768)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        return getattr(transformers, family + "ForCausalLM")(config).eval()


def timed(work):
    torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return (time.perf_counter() - start) * 1e3


@torch.no_grad()
def prefill(model, ids, warm_ups, repeats):
    """Milliseconds of the layers and of the logits of each sequence's last token, on average."""
    run = lambda: model(ids, use_cache=True, logits_to_keep=1)
    for _ in range(warm_ups):
        run()
    torch.cuda.reset_peak_memory_stats()
    return sum(timed(run) for _ in range(repeats)) / repeats


@torch.no_grad()
def step(model, ids, steps):
    """Milliseconds of a step: generating many tokens less generating one."""
    run = lambda tokens: model.generate(
        ids, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, cache_implementation="static")
    run(8)
    run(steps + 1)
    one = timed(lambda: run(1))
    return (timed(lambda: run(steps + 1)) - one) / steps


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=SHAPES, required=True)
    parser.add_argument("--works", default="1x2048,8x2048", help="sequences x tokens of a prompt, comma-separated")
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    model = make(SHAPES[args.model])
    for work in args.works.split(","):
        batch, tokens = map(int, work.split("x"))
        ids = torch.randint(100, 200, (batch, tokens), device="cuda")
        millis = prefill(model, ids, args.warm_up, args.repeats)
        peak = torch.cuda.max_memory_allocated() / 2**30
        print(f"hf_prefill,batch={batch},seq={tokens},ms={millis:.2f},peak_GiB={peak:.2f}", flush=True)
        print(f"hf_decode,batch={batch},context={tokens},ms_per_step={step(model, ids, args.steps):.3f}", flush=True)


if __name__ == "__main__":
    main()
