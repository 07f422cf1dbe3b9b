package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** One launch of a generated GEMM on host operands: uploads, poisons the output, runs, and brings the result back as floats. */
final class MxGemmRun implements AutoCloseable {
    private final CudaContext gpu;
    private final KernelStore kernels;
    private final List<DeviceBuffer> buffers = new ArrayList<>();

    MxGemmRun(CudaContext gpu, KernelStore kernels) {
        this.gpu = gpu;
        this.kernels = kernels;
    }

    /** {@code epilogueOperand} is what the spec's epilogue reads, in FP32; empty for none. */
    float[] run(KernelVariant variant, ExactOperands operands, float[] epilogueOperand) {
        MxGemmSpec spec = (MxGemmSpec) variant.spec();
        OperandLayout layout = variant.algorithm().layout(Side.WEIGHT);
        int m = operands.activation().rows();
        int n = operands.weight().rows();
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            PackedPartition a = operands.activation().partitions().get(i);
            PackedPartition b = operands.weight().partitions().get(i);
            partitions.add(new MxGemmOperands(codes(a), scales(a, layout), codes(b), scales(b, layout), a.channels()));
        }
        long operandAddress = epilogueOperand.length == 0 ? 0 : upload(epilogueOperand, spec);
        int columns = spec.epilogue().columns(n);
        DeviceBuffer d = allocate((long) m * columns * spec.output().bytes());
        try (CudaStream stream = gpu.stream()) {
            d.fill(stream, (byte) 0xff);
            kernels.<MxGemmArguments>kernel(variant)
                    .launch(stream, new MxGemmArguments(m, n, partitions, operandAddress, d.address()));
            stream.synchronize();
        }
        return download(d, m * columns, spec.output());
    }

    private long upload(float[] values, MxGemmSpec spec) {
        ScalarType type = spec.epilogue() == Epilogue.BIAS ? ScalarType.BF16 : spec.output();
        DeviceBuffer buffer = allocate((long) values.length * type.bytes());
        if (type == ScalarType.FP32) {
            buffer.upload(values);
            return buffer.address();
        }
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = type == ScalarType.BF16 ? Bfloat16.fromFloat(values[i]) : Float16.fromFloat(values[i]);
        }
        buffer.upload(halves);
        return buffer.address();
    }

    private static float[] download(DeviceBuffer buffer, int count, ScalarType type) {
        float[] values = new float[count];
        if (type == ScalarType.FP32) {
            buffer.download(values);
            return values;
        }
        short[] halves = new short[count];
        buffer.download(halves);
        for (int i = 0; i < count; i++) {
            values[i] = type == ScalarType.BF16 ? Bfloat16.toFloat(halves[i]) : Float16.toFloat(halves[i]);
        }
        return values;
    }

    private long codes(PackedPartition partition) {
        DeviceBuffer buffer = allocate(partition.codes().length);
        buffer.upload(partition.codes());
        return buffer.address();
    }

    private long scales(PackedPartition partition, OperandLayout layout) {
        int perRow = partition.channels() / GroupLayout.GROUP;
        byte[] laid = new byte[Math.toIntExact(layout.scaleBytes(partition.rows(), perRow))];
        for (int row = 0; row < partition.rows(); row++) {
            for (int group = 0; group < perRow; group++) {
                laid[(int) layout.scaleOffset(row, group, perRow)] = partition.scales()[row * perRow + group];
            }
        }
        DeviceBuffer buffer = allocate(laid.length);
        buffer.upload(laid);
        return buffer.address();
    }

    private DeviceBuffer allocate(long bytes) {
        DeviceBuffer buffer = gpu.allocate("a test", bytes);
        buffers.add(buffer);
        return buffer;
    }

    static ExactOperands operands(PackedMatrix activation, PackedMatrix weight) {
        return new ExactOperands(activation, weight, new float[0], new float[0]);
    }

    @Override
    public void close() {
        buffers.forEach(DeviceBuffer::close);
        buffers.clear();
    }
}
