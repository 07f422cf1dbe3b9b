package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ReferenceQuantizer;

/** The product's quantizer against the one that judges kernels. */
class RoundToNearestTest {
    private static final int OUTPUTS = 5;

    @Property(tries = 200)
    void codesAndScalesAreTheOracles(@ForAll("inputs") InputQuantization input, @ForAll long seed) {
        Random random = new Random(seed);
        float[] weight = new float[OUTPUTS * input.split().channels()];
        for (int i = 0; i < weight.length; i++) {
            // From far below to far above what scales reach, with zeros of both signs and whole groups of zeros.
            float size = (float) Math.exp(40 * random.nextGaussian());
            weight[i] = i / 32 % 7 == 0 || random.nextInt(9) == 0 ? -0f : (float) random.nextGaussian() * size;
            weight[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, weight[i]));
        }
        PackedMatrix ours =
                WeightQuantizer.ROUND_TO_NEAREST.quantize(weight.clone(), OUTPUTS, new InputStatistics.None(), input);
        PackedMatrix theirs = new ReferenceQuantizer(input, Side.WEIGHT).quantize(weight, OUTPUTS);
        assertThat(ours).usingRecursiveComparison().isEqualTo(theirs);
    }

    @Provide
    Arbitrary<InputQuantization> inputs() {
        Arbitrary<Partition> partitions = Combinators.combine(
                        Arbitraries.of(ElementFormat.class),
                        Arbitraries.of(ElementFormat.class),
                        Arbitraries.integers().between(1, 3))
                .as((a, w, groups) -> new Partition(new FormatPair(a, w), 32 * groups));
        return Combinators.combine(
                        partitions.list().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.of(ScaleRule.class),
                        Arbitraries.of(GroupTransform.class),
                        Arbitraries.longs())
                .as((parts, rule, transform, seed) -> {
                    ChannelSplit split = new ChannelSplit(parts, 32);
                    return new InputQuantization(split, shuffled(split.channels(), new Random(seed)), rule, transform);
                });
    }

    private static int[] shuffled(int channels, Random random) {
        int[] order = IntStream.range(0, channels).toArray();
        for (int i = channels - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
