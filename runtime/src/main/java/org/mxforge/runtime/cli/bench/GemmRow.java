package org.mxforge.runtime.cli.bench;

/**
 * One GEMM that was measured.
 *
 * @param formats what was multiplied, as the user wrote it
 * @param way how: the name of an algorithm, and by its end whether sums are promoted
 * @param fromPacked whether weights are kept packed for FP8 tensor cores
 * @param promoted whether sums are promoted
 * @param row the result
 */
record GemmRow(String formats, String way, boolean fromPacked, boolean promoted, BenchRow row) {}
