package org.mxforge.runtime.simulate.ptx;

import java.util.Map;

/**
 * A type of PTX.
 *
 * @param kind what its bits mean
 * @param bits how many there are
 */
public record PtxType(Kind kind, int bits) {
    /** What bits mean. */
    public enum Kind {
        SIGNED,
        UNSIGNED,
        BITS,
        FLOAT,
        PREDICATE
    }

    private static final Map<String, Kind> KINDS =
            Map.of("s", Kind.SIGNED, "u", Kind.UNSIGNED, "b", Kind.BITS, "f", Kind.FLOAT);

    /** The type called {@code name}; null if there is none. */
    public static PtxType find(String name) {
        if (name.equals("pred")) {
            return new PtxType(Kind.PREDICATE, 1);
        }
        Kind kind = name.isEmpty() ? null : KINDS.get(name.substring(0, 1));
        return kind != null && name.substring(1).matches("8|16|32|64|128")
                ? new PtxType(kind, Integer.parseInt(name.substring(1)))
                : null;
    }

    /**
     * The type called {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PtxType parse(String name) {
        PtxType type = find(name);
        if (type == null) {
            throw new IllegalArgumentException("'" + name + "' is no type of PTX");
        }
        return type;
    }

    public int bytes() {
        return bits / Byte.SIZE;
    }

    /** Whether it is a signed integer. */
    public boolean signed() {
        return kind == Kind.SIGNED;
    }

    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** The bits that a value of this type may have. */
    public long mask() {
        return bits >= Long.SIZE ? -1 : (1L << bits) - 1;
    }

    /** {@code value}'s low bits as a number. */
    public long extend(long value) {
        if (bits >= Long.SIZE) {
            return value;
        }
        return signed() ? value << Long.SIZE - bits >> Long.SIZE - bits : value & mask();
    }
}
