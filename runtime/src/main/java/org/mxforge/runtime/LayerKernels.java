package org.mxforge.runtime;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;

/**
 * The kernels of one linear site of a model: how its input is quantized, with each step that a decoder fuses into that, and how its
 * layers multiply, with each epilogue.
 *
 * @param site layers that share an input
 * @param input how it is quantized
 * @param layout how the weights lie
 * @param tolerance whether elements may be rounded when scales are folded into them
 * @param scope which algorithms may multiply
 */
record LayerKernels(
        LinearSite site,
        InputQuantization input,
        OperandLayout layout,
        Tolerance tolerance,
        KernelProblem.Scope scope) {
    /** A problem on one of its shapes. */
    record Wanted(KernelProblem problem, KernelShape shape) {}

    /** Those of all sites, their weights lying as the preferred algorithm of {@code target} reads them. */
    static List<LayerKernels> of(Map<LinearSite, InputQuantization> sites, Target target, Folding folding) {
        return sites.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), target, folding))
                .toList();
    }

    private static LayerKernels of(LinearSite site, InputQuantization input, Target target, Folding folding) {
        KernelProblem.Scope scope = KernelProblem.Scope.of(folding);
        MxGemmSpec product = KernelProblem.product(input.split().pairs(), target, folding);
        OperandLayout layout = KernelProblem.layouts(product, target, scope).get(0);
        return new LayerKernels(site, input, layout, product.tolerance(), scope);
    }

    /** Everything that is launched for so many tokens at a time. */
    Stream<Wanted> problems(List<Integer> tokens) {
        return tokens.stream().flatMap(m -> Stream.concat(quantizers(m), products(m)));
    }

    /** What is launched for so many tokens, each once: what is fused into a quantizer or a product takes as long with all formats. */
    Stream<Wanted> alone(int m, ScalarType output) {
        Stream<Wanted> quantizer = Stream.of(new Wanted(
                new KernelProblem(quantizer(input.split(), Prologue.NONE, ScalarType.BF16), layout.activations()),
                new QuantizeShape(m, channels())));
        return Stream.concat(
                quantizer,
                site.products().stream()
                        .map(product -> new Wanted(
                                new KernelProblem(product(Epilogue.NONE, output), layout, scope),
                                new GemmShape(m, product.outputs(), channels()))));
    }

    private Stream<Wanted> quantizers(int m) {
        ChannelSplit split = input.split();
        return Stream.of(
                        quantizer(split, Prologue.NONE, ScalarType.BF16),
                        quantizer(split, Prologue.RMSNORM, ScalarType.FP32),
                        quantizer(split, Prologue.SILU_MUL, ScalarType.BF16))
                .map(spec ->
                        new Wanted(new KernelProblem(spec, layout.activations()), new QuantizeShape(m, channels())));
    }

    private KernelSpec quantizer(ChannelSplit split, Prologue prologue, ScalarType source) {
        List<ElementFormat> formats =
                split.pairs().stream().map(FormatPair::activation).toList();
        return MxQuantizeSpec.activation(formats, input.rule(), prologue, source, tolerance)
                .with(input.transform());
    }

    private Stream<Wanted> products(int m) {
        return site.products().stream().flatMap(product -> products(product)
                .map(spec -> new Wanted(
                        new KernelProblem(spec, layout, scope), new GemmShape(m, product.outputs(), channels()))));
    }

    /** A layer that is alone adds to the residual stream as well. */
    private Stream<MxGemmSpec> products(LinearSite.Product product) {
        Epilogue projection = product.bias() ? Epilogue.BIAS : Epilogue.NONE;
        Stream<MxGemmSpec> projections =
                Stream.of(product(projection, ScalarType.BF16), product(projection, ScalarType.FP32));
        return product.layers().size() == 1
                ? Stream.concat(projections, Stream.of(product(Epilogue.RESIDUAL, ScalarType.FP32)))
                : projections;
    }

    private MxGemmSpec product(Epilogue epilogue, ScalarType output) {
        return MxGemmSpec.exact(input.split().pairs(), epilogue, output).with(tolerance);
    }

    private List<Integer> channels() {
        return input.split().partitions().stream().map(Partition::channels).toList();
    }
}
