package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.codegen.kernel.quantize.RowPairRoom;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.QuantizeShape;

/** Which kernels trials can be made of. */
final class Problems {
    /** Beyond, sums that are exact in FP32 leave no room for all codes of a format. */
    private static final int MOST_CHANNELS = 37_000;

    /** Beyond, the squares of RMSNorm's input have no exact sum in FP32. */
    private static final int MOST_NORMED_CHANNELS = 65_536;

    private Problems() {}

    /** Whether {@code spec} is a GEMM that operands can be made for on which a right kernel is bit for bit exact. */
    static boolean isGemm(KernelSpec spec, KernelShape shape) {
        if (!(shape instanceof GemmShape) || shape.channels() > MOST_CHANNELS) {
            return false;
        }
        return spec instanceof MxGemmSpec mixed
                ? arePartitions(mixed.groups(), shape.k(), mixed.pairs().size())
                : spec instanceof DenseGemmSpec && shape.k().size() == 1 && shape.channels() > 0;
    }

    /** Whether {@code problem} is a quantizer whose rows may have so many channels. */
    static boolean isQuantizer(KernelProblem problem, KernelShape shape) {
        if (!(problem.spec() instanceof MxQuantizeSpec quantizer) || !(shape instanceof QuantizeShape)) {
            return false;
        }
        // How many threads a block has makes no difference to its room for a row.
        int most = problem.layout().isFolded() ? RowPairRoom.of(quantizer, 1).channels() : MOST_NORMED_CHANNELS;
        return shape.channels() <= most
                && arePartitions(
                        quantizer.groups(), shape.k(), quantizer.formats().size());
    }

    /**
     * Whether {@code spec} is a grouped GEMM whose operands can be made; those of all tokens lie in arrays of the host, in 4 bytes
     * an element at most.
     */
    static boolean isGrouped(KernelSpec spec, KernelShape shape) {
        if (!(spec instanceof MxGroupedGemmSpec grouped)
                || !(shape instanceof GroupedShape size)
                || size.experts() > ExpertOrderSpec.MOST_EXPERTS
                || size.channels() > MOST_CHANNELS) {
            return false;
        }
        long rows = size.experts() * (size.m() + ExpertTiles.ROWS - 1L);
        return rows <= Integer.MAX_VALUE / Float.BYTES / Math.max(size.channels(), size.n())
                && arePartitions(
                        grouped.expert().groups(),
                        size.k(),
                        grouped.expert().pairs().size());
    }

    private static boolean arePartitions(GroupLayout groups, List<Integer> k, int count) {
        return k.size() == count
                && k.stream().allMatch(channels -> channels > 0 && channels % groups.channelMultiple() == 0);
    }
}
