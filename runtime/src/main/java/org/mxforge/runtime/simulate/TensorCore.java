package org.mxforge.runtime.simulate;

/**
 * How a tensor core adds up products in FP32: a few at a time, with what was there before, all aligned to the largest of them and cut off
 * behind a number of bits; of the sum, again, the first bits are kept.
 *
 * @param products how many products are added at a time
 * @param bits bits behind the leading one of the largest term that the others keep
 * @param kept bits behind its leading one that a sum keeps
 */
record TensorCore(int products, int bits, int kept) {
    private static final double TOO_LARGE = 0x1p128;

    /** {@code c} plus the products of {@code a} and {@code b} from {@code from} on. */
    float add(float c, double[] a, int from, double[] b, int other, int count, Least least) {
        float sum = c;
        for (int i = 0; i < count; i += products) {
            sum = few(sum, a, from + i, b, other + i, Math.min(products, count - i), least);
        }
        return sum;
    }

    /** The exponents of the smallest normal numbers of both operands, which subnormal ones have as well. */
    record Least(int a, int b) {}

    private float few(float c, double[] a, int from, double[] b, int other, int count, Least least) {
        double special = c;
        int largest = c == 0 ? Integer.MIN_VALUE : Math.max(Math.getExponent(c), Float.MIN_EXPONENT);
        for (int i = 0; i < count; i++) {
            double x = a[from + i];
            double y = b[other + i];
            special += x * y;
            if (x != 0 && y != 0) {
                // Significands are multiplied, not normalised: the product of two from 1 to 2 may be 4.
                int exponent = Math.max(Math.getExponent(x), least.a) + Math.max(Math.getExponent(y), least.b);
                largest = Math.max(largest, exponent);
            }
        }
        if (!Double.isFinite(special)) {
            return (float) special;
        }
        if (largest == Integer.MIN_VALUE) {
            return (float) special;
        }
        // Whole numbers of the smallest bit that is kept.
        double unit = Math.scalb(1.0, bits - largest);
        long total = (long) (c * unit);
        for (int i = 0; i < count; i++) {
            total += (long) (a[from + i] * b[other + i] * unit);
        }
        return cut(Math.scalb((double) total, largest - bits));
    }

    /** Cut towards zero; what FP32 has no room for is an infinity all the same. */
    private float cut(double sum) {
        if (Math.abs(sum) >= TOO_LARGE) {
            return (float) Math.copySign(Double.POSITIVE_INFINITY, sum);
        }
        int exponent = Math.max(Math.getExponent(sum), Float.MIN_EXPONENT);
        double steps = Math.scalb(sum, kept - exponent);
        // Plus zero: what is cut to nothing has no sign.
        return (float) Math.scalb(steps < 0 ? Math.ceil(steps) : Math.floor(steps), exponent - kept) + 0f;
    }
}
