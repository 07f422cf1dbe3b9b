package org.mxforge.runtime;

import java.util.OptionalDouble;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.search.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomKey;

/**
 * The variant that an engine chose for a shape of a kernel.
 *
 * @param spec what is computed
 * @param target what it is compiled for
 * @param device name of the device it runs on
 * @param shape its size, tokens rounded up to a power of two; in the forms of {@link #SHAPES}
 * @param tokens the tokens of that shape
 * @param configuration what was chosen
 * @param origin why: {@code search}, {@code wisdom}, {@code nearest}, {@code estimate} or {@code default}
 * @param measured whether this very shape was measured
 * @param millis what it took when it was
 */
public record TunedKernel(
        KernelSpec spec,
        Target target,
        String device,
        String shape,
        int tokens,
        Configuration configuration,
        String origin,
        boolean measured,
        OptionalDouble millis) {
    /** How shapes are written, for messages and help. */
    public static final String SHAPES = KernelShape.FORMS;

    static TunedKernel of(WisdomKey key, Choice choice) {
        OptionalDouble millis = choice.timing().map(Timing::median).stream()
                .mapToDouble(Double::doubleValue)
                .findFirst();
        return new TunedKernel(
                key.spec(),
                key.target(),
                key.device(),
                key.shape().text(),
                key.shape().m(),
                choice.configuration(),
                choice.origin().text(),
                choice.origin().isMeasured(),
                millis);
    }

    /** Whether it is what so many tokens at a time run. */
    public boolean serves(int rows) {
        return tokens == KernelShape.bucket(rows);
    }
}
