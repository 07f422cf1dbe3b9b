package org.mxforge.runtime.tune.device;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a quantizer's result is right: equal to the oracle's byte for byte, padding included.
 *
 * @param repeats how many times the whole pattern of rows comes
 * @param pattern what is right for it
 * @param rest what is right for the rows after that
 */
record QuantizeCheck(int repeats, QuantizedBytes pattern, QuantizedBytes rest) {
    /** What is wrong with {@code result}; empty if it is right. */
    Optional<String> fault(QuantizedBytes result) {
        return fault("codes", result.codes(), pattern.codes(), rest.codes())
                .or(() -> fault("scales", result.scales(), pattern.scales(), rest.scales()));
    }

    private Optional<String> fault(String what, List<byte[]> results, List<byte[]> patterns, List<byte[]> rests) {
        for (int i = 0; i < rests.size(); i++) {
            byte[] result = results.get(i);
            byte[] whole = patterns.get(i);
            byte[] last = rests.get(i);
            String name = what + " of partition " + i;
            if (result.length != (long) repeats * whole.length + last.length) {
                return Optional.of("the " + name + " have " + result.length + " bytes");
            }
            for (int repeat = 0; repeat <= repeats; repeat++) {
                byte[] wanted = repeat < repeats ? whole : last;
                int from = repeat * whole.length;
                int at = Arrays.mismatch(result, from, from + wanted.length, wanted, 0, wanted.length);
                if (at >= 0) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "byte %d of the %s, in the 128 rows from row %d on, is 0x%02x, but must be 0x%02x",
                            from + at,
                            name,
                            repeat * RowPattern.ROWS,
                            result[from + at],
                            wanted[at]));
                }
            }
        }
        return Optional.empty();
    }
}
