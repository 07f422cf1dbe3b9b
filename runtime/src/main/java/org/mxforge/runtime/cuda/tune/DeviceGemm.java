package org.mxforge.runtime.cuda.tune;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.MxForgeException;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaEvent;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.DeviceArena;
import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.quant.PackedMatrix;

/** One GEMM set up on a GPU, on which variants of its kernel can be run, checked and timed. */
public final class DeviceGemm implements AutoCloseable {
    /** Written around the output; a kernel that changes it wrote where it must not. As BF16, FP16 and FP32 it is a NaN. */
    private static final byte POISON = (byte) 0xff;

    private static final int MARGIN = 4096;

    private final DeviceArena memory;
    private final CudaStream stream;
    private final GemmOperands operands;
    private final ScalarType output;
    private final DeviceBuffer extra;
    private final DeviceBuffer d;
    private final CudaEvent begin;
    private final CudaEvent end;

    private DeviceGemm(
            CudaContext gpu,
            Epilogue epilogue,
            ScalarType output,
            float[] extra,
            Function<DeviceArena, GemmOperands> upload) {
        this.memory = new DeviceArena(gpu);
        try {
            this.operands = upload.apply(memory);
            this.output = output;
            ScalarType type = epilogue == Epilogue.BIAS ? ScalarType.BF16 : output;
            this.extra = memory.upload("an epilogue's operand", ScalarBytes.of(extra, type));
            long bytes = (long) operands.m() * operands.n() * output.bytes();
            this.d = memory.allocate("a GEMM's output", bytes + 2 * MARGIN);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
        this.stream = gpu.stream();
        this.begin = gpu.event();
        this.end = gpu.event();
    }

    /**
     * A mixed GEMM, its operands laid out as the spec says.
     *
     * @param extra bias {@code [n]}, residual or up {@code [m][n]}, or empty, as the epilogue needs
     * @throws MxForgeException if an operand cannot be laid out so without rounding, and the spec is not relaxed
     */
    public static DeviceGemm mixed(CudaContext gpu, MxGemmSpec spec, PackedMatrix a, PackedMatrix b, float[] extra) {
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                extra,
                memory -> new PackedOperands(
                        PackedOperand.upload(a, spec.groups(), Side.ACTIVATION, memory::upload),
                        PackedOperand.upload(b, spec.groups(), Side.WEIGHT, memory::upload)));
    }

    /**
     * A GEMM on plain operands.
     *
     * @param a BF16 {@code [m][k]}
     * @param b BF16 {@code [n][k]}
     * @param extra as for {@link #mixed}
     */
    public static DeviceGemm plain(
            CudaContext gpu, DenseGemmSpec spec, short[] a, short[] b, int m, int n, int k, float[] extra) {
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                extra,
                memory -> new PlainOperands(
                        memory.upload("a plain operand", a), memory.upload("a plain operand", b), m, n, k));
    }

    /**
     * The result of {@code kernel}, {@code [m][n]}.
     *
     * @throws MxForgeException if it fails or writes outside its output
     */
    public float[] run(ReadyKernel<Object> kernel) {
        d.fill(stream, POISON);
        launch(kernel);
        byte[] bytes = new byte[Math.toIntExact(d.bytes())];
        d.download(bytes);
        int count = operands.m() * operands.n();
        int end = MARGIN + count * output.bytes();
        if (!isPoison(bytes, 0, MARGIN) || !isPoison(bytes, end, bytes.length)) {
            throw new MxForgeException(
                    "kernel " + kernel.variant().text() + " writes outside its output, which is a fault in MXForge.");
        }
        return ScalarBytes.values(ByteBuffer.wrap(bytes, MARGIN, count * output.bytes()), count, output);
    }

    /** Milliseconds of GPU time that one launch takes, the mean of {@code launches} in a row. */
    public double millis(ReadyKernel<Object> kernel, int launches) {
        begin.record(stream);
        for (int i = 0; i < launches; i++) {
            launch(kernel);
        }
        end.record(stream);
        return end.millisSince(begin) / launches;
    }

    private void launch(ReadyKernel<Object> kernel) {
        kernel.launch(stream, operands.arguments(extra.address(), d.address() + MARGIN));
    }

    private static boolean isPoison(byte[] bytes, int from, int to) {
        byte[] wanted = new byte[to - from];
        Arrays.fill(wanted, POISON);
        return Arrays.equals(bytes, from, to, wanted, 0, wanted.length);
    }

    @Override
    public void close() {
        memory.close();
        begin.close();
        end.close();
        stream.close();
    }
}
