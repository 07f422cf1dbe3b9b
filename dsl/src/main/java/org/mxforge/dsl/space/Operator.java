package org.mxforge.dsl.space;

/** The operators of an {@link Expression}; comparisons give 1 or 0. */
public enum Operator {
    PLUS("+") {
        @Override
        public long apply(long left, long right) {
            return left + right;
        }
    },
    TIMES("*") {
        @Override
        public long apply(long left, long right) {
            return left * right;
        }
    },
    OVER("/") {
        @Override
        public long apply(long left, long right) {
            return left / right;
        }
    },
    MODULO("%") {
        @Override
        public long apply(long left, long right) {
            return left % right;
        }
    },
    MIN("min") {
        @Override
        public long apply(long left, long right) {
            return Math.min(left, right);
        }
    },
    MAX("max") {
        @Override
        public long apply(long left, long right) {
            return Math.max(left, right);
        }
    },
    AT_MOST("<=") {
        @Override
        public long apply(long left, long right) {
            return left <= right ? 1 : 0;
        }
    },
    AT_LEAST(">=") {
        @Override
        public long apply(long left, long right) {
            return left >= right ? 1 : 0;
        }
    },
    EQUAL("==") {
        @Override
        public long apply(long left, long right) {
            return left == right ? 1 : 0;
        }
    };

    private final String symbol;

    Operator(String symbol) {
        this.symbol = symbol;
    }

    /** How texts of expressions write it, between its operands or, {@code min} and {@code max}, before them in brackets. */
    public String symbol() {
        return symbol;
    }

    /** Whether it gives 1 or 0. */
    public boolean isComparison() {
        return this == AT_MOST || this == AT_LEAST || this == EQUAL;
    }

    public abstract long apply(long left, long right);
}
