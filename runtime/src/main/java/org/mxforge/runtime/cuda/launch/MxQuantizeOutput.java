package org.mxforge.runtime.cuda.launch;

/**
 * One partition of a quantizer's result.
 *
 * @param codes address of the packed codes, [rows][channels]
 * @param scales address of the E8M0 scales, as the spec's group layout says; its padding is written too, with zeros
 * @param channels a multiple of 32, or 0, and then the addresses are not written
 */
public record MxQuantizeOutput(long codes, long scales, int channels) {}
