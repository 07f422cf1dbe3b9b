package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.target.Target;

/**
 * One kernel, fully decided: what, for which target, and with which configuration. Its text decides its code.
 *
 * @param spec what it computes
 * @param target what it is compiled for
 * @param configuration a legal configuration of {@code spec.space(target)}
 */
public record KernelVariant(KernelSpec spec, Target target, Configuration configuration) {
    public KernelVariant {
        spec.space(target).check(configuration);
    }

    /** The variant with the default configuration. */
    public static KernelVariant of(KernelSpec spec, Target target) {
        return new KernelVariant(spec, target, spec.space(target).defaultConfiguration());
    }

    /** Canonical text: spec, target and configuration joined by bars. */
    public String text() {
        return spec.text() + "|" + target.text() + "|" + configuration.text();
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static KernelVariant parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "bad kernel variant '" + text + "': write it as spec|target|configuration");
        }
        return new KernelVariant(KernelSpec.parse(parts[0]), Target.parse(parts[1]), Configuration.parse(parts[2]));
    }
}
