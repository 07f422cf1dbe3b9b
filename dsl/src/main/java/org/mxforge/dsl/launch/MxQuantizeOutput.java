package org.mxforge.dsl.launch;

/**
 * One partition of a quantizer's result.
 *
 * @param codes address of the packed codes, [rows][channels]; with folded scales that of the partition's own matrix of
 *     {@link org.mxforge.dsl.layout.ContainerTile}, whose channels are padded with zeros and whose rows past the last are not
 *     written
 * @param scales address of the E8M0 scales, as the spec's group layout says; its padding is written too, with zeros. With folded
 *     scales that of the factors, FP32 [rows padded to 128], the same for all partitions; rows past the last are not written
 * @param channels a multiple of 32, or 0, and then the addresses are not written
 */
public record MxQuantizeOutput(long codes, long scales, int channels) {}
