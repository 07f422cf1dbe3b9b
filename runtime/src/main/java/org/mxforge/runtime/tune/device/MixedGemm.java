package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.OperandPasses;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * How a mixed GEMM is brought onto a GPU.
 *
 * @param spec what the kernel computes
 * @param weights how the weights lie before the passes, which decides how activations lie
 * @param passes what lays them out as the kernel reads them; they belong to each run
 * @param kernels makes the kernels of passes
 */
record MixedGemm(
        MxGemmSpec spec, OperandLayout weights, List<Pass> passes, Function<KernelSpec, ReadyKernel<Object>> kernels) {
    /** One whose kernel reads its operands as they are given. */
    static MixedGemm direct(MxGemmSpec spec, OperandLayout weights) {
        return new MixedGemm(spec, weights, List.of(), pass -> {
            throw new IllegalStateException("there is no pass before " + spec.text());
        });
    }

    /** The operands of a run. */
    OperandCopies.Maker<GemmOperands> operands(RepeatedRows a, RepeatedRows b) {
        OperandCopies.Maker<PackedOperand> first = a.laidOut(weights, spec.tolerance(), Side.ACTIVATION);
        OperandCopies.Maker<PackedOperand> second = b.laidOut(weights, spec.tolerance(), Side.WEIGHT);
        return (memory, stream) -> {
            IntFunction<PackedOperand> activations = first.begin(memory, stream);
            IntFunction<PackedOperand> others = second.begin(memory, stream);
            return set -> {
                List<MxGemmOperands> read = activations.apply(set).times(others.apply(set));
                OperandPasses planned =
                        OperandPasses.of(passes, a.rows(), b.rows(), 1, read, new PassMemory(memory, stream));
                List<ReadyPass> ready = planned.launches().stream()
                        .map(launch -> new ReadyPass(kernels.apply(launch.spec()), launch.arguments()))
                        .toList();
                return new PackedOperands(a.rows(), b.rows(), ready, planned.operands());
            };
        };
    }

    /** What passes write is NaN before: what was not written shows. */
    private record PassMemory(DeviceArena memory, CudaStream stream) implements OperandPasses.Memory {
        @Override
        public long allocate(String purpose, long bytes) {
            DeviceBuffer buffer = memory.allocate(purpose, bytes);
            buffer.fill(stream, GuardedOutput.POISON);
            return buffer.address();
        }

        @Override
        public long ones(int rows) {
            byte[] values = new byte[Math.multiplyExact(Float.BYTES, rows)];
            FloatBuffer floats =
                    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            while (floats.hasRemaining()) {
                floats.put(1);
            }
            return memory.upload("the factors of " + rows + " rows", values).address();
        }
    }
}
