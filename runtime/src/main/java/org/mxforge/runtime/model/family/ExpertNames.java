package org.mxforge.runtime.model.family;

/** What a family calls the layers of an expert, which computes {@code down(silu(gate(x)) * up(x))}. */
record ExpertNames(String gate, String up, String down) {}
