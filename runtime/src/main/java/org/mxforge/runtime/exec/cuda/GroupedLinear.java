package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.exec.spi.InputStep;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.pack.ExpertOperand;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;

/** One layer of all experts, multiplied in one launch; rows are in the order of {@link ExpertRoutes}. */
final class GroupedLinear {
    private final Gpu gpu;
    private final InputQuantizer quantizer;
    private final Optional<Expansion> expansion;
    private final int experts;
    private final PackedOperand weights;
    private final MxGroupedGemmSpec spec;
    private final KernelProblem problem;

    /**
     * @param quantizer of the inputs of all experts
     * @param experts their weights, [outputs][channels] each
     * @param expansion how many tokens are multiplied; empty where packed operands are always multiplied as they are
     */
    GroupedLinear(Gpu gpu, InputQuantizer quantizer, List<PackedMatrix> experts, Optional<Expansion> expansion) {
        this.gpu = gpu;
        this.quantizer = quantizer;
        this.expansion = expansion;
        this.experts = experts.size();
        this.weights = ExpertOperand.upload(experts, quantizer.layout(), quantizer.tolerance(), gpu::lasting);
        this.spec = new MxGroupedGemmSpec(MxGemmSpec.exact(quantizer.pairs(), Epilogue.NONE, ScalarType.BF16)
                .with(quantizer.tolerance()));
        this.problem = new KernelProblem(spec, quantizer.layout());
        gpu.expect(problem);
    }

    int outputs() {
        return weights.rows();
    }

    int channels() {
        return quantizer.quantization().split().channels();
    }

    /** {@code x} through {@code step}, quantized for {@link #multiply} here and in layers with the same quantizer. */
    MxInput quantize(InputStep step, CudaMatrix x) {
        return quantizer.quantize(step, x);
    }

    /** {@code out = input * weight^T}, with each row's own expert's weight; BF16, rows without a token as they were. */
    void multiply(MxInput input, ExpertRoutes routes, CudaMatrix out) {
        MxGroupedGemmArguments arguments = new MxGroupedGemmArguments(
                input.rows(), outputs(), routes.routes().address(), input.times(weights), 0, out.address());
        GroupedShape shape = new GroupedShape(experts, routes.meanTokens(), outputs(), quantizer.channels());
        expansion
                .filter(detour -> detour.pays(routes.meanTokens()))
                .ifPresentOrElse(
                        detour -> detour.multiply(spec, shape, arguments), () -> gpu.launch(problem, shape, arguments));
    }
}
