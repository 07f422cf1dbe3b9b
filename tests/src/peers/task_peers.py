"""Log likelihoods of the first items of lm-evaluation-harness's tasks, by a Llama in float64: what `mxforge eval tasks` is compared with.
Prompts, tokens, model and scores are all its own; needs numpy and regex.

    python task_peers.py --model models/demo --data data --items 50 > demo.json
"""
import argparse
import functools
import json
import math
import pathlib
import sys

import numpy as np
import regex

PIECES = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


class Tokenizer:
    """Byte-level BPE as GPT-2 has it, without special tokens."""

    def __init__(self, file):
        model = json.loads(file.read_text())["model"]
        self.ids = model["vocab"]
        merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
        self.ranks = {merge: rank for rank, merge in enumerate(merges)}
        shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
        hidden = [b for b in range(256) if b not in shown]
        self.letters = {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}

    @functools.lru_cache(maxsize=None)
    def piece(self, piece):
        parts = [self.letters[b] for b in piece.encode()]
        while len(parts) > 1:
            rank, at = min((self.ranks.get(pair, math.inf), i) for i, pair in enumerate(zip(parts, parts[1:])))
            if rank == math.inf:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        return [self.ids[part] for part in parts]

    def __call__(self, text):
        return [i for piece in PIECES.findall(text) for i in self.piece(piece)]


class Llama:
    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        self.layers = config["num_hidden_layers"]
        self.heads, self.kv = config["num_attention_heads"], config["num_key_value_heads"]
        self.head = config["head_dim"]
        self.epsilon = config["rms_norm_eps"]
        self.theta = config["rope_parameters"]["rope_theta"]
        self.positions = config["max_position_embeddings"]
        raw = (folder / "model.safetensors").read_bytes()
        size = int.from_bytes(raw[:8], "little")
        self.weights = {}
        for name, info in json.loads(raw[8:8 + size]).items():
            if name != "__metadata__":
                begin, end = info["data_offsets"]
                bits = np.frombuffer(raw[8 + size + begin:8 + size + end], np.uint16).astype(np.uint32) << 16
                self.weights[name] = bits.view(np.float32).astype(np.float64).reshape(info["shape"])

    def norm(self, x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon) * self.weights[name]

    def rotate(self, x):
        half = self.head // 2
        angles = np.outer(np.arange(len(x)), self.theta ** (-np.arange(half) / half))[:, None]
        a, b = x[..., :half], x[..., half:]
        return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)], -1)

    @functools.lru_cache(maxsize=1)
    def log_probabilities(self, ids):
        """[ids][vocabulary]; letters after one question have the same."""
        ids = np.array(ids)
        w = self.weights
        x = w["model.embed_tokens.weight"][ids]
        n = len(ids)
        mask = np.triu(np.full((n, n), -np.inf), 1)
        for layer in range(self.layers):
            p = f"model.layers.{layer}."
            h = self.norm(x, p + "input_layernorm.weight")
            q, k, v = ((h @ w[f"{p}self_attn.{name}_proj.weight"].T).reshape(n, -1, self.head) for name in "qkv")
            q, k = self.rotate(q), self.rotate(k)
            k, v = (np.repeat(t, self.heads // self.kv, 1) for t in (k, v))
            scores = np.einsum("qhd,khd->hqk", q, k) / math.sqrt(self.head) + mask
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            x = x + np.einsum("hqk,khd->qhd", scores, v).reshape(n, -1) @ w[p + "self_attn.o_proj.weight"].T
            h = self.norm(x, p + "post_attention_layernorm.weight")
            gate = h @ w[p + "mlp.gate_proj.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
        logits = self.norm(x, "model.norm.weight") @ w["model.embed_tokens.weight"].T
        logits -= logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def lines(file):
    return [json.loads(line) for line in file.read_text().split("\n") if line.strip()]


def tasks(data):
    """For each task its items: choices (context, continuation), characters of each choice, gold."""
    def choose(context, choices, gold):
        return [(context, " " + c) for c in choices], [len(c) for c in choices], gold

    labels = [int(line) for line in (data / "piqa/valid-labels.lst").read_text().split()]
    yield "piqa", [choose(f"Question: {d['goal']}\nAnswer:", [d["sol1"], d["sol2"]], label)
                   for d, label in zip(lines(data / "piqa/valid.jsonl"), labels)]
    for name in "arc_challenge", "arc_easy":
        yield name, [choose(f"Question: {d['question']}\nAnswer:", d["choices"], d["gold"])
                     for d in lines(data / f"arc/{name}_test.jsonl")]
    yield "boolq", [choose(f"{d['passage']}\nQuestion: {d['question']}?\nAnswer:", ["no", "yes"], d["label"])
                    for d in lines(data / "boolq/validation.jsonl")]
    grande = []
    for d in lines(data / "winogrande/validation.jsonl"):
        i = d["sentence"].index("_")
        rest = d["sentence"][i + 1:].strip()
        pairs = [(d["sentence"][:i] + option, " " + rest) for option in (d["option1"], d["option2"])]
        grande.append((pairs, [len(rest)] * 2, int(d["answer"]) - 1))
    yield "winogrande", grande
    yield "hellaswag", [choose(d["query"], d["choices"], d["gold"]) for d in lines(data / "hellaswag/validation.jsonl")]
    words = [d["text"].split(" ") for d in lines(data / "lambada/lambada_test.jsonl")]
    yield "lambada_openai", [choose(" ".join(w[:-1]), [w[-1]], 0) for w in words]

    def asked(d):
        listed = "".join(f"\n{letter}. {choice}" for letter, choice in zip("ABCD", d["choices"]))
        return d["question"].strip() + listed + "\nAnswer:"

    shots = {}
    for d in lines(data / "mmlu/dev.jsonl"):
        shots[d["subject"]] = shots.get(d["subject"], "") + f"{asked(d)} {'ABCD'[d['answer']]}\n\n"
    introduction = "The following are multiple choice questions (with answers) about {}.\n\n"
    mmlu = [choose(introduction.format(d["subject"].replace("_", " ")) + shots[d["subject"]] + asked(d), "ABCD", d["answer"])
            + (d["subject"],) for d in lines(data / "mmlu/test.jsonl")]
    yield "mmlu", mmlu


def score(model, encode, context, continuation):
    """Sum of the continuation's log probabilities, and whether each of its tokens is the likeliest."""
    spaces = len(context) - len(context.rstrip())
    if spaces:
        context, continuation = context[:-spaces], context[-spaces:] + continuation
    count = len(encode(context))
    ids = encode(context + continuation)
    targets = ids[count:]
    table = model.log_probabilities(tuple(ids[-(model.positions + 1):][:-1]))[-len(targets):]
    return float(table[np.arange(len(targets)), targets].sum()), bool((table.argmax(-1) == targets).all())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--items", type=int, default=50)
    arguments = parser.parse_args()
    model = Llama(arguments.model)
    encode = Tokenizer(arguments.model / "tokenizer.json")
    results = {}
    for name, items in tasks(arguments.data):
        if name == "mmlu":
            # The first of each subject, as a limit of 1 has it.
            first = {}
            for number, item in enumerate(items):
                first.setdefault(item[-1], (number, item))
            chosen = list(first.values())
        else:
            chosen = list(enumerate(items))[:arguments.items]
        own = results[name] = {"ids": [], "log_likelihoods": [], "acc": [], "acc_norm": []}
        for number, (pairs, lengths, gold, *_) in chosen:
            scores = [score(model, encode, *pair) for pair in pairs]
            sums = np.array([s for s, _ in scores])
            own["ids"].append(number)
            own["log_likelihoods"].append([round(s, 5) for s in sums])
            own["acc"].append(int(scores[0][1] if len(pairs) == 1 else sums.argmax() == gold))
            own["acc_norm"].append(int((sums / lengths).argmax() == gold))
        print(f"{name}: acc {np.mean(own['acc']):.4f}", file=sys.stderr)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
