"""Writes small checkpoints as other programs lay them out, and what their weights stand for, for tests of `mxforge import`.

    python3 foreign_checkpoints.py ../test/resources/foreign

Nothing of MXForge, and nothing but Python's own library, takes part, so that no reader is tested by its own writer. Layouts: AMD Quark
(`weight`, `weight_scale`; four 6-bit codes in three bytes, the first in the lowest bits), gpt-oss on the Hugging Face hub
(`_blocks` [experts][rows][groups][16], `_scales`; gate and up in turn).
"""

import json
import random
import struct
import sys
from pathlib import Path

FORMATS = {"fp4": (2, 1), "fp6_e2m3": (2, 3), "fp6_e3m2": (3, 2), "fp8_e4m3": (4, 3)}


def value(code, exponent_bits, mantissa_bits):
    sign = -1.0 if code >> (exponent_bits + mantissa_bits) else 1.0
    exponent = code >> mantissa_bits & (1 << exponent_bits) - 1
    mantissa = code & (1 << mantissa_bits) - 1
    bias = (1 << exponent_bits - 1) - 1
    if exponent == 0:
        return sign * mantissa * 2.0 ** (1 - bias - mantissa_bits)
    return sign * (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)


class Matrix:
    """Random codes and scales of a matrix, and what they stand for."""

    def __init__(self, rng, rows, channels, form):
        self.rows, self.channels, self.form = rows, channels, form
        bits = 1 + sum(FORMATS[form])
        codes = [c for c in range(1 << bits) if form != "fp8_e4m3" or c & 0x7F != 0x7F]
        self.codes = [[rng.choice(codes) for _ in range(channels)] for _ in range(rows)]
        self.scales = [[rng.randrange(110, 124) for _ in range(channels // 32)] for _ in range(rows)]

    def packed(self, row):
        bits, word, filled, out = 1 + sum(FORMATS[self.form]), 0, 0, bytearray()
        for code in self.codes[row]:
            word |= code << filled
            filled += bits
            while filled >= 8:
                out.append(word & 0xFF)
                word, filled = word >> 8, filled - 8
        return bytes(out)

    def values(self):
        return b"".join(
            struct.pack("<f", value(code, *FORMATS[self.form]) * 2.0 ** (self.scales[r][k // 32] - 127))
            for r in range(self.rows)
            for k, code in enumerate(self.codes[r])
        )


def write(file, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, payload) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(payload)]}
        data += payload
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + data)


def bf16(rng, *shape):
    count = 1
    for side in shape:
        count *= side
    bits = (struct.unpack("<I", struct.pack("<f", rng.gauss(0, 0.05)))[0] >> 16 for _ in range(count))
    return "BF16", list(shape), b"".join(struct.pack("<H", b) for b in bits)


def save(folder, config, tensors, expected):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    write(folder / "model.safetensors", tensors)
    write(folder / "expected.safetensors", expected)


HIDDEN, INTERMEDIATE, KEYS, VOCABULARY = 64, 96, 32, 32
COMMON = {
    "hidden_size": HIDDEN, "intermediate_size": INTERMEDIATE, "num_hidden_layers": 1, "num_attention_heads": 2,
    "num_key_value_heads": 1, "head_dim": 32, "vocab_size": VOCABULARY, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
    "max_position_embeddings": 64, "tie_word_embeddings": True, "torch_dtype": "bfloat16",
}


def quark(folder, weight, activation):
    rng = random.Random(weight)
    spec = lambda dtype, dynamic: {
        "dtype": dtype, "is_dynamic": dynamic, "qscheme": "per_group", "ch_axis": -1, "group_size": 32, "block_size": None,
        "symmetric": None, "round_method": "half_even", "scale_type": "float", "scale_format": "e8m0",
        "scale_calculation_mode": "even", "mx_element_dtype": None, "observer_cls": "PerBlockMXObserver",
        "is_scale_quant": False, "enable_buffer_reuse": False, "max_input_numel": 4194304,
    }
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", **COMMON}
    config["quantization_config"] = {
        "algo_config": None, "exclude": ["lm_head"],
        "export": {"kv_cache_group": [], "min_kv_scale": 0.0, "pack_method": "reorder", "weight_format": "real_quantized",
                   "weight_merge_groups": None},
        "global_quant_config": {"bias": None, "input_tensors": spec(activation, True), "output_tensors": None,
                                "target_device": None, "weight": spec(weight, False)},
        "kv_cache_post_rope": False, "kv_cache_quant_config": {}, "layer_quant_config": {}, "layer_type_quant_config": {},
        "quant_method": "quark", "quant_mode": "eager_mode", "softmax_quant_spec": None, "version": "0.11",
    }
    layer = "model.layers.0."
    widths = {
        "self_attn.q_proj": (HIDDEN, HIDDEN), "self_attn.k_proj": (KEYS, HIDDEN), "self_attn.v_proj": (KEYS, HIDDEN),
        "self_attn.o_proj": (HIDDEN, HIDDEN), "mlp.gate_proj": (INTERMEDIATE, HIDDEN),
        "mlp.up_proj": (INTERMEDIATE, HIDDEN), "mlp.down_proj": (HIDDEN, INTERMEDIATE),
    }
    tensors = {"model.embed_tokens.weight": bf16(rng, VOCABULARY, HIDDEN), "model.norm.weight": bf16(rng, HIDDEN),
               layer + "input_layernorm.weight": bf16(rng, HIDDEN),
               layer + "post_attention_layernorm.weight": bf16(rng, HIDDEN)}
    expected = {}
    for name, (rows, channels) in widths.items():
        matrix = Matrix(rng, rows, channels, weight)
        codes = b"".join(matrix.packed(r) for r in range(rows))
        scales = b"".join(bytes(row) for row in matrix.scales)
        dtype = "F8_E4M3" if weight == "fp8_e4m3" else "U8"
        tensors[layer + name + ".weight"] = dtype, [rows, len(codes) // rows], codes
        tensors[layer + name + ".weight_scale"] = "U8", [rows, channels // 32], scales
        if name in ("self_attn.k_proj", "mlp.down_proj"):
            expected[layer + name] = "F32", [rows, channels], matrix.values()
    save(folder, config, tensors, expected)


def gpt_oss(folder):
    rng = random.Random("gpt-oss")
    experts, inner = 3, 32
    config = {"architectures": ["GptOssForCausalLM"], "model_type": "gpt_oss", **COMMON, "intermediate_size": inner,
              "num_local_experts": experts, "num_experts_per_tok": 2, "swiglu_limit": 7.0, "attention_bias": True,
              "sliding_window": 128, "layer_types": ["sliding_attention"]}
    config["quantization_config"] = {
        "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"],
        "quant_method": "mxfp4",
    }
    layer = "model.layers.0."
    block = layer + "mlp.experts."
    tensors = {
        "model.embed_tokens.weight": bf16(rng, VOCABULARY, HIDDEN), "model.norm.weight": bf16(rng, HIDDEN),
        layer + "input_layernorm.weight": bf16(rng, HIDDEN), layer + "post_attention_layernorm.weight": bf16(rng, HIDDEN),
        layer + "self_attn.sinks": bf16(rng, 2), layer + "mlp.router.weight": bf16(rng, experts, HIDDEN),
        layer + "mlp.router.bias": bf16(rng, experts),
    }
    for name, rows in {"q_proj": HIDDEN, "k_proj": KEYS, "v_proj": KEYS, "o_proj": HIDDEN}.items():
        tensors[layer + "self_attn." + name + ".weight"] = bf16(rng, rows, HIDDEN)
        tensors[layer + "self_attn." + name + ".bias"] = bf16(rng, rows)
    expected = {}
    for name, rows, channels in (("gate_up_proj", 2 * inner, HIDDEN), ("down_proj", HIDDEN, inner)):
        matrices = [Matrix(rng, rows, channels, "fp4") for _ in range(experts)]
        blocks = b"".join(m.packed(r) for m in matrices for r in range(rows))
        scales = b"".join(bytes(row) for m in matrices for row in m.scales)
        tensors[block + name + "_blocks"] = "U8", [experts, rows, channels // 32, 16], blocks
        tensors[block + name + "_scales"] = "U8", [experts, rows, channels // 32], scales
        tensors[block + name + "_bias"] = bias = bf16(rng, experts, rows)
        for expert, matrix in enumerate(matrices):
            parts = {"gate_proj": (0, 2), "up_proj": (1, 2)} if name == "gate_up_proj" else {"down_proj": (0, 1)}
            for part, (first, step) in parts.items():
                own = f"{block}{expert}.{part}"
                take = lambda data, width: b"".join(data[r * width:(r + 1) * width] for r in range(first, rows, step))
                expected[own] = "F32", [rows // step, channels], take(matrix.values(), 4 * channels)
                expected[own + ".bias"] = "BF16", [rows // step], take(bias[2][2 * rows * expert:], 2)
    save(folder, config, tensors, expected)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    quark(out / "quark-mxfp4", "fp4", "fp4")
    quark(out / "quark-mxfp6", "fp6_e2m3", "fp6_e2m3")
    quark(out / "quark-mxfp4-mxfp6", "fp4", "fp6_e3m2")
    quark(out / "quark-mxfp8", "fp8_e4m3", "fp8_e4m3")
    gpt_oss(out / "gpt-oss")
