package org.mxforge.runtime.simulate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Products that are not rounded before one of two is subtracted from the other. PTX leaves that open where an instruction names no rounding; NVRTC
 * fuses all others itself and leaves these to the assembler, which fuses the first.
 */
final class Contraction {
    private static final String PRODUCT = "mul.f32";
    private static final String DIFFERENCE = "sub.f32";

    private final PtxKernel kernel;
    private final Set<Integer> targets;
    private final Map<Integer, Integer> places = new HashMap<>();

    Contraction(PtxKernel kernel) {
        this.kernel = kernel;
        this.targets = Set.copyOf(kernel.labels().values());
        for (PtxInstruction instruction : kernel.instructions()) {
            instruction.operands().forEach(this::count);
        }
    }

    private void count(PtxOperand operand) {
        if (operand instanceof PtxOperand.Register register) {
            places.merge(register.slot(), 1, Integer::sum);
        } else if (operand instanceof PtxOperand.Vector vector) {
            vector.elements().forEach(this::count);
        } else if (operand instanceof PtxOperand.Address address) {
            count(address.base());
        }
    }

    /** The product that becomes a part of the difference at {@code index}; null if none does. */
    PtxInstruction product(int index) {
        PtxInstruction difference = kernel.instructions().get(index);
        if (!difference.opcode().equals(DIFFERENCE)
                || !(difference.operands().get(1) instanceof PtxOperand.Register first)
                || !(difference.operands().get(2) instanceof PtxOperand.Register second)) {
            return null;
        }
        PtxInstruction product = before(index, first);
        return product != null && before(index, second) != null ? product : null;
    }

    /** The product before {@code index}, in the same run of instructions, that {@code result} is of and that nobody else reads. */
    private PtxInstruction before(int index, PtxOperand.Register result) {
        List<PtxInstruction> instructions = kernel.instructions();
        Set<PtxOperand> written = new HashSet<>();
        for (int i = index - 1; i >= 0 && !targets.contains(i + 1); i--) {
            PtxInstruction earlier = instructions.get(i);
            if (!earlier.operands().isEmpty()
                    && result.equals(earlier.operands().get(0))) {
                boolean fuses = earlier.opcode().equals(PRODUCT)
                        && earlier.guard() < 0
                        && places.get(result.slot()) == 2
                        && earlier.operands().stream().noneMatch(written::contains);
                return fuses ? earlier : null;
            }
            earlier.operands().stream().limit(1).forEach(written::add);
        }
        return null;
    }
}
