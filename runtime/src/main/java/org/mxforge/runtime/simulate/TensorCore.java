package org.mxforge.runtime.simulate;

/**
 * How a tensor core adds up products of BF16 or FP16 in FP32: a few at a time, with what was there before, all aligned to the largest of them and
 * cut off behind a number of bits, the sum cut to FP32.
 *
 * @param products how many products are added at a time
 * @param bits bits behind the leading one of the largest term that the others keep
 */
record TensorCore(int products, int bits) {
    /** {@code c} plus the products of {@code a} and {@code b} from {@code from} on. */
    float add(float c, double[] a, int from, double[] b, int other, int count) {
        float sum = c;
        for (int i = 0; i < count; i += products) {
            sum = few(sum, a, from + i, b, other + i, Math.min(products, count - i));
        }
        return sum;
    }

    private float few(float c, double[] a, int from, double[] b, int other, int count) {
        double special = c;
        int largest = c == 0 ? Integer.MIN_VALUE : Math.max(Math.getExponent(c), Float.MIN_EXPONENT);
        for (int i = 0; i < count; i++) {
            double x = a[from + i];
            double y = b[other + i];
            special += x * y;
            if (x != 0 && y != 0) {
                // Significands are multiplied, not normalised: the product of two from 1 to 2 may be 4.
                largest = Math.max(largest, Math.getExponent(x) + Math.getExponent(y));
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
        return Rounding.ZERO.single(Math.scalb((double) total, largest - bits), 0);
    }
}
