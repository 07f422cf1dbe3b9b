package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;

/**
 * Block-scaled {@code mma.sync}, which only GPUs of compute capability 12 have, on single products in every place: each says where its elements
 * and its scales came from.
 */
class BlockScaledProductTest {
    private static final int WARPS = 4;

    static Stream<Arguments> products() {
        Stream<Arguments> mixed = Arrays.stream(ElementFormat.values())
                .flatMap(a -> Arrays.stream(ElementFormat.values()).map(b -> Arguments.of("kind::mxf8f6f4", 32, a, b)));
        ElementFormat narrow = ElementFormat.E2M1;
        return Stream.concat(
                mixed,
                Stream.of(
                        Arguments.of("kind::mxf4", 64, narrow, narrow),
                        Arguments.of("kind::mxf4nvf4", 64, narrow, narrow)));
    }

    @ParameterizedTest
    @MethodSource("products")
    void everyElementAndScaleIsWhereItShouldBe(String kind, int k, ElementFormat a, ElementFormat b) {
        Random random = new Random(3);
        int blocks = k / 32;
        for (int selector = 0; selector < 8; selector++) {
            int[] pick = {selector * blocks % 4, selector / 4, selector * 3 * blocks % 4, selector % 4};
            String form =
                    "mma.sync.aligned.%s.block_scale.scale_vec::%dX.m16n8k%d.row.col.f32.%s.%s.f32.ue8m0 %d %d %d %d"
                            .formatted(kind, blocks, k, a.text(), b.text(), pick[0], pick[1], pick[2], pick[3]);
            Operands operands = new Operands(k, a, b, random);
            float[] sums = operands.run(InstructionForm.parse(form), pick);
            for (int warp = 0; warp < WARPS; warp++) {
                for (int m = 0; m < 16; m++) {
                    for (int n = 0; n < 8; n++) {
                        assertThat(sums[(warp * 16 + m) * 8 + n])
                                .as("row %d, column %d of %s", m, n, form)
                                .isEqualTo((float) operands.expected(warp, m, n));
                    }
                }
            }
        }
    }

    /** Random operands: B has one element in each column, and sums begin with zero. */
    private static final class Operands {
        private final int k;
        private final ElementFormat a;
        private final ElementFormat b;
        private final int[][][] left = new int[WARPS][16][];
        private final int[][][] right = new int[WARPS][8][];
        private final int[][][] leftScales = new int[WARPS][16][2];
        private final int[][][] rightScales = new int[WARPS][8][2];

        Operands(int k, ElementFormat a, ElementFormat b, Random random) {
            this.k = k;
            this.a = a;
            this.b = b;
            for (int warp = 0; warp < WARPS; warp++) {
                for (int m = 0; m < 16; m++) {
                    left[warp][m] = random.ints(k, 0, a.codes())
                            .map(code -> finite(a, code))
                            .toArray();
                    leftScales[warp][m] = random.ints(2, 97, 158).toArray();
                }
                for (int n = 0; n < 8; n++) {
                    right[warp][n] = new int[k];
                    right[warp][n][random.nextInt(k)] = finite(b, random.nextInt(b.codes()));
                    rightScales[warp][n] = random.ints(2, 97, 158).toArray();
                }
            }
        }

        private static int finite(ElementFormat format, int code) {
            return Float.isFinite(format.decode(code)) ? code : 0;
        }

        double expected(int warp, int m, int n) {
            double sum = 0;
            for (int i = 0; i < k; i++) {
                double x = a.decode(left[warp][m][i]) * (double) ScaleFormat.E8M0.decode(leftScales[warp][m][i / 32]);
                double y = b.decode(right[warp][n][i]) * (double) ScaleFormat.E8M0.decode(rightScales[warp][n][i / 32]);
                sum += x * y;
            }
            return sum;
        }

        float[] run(InstructionForm form, int[] pick) {
            FormKernel kernel = FormKernel.of(form).orElseThrow();
            int stride = FormKernel.stride(12);
            ByteBuffer reads = ByteBuffer.allocate(WARPS * 32 * stride).order(ByteOrder.LITTLE_ENDIAN);
            for (int thread = 0; thread < WARPS * 32; thread++) {
                int warp = thread / 32;
                int g = thread % 32 / 4;
                int t = thread % 4;
                int at = thread * stride + FormKernel.OWN_WORDS * Long.BYTES;
                for (int i = 0; i < 4; i++) {
                    reads.putInt(at + i * 8, word(a, left[warp][g + 8 * (i % 2)], t, i / 2));
                }
                for (int i = 0; i < 2; i++) {
                    reads.putInt(at + (4 + i) * 8, word(b, right[warp][g], t, i));
                }
                // Lanes that are not selected hold other scales.
                boolean row = t / 2 == pick[1];
                int[] mine = row ? leftScales[warp][g + 8 * (t % 2)] : new int[] {3, 4};
                reads.putInt(at + 80, mine[0] << 8 * pick[0] | (k == 64 ? mine[1] << 8 * pick[0] + 8 : 0));
                int[] other = t == pick[3] ? rightScales[warp][g] : new int[] {5, 6};
                reads.putInt(at + 88, other[0] << 8 * pick[2] | (k == 64 ? other[1] << 8 * pick[2] + 8 : 0));
            }
            SimulatedForm run = SimulatedForm.run(
                    new FormKernel(form, kernel.ptx(), 1, reads.array(), WARPS * 32 * FormKernel.stride(4)));
            assertThat(run.findings()).isEmpty();
            ByteBuffer written = ByteBuffer.wrap(run.written()).order(ByteOrder.LITTLE_ENDIAN);
            float[] sums = new float[WARPS * 16 * 8];
            for (int thread = 0; thread < WARPS * 32; thread++) {
                int at = thread * FormKernel.stride(4) + FormKernel.OWN_WORDS * Long.BYTES;
                for (int i = 0; i < 4; i++) {
                    int row = thread / 32 * 16 + thread % 32 / 4 + 8 * (i / 2);
                    sums[row * 8 + thread % 4 * 2 + i % 2] = written.getFloat(at + i * 8);
                }
            }
            return sums;
        }

        /** Elements of a register: bytes, or nibbles where {@code k} is 64. */
        private int word(ElementFormat format, int[] codes, int t, int half) {
            int each = k / 8;
            int bits = 32 / each;
            int word = 0;
            for (int j = 0; j < each; j++) {
                int code = codes[each * t + j + k / 2 * half];
                word |= (k == 32 && format == ElementFormat.E2M1 ? code << 2 : code) << bits * j;
            }
            return word;
        }
    }
}
