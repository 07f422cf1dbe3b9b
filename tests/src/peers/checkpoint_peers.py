"""Whether transformers reads what `mxforge quantize --format compressed-tensors` writes, and predicts alike. Needs torch, transformers and
compressed-tensors; runs on the CPU.

    python3 checkpoint_peers.py first small one
    python3 checkpoint_peers.py tokens small docs.txt ids.safetensors
    mxforge quantize --model one --recipe mxfp4/even --format compressed-tensors --out peer
    mxforge import --model peer --out own
    mxforge logits --device cpu --model own --ids ids.safetensors --out logits.safetensors
    python3 checkpoint_peers.py compare peer ids.safetensors logits.safetensors

The recipes are those whose rule is the library's for activations: `mxfp4/even` and `mxfp8`. Sums in another order move few numbers over the
edge between two codes; that grows from layer to layer until it is as large as what quantization does. So the first layer alone tells whether
the same is computed, and of whole models no more than perplexities can be compared.
"""
import json
import pathlib
import re
import shutil
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from transformers.utils.quantization_config import CompressedTensorsConfig

WINDOWS, WINDOW = 8, 512


def first(model, out):
    """The model with its first layer alone."""
    model, out = pathlib.Path(model), pathlib.Path(out)
    out.mkdir()
    (out / "config.json").write_text(json.dumps(json.loads((model / "config.json").read_text()) | {"num_hidden_layers": 1}))
    shutil.copyfile(model / "tokenizer.json", out / "tokenizer.json")
    tensors = load_file(model / "model.safetensors")
    save_file({name: tensor for name, tensor in tensors.items() if not re.search(r"layers\.[1-9]", name)}, out / "model.safetensors")


def tokens(model, text, out):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{model}/tokenizer.json")
    ids = tokenizer(pathlib.Path(text).read_text(encoding="utf-8"))["input_ids"]
    save_file({"input_ids": torch.tensor(ids[:WINDOWS * WINDOW]).reshape(WINDOWS, WINDOW)}, out)


def perplexity(logits, ids):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten()).exp()


def compare(folder, ids, logits):
    ids, ours = load_file(ids)["input_ids"], load_file(logits)["logits"]
    # Weights decoded, which is exact, and activations rounded before each product, which is in FP32.
    model = AutoModelForCausalLM.from_pretrained(folder, quantization_config=CompressedTensorsConfig(run_compressed=False)).float()
    scheme = model.model.layers[0].self_attn.q_proj.quantization_scheme
    print(f"{scheme.format.value}, activations in {scheme.input_activations.num_bits} bits, {ids.numel()} tokens")
    with torch.no_grad():
        theirs = torch.cat([model(window[None]).logits for window in ids])
    p, q = theirs.log_softmax(-1), ours.log_softmax(-1)
    print(f"perplexity: transformers {perplexity(theirs, ids):.4f}, mxforge {perplexity(ours, ids):.4f}")
    print(f"KL divergence {(p.exp() * (p - q)).sum(-1).mean():.1e}, same token likeliest {(p.argmax(-1) == q.argmax(-1)).float().mean():.2%}")
    print(f"logits differ by {(theirs - ours).abs().mean():.1e} on average")


if __name__ == "__main__":
    {"first": first, "tokens": tokens, "compare": compare}[sys.argv[1]](*sys.argv[2:])
