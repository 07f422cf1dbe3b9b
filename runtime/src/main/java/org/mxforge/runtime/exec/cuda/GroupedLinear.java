package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.QuantizedWeight;

/** One layer of all experts, multiplied in one launch; rows are in the order of {@link ExpertRoutes}. */
final class GroupedLinear {
    private final Gpu gpu;
    private final InputQuantizer quantizer;
    private final PassRunner passes;
    private final int experts;
    private final Epilogue epilogue;
    private final PackedOperand weights;

    /**
     * @param quantizer of the inputs of all experts
     * @param experts their weights, [outputs][channels] each
     * @param epilogue without an operand
     * @param passes runs what an algorithm wants before its kernel
     */
    GroupedLinear(
            Gpu gpu, InputQuantizer quantizer, List<QuantizedWeight> experts, Epilogue epilogue, PassRunner passes) {
        this.gpu = gpu;
        this.quantizer = quantizer;
        this.passes = passes;
        this.experts = experts.size();
        this.epilogue = epilogue;
        this.weights = new OperandLoader(gpu, quantizer).load(experts);
        gpu.expect(problem(ExpertTiles.MANY));
        gpu.expect(problem(ExpertTiles.FEW));
    }

    private KernelProblem problem(ExpertTiles tile) {
        MxGemmSpec expert =
                MxGemmSpec.exact(quantizer.pairs(), epilogue, ScalarType.BF16).with(quantizer.tolerance());
        return new KernelProblem(new MxGroupedGemmSpec(expert, tile), quantizer.layout(), quantizer.scope());
    }

    InputQuantizer quantizer() {
        return quantizer;
    }

    int outputs() {
        return epilogue.columns(weights.rows());
    }

    int channels() {
        return quantizer.quantization().split().channels();
    }

    /** The rows of {@code x} that {@code routes} send here, tokens if they are {@link MxQuantizeSpec.Rows#GATHERED}, quantized. */
    MxInput quantize(LinearInput.Step step, CudaMatrix x, MxQuantizeSpec.Rows choice, ExpertRoutes routes) {
        return quantizer.quantize(
                step, x, routes.paddedRows(), choice, routes.tokens().address());
    }

    /** The product of each row with its own expert's weight into {@code out}; BF16, rows without a token as they were. */
    void multiply(MxInput input, ExpertRoutes routes, CudaMatrix out) {
        GroupedShape shape =
                new GroupedShape(routes.reached(), routes.meanTokens(), weights.rows(), quantizer.channels());
        ShapedKernel<MxGroupedGemmArguments> kernel = gpu.choose(problem(routes.tile()), shape);
        passes.run(
                kernel.passes(),
                input.rows(),
                weights.rows(),
                experts,
                input.times(weights),
                operands -> kernel.launch(new MxGroupedGemmArguments(
                        input.rows(), weights.rows(), routes.routes().address(), operands, 0, out.address())));
    }
}
