package org.mxforge.dsl.spec;

import java.util.Optional;

/**
 * What one kernel computes and how exactly, apart from how: the formats and fused steps that its code is specialised on. Sizes
 * (rows, columns, channels of each partition) are launch arguments; where operands lie and how the work is cut is an {@link
 * Algorithm}'s business. Every spec has one canonical text, which parses back; it is part of cache keys, wisdom and file headers.
 *
 * <p>Implementations are records. Each belongs to a {@link KernelKind}, which reads its text.
 */
public interface KernelSpec {
    /** The stem that spec, kind, template and argument record share, such as {@code mxgemm}. */
    String stem();

    /** Canonical text: stem, version and fields in fixed order, such as {@code rope/v1} or {@code attention/v1;head=64}. */
    String text();

    /** A spec whose variants rank as those of this one do, to be asked where nothing was measured of this one. */
    default Optional<KernelSpec> kin() {
        return Optional.empty();
    }

    /** {@link #text()} as a C and Java identifier, without version and field names: unique among specs. */
    default String identifier() {
        String values = SpecText.values(text());
        return (values.isEmpty() ? stem() : stem() + "_" + values)
                .replace('+', '_')
                .replace('.', '_');
    }

    /**
     * Reads the canonical text of any spec whose kind is registered.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    static KernelSpec parse(String text) {
        SpecText fields = SpecText.of(text);
        KernelSpec spec = KernelKinds.read(fields);
        // Texts are cache keys: a number with a leading zero would be a second name for the same kernel.
        if (!spec.text().equals(text)) {
            throw new IllegalArgumentException("bad spec '" + text + "': its canonical text is '" + spec.text() + "'");
        }
        return spec;
    }
}
