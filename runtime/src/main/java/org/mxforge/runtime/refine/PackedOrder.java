package org.mxforge.runtime.refine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;

/**
 * The channels of a site as kernels multiply them.
 *
 * @param order new channel i is old channel {@code order[i]}
 * @param transform what each group of the new channels goes through
 */
record PackedOrder(int[] order, GroupTransform transform) {
    /** {@code rows}, [rows][channels], of {@code side} in this order. */
    float[] of(Side side, float[] rows) {
        int channels = order.length;
        float[] packed = new float[rows.length];
        IntStream.range(0, rows.length / channels).parallel().forEach(row -> {
            int start = row * channels;
            float[] group = new float[GroupLayout.GROUP];
            for (int first = 0; first < channels; first += group.length) {
                for (int i = 0; i < group.length; i++) {
                    group[i] = rows[start + order[first + i]];
                }
                transform.apply(side, group);
                System.arraycopy(group, 0, packed, start + first, group.length);
            }
        });
        return packed;
    }

    /** The order of the groups of {@code units}, each of so many channels, moved together. */
    int[] moved(int[] units, int channels) {
        return Arrays.stream(units)
                .flatMap(unit -> Arrays.stream(order, unit * channels, (unit + 1) * channels))
                .toArray();
    }
}
