package org.mxforge.runtime.tune.device;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether the result of a grouped GEMM is right: the rows of each expert as {@link ResultCheck} says, and all others as they were
 * before, filled with NaN.
 *
 * @param parts the experts with tokens, by their first row
 * @param columns columns of the result
 */
record GroupedCheck(List<Part> parts, int columns) {
    /**
     * The rows of one expert.
     *
     * @param first the first of them
     * @param rows how many they are
     * @param check what they must hold
     */
    record Part(int expert, int first, int rows, ResultCheck check) {}

    GroupedCheck {
        parts = List.copyOf(parts);
    }

    /** What is wrong with {@code result}, [M][N]; empty if it is right. */
    Optional<String> fault(float[] result) {
        int done = 0;
        for (Part part : parts) {
            int end = part.first() + part.rows();
            Optional<String> fault = touched(result, done, part.first()).or(() -> part.check()
                    .fault(Arrays.copyOfRange(result, part.first() * columns, end * columns))
                    .map(text -> "of expert " + part.expert() + ", " + text));
            if (fault.isPresent()) {
                return fault;
            }
            done = end;
        }
        return touched(result, done, result.length / columns);
    }

    private Optional<String> touched(float[] result, int from, int to) {
        for (int i = from * columns; i < to * columns; i++) {
            if (!Float.isNaN(result[i])) {
                return Optional.of("element (" + i / columns + ", " + i % columns + ") is " + result[i]
                        + ", but no token is in its row, which must not be written");
            }
        }
        return Optional.empty();
    }
}
