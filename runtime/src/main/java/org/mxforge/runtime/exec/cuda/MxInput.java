package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * Reordered, quantized and packed activations.
 *
 * @param quantizer what made them
 * @param partitions where they lie in {@code memory}
 */
record MxInput(InputQuantizer quantizer, Scratch memory, int rows, List<MxQuantizeOutput> partitions)
        implements LinearInput {
    /** The operands of its product with {@code weight}, which is laid out alike. */
    List<MxGemmOperands> times(PackedOperand weight) {
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            MxQuantizeOutput a = partitions.get(i);
            PackedOperand.Part b = weight.parts().get(i);
            operands.add(new MxGemmOperands(
                    a.codes(), a.scales(), b.codes().address(), b.scales().address(), b.channels()));
        }
        return operands;
    }

    @Override
    public int channels() {
        return quantizer.quantization().split().channels();
    }

    @Override
    public void close() {
        memory.close();
    }
}
