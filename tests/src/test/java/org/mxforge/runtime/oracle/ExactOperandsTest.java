package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** The claim of {@link ExactOperands}: no sum over its products, in any order, loses a bit in FP32. */
class ExactOperandsTest {
    private static final int M = 3;
    private static final int N = 4;

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void everyOrderOfSummationGivesTheExactSum(@ForAll("splits") ChannelSplit split, @ForAll long seed) {
        ExactOperands operands = ExactOperands.generate(split, M, N, seed);
        double[] a = Dequantizer.values(operands.activation());
        double[] b = Dequantizer.values(operands.weight());
        int channels = split.channels();
        Random random = new Random(seed);
        for (int m = 0; m < M; m++) {
            for (int n = 0; n < N; n++) {
                double[] products = new double[channels + 2];
                for (int k = 0; k < channels; k++) {
                    products[k] = a[m * channels + k] * b[n * channels + k];
                }
                products[channels] = operands.bias()[n];
                products[channels + 1] = operands.residual()[m * N + n];
                double exact = Arrays.stream(products).sum();
                assertThat((double) sumInPairs(products, random)).isEqualTo(exact);
                Arrays.sort(products);
                assertThat((double) sumInPairs(products, null)).isEqualTo(exact);
            }
        }
    }

    /** Adds neighbours in FP32 again and again, as split and tree-shaped kernels do, shuffled first if asked to. */
    private static float sumInPairs(double[] values, Random shuffle) {
        float[] sums = new float[values.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = (float) values[i];
            assertThat((double) sums[i]).isEqualTo(values[i]);
        }
        if (shuffle == null) {
            float sum = 0;
            for (float value : sums) {
                sum += value;
            }
            return sum;
        }
        int left = sums.length;
        while (left > 1) {
            int i = shuffle.nextInt(left);
            float taken = sums[i];
            sums[i] = sums[--left];
            sums[shuffle.nextInt(left)] += taken;
        }
        return sums[0];
    }

    @Example
    void everyFiniteCodeTurnsUp() {
        for (ElementFormat format : ElementFormat.values()) {
            ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), 4096);
            PackedMatrix matrix = ExactOperands.generate(split, 16, 1, 7).activation();
            BitSet seen = codes(matrix.partitions().get(0));
            for (int code = 0; code < format.codes(); code++) {
                assertThat(seen.get(code))
                        .as("%s code %d", format, code)
                        .isEqualTo(Float.isFinite(format.decode(code)));
            }
            BitSet scales = new BitSet();
            for (byte scale : matrix.partitions().get(0).scales()) {
                scales.set(scale & 0xff);
            }
            assertThat(scales.cardinality()).isGreaterThan(10);
        }
    }

    private static BitSet codes(PackedPartition partition) {
        byte[] codes = new byte[partition.rows() * partition.channels()];
        CodePacking.unpack(partition.format(), partition.codes(), 0, codes.length, codes, 0);
        BitSet seen = new BitSet();
        for (byte code : codes) {
            seen.set(code & 0xff);
        }
        return seen;
    }

    @Example
    void biasAndResidualAreExactInSixteenBits() {
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1), 64);
        ExactOperands operands = ExactOperands.generate(split, 20, 30, 3);
        for (float value : operands.residual()) {
            assertThat(Bfloat16.toFloat(Bfloat16.fromFloat(value))).isEqualTo(value);
            assertThat(Float16.toFloat(Float16.fromFloat(value))).isEqualTo(value);
        }
        for (float value : operands.bias()) {
            assertThat(Bfloat16.toFloat(Bfloat16.fromFloat(value))).isEqualTo(value);
        }
    }

    @Example
    void equalSeedsGiveEqualOperands() {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:128+e5m2xe3m2:64/64");
        byte[] first = ExactOperands.generate(split, 5, 6, 11)
                .weight()
                .partitions()
                .get(1)
                .codes();
        assertThat(ExactOperands.generate(split, 5, 6, 11)
                        .weight()
                        .partitions()
                        .get(1)
                        .codes())
                .isEqualTo(first);
        assertThat(ExactOperands.generate(split, 5, 6, 12)
                        .weight()
                        .partitions()
                        .get(1)
                        .codes())
                .isNotEqualTo(first);
    }

    @Example
    void refusesMoreChannelsThanFp32CanSum() {
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1), 65536);
        assertThatThrownBy(() -> ExactOperands.generate(split, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536 channels are too many");
    }

    @Provide
    Arbitrary<ChannelSplit> splits() {
        Arbitrary<Partition> partition = Arbitraries.of(FormatPair.all())
                .flatMap(pair -> Arbitraries.integers().between(1, 24).map(groups -> new Partition(pair, 32 * groups)));
        return partition.list().ofMinSize(1).ofMaxSize(8).map(parts -> new ChannelSplit(List.copyOf(parts), 32));
    }
}
