package org.mxforge.runtime.cli.console;

import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/** Values of an option in lower case, as help writes them, for shells to complete. */
public abstract class Names implements Iterable<String> {
    private final Enum<?>[] values;

    protected Names(Enum<?>... values) {
        this.values = values.clone();
    }

    @Override
    public Iterator<String> iterator() {
        return Stream.of(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .iterator();
    }
}
