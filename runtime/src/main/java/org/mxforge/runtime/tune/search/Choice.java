package org.mxforge.runtime.tune.search;

import java.util.Locale;
import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.wisdom.Timing;

/**
 * A variant that was chosen, and why.
 *
 * @param variant what was chosen
 * @param origin why
 * @param timing what it took when it was measured
 */
public record Choice(KernelVariant variant, Origin origin, Optional<Timing> timing) {
    /** Why a variant was chosen. */
    public enum Origin {
        /** A search of this process found it. */
        SEARCH,
        /** An earlier search found it. */
        WISDOM,
        /** A search for another shape, or with another compiler, found it. */
        NEAREST,
        /** The cost model ranks it first, or {@link VariantChooser#DEFAULTS} does: nothing was measured. */
        ESTIMATE,
        /** It is the default: nothing better is known. */
        DEFAULT;

        /** Whether this very shape was measured. */
        public boolean isMeasured() {
            return this == SEARCH || this == WISDOM;
        }

        /** In lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
