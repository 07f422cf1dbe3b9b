package org.mxforge.runtime.cuda.launch;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.cuda.PackedOperand;

/**
 * Both operands of one partition of a mixed GEMM; scales lie as the spec's group layout says.
 *
 * @param activationCodes address of A's packed codes, [m][channels]
 * @param activationScales address of A's E8M0 scales
 * @param weightCodes address of B's packed codes, [n][channels]
 * @param weightScales address of B's E8M0 scales
 * @param channels the partition's K: a multiple of 32, or 0, and then the addresses are not read
 */
public record MxGemmOperands(
        long activationCodes, long activationScales, long weightCodes, long weightScales, int channels) {
    /** The partitions of two uploaded operands, laid out alike, in their order. */
    public static List<MxGemmOperands> of(PackedOperand activation, PackedOperand weight) {
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < activation.parts().size(); i++) {
            PackedOperand.Part a = activation.parts().get(i);
            PackedOperand.Part b = weight.parts().get(i);
            operands.add(new MxGemmOperands(
                    a.codes().address(),
                    a.scales().address(),
                    b.codes().address(),
                    b.scales().address(),
                    a.channels()));
        }
        return operands;
    }
}
