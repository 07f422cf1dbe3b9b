package org.mxforge.runtime.exec.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.ExpertWeights;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Makes the quantized layers of a backend: decides how operands lie and which detours there are, and lets inputs be shared. */
final class QuantizedLayers {
    private final Gpu gpu;
    private final Folding folding;
    private final PassRunner passes;
    private final Expansion expansion;
    private final Map<InputQuantization, InputQuantizer> quantizers = new HashMap<>();

    QuantizedLayers(Gpu gpu, Folding folding) {
        this.gpu = gpu;
        this.folding = folding;
        this.passes = new PassRunner(gpu, new ScaleFactors(gpu));
        this.expansion = new Expansion(gpu, passes);
    }

    /**
     * A layer with this weight, which is uploaded.
     *
     * @param bias BF16 [outputs], or null
     */
    MxLinear linear(QuantizedWeight weight, DeviceBuffer bias) {
        InputQuantizer quantizer = quantizer(weight.input());
        PackedOperand operand = PackedOperand.upload(
                weight.matrix(), quantizer.layout(), quantizer.tolerance(), Side.WEIGHT, gpu::lasting);
        return MxLinear.of(gpu, quantizer, operand, bias, detour(quantizer));
    }

    /** Experts that run together; empty if these cannot, since they are not quantized alike or too many. */
    Optional<Experts> experts(ExpertWeights weights, int perToken) {
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
        InputQuantizer quantizer = quantizer(input);
        return new GroupedLinear(gpu, quantizer, weights, expansion(quantizer));
    }

    private InputQuantizer quantizer(InputQuantization quantization) {
        return quantizers.computeIfAbsent(
                quantization, input -> InputQuantizer.of(gpu, input, placement(folding, gpu.target(), input.split())));
    }

    /**
     * How the weights of layers lie, and what may happen to operands on their way there.
     *
     * @param layout of weights
     * @param tolerance of products and quantizers
     */
    record Placement(OperandLayout layout, Tolerance tolerance) {}

    /** The placement of the operands of layers with this split. */
    static Placement placement(Folding folding, Target target, ChannelSplit split) {
        boolean room = split.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        if (folding == Folding.OFF || target != Target.SM_90A || !room && folding != Folding.RELAXED) {
            return new Placement(OperandLayout.TILED, Tolerance.EXACT);
        }
        return new Placement(OperandLayout.FRAGMENTS, room ? Tolerance.EXACT : Tolerance.WITHIN_4);
    }

    private Detour detour(InputQuantizer quantizer) {
        if (quantizer.layout() == OperandLayout.FRAGMENTS) {
            return new Unpacking(gpu, passes);
        }
        return expansion(quantizer).<Detour>map(expands -> expands).orElse(Detour.NONE);
    }

    /** How many tokens are multiplied; empty for what FP8 tensor cores take, or where wgmma is missing or not wanted. */
    private Optional<Expansion> expansion(InputQuantizer quantizer) {
        boolean folds = quantizer.layout().isFolded();
        return !folds && folding != Folding.OFF && gpu.target() == Target.SM_90A
                ? Optional.of(expansion)
                : Optional.empty();
    }
}
