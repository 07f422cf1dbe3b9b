package org.mxforge.runtime.simulate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxKernel;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/**
 * Products that are not rounded before something is added to them or subtracted. PTX leaves that open where neither instruction names a rounding;
 * NVRTC fuses sums itself and leaves differences to the assembler, which fuses every product that nobody else reads, of two the first.
 */
final class Contraction {
    private static final Set<String> SUMS = Set.of("add.f32", "sub.f32", "add.f64", "sub.f64");

    /** A product that becomes a part of a sum or difference, and which of its two operands that product is. */
    record Fusion(PtxInstruction product, int operand) {}

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

    /** Whether {@code result} is a register that one instruction writes and one operand reads. */
    boolean isReadOnce(PtxOperand result) {
        return result instanceof PtxOperand.Register register && places.get(register.slot()) == 2;
    }

    /** What becomes a part of the instruction at {@code index}; null if nothing does. */
    Fusion of(int index) {
        PtxInstruction sum = kernel.instructions().get(index);
        if (!SUMS.contains(sum.opcode())) {
            return null;
        }
        String product = sum.opcode().replaceFirst("add|sub", "mul");
        for (int operand = 1; operand <= 2; operand++) {
            PtxInstruction found = before(index, product, sum.operands().get(operand));
            if (found != null) {
                return new Fusion(found, operand);
            }
        }
        return null;
    }

    /** The {@code product} before {@code index}, in the same run of instructions, that gives {@code result} and that nobody else reads. */
    private PtxInstruction before(int index, String product, PtxOperand result) {
        if (!isReadOnce(result)) {
            return null;
        }
        List<PtxInstruction> instructions = kernel.instructions();
        Set<PtxOperand> written = new HashSet<>();
        for (int i = index - 1; i >= 0 && !targets.contains(i + 1); i--) {
            PtxInstruction earlier = instructions.get(i);
            if (!earlier.operands().isEmpty()
                    && result.equals(earlier.operands().get(0))) {
                boolean fuses = earlier.opcode().equals(product)
                        && earlier.guard() < 0
                        && earlier.operands().stream().noneMatch(written::contains);
                return fuses ? earlier : null;
            }
            earlier.operands().stream().limit(1).forEach(written::add);
        }
        return null;
    }
}
