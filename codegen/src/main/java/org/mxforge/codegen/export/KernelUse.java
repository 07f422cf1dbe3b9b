package org.mxforge.codegen.export;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;

/**
 * What is launched for a shape.
 *
 * @param variant what was chosen
 * @param shape what for, such as {@code m16,n4096,k4096}, tokens being the most that it is meant for; empty where shapes make no difference
 * @param origin why: {@code wisdom} if it was found to be the fastest, {@code parts} if that holds for the kernel and its passes were reckoned,
 *     {@code nearest} if for another shape, else {@code estimate}, {@code default} or {@code given}
 * @param device what it was measured on; empty if it was not
 * @param millis what it took there; a measured kernel was equal to the oracle there, bit for bit
 */
public record KernelUse(KernelVariant variant, String shape, String origin, String device, OptionalDouble millis) {
    /** How the MX operand of {@code side} lies before the passes; empty for kernels without. */
    String layout(Side side) {
        OperandLayout layout = variant.algorithm().layout(side);
        return layout == OperandLayout.PLAIN ? "" : layout.name().toLowerCase(Locale.ROOT);
    }

    /** The passes that are launched before {@link #kernel}. */
    List<Pass> passes() {
        return variant.algorithm().passes(variant.spec());
    }

    /** The kernel of {@code pass}. */
    KernelVariant kernel(Pass pass) {
        return KernelVariant.of(pass.spec(), variant.target());
    }

    /** The kernel that it ends with. */
    KernelVariant kernel() {
        return variant.kernel();
    }

    /** All kernels that it launches. */
    Stream<KernelVariant> kernels() {
        return Stream.concat(Stream.of(kernel()), passes().stream().map(this::kernel));
    }
}
