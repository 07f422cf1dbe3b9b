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
    SILU_MUL(Operand.MATRIX);

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

    /** The token that spec texts use: {@code none}, {@code bias}, {@code residual} or {@code silumul}. */
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
        throw new IllegalArgumentException("unknown epilogue '" + text + "': use none, bias, residual or silumul");
    }
}
