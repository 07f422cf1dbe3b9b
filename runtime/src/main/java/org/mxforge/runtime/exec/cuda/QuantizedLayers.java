package org.mxforge.runtime.exec.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Makes the quantized layers of a backend: decides how operands lie. */
final class QuantizedLayers {
    private final Gpu gpu;
    private final Folding folding;
    private final PassRunner passes;
    private final Map<Form, InputQuantizer> quantizers = new HashMap<>();

    /** What a quantizer makes. */
    private record Form(InputQuantization input, OperandLayout layout) {}

    QuantizedLayers(Gpu gpu, Folding folding) {
        this.gpu = gpu;
        this.folding = folding;
        this.passes = new PassRunner(gpu, new ScaleFactors(gpu));
    }

    /** A layer with this weight, which is uploaded; {@code bias} is BF16 [outputs], or null. */
    MxLinear linear(QuantizedWeight weight, DeviceBuffer bias) {
        InputQuantizer quantizer = quantizer(weight.input(), weight.outputs());
        return MxLinear.of(gpu, quantizer, new OperandLoader(gpu, quantizer).load(weight), bias, passes);
    }

    /** Experts that run together; empty if these cannot, since they are not quantized alike or too many. */
    Optional<Experts> experts(Experts.Weights weights, int perToken) {
        if (!GroupedExperts.canRoute(weights.experts(), perToken)) {
            return Optional.empty();
        }
        return AlikeExperts.read(weights).map(alike -> grouped(alike, perToken));
    }

    private GroupedExperts grouped(AlikeExperts alike, int perToken) {
        InputQuantizer outer = quantizer(alike.input(), outputs(alike.expands()));
        InputQuantizer inner = quantizer(alike.inner(), outputs(alike.downs()));
        return GroupedExperts.of(
                gpu,
                alike.expands().size(),
                perToken,
                new GroupedLinear(gpu, outer, alike.expands(), Epilogue.SWIGLU, passes),
                new GroupedLinear(gpu, inner, alike.downs(), Epilogue.NONE, passes));
    }

    private static int outputs(List<QuantizedWeight> experts) {
        return experts.get(0).outputs();
    }

    /** The quantizer of the input of a layer, whose size decides how its weight lies. */
    private InputQuantizer quantizer(InputQuantization input, int outputs) {
        ChannelSplit split = input.split();
        KernelProblem.Scope scope = KernelProblem.Scope.of(folding);
        MxGemmSpec product = KernelProblem.product(split.pairs(), gpu.target(), folding);
        List<Integer> channels =
                split.partitions().stream().map(Partition::channels).toList();
        OperandLayout layout = gpu.layout(product, scope, outputs, channels);
        return quantizers.computeIfAbsent(
                new Form(input, layout),
                form -> InputQuantizer.of(gpu, form.input(), form.layout(), scope, product.tolerance()));
    }
}
