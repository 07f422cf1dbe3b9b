package org.mxforge.runtime.bench;

/**
 * One GEMM that was measured.
 *
 * @param formats what was multiplied, as the user wrote it
 * @param variant how
 * @param row the result
 */
public record GemmRow(String formats, GemmVariant variant, BenchRow row) {}
