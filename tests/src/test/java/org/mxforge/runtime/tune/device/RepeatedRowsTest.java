package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What benchmarks rely on when they lay out a block of rows once and copy it: in every layout, tiles of rows follow each other. */
class RepeatedRowsTest {
    private static final int TILE = 128;
    private static final int CHANNELS = 160;

    private static PackedMatrix random(int rows) {
        Random random = new Random(7);
        return new PackedMatrix(
                rows,
                Stream.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3)
                        .map(format -> random(format, rows, random))
                        .toList());
    }

    private static PackedPartition random(ElementFormat format, int rows, Random random) {
        byte[] codes = new byte[Math.toIntExact(rows * CodePacking.bytes(format, CHANNELS))];
        byte[] scales = new byte[rows * CHANNELS / GroupLayout.GROUP];
        random.nextBytes(codes);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) (120 + random.nextInt(12));
        }
        return new PackedPartition(format, rows, CHANNELS, codes, scales);
    }

    /** The second tile, then the first, then the second, then the first. */
    private static PackedMatrix turnedAndRepeated(PackedMatrix block) {
        return new PackedMatrix(
                2 * block.rows(),
                block.partitions().stream()
                        .map(partition -> new PackedPartition(
                                partition.format(),
                                2 * block.rows(),
                                CHANNELS,
                                turnedAndRepeated(partition.codes()),
                                turnedAndRepeated(partition.scales())))
                        .toList());
    }

    private static byte[] turnedAndRepeated(byte[] block) {
        int half = block.length / 2;
        byte[] result = new byte[2 * block.length];
        for (int to = 0; to < result.length; to += block.length) {
            System.arraycopy(block, half, result, to, half);
            System.arraycopy(block, 0, result, to + half, half);
        }
        return result;
    }

    private static List<byte[]> laidOut(PackedMatrix matrix, OperandLayout layout, Side side) {
        List<byte[]> uploads = new ArrayList<>();
        PackedOperand.upload(matrix, layout, Tolerance.WITHIN_4, side, (purpose, bytes) -> {
            uploads.add(bytes);
            return null;
        });
        return uploads;
    }

    @ParameterizedTest
    @EnumSource
    void layoutsOfRepeatedRowsAreRepeatedLayouts(Side side) {
        PackedMatrix block = random(2 * TILE);
        for (OperandLayout layout :
                List.of(OperandLayout.TILED, OperandLayout.CONTAINERS, OperandLayout.FRAGMENTS, OperandLayout.BF16)) {
            List<byte[]> wanted = laidOut(block, layout, side).stream()
                    .map(RepeatedRowsTest::turnedAndRepeated)
                    .toList();
            assertThat(wanted).isNotEmpty();
            assertThat(laidOut(turnedAndRepeated(block), layout, side))
                    .as(layout.name())
                    .usingRecursiveComparison()
                    .isEqualTo(wanted);
        }
    }
}
