package org.mxforge.runtime.quant;

import java.util.List;
import java.util.Optional;

/**
 * The weight of one quantized linear layer, [outputs][channels], its channels reordered as its input's are.
 *
 * @param matrix packed codes and scales, weight formats of {@code input.split()}
 * @param input how the layer's input is quantized
 */
public record QuantizedWeight(PackedMatrix matrix, InputQuantization input) {
    public QuantizedWeight {
        var split = input.split().partitions();
        var packed = matrix.partitions();
        boolean fits = split.size() == packed.size();
        for (int i = 0; fits && i < split.size(); i++) {
            fits = split.get(i).channels() == packed.get(i).channels()
                    && split.get(i).formats().weight() == packed.get(i).format();
        }
        if (!fits) {
            throw new IllegalArgumentException("the packed weight does not follow its channel split "
                    + input.split().text());
        }
    }

    /** One weight with the rows of all {@code weights} in their order; empty if they are not for one input. */
    public static Optional<QuantizedWeight> joined(List<QuantizedWeight> weights) {
        InputQuantization input = weights.get(0).input();
        if (weights.stream().anyMatch(weight -> !weight.input().equals(input))) {
            return Optional.empty();
        }
        return Optional.of(new QuantizedWeight(
                PackedMatrix.joined(
                        weights.stream().map(QuantizedWeight::matrix).toList()),
                input));
    }
}
