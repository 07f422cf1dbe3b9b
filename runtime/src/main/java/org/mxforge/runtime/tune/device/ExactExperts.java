package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Experts on whose tokens and weights every right kernel gives the same bits: some with a whole tile of tokens and more, some with a
 * few, one with none.
 *
 * @param spec what is computed
 * @param layout how weights lie
 * @param tokens how many of them each expert has
 * @param problems each expert's own GEMM; of one token for an expert that has none
 */
record ExactExperts(MxGroupedGemmSpec spec, OperandLayout layout, ExpertTokens tokens, List<MxGemmProblem> problems) {
    /** Tokens of each expert; of more experts, the first are checked. All differ, and so do all weights. */
    private static final List<Integer> COUNTS = List.of(129, 0, 1, 65, 64, 16, 33, 8);

    /** The scale of rows without a token, which must not show anywhere. */
    private static final byte NAN_SCALE = (byte) 0xff;

    static ExactExperts of(MxGroupedGemmSpec spec, OperandLayout layout, GroupedShape shape) {
        List<Integer> counts = COUNTS.subList(0, Math.min(COUNTS.size(), shape.experts()));
        List<MxGemmProblem> problems = new ArrayList<>();
        for (int expert = 0; expert < counts.size(); expert++) {
            GemmShape own = new GemmShape(
                    Math.max(1, counts.get(expert)),
                    Slice.columns(shape.n(), spec.expert().epilogue()),
                    shape.k());
            problems.add(MxGemmProblem.exact(spec.expert(), layout, own, 1 + expert));
        }
        return new ExactExperts(spec, layout, new ExpertTokens(spec.tile(), counts), List.copyOf(problems));
    }

    private int columns() {
        return problems.get(0).n();
    }

    /** All of them in one launch. */
    MxGroupedGemmProblem together() {
        return new MxGroupedGemmProblem(
                spec,
                layout,
                tokens,
                activation(),
                problems.stream().map(problem -> problem.weight().block()).toList(),
                epilogueOperand());
    }

    private PackedMatrix activation() {
        List<PackedPartition> partitions = new ArrayList<>();
        for (int i = 0; i < spec.expert().pairs().size(); i++) {
            PackedPartition first = part(0, i);
            int rowCodes = Math.toIntExact(CodePacking.bytes(first.format(), first.channels()));
            int rowScales = first.rowScales();
            byte[] codes = new byte[tokens.rows() * rowCodes];
            byte[] scales = new byte[tokens.rows() * rowScales];
            Arrays.fill(scales, NAN_SCALE);
            for (int expert = 0; expert < problems.size(); expert++) {
                int rows = tokens.counts().get(expert);
                int to = tokens.first(expert);
                System.arraycopy(part(expert, i).codes(), 0, codes, to * rowCodes, rows * rowCodes);
                System.arraycopy(part(expert, i).scales(), 0, scales, to * rowScales, rows * rowScales);
            }
            partitions.add(new PackedPartition(
                    first.format(), first.groups(), tokens.rows(), first.channels(), codes, scales));
        }
        return new PackedMatrix(tokens.rows(), partitions);
    }

    private PackedPartition part(int expert, int partition) {
        return problems.get(expert).activation().block().partitions().get(partition);
    }

    private float[] epilogueOperand() {
        Epilogue epilogue = spec.expert().epilogue();
        if (epilogue.operand() == Epilogue.Operand.NONE) {
            return new float[0];
        }
        boolean bias = epilogue == Epilogue.BIAS;
        float[] all = new float[columns() * (bias ? problems.size() : tokens.rows())];
        for (int expert = 0; expert < problems.size(); expert++) {
            int rows = bias ? 1 : tokens.counts().get(expert);
            int to = bias ? expert : tokens.first(expert);
            System.arraycopy(problems.get(expert).epilogueOperand(), 0, all, to * columns(), rows * columns());
        }
        return all;
    }

    GroupedCheck check() {
        List<GroupedCheck.Part> parts = new ArrayList<>();
        for (int expert = 0; expert < problems.size(); expert++) {
            int rows = tokens.counts().get(expert);
            if (rows > 0) {
                parts.add(new GroupedCheck.Part(
                        expert, tokens.first(expert), rows, problems.get(expert).check()));
            }
        }
        return new GroupedCheck(parts, spec.expert().epilogue().columns(columns()));
    }
}
