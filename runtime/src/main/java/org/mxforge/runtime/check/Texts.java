package org.mxforge.runtime.check;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.text.Spelling;

/** The words of a case's line. */
final class Texts {
    private Texts() {}

    /** The one of {@code values} that is written so. */
    static <T> T parse(T[] values, Function<T, String> write, String text, String what) {
        List<String> all = Stream.of(values).map(write).toList();
        return Stream.of(values)
                .filter(value -> write.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown " + what + " '" + text + "'"
                        + Spelling.hint(text, all) + ": use one of " + String.join(", ", all)));
    }
}
