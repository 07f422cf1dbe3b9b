package org.mxforge.runtime.cuda.tune;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.mxforge.runtime.tune.GemmShape;

/** One GEMM set up on a GPU, on which variants of its kernel can be run, checked and timed. */
public final class DeviceGemm implements AutoCloseable {
    /** Written around the output; a kernel that changes it wrote where it must not. As BF16, FP16 and FP32 it is a NaN. */
    private static final byte POISON = (byte) 0xff;

    /** Launches that take this long together make the pause between two replays negligible. */
    private static final double REPLAY_MILLIS = 1;

    private static final int MOST_LAUNCHES = 512;
    private static final int MOST_SETS = 64;

    private final CudaContext gpu;
    private final DeviceArena memory;
    private final CudaStream stream;
    private final ScalarType output;
    private final List<OperandSet> sets = new ArrayList<>();
    private final CudaEvent begin;
    private final CudaEvent end;

    private DeviceGemm(
            CudaContext gpu,
            Epilogue epilogue,
            ScalarType output,
            float[] extra,
            long spread,
            Function<DeviceArena, GemmOperands> upload) {
        this.gpu = gpu;
        this.output = output;
        this.memory = new DeviceArena(gpu);
        byte[] third = ScalarBytes.of(extra, epilogue == Epilogue.BIAS ? ScalarType.BF16 : output);
        try {
            addSet(third, upload);
            // Other sets must not take what the model beside the tuner may need next.
            long room = Math.min(spread, gpu.freeBytes() / 2);
            while (memory.bytes() < room && sets.size() < MOST_SETS) {
                addSet(third, upload);
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
        this.stream = gpu.stream();
        this.begin = gpu.event();
        this.end = gpu.event();
    }

    private void addSet(byte[] third, Function<DeviceArena, GemmOperands> upload) {
        GemmOperands operands = upload.apply(memory);
        DeviceBuffer extra = memory.upload("an epilogue's operand", third);
        long bytes = (long) operands.m() * operands.n() * output.bytes();
        DeviceBuffer d = memory.allocate("a GEMM's output", bytes + 2 * OperandSet.MARGIN);
        sets.add(new OperandSet(operands, extra, d));
    }

    /**
     * A mixed GEMM, its operands laid out as the spec says.
     *
     * @param extra bias {@code [n]}, residual or up {@code [m][n]}, or empty, as the epilogue needs
     * @param spread bytes of GPU memory that copies of the operands are spread over, as far as there is room; 0 for no copies
     * @throws MxForgeException if an operand cannot be laid out so without rounding, and the spec is not relaxed
     */
    public static DeviceGemm mixed(
            CudaContext gpu, MxGemmSpec spec, PackedMatrix a, PackedMatrix b, float[] extra, long spread) {
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                extra,
                spread,
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
     * @param spread as for {@link #mixed}
     */
    public static DeviceGemm plain(
            CudaContext gpu, DenseGemmSpec spec, short[] a, short[] b, GemmShape shape, float[] extra, long spread) {
        int k = shape.k().get(0);
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                extra,
                spread,
                memory -> new PlainOperands(
                        memory.upload("a plain operand", a),
                        memory.upload("a plain operand", b),
                        shape.m(),
                        shape.n(),
                        k));
    }

    /**
     * The result of {@code kernel}, {@code [m][n]}.
     *
     * @throws MxForgeException if it fails or writes outside its output
     */
    public float[] run(ReadyKernel<Object> kernel) {
        OperandSet set = sets.get(0);
        GemmOperands operands = set.operands();
        DeviceBuffer d = set.d();
        d.fill(stream, POISON);
        kernel.launch(stream, set.arguments());
        byte[] bytes = new byte[Math.toIntExact(d.bytes())];
        d.download(bytes);
        int count = operands.m() * operands.n();
        int end = OperandSet.MARGIN + count * output.bytes();
        if (!isPoison(bytes, 0, OperandSet.MARGIN) || !isPoison(bytes, end, bytes.length)) {
            throw new MxForgeException(
                    "kernel " + kernel.variant().text() + " writes outside its output, which is a fault in MXForge.");
        }
        return ScalarBytes.values(ByteBuffer.wrap(bytes, OperandSet.MARGIN, count * output.bytes()), count, output);
    }

    /** Milliseconds of GPU time that one launch takes, the mean of {@code launches} in a row. */
    public double millis(ReadyKernel<Object> kernel, int launches) {
        begin.record(stream);
        launch(kernel, launches, stream);
        end.record(stream);
        return end.millisSince(begin) / launches;
    }

    /**
     * Launches of {@code kernel} on all copies of the operands in turn, to be replayed.
     *
     * @param millis what one launch takes, about
     */
    public Replay replay(ReadyKernel<Object> kernel, double millis, ClockMeter meter) {
        int wanted = (int) Math.min(MOST_LAUNCHES, Math.ceil(REPLAY_MILLIS / millis));
        // Whole turns, so that each replay meets the caches as the one before left them.
        int launches = sets.size() * Math.max(1, (wanted + sets.size() - 1) / sets.size());
        return Replay.record(gpu, meter, launches, queue -> launch(kernel, launches, queue));
    }

    private void launch(ReadyKernel<Object> kernel, int launches, CudaStream queue) {
        for (int i = 0; i < launches; i++) {
            kernel.launch(queue, sets.get(i % sets.size()).arguments());
        }
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
