package org.mxforge.runtime.simulate.ptx;

import java.util.List;

/** An operand of an instruction, names resolved. */
public sealed interface PtxOperand {
    /**
     * A register.
     *
     * @param slot where a warp keeps it
     * @param bits its width; 1 for a predicate
     */
    record Register(int slot, int bits) implements PtxOperand {}

    /** A number as bits; an integer is extended by its sign. */
    record Immediate(long bits) implements PtxOperand {}

    /** A register of the machine, such as {@code %tid.x}. */
    record Special(String name) implements PtxOperand {}

    /** {@code [base + offset]}. */
    record Address(PtxOperand base, long offset) implements PtxOperand {}

    /** {@code {a, b, ...}}. */
    record Vector(List<PtxOperand> elements) implements PtxOperand {}

    /** {@code a|b}: two destinations. */
    record Pair(PtxOperand first, PtxOperand second) implements PtxOperand {}

    /** {@code !p}. */
    record Not(PtxOperand predicate) implements PtxOperand {}

    /** A label, or another name that the kernel does not declare. */
    record Name(String text) implements PtxOperand {}

    /** {@code _}: a result that nobody wants. */
    record Sink() implements PtxOperand {}
}
