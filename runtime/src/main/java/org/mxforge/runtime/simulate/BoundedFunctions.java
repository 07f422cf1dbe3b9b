package org.mxforge.runtime.simulate;

import java.util.function.LongUnaryOperator;

/** What functions give of which PTX says only how far they may be from the exact value, such as {@code ex2.approx.ftz.f32}. */
@FunctionalInterface
interface BoundedFunctions {
    /** They give the exact value, rounded. */
    BoundedFunctions EXACT = (opcode, exact) -> exact;

    /** The function of {@code opcode} on the bits of numbers, of which {@code exact} is the exact one. */
    LongUnaryOperator of(String opcode, LongUnaryOperator exact);
}
