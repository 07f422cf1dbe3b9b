package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.simulate.ptx.CodeLine;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;
import org.mxforge.runtime.simulate.ptx.Registers;

/** One instruction while it becomes a step: hands out its modifiers and operands, and refuses what nobody asked for. */
final class Decoding {
    private final PtxInstruction instruction;
    private final Registers registers;
    private final List<String> modifiers;

    Decoding(PtxInstruction instruction, Registers registers) {
        this.instruction = instruction;
        this.registers = registers;
        // Between single dots: two colons belong to the modifier.
        this.modifiers = new ArrayList<>(Arrays.asList(instruction.opcode().split("\\.")));
        modifiers.remove(0);
    }

    CodeLine at() {
        return instruction.at();
    }

    String opcode() {
        return instruction.opcode();
    }

    String name() {
        return instruction.name();
    }

    int operands() {
        return instruction.operands().size();
    }

    PtxOperand operand(int index) {
        if (index >= operands()) {
            throw refuse("has too few operands");
        }
        return instruction.operands().get(index);
    }

    /** Whether {@code modifier} is there; it counts as understood then. */
    boolean take(String modifier) {
        return modifiers.remove(modifier);
    }

    /** The first of {@code choices} that is there; null if none is. */
    String takeOne(String... choices) {
        return Arrays.stream(choices).filter(this::take).findFirst().orElse(null);
    }

    /** The next modifier that is no more understood, in order. */
    String takeNext() {
        if (modifiers.isEmpty()) {
            throw refuse("says too little");
        }
        return modifiers.remove(0);
    }

    /** The type that comes last. */
    PtxType type() {
        PtxType type = modifiers.isEmpty() ? null : PtxType.find(modifiers.get(modifiers.size() - 1));
        if (type == null) {
            throw refuse("has no type that the simulator models");
        }
        modifiers.remove(modifiers.size() - 1);
        return type;
    }

    /** Where the lanes find a source of {@code bits}. */
    int source(int index, int bits) {
        return source(operand(index), bits);
    }

    int source(PtxOperand operand, int bits) {
        if (operand instanceof PtxOperand.Register register) {
            return register.slot();
        }
        if (operand instanceof PtxOperand.Immediate number) {
            return registers.constant(bits >= Long.SIZE ? number.bits() : number.bits() & (1L << bits) - 1);
        }
        if (operand instanceof PtxOperand.Special special && SpecialRegisters.knows(special.name())) {
            return registers.special(special.name());
        }
        throw refuse("has an operand of a kind that the simulator does not model");
    }

    /** Sources in braces. */
    int[] sources(int index, int bits) {
        if (operand(index) instanceof PtxOperand.Vector vector) {
            return vector.elements().stream()
                    .mapToInt(element -> source(element, bits))
                    .toArray();
        }
        return new int[] {source(index, bits)};
    }

    PtxOperand.Register destination(int index) {
        return destination(operand(index));
    }

    PtxOperand.Register destination(PtxOperand operand) {
        if (operand instanceof PtxOperand.Register register) {
            return register;
        }
        if (operand instanceof PtxOperand.Sink) {
            return registers.add(Long.SIZE);
        }
        throw refuse("writes what is no register");
    }

    /** Destinations in braces. */
    PtxOperand.Register[] destinations(int index) {
        return operand(index) instanceof PtxOperand.Vector vector
                ? vector.elements().stream().map(this::destination).toArray(PtxOperand.Register[]::new)
                : new PtxOperand.Register[] {destination(index)};
    }

    MxForgeException refuse(String why) {
        return Unmodelled.of(instruction, why);
    }

    /** Refuses the instruction if it says more than was understood. */
    void finish() {
        if (!modifiers.isEmpty()) {
            throw refuse("has a form that the simulator does not model ('" + modifiers.get(0) + "')");
        }
    }

    /** A step that computes operand 0 from operand 1, of {@code bits}. */
    Step unary(int bits, LongUnaryOperator operator) {
        PtxOperand.Register to = destination(0);
        int a = source(1, bits);
        finish();
        return Lanes.unary(to, a, operator);
    }

    /** The same from operands 1 and 2. */
    Step binary(int bits, LongBinaryOperator operator) {
        PtxOperand.Register to = destination(0);
        int a = source(1, bits);
        int b = source(2, bits);
        finish();
        return Lanes.binary(to, a, b, operator);
    }

    /** The same from operands 1 to 3. */
    Step ternary(int bits, Lanes.Ternary operator) {
        PtxOperand.Register to = destination(0);
        int a = source(1, bits);
        int b = source(2, bits);
        int c = source(3, bits);
        finish();
        return Lanes.ternary(to, a, b, c, operator);
    }
}
