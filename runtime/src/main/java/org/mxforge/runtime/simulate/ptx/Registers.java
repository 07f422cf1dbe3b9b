package org.mxforge.runtime.simulate.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a warp keeps the registers of a kernel. Constants and the machine's own registers have slots too, filled when a warp begins, so
 * that an instruction reads all its operands alike.
 */
public final class Registers {
    private final List<Integer> widths = new ArrayList<>();
    private final Map<Long, Integer> constants = new HashMap<>();
    private final Map<String, Integer> specials = new HashMap<>();

    /** A slot for a register of {@code bits}. */
    public PtxOperand.Register add(int bits) {
        widths.add(bits);
        return new PtxOperand.Register(widths.size() - 1, bits);
    }

    /** The slot that holds {@code bits} in all lanes. */
    public int constant(long bits) {
        return constants.computeIfAbsent(bits, ignored -> add(64).slot());
    }

    /** The slot of one of the machine's registers that does not change while a warp runs. */
    public int special(String name) {
        return specials.computeIfAbsent(name, ignored -> add(64).slot());
    }

    /** How many slots there are. */
    public int count() {
        return widths.size();
    }

    /** The slots of constants, by their bits. */
    public Map<Long, Integer> constants() {
        return constants;
    }

    /** The slots of the machine's registers, by their names. */
    public Map<String, Integer> specials() {
        return specials;
    }
}
