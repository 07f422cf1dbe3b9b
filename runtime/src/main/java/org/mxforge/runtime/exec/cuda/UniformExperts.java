package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The quantized experts of a layer, brought into a form in which all want their inputs quantized alike. The orders in which they
 * want the channels between their layers may differ: the rows of gate and up, which make these channels, are put into that order
 * instead, and no element changes.
 *
 * @param expands gate and up of each expert, [2 * intermediate][hidden], their rows alternating as {@link Epilogue#SWIGLU} reads them
 * @param downs of each expert, [hidden][intermediate], each with an order of its own
 * @param input what they read
 * @param inner what all downs read, channels in the order that they come in
 */
record UniformExperts(
        List<QuantizedWeight> expands, List<QuantizedWeight> downs, InputQuantization input, InputQuantization inner) {
    /** Reads the experts; empty if one is not quantized, or quantized too differently. */
    static Optional<UniformExperts> read(Experts.Weights weights) {
        return read(weights, Experts.Weights.Part.GATE)
                .filter(gates -> haveOneInput(gates, gates.get(0).input()))
                .flatMap(gates -> read(weights, Experts.Weights.Part.UP)
                        .filter(ups -> haveOneInput(ups, gates.get(0).input()))
                        .flatMap(ups -> read(weights, Experts.Weights.Part.DOWN)
                                .filter(UniformExperts::areCutAlike)
                                .map(downs -> of(gates, ups, downs))));
    }

    private static Optional<List<QuantizedWeight>> read(Experts.Weights weights, Experts.Weights.Part part) {
        List<QuantizedWeight> read = new ArrayList<>();
        for (int expert = 0; expert < weights.experts(); expert++) {
            if (!(weights.read(expert, part) instanceof Linear.Weight.Quantized quantized)) {
                return Optional.empty();
            }
            read.add(quantized.weight());
        }
        return Optional.of(read);
    }

    private static boolean haveOneInput(List<QuantizedWeight> weights, InputQuantization input) {
        return weights.stream().allMatch(weight -> weight.input().equals(input));
    }

    private static boolean areCutAlike(List<QuantizedWeight> downs) {
        InputQuantization first = downs.get(0).input().inOrder();
        return downs.stream().map(down -> down.input().inOrder()).allMatch(first::equals);
    }

    private static UniformExperts of(
            List<QuantizedWeight> gates, List<QuantizedWeight> ups, List<QuantizedWeight> downs) {
        List<int[]> orders = downs.stream().map(down -> down.input().order()).toList();
        InputQuantization inner = downs.get(0).input().inOrder();
        return new UniformExperts(
                IntStream.range(0, gates.size())
                        .mapToObj(expert -> expand(gates.get(expert), ups.get(expert), orders.get(expert)))
                        .toList(),
                downs,
                gates.get(0).input(),
                inner);
    }

    /** Gate and up, which have one input, the rows of both in {@code order}, alternating. */
    private static QuantizedWeight expand(QuantizedWeight gate, QuantizedWeight up, int[] order) {
        QuantizedWeight both = QuantizedWeight.joined(List.of(gate.withRows(order), up.withRows(order)))
                .orElseThrow();
        return both.withRows(Epilogue.alternating(both.outputs()));
    }
}
