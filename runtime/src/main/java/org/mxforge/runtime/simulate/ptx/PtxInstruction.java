package org.mxforge.runtime.simulate.ptx;

import java.util.List;

/**
 * One instruction as it is written.
 *
 * @param guard slot of the predicate that it is under; -1 if none
 * @param negated whether lanes run it where the predicate is false
 * @param opcode the whole opcode, such as {@code add.s32}
 * @param operands destinations first
 * @param at where it is written
 */
public record PtxInstruction(int guard, boolean negated, String opcode, List<PtxOperand> operands, CodeLine at) {
    /** The opcode without its modifiers, such as {@code add}. */
    public String name() {
        int dot = opcode.indexOf('.');
        return dot < 0 ? opcode : opcode.substring(0, dot);
    }
}
