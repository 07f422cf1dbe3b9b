package org.mxforge.runtime;

import java.util.OptionalDouble;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomKey;

/**
 * The variant that an engine chose for a shape of a kernel.
 *
 * @param variant what was chosen
 * @param device name of the device it runs on
 * @param shape its size, tokens rounded up to a power of two; in the forms of {@link #SHAPES}
 * @param tokens the tokens of that shape
 * @param origin why: {@code search}, {@code wisdom}, {@code parts} (the kernel was measured, the passes before it were not), {@code nearest},
 *     {@code estimate} or {@code default}
 * @param measured whether this very shape was measured, the kernel at least
 * @param millis what it took when it was measured as a whole
 */
public record TunedKernel(
        KernelVariant variant,
        String device,
        String shape,
        int tokens,
        String origin,
        boolean measured,
        OptionalDouble millis) {
    /** How shapes are written, for messages and help. */
    public static final String SHAPES = KernelShape.FORMS;

    /**
     * What {@code tuning} chooses.
     *
     * @throws IllegalArgumentException if kernels of this problem are not tuned, or not on such a shape
     */
    static TunedKernel choose(Tuning tuning, KernelProblem problem, KernelShape shape) {
        tuning.choose(problem, shape);
        return tuning.choices().entrySet().stream()
                .filter(choice -> choice.getKey().problem().equals(problem.within(KernelProblem.Scope.ALL))
                        && choice.getKey().shape().equals(shape.bucketed()))
                .map(choice -> of(choice.getKey(), choice.getValue()))
                .findFirst()
                .orElseThrow();
    }

    static TunedKernel of(WisdomKey key, Choice choice) {
        OptionalDouble millis = choice.measured().map(Timing::median).stream()
                .mapToDouble(Double::doubleValue)
                .findFirst();
        return new TunedKernel(
                choice.variant(),
                key.device(),
                key.shape().text(),
                key.shape().m(),
                choice.origin().text(),
                choice.origin().isMeasured(),
                millis);
    }

    /** Whether it is what so many tokens at a time run. */
    public boolean serves(int rows) {
        return tokens == KernelShape.bucket(rows);
    }
}
