package org.mxforge.runtime.exec.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Makes the quantized layers of a backend: decides how operands lie, and lets inputs be shared. */
final class QuantizedLayers {
    private final Gpu gpu;
    private final Folding folding;
    private final PassRunner passes;
    private final Map<InputQuantization, InputQuantizer> quantizers = new HashMap<>();

    QuantizedLayers(Gpu gpu, Folding folding) {
        this.gpu = gpu;
        this.folding = folding;
        this.passes = new PassRunner(gpu, new ScaleFactors(gpu));
    }

    /**
     * A layer with this weight, which is uploaded.
     *
     * @param bias BF16 [outputs], or null
     */
    MxLinear linear(QuantizedWeight weight, DeviceBuffer bias) {
        InputQuantizer quantizer = quantizer(weight.input(), weight.matrix().rows());
        PackedOperand operand = PackedOperand.upload(
                weight.matrix(), quantizer.layout(), quantizer.tolerance(), Side.WEIGHT, gpu::lasting);
        return MxLinear.of(gpu, quantizer, operand, bias, passes);
    }

    /** Experts that run together; empty if these cannot, since they are not quantized alike or too many. */
    Optional<Experts> experts(Experts.Weights weights, int perToken) {
        if (!GroupedExperts.canRoute(weights.experts(), perToken)) {
            return Optional.empty();
        }
        return AlikeExperts.read(weights)
                .map(alike -> GroupedExperts.of(
                        gpu,
                        alike.gates().size(),
                        perToken,
                        grouped(alike.input(), alike.gates()),
                        grouped(alike.input(), alike.ups()),
                        grouped(alike.inner(), alike.downs())));
    }

    private GroupedLinear grouped(InputQuantization input, List<PackedMatrix> weights) {
        return new GroupedLinear(gpu, quantizer(input, weights.get(0).rows()), weights, passes);
    }

    /**
     * The quantizer of an input, which decides how weights lie in all layers that share it: as is best for the first.
     *
     * @param outputs output channels of the layer that asks
     */
    private InputQuantizer quantizer(InputQuantization quantization, int outputs) {
        return quantizers.computeIfAbsent(quantization, input -> {
            boolean room = input.split().pairs().stream().allMatch(FormatPair::hasRoomForScales);
            Tolerance tolerance = folding == Folding.LOSSY && !room && gpu.target() == Target.SM_90A
                    ? Tolerance.WITHIN_4
                    : Tolerance.EXACT;
            KernelProblem.Scope scope = folding == Folding.OFF ? KernelProblem.Scope.PORTABLE : KernelProblem.Scope.ALL;
            MxGemmSpec product = MxGemmSpec.exact(input.split().pairs(), Epilogue.NONE, ScalarType.BF16)
                    .with(tolerance);
            List<Integer> channels =
                    input.split().partitions().stream().map(Partition::channels).toList();
            OperandLayout layout = gpu.layout(product, scope, outputs, channels);
            return InputQuantizer.of(gpu, input, layout, scope, tolerance);
        });
    }
}
