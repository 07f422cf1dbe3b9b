package org.mxforge.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What products of changed operands have to do with each other, whatever an oracle says: on operands on which sums are exact. */
record Metamorphic(Device device, Target target, String algorithm, FormatPair pair, int m, int n, int k, long seed) {
    /** A product in FP32, of operands as they lie. */
    private float[] product(FormatPair formats, PackedMatrix a, PackedMatrix b) {
        synchronized (KernelProperties.CHECKER) {
            return product(formats, a, b, KernelProperties.CHECKER);
        }
    }

    private float[] product(FormatPair formats, PackedMatrix a, PackedMatrix b, Checker checker) {
        MxGemmSpec spec = MxGemmSpec.exact(List.of(formats), Epilogue.NONE, ScalarType.FP32);
        Algorithm<KernelSpec> how = KernelKinds.algorithm(spec, algorithm);
        KernelVariant variant = KernelVariant.of(spec, how, target);
        OperandLayout layout = how.layout(Side.WEIGHT);
        try (Memory memory = checker.memory(device)) {
            Operands operands = new Operands(memory);
            Product product = new Product(spec, layout, a, b, new float[0]);
            long d = operands.room("d", ScalarType.FP32, (long) a.rows() * b.rows());
            MxGemmArguments arguments =
                    new MxGemmArguments(a.rows(), b.rows(), MxGemmTrial.partitions(product, 1, operands), 0, d);
            assertThat(memory.launch(variant, arguments)).as(variant.text()).isEmpty();
            float[] result = new float[a.rows() * b.rows()];
            ByteBuffer.wrap(memory.download(d))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(result);
            return result;
        }
    }

    private ExactOperands operands() {
        MxGemmSpec spec = MxGemmSpec.exact(List.of(pair), Epilogue.NONE, ScalarType.FP32);
        return ExactOperands.sparse(Product.split(spec, List.of(k)), m, n, seed);
    }

    /** The other way round, the result is transposed. */
    void swapped() {
        ExactOperands of = operands();
        float[] d = product(pair, of.activation(), of.weight());
        float[] turned = product(new FormatPair(pair.weight(), pair.activation()), of.weight(), of.activation());
        for (int i = 0; i < d.length; i++) {
            assertThat(turned[i % n * m + i / n]).as("%s, element %d", this, i).isEqualTo(d[i]);
        }
    }

    /** Two halves of the channels add up to the whole. */
    void split() {
        ExactOperands of = operands();
        int groups = k / 32;
        int[] first = IntStream.range(0, groups / 2).toArray();
        int[] second = IntStream.range(groups / 2, groups).toArray();
        float[] d = product(pair, of.activation(), of.weight());
        float[] one = product(pair, withGroups(of.activation(), first), withGroups(of.weight(), first));
        float[] two = product(pair, withGroups(of.activation(), second), withGroups(of.weight(), second));
        for (int i = 0; i < d.length; i++) {
            assertThat(one[i] + two[i]).as("%s, element %d", this, i).isEqualTo(d[i]);
        }
    }

    /** Channels in another order, on both sides, make no difference. */
    void permuted() {
        ExactOperands of = operands();
        int[] order = new Draw(Data.EXACT, seed).order(k / 32);
        assertThat(product(pair, withGroups(of.activation(), order), withGroups(of.weight(), order)))
                .as("%s", this)
                .isEqualTo(product(pair, of.activation(), of.weight()));
    }

    /** A row of tokens times a power of two makes its results so much larger. */
    void scaled() {
        ExactOperands of = operands();
        float[] d = product(pair, of.activation(), of.weight());
        int row = m / 2;
        int by = seed % 2 == 0 ? 3 : -4;
        float[] changed = product(pair, scaled(of.activation(), row, by), of.weight());
        for (int i = 0; i < d.length; i++) {
            assertThat(changed[i]).as("%s, element %d", this, i).isEqualTo(i / n == row ? Math.scalb(d[i], by) : d[i]);
        }
    }

    private static PackedMatrix scaled(PackedMatrix matrix, int row, int by) {
        List<PackedPartition> partitions = new ArrayList<>();
        for (PackedPartition part : matrix.partitions()) {
            byte[] scales = part.scales().clone();
            for (int i = row * part.rowScales(); i < (row + 1) * part.rowScales(); i++) {
                scales[i] += by;
            }
            partitions.add(new PackedPartition(part.format(), part.rows(), part.channels(), part.codes(), scales));
        }
        return new PackedMatrix(matrix.rows(), partitions);
    }

    /** The groups of {@code order} of each row. */
    private static PackedMatrix withGroups(PackedMatrix matrix, int[] order) {
        PackedPartition part = matrix.partitions().get(0);
        int bytes = part.format().bytesPerGroup();
        byte[] codes = new byte[matrix.rows() * order.length * bytes];
        byte[] scales = new byte[matrix.rows() * order.length];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int i = 0; i < order.length; i++) {
                int from = row * part.rowScales() + order[i];
                int to = row * order.length + i;
                System.arraycopy(part.codes(), from * bytes, codes, to * bytes, bytes);
                scales[to] = part.scales()[from];
            }
        }
        return new PackedMatrix(
                matrix.rows(),
                List.of(new PackedPartition(part.format(), matrix.rows(), 32 * order.length, codes, scales)));
    }
}
