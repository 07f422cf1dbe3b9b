package org.mxforge.dsl.space;

/** An integer expression over the parameters of a configuration, as data: it can be printed, evaluated and exported. */
public sealed interface Expression {
    /** The value under {@code configuration}. */
    long evaluate(Configuration configuration);

    /** Infix text with full parentheses. */
    String text();

    /** A constant. */
    record Constant(long value) implements Expression {
        @Override
        public long evaluate(Configuration configuration) {
            return value;
        }

        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /** The value of a parameter. */
    record Variable(String name) implements Expression {
        @Override
        public long evaluate(Configuration configuration) {
            return configuration.get(name);
        }

        @Override
        public String text() {
            return name;
        }
    }

    /** Two operands joined by an {@link Operator}. */
    record Binary(Operator operator, Expression left, Expression right) implements Expression {
        @Override
        public long evaluate(Configuration configuration) {
            return operator.apply(left.evaluate(configuration), right.evaluate(configuration));
        }

        @Override
        public String text() {
            return "(" + left.text() + " " + operator.symbol() + " " + right.text() + ")";
        }
    }

    static Expression constant(long value) {
        return new Constant(value);
    }

    static Expression variable(String name) {
        return new Variable(name);
    }

    default Expression plus(Expression other) {
        return new Binary(Operator.PLUS, this, other);
    }

    default Expression times(Expression other) {
        return new Binary(Operator.TIMES, this, other);
    }

    default Expression times(long other) {
        return times(constant(other));
    }

    default Expression over(Expression other) {
        return new Binary(Operator.OVER, this, other);
    }

    default Expression modulo(Expression other) {
        return new Binary(Operator.MODULO, this, other);
    }

    default Expression atMost(long other) {
        return new Binary(Operator.AT_MOST, this, constant(other));
    }

    default Expression atLeast(long other) {
        return new Binary(Operator.AT_LEAST, this, constant(other));
    }

    default Expression equalTo(long other) {
        return equalTo(constant(other));
    }

    default Expression equalTo(Expression other) {
        return new Binary(Operator.EQUAL, this, other);
    }
}
