package org.mxforge.runtime.exec.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Makes the quantized layers of a backend: decides how operands lie. */
final class QuantizedLayers {
    private final Gpu gpu;
    private final Folding folding;
    /** For one layer after the other: of two that follow, one is laid out anew while the other is multiplied. */
    private final List<PassRunner> passes;

    private int layers;
    private final Map<Form, InputQuantizer> quantizers = new HashMap<>();

    /** What a quantizer makes. */
    private record Form(InputQuantization input, OperandLayout layout) {}

    QuantizedLayers(Gpu gpu, Folding folding) {
        this.gpu = gpu;
        this.folding = folding;
        ScaleFactors factors = new ScaleFactors(gpu);
        this.passes = IntStream.range(0, ScratchMemory.TURNS)
                .mapToObj(turn -> new PassRunner(gpu, factors, turn))
                .toList();
    }

    /** A layer with this weight, which is uploaded; {@code bias} is BF16 [outputs], or null. */
    MxLinear linear(QuantizedWeight weight, DeviceBuffer bias) {
        InputQuantizer quantizer = quantizer(weight.input(), weight.outputs());
        PackedOperand operand = new OperandLoader(gpu, quantizer).load(weight);
        gpu.hold();
        return MxLinear.of(gpu, quantizer, operand, bias, nextPasses());
    }

    /** Experts that run together; empty if these cannot, since they are not quantized alike or too many. */
    Optional<Experts> experts(Experts.Weights weights, int perToken) {
        if (!GroupedExperts.canRoute(weights.experts(), perToken)) {
            return Optional.empty();
        }
        return UniformExperts.read(weights).map(alike -> grouped(alike, perToken));
    }

    private GroupedExperts grouped(UniformExperts alike, int perToken) {
        InputQuantizer outer = quantizer(alike.input(), outputs(alike.expands()));
        InputQuantizer inner = quantizer(alike.inner(), outputs(alike.downs()));
        GroupedLinear expand = new GroupedLinear(gpu, outer, alike.expands(), Epilogue.SWIGLU, nextPasses());
        GroupedLinear down = new GroupedLinear(gpu, inner, alike.downs(), Epilogue.NONE, nextPasses());
        gpu.hold();
        return GroupedExperts.of(gpu, alike.expands().size(), perToken, expand, down);
    }

    private PassRunner nextPasses() {
        return passes.get(layers++ % passes.size());
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
