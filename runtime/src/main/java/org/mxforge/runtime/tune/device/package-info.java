/**
 * Kernels set up on a device to be compared with the oracle and timed: what the tuner tries its candidates on.
 *
 * <p>{@code CudaTuningDevice} and {@code CpuTuningDevice} are the doors. {@code TrialKinds} finds the {@code TrialKind} of a spec: the class
 * named after the kind, {@code MxGemmTrials}, {@code MxQuantizeTrials} and so on. Each goes the same way:
 *
 * <ul>
 *   <li>{@code ...Problem} is one problem in host memory: operands, from {@code RandomOperands} or such that right kernels agree to the bit,
 *       and what the oracle makes of them;
 *   <li>{@code DeviceGemm}, {@code DeviceQuantizer} and {@code DeviceAttention} bring it onto a GPU, {@code DevicePasses} with the passes
 *       before the kernel; {@code CpuMxGemmTrial} and {@code CpuDenseGemmTrial} are their like on the host;
 *   <li>{@code ...Set} is what one run reads and writes: {@code ExactRun} has one, whose result {@code ...Check} compares, and
 *       {@code OperandCopies} several at addresses of their own, on which {@code Replay} times a recorded graph at the clock that
 *       {@code ClockMeter} reads.
 * </ul>
 *
 * <p>Rows of large operands repeat after a few tiles ({@code RepeatedRows}, {@code Repetition}, {@code RowPattern}): making each would take the
 * host longer than the GPU takes to be timed.
 */
package org.mxforge.runtime.tune.device;
