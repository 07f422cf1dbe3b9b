"""Writes with torch.save what MicroMix's `reorder_indices.py` saves, for a model of one layer with 128 and 256 channels; needs torch.

    python micromix_calibration.py ../test/resources/foreign/micromix
"""
import math
import sys

import torch

torch.manual_seed(5)
LAYERS = {"self_attn": ["q_proj", "k_proj", "v_proj"], "o": ["o_proj"], "mlp": ["gate_proj", "up_proj"], "down": ["down_proj"]}
orders, p6, p8 = {}, {}, {}
sizes = {"self_attn": torch.rand(128), "down": torch.rand(256), "o": torch.rand(128), "mlp": torch.rand(128)}
for site, layers in LAYERS.items():
    for layer in layers:
        block = "self_attn" if site in ("self_attn", "o") else "mlp"
        name = f"layers.0.{block}.{layer}.input"
        orders[name] = torch.sort(sizes[site], descending=False)[1]
        p6[name] = math.ceil(len(sizes[site]) * torch.tensor(0.2) / 32) * 32
        p8[name] = math.ceil(len(sizes[site]) * 0.1 / 32) * 32
for what, values in (("reorder_index", orders), ("p6_num", p6), ("p8_num", p8)):
    torch.save(values, f"{sys.argv[1]}/tiny_{what}_wikitext2.pt")
