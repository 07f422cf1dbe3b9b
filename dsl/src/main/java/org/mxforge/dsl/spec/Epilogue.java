package org.mxforge.dsl.spec;

import java.util.Locale;

/** What a GEMM does with its FP32 accumulator before it rounds once to the output type. */
public enum Epilogue {
    /** D = acc. */
    NONE(Operand.NONE),
    /** D = acc + bias[n]; bias is BF16 (FP32 on the CPU target). */
    BIAS(Operand.COLUMNS),
    /** D = acc + residual[m, n]; the residual has D's shape and type and may be D itself. */
    RESIDUAL(Operand.MATRIX),
    /** D = silu(acc) * up[m, n]: the gated MLP, the gate projection multiplied here, up computed before; up has D's shape and type. */
    SILU_MUL(Operand.MATRIX),
    /**
     * D[m, c] = silu(gate) * up, both projections of the gated MLP in one product: rows of B alternate by eights, {@link #gateRow} that of
     * the gate of column c and {@link #upRow} that of its factor, and D has half as many columns as B has rows.
     */
    SWIGLU(Operand.NONE);

    /** Gates, or factors, that lie together: rows of B that one instruction of the tensor cores takes eight at a time. */
    private static final int EIGHT = 8;

    /** The shape of what an epilogue reads beside the accumulator. */
    public enum Operand {
        /** Nothing. */
        NONE,
        /** One BF16 number for each column of D (FP32 on the CPU target). */
        COLUMNS,
        /** A matrix of D's shape and type. */
        MATRIX;

        /** How many numbers that is beside an [m][n] result. */
        public int count(int m, int n) {
            return switch (this) {
                case NONE -> 0;
                case COLUMNS -> n;
                case MATRIX -> Math.multiplyExact(m, n);
            };
        }
    }

    private final Operand operand;

    Epilogue(Operand operand) {
        this.operand = operand;
    }

    /** What it reads. */
    public Operand operand() {
        return operand;
    }

    /** What the number of B's rows must be a multiple of. */
    public int rowMultiple() {
        return this == SWIGLU ? 2 * EIGHT : 1;
    }

    /** Columns of D, of {@code n} rows of B. */
    public int columns(int n) {
        return this == SWIGLU ? n / 2 : n;
    }

    /** Whether it has SiLU, which FP32 does not compute exactly. */
    public boolean hasSilu() {
        return this == SILU_MUL || this == SWIGLU;
    }

    /** The row of B with the gate of a column of {@link #SWIGLU}. */
    public static int gateRow(int column) {
        return column / EIGHT * 2 * EIGHT + column % EIGHT;
    }

    /** The row of B with what that is multiplied by. */
    public static int upRow(int column) {
        return gateRow(column) + EIGHT;
    }

    /** Rows of B in the order that {@link #SWIGLU} reads, of {@code n} rows of which the first half are gates. */
    public static int[] alternating(int n) {
        int[] order = new int[n];
        for (int column = 0; column < n / 2; column++) {
            order[gateRow(column)] = column;
            order[upRow(column)] = n / 2 + column;
        }
        return order;
    }

    /** The token that spec texts use: {@code none}, {@code bias}, {@code residual}, {@code silumul} or {@code swiglu}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the epilogues there are
     */
    public static Epilogue parse(String text) {
        for (Epilogue epilogue : values()) {
            if (epilogue.text().equals(text)) {
                return epilogue;
            }
        }
        throw new IllegalArgumentException(
                "unknown epilogue '" + text + "': use none, bias, residual, silumul or swiglu");
    }
}
