package org.mxforge.runtime.simulate;

import java.util.Map;

/** How a result that is no number of its format becomes one. */
enum Rounding {
    NEAREST,
    ZERO,
    DOWN,
    UP;

    private static final Map<String, Rounding> NAMES = Map.of("rn", NEAREST, "rz", ZERO, "rm", DOWN, "rp", UP);

    /** The one that {@code decoding} names; nearest if it names none. */
    static Rounding of(Decoding decoding) {
        String name = decoding.takeOne("rn", "rz", "rm", "rp");
        return name == null ? NEAREST : NAMES.get(name);
    }

    /** {@code sum + error} in FP32; the error is less than half a unit in the last place of the sum, and 0 to round to nearest. */
    float single(double sum, double error) {
        float near = (float) sum;
        if (this == NEAREST || !Double.isFinite(sum)) {
            return near;
        }
        // Where the exact value lies, seen from the nearest FP32 number.
        int side = sum != near ? Double.compare(sum, near) : (int) Math.signum(error);
        boolean down = this == DOWN || this == ZERO && sum > 0;
        if (side < 0 && down) {
            return Math.nextDown(near);
        }
        return side > 0 && !down ? Math.nextUp(near) : near;
    }

    /** {@code a + b} in FP64; where the exact sum of two numbers is zero and not both are, its sign follows the rounding. */
    double sum(double a, double b) {
        double sum = a + b;
        boolean negative = Math.copySign(1, a) < 0 || Math.copySign(1, b) < 0;
        return this == DOWN && sum == 0 && negative ? -0.0 : sum;
    }

    /** What {@code a + b} misses of the exact sum (Knuth). */
    static double error(double a, double b, double sum) {
        double part = sum - a;
        return Double.isFinite(sum) ? (a - (sum - part)) + (b - part) : 0;
    }
}
