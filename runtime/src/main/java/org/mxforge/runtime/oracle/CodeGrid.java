package org.mxforge.runtime.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;

/** The codes of a format that are integers up to a limit when scaled by 2^exponent, for every exponent that leaves any. */
final class CodeGrid {
    /** Wider than any format's span of exponents together with any limit. */
    private static final int REACH = 64;

    private final List<int[]> codes = new ArrayList<>();
    private final int leastExponent;

    CodeGrid(ElementFormat format, int limit) {
        int least = REACH;
        for (int exponent = -REACH; exponent <= REACH; exponent++) {
            int[] onGrid = onGrid(format, exponent, limit);
            if (IntStream.of(onGrid).anyMatch(code -> format.decode(code) != 0)) {
                least = Math.min(least, exponent);
                codes.add(onGrid);
            }
        }
        this.leastExponent = least;
    }

    private static int[] onGrid(ElementFormat format, int exponent, int limit) {
        return IntStream.range(0, format.codes())
                .filter(code -> {
                    double value = Math.scalb((double) format.decode(code), exponent);
                    return Math.abs(value) <= limit && value == Math.rint(value);
                })
                .toArray();
    }

    /** A scale exponent under which some code other than zero lies on the grid. */
    int scale(SplittableRandom random) {
        return leastExponent + random.nextInt(codes.size());
    }

    /** A code that lies on the grid under the scale 2^{@code exponent}. */
    int code(int exponent, SplittableRandom random) {
        int[] candidates = codes.get(exponent - leastExponent);
        return candidates[random.nextInt(candidates.length)];
    }
}
