package org.mxforge.runtime.simulate.ptx;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that are known between two braces, and around them. */
final class PtxScope {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(\\d+)");

    final PtxScope outer;
    /** What labels of this scope are called throughout the kernel. */
    final String path;

    private final Registers registers;
    private final Map<String, Integer> families = new HashMap<>();
    private final Map<String, PtxOperand> names = new HashMap<>();

    PtxScope(PtxScope outer, String path, Registers registers) {
        this.outer = outer;
        this.path = path;
        this.registers = registers;
    }

    /** Registers {@code stem0, stem1, ...}; each gets its slot when it is first used. */
    void declareFamily(String stem, int bits) {
        families.put(stem, bits);
    }

    void declareRegister(String name, int bits) {
        names.put(name, registers.add(bits));
    }

    /** A variable, which stands for its address. */
    void declareVariable(String name, long address) {
        names.put(name, new PtxOperand.Immediate(address));
    }

    /** What {@code name} means; null if it is neither a register nor a variable. */
    PtxOperand find(String name) {
        PtxOperand known = names.get(name);
        if (known != null) {
            return known;
        }
        Matcher matcher = NUMBERED.matcher(name);
        Integer bits = matcher.matches() ? families.get(matcher.group(1)) : null;
        if (bits != null) {
            PtxOperand register = registers.add(bits);
            names.put(name, register);
            return register;
        }
        return outer == null ? null : outer.find(name);
    }
}
