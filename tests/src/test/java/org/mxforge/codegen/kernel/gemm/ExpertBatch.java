package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Tokens of several experts and the experts' weights, on which every right kernel gives the same bits. Tiles to skip follow the
 * first expert and the last; the rows of the padding hold NaN, which must not show anywhere.
 *
 * @param tile how many rows tiles have
 * @param counts tokens of each expert
 * @param experts for each expert its tokens and weights; one token for an expert that has none
 * @param routes expert and tokens of each tile
 * @param firstRows where each expert's rows begin
 */
record ExpertBatch(ExpertTiles tile, int[] counts, List<ExactOperands> experts, int[] routes, int[] firstRows) {
    private static final byte NAN_SCALE = (byte) 0xff;

    static ExpertBatch of(ExpertTiles tile, ChannelSplit split, int n, int... counts) {
        List<ExactOperands> experts = new ArrayList<>();
        List<Integer> routes = new ArrayList<>();
        int[] firstRows = new int[counts.length];
        for (int expert = 0; expert < counts.length; expert++) {
            experts.add(ExactOperands.sparse(split, Math.max(1, counts[expert]), n, 31L * expert + counts[expert]));
            firstRows[expert] = routes.size() / 2 * tile.rows();
            for (int left = counts[expert]; left > 0; left -= tile.rows()) {
                routes.addAll(List.of(expert, Math.min(left, tile.rows())));
            }
            if (expert == 0) {
                routes.addAll(List.of(-1, 0));
            }
        }
        routes.addAll(List.of(-1, 0, -1, 0, -1, 0));
        return new ExpertBatch(
                tile,
                counts,
                experts,
                routes.stream().mapToInt(Integer::intValue).toArray(),
                firstRows);
    }

    /** Rows of the padded order. */
    int rows() {
        return routes.length / 2 * tile.rows();
    }

    List<PackedMatrix> weights() {
        return experts.stream().map(ExactOperands::weight).toList();
    }

    /** All experts' tokens in the padded order. */
    PackedMatrix activation() {
        List<PackedPartition> partitions = new ArrayList<>();
        for (int p = 0; p < experts.get(0).activation().partitions().size(); p++) {
            PackedPartition first = experts.get(0).activation().partitions().get(p);
            int rowCodes = Math.toIntExact(CodePacking.bytes(first.format(), first.channels()));
            int rowScales = first.channels() / GroupLayout.GROUP;
            byte[] codes = new byte[rows() * rowCodes];
            byte[] scales = new byte[rows() * rowScales];
            Arrays.fill(scales, NAN_SCALE);
            for (int expert = 0; expert < counts.length; expert++) {
                PackedPartition part =
                        experts.get(expert).activation().partitions().get(p);
                System.arraycopy(part.codes(), 0, codes, firstRows[expert] * rowCodes, counts[expert] * rowCodes);
                System.arraycopy(part.scales(), 0, scales, firstRows[expert] * rowScales, counts[expert] * rowScales);
            }
            partitions.add(new PackedPartition(first.format(), rows(), first.channels(), codes, scales));
        }
        return new PackedMatrix(rows(), partitions);
    }

    /** The experts' biases one after the other. */
    float[] biases() {
        int n = experts.get(0).bias().length;
        float[] biases = new float[n * experts.size()];
        for (int expert = 0; expert < experts.size(); expert++) {
            System.arraycopy(experts.get(expert).bias(), 0, biases, expert * n, n);
        }
        return biases;
    }

    /** What is added to D, in its order. */
    float[] residual() {
        int n = experts.get(0).bias().length;
        float[] residual = new float[rows() * n];
        for (int expert = 0; expert < experts.size(); expert++) {
            System.arraycopy(experts.get(expert).residual(), 0, residual, firstRows[expert] * n, counts[expert] * n);
        }
        return residual;
    }
}
