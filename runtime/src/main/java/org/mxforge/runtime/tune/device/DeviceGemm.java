package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;

/** One GEMM set up on a GPU, on which variants of its kernel can be run, checked and timed. */
final class DeviceGemm implements AutoCloseable {
    private final ScalarType output;
    private final Epilogue epilogue;
    private final OperandCopies<GemmSet> sets;

    private DeviceGemm(
            CudaContext gpu,
            Epilogue epilogue,
            ScalarType output,
            float[] epilogueOperand,
            int copies,
            OperandCopies.Maker<? extends GemmOperands> operands) {
        this.output = output;
        this.epilogue = epilogue;
        byte[] third = ScalarBytes.of(epilogueOperand, epilogue == Epilogue.BIAS ? ScalarType.BF16 : output);
        this.sets = new OperandCopies<>(gpu, copies, (memory, stream) -> {
            IntFunction<? extends GemmOperands> make = operands.begin(memory, stream);
            return set -> set(memory, third, make.apply(set));
        });
    }

    private GemmSet set(DeviceArena memory, byte[] third, GemmOperands operands) {
        long bytes = (long) operands.m() * epilogue.columns(operands.n()) * output.bytes();
        return new GemmSet(
                operands,
                memory.upload("an epilogue's operand", third),
                GuardedOutput.allocate(memory, "a GEMM's output", bytes));
    }

    /**
     * A mixed GEMM.
     *
     * @param copies operand sets that are wanted, as far as there is room
     * @throws MxForgeException if an operand cannot be laid out as it is to be given without rounding, which the spec does not permit
     */
    static DeviceGemm mixed(CudaContext gpu, MixedGemm gemm, MxGemmProblem problem, int copies) {
        MxGemmSpec spec = gemm.spec();
        return new DeviceGemm(
                gpu,
                spec.epilogue(),
                spec.output(),
                problem.epilogueOperand(),
                copies,
                gemm.operands(problem.activation(), problem.weight()));
    }

    /**
     * A grouped GEMM; a weight that comes for several experts is laid out once.
     *
     * @param copies operand sets that are wanted, as far as there is room
     * @throws MxForgeException if an operand cannot be laid out so without rounding, and the tolerance does not allow it
     */
    static DeviceGemm grouped(CudaContext gpu, MxGroupedGemmProblem problem, DevicePasses passes, int copies) {
        MxGemmSpec expert = problem.spec().expert();
        OperandLayout layout = problem.layout();
        var first = PackedOperand.laidOut(problem.activation(), layout, expert.tolerance(), Side.ACTIVATION);
        Map<PackedMatrix, Function<PackedOperand.Memory, PackedOperand>> forms = new IdentityHashMap<>();
        var second = problem.weights().stream()
                .map(weight -> forms.computeIfAbsent(
                        weight, matrix -> PackedOperand.laidOut(matrix, layout, expert.tolerance(), Side.WEIGHT)))
                .toList();
        return new DeviceGemm(
                gpu, expert.epilogue(), expert.output(), problem.epilogueOperand(), copies, (memory, stream) -> set -> {
                    PackedOperand a = first.apply(memory::upload);
                    PackedOperand b = PackedOperand.uploadExperts(second.size(), second::get, memory::allocate);
                    DevicePasses.Ready ready =
                            passes.ready(a.rows(), b.rows(), second.size(), a.times(b), memory, stream);
                    return new GroupedOperands(
                            a.rows(),
                            b.rows(),
                            memory.upload(
                                    "the experts of tiles", problem.tokens().routes()),
                            ready.passes(),
                            ready.operands());
                });
    }

    /**
     * A GEMM on plain operands.
     *
     * @param layout how they lie: {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}
     * @param copies operand sets that are wanted, as far as there is room
     */
    static DeviceGemm plain(CudaContext gpu, DenseGemmProblem problem, OperandLayout layout, int copies) {
        GemmShape shape = problem.shape();
        int k = problem.channels();
        short[] a = laidOut(problem.activation(), shape.m(), k, layout);
        short[] b = laidOut(problem.weight(), shape.n(), k, layout);
        return new DeviceGemm(
                gpu,
                problem.spec().epilogue(),
                problem.spec().output(),
                problem.epilogueOperand(),
                copies,
                (memory, stream) -> set -> new PlainOperands(
                        memory.upload("a plain operand", a),
                        memory.upload("a plain operand", b),
                        shape.m(),
                        shape.n(),
                        k));
    }

    /**
     * A GEMM on INT8 operands.
     *
     * @param copies operand sets that are wanted, as far as there is room
     */
    static DeviceGemm integers(CudaContext gpu, Int8GemmProblem problem, int copies) {
        GemmShape shape = problem.shape();
        byte[] a = problem.activationTiles();
        byte[] b = problem.weightTiles();
        byte[] rowScales = ScalarBytes.of(problem.rowScales(), ScalarType.FP32);
        byte[] columnScales = ScalarBytes.of(problem.columnScales(), ScalarType.FP32);
        return new DeviceGemm(
                gpu,
                problem.spec().epilogue(),
                problem.spec().output(),
                problem.epilogueOperand(),
                copies,
                (memory, stream) -> set -> new Int8Operands(
                        memory.upload("an INT8 operand", a),
                        memory.upload("an INT8 operand", b),
                        memory.upload("the scales of an INT8 operand", rowScales),
                        memory.upload("the scales of an INT8 operand", columnScales),
                        shape.m(),
                        shape.n(),
                        problem.channels()));
    }

    private static short[] laidOut(short[] rows, int count, int channels, OperandLayout layout) {
        if (layout == OperandLayout.PLAIN) {
            return rows;
        }
        short[] tiles = new short[Math.toIntExact(Bf16Tile.bytes(count, channels) / Short.BYTES)];
        for (int i = 0; i < rows.length; i++) {
            tiles[(int) (Bf16Tile.offset(i / channels, i % channels, channels) / Short.BYTES)] = rows[i];
        }
        return tiles;
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
        return ScalarBytes.values(
                written, set.operands().m() * epilogue.columns(set.operands().n()), output);
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
