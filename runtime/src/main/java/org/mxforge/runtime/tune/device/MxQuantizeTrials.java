package org.mxforge.runtime.tune.device;

import org.mxforge.codegen.kernel.quantize.RowPairRoom;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;

/** Trials of reorder-quantize. */
record MxQuantizeTrials() implements TrialKind<MxQuantizeSpec, QuantizeShape> {
    /** Beyond, the squares of RMSNorm's input have no exact sum in FP32. */
    private static final int MOST_NORMED_CHANNELS = 65_536;

    @Override
    public String stem() {
        return MxQuantizeSpec.STEM;
    }

    @Override
    public boolean tries(MxQuantizeSpec spec, OperandLayout layout, QuantizeShape shape) {
        // How many threads a block has makes no difference to its room for a row.
        int most = layout.isFolded() ? RowPairRoom.of(spec, 1).channels() : MOST_NORMED_CHANNELS;
        return shape.channels() <= most;
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, MxQuantizeSpec spec, OperandLayout layout, DevicePasses passes, QuantizeShape shape) {
        MxQuantizeProblem problem = MxQuantizeProblem.exact(spec, layout, shape);
        QuantizeCheck check = problem.check();
        return new ExactRun.Quantizer(new DeviceQuantizer(gpu, problem, 1), check);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            MxQuantizeSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            QuantizeShape shape,
            int copies) {
        return new DeviceQuantizer(gpu, MxQuantizeProblem.random(spec, layout, shape), copies).sets();
    }
}
