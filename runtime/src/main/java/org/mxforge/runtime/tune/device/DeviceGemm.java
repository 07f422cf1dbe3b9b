package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.pack.ExpertOperand;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;

/** One GEMM set up on a GPU, on which variants of its kernel can be run, checked and timed. */
final class DeviceGemm implements AutoCloseable {
    private final ScalarType output;
    private final OperandCopies<GemmSet> sets;

    private DeviceGemm(
            CudaContext gpu,
            Epilogue epilogue,
            ScalarType output,
            float[] extra,
            int copies,
            OperandCopies.Maker<? extends GemmOperands> operands) {
        this.output = output;
        byte[] third = ScalarBytes.of(extra, epilogue == Epilogue.BIAS ? ScalarType.BF16 : output);
        this.sets = new OperandCopies<>(gpu, copies, (memory, stream) -> {
            IntFunction<? extends GemmOperands> make = operands.begin(memory, stream);
            return set -> set(memory, third, make.apply(set));
        });
    }

    private GemmSet set(DeviceArena memory, byte[] third, GemmOperands operands) {
        long bytes = (long) operands.m() * operands.n() * output.bytes();
        return new GemmSet(
                operands,
                memory.upload("an epilogue's operand", third),
                GuardedOutput.allocate(memory, "a GEMM's output", bytes));
    }

    /**
     * A mixed GEMM.
     *
     * @param copies operand sets that are wanted, as far as there is room
     * @throws MxForgeException if an operand cannot be laid out as it is to be given without rounding, and that is not relaxed
     */
    static DeviceGemm mixed(CudaContext gpu, MixedGemm gemm, MxProblem problem, int copies) {
        MxGemmSpec spec = gemm.spec();
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                problem.extra(),
                copies,
                gemm.operands(problem.activation(), problem.weight()));
    }

    /**
     * A grouped GEMM, its operands laid out.
     *
     * @param layout how weights lie
     * @param a of all experts, in the order of {@link org.mxforge.dsl.layout.ExpertTiles}
     * @param b of each expert; one that comes several times is laid out once
     * @param routes {@code [tiles][2]}: the expert of each tile, and how many of its rows hold tokens
     * @param extra biases {@code [experts][n]}, residual or up {@code [m][n]}, or empty, as the epilogue needs
     * @param copies operand sets that are wanted, as far as there is room
     * @throws MxForgeException if an operand cannot be laid out so without rounding, and the tolerance does not allow it
     */
    static DeviceGemm grouped(
            CudaContext gpu,
            MxGroupedGemmSpec spec,
            OperandLayout layout,
            PackedMatrix a,
            List<PackedMatrix> b,
            int[] routes,
            float[] extra,
            int copies) {
        MxGemmSpec expert = spec.expert();
        var first = PackedOperand.laidOut(a, layout, expert.tolerance(), Side.ACTIVATION);
        Map<PackedMatrix, Function<PackedOperand.Memory, PackedOperand>> forms = new IdentityHashMap<>();
        var second = b.stream()
                .map(weight -> forms.computeIfAbsent(
                        weight, matrix -> PackedOperand.laidOut(matrix, layout, expert.tolerance(), Side.WEIGHT)))
                .toList();
        return new DeviceGemm(
                gpu,
                expert.epilogue(),
                expert.output(),
                extra,
                copies,
                (memory, stream) -> set -> new GroupedOperands(
                        first.apply(memory::upload),
                        ExpertOperand.upload(second.size(), second::get, memory::allocate),
                        memory.upload("the experts of tiles", routes)));
    }

    /**
     * A GEMM on plain operands.
     *
     * @param a BF16 {@code [m][k]}
     * @param b BF16 {@code [n][k]}
     * @param extra as for {@link #mixed}
     * @param copies operand sets that are wanted, as far as there is room
     */
    static DeviceGemm plain(
            CudaContext gpu, DenseGemmSpec spec, short[] a, short[] b, GemmShape shape, float[] extra, int copies) {
        int k = shape.k().get(0);
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                extra,
                copies,
                (memory, stream) -> set -> new PlainOperands(
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
    float[] run(ReadyKernel<Object> kernel) {
        GemmSet set = sets.first();
        set.d().poison(sets.stream());
        set.launch(kernel, sets.stream());
        ByteBuffer written = ByteBuffer.wrap(set.d().written(kernel));
        return ScalarBytes.values(written, set.operands().m() * set.operands().n(), output);
    }

    /** What variants are timed on; closed with this. */
    OperandCopies<?> sets() {
        return sets;
    }

    @Override
    public void close() {
        sets.close();
    }
}
