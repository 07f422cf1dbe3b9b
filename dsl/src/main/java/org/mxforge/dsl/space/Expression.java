package org.mxforge.dsl.space;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * An integer expression over named values, such as the parameters of a configuration or the arguments of a launch, as data: it can
 * be printed, evaluated and exported. Division drops what is left over; comparisons give 1 or 0.
 */
public sealed interface Expression {
    /** The value, given those of the variables. */
    long evaluate(ToLongFunction<String> variables);

    /** The value under {@code configuration}. */
    default long evaluate(Configuration configuration) {
        return evaluate((ToLongFunction<String>) configuration::get);
    }

    /** Infix text with full parentheses. */
    String text();

    /** The names that it mentions, in the order of their first mention. */
    default Set<String> variables() {
        Set<String> names = new LinkedHashSet<>();
        if (this instanceof Variable variable) {
            names.add(variable.name());
        } else if (this instanceof Binary binary) {
            names.addAll(binary.left().variables());
            names.addAll(binary.right().variables());
        }
        return names;
    }

    /** A constant. */
    record Constant(long value) implements Expression {
        @Override
        public long evaluate(ToLongFunction<String> variables) {
            return value;
        }

        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /** A named value. */
    record Variable(String name) implements Expression {
        @Override
        public long evaluate(ToLongFunction<String> variables) {
            return variables.applyAsLong(name);
        }

        @Override
        public String text() {
            return name;
        }
    }

    /** Two operands joined by an {@link Operator}. */
    record Binary(Operator operator, Expression left, Expression right) implements Expression {
        @Override
        public long evaluate(ToLongFunction<String> variables) {
            return operator.apply(left.evaluate(variables), right.evaluate(variables));
        }

        @Override
        public String text() {
            return "(" + left.text() + " " + operator.symbol() + " " + right.text() + ")";
        }

        /** Whether it is a comparison, or both of two conditions: 1 or 0. */
        public boolean isCondition() {
            return operator.isComparison() || isBoth();
        }

        /** Whether it is {@link Expression#and} of two conditions. */
        public boolean isBoth() {
            return operator == Operator.TIMES && isCondition(left) && isCondition(right);
        }

        /** The conditions of which it is {@link Expression#or}, if it is. */
        public Optional<Binary> either() {
            return operator == Operator.AT_LEAST
                            && right.equals(constant(1))
                            && left instanceof Binary sum
                            && sum.operator == Operator.PLUS
                            && isCondition(sum.left)
                            && isCondition(sum.right)
                    ? Optional.of(sum)
                    : Optional.empty();
        }

        private static boolean isCondition(Expression expression) {
            return expression instanceof Binary binary && binary.isCondition();
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

    default Expression plus(long other) {
        return plus(constant(other));
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

    default Expression over(long other) {
        return over(constant(other));
    }

    /** How many pieces of {@code size} it takes to hold this, which is at least 1. */
    default Expression pieces(Expression size) {
        return plus(-1).over(size).plus(1);
    }

    default Expression modulo(Expression other) {
        return new Binary(Operator.MODULO, this, other);
    }

    default Expression modulo(long other) {
        return modulo(constant(other));
    }

    /** The smaller of both. */
    default Expression min(Expression other) {
        return new Binary(Operator.MIN, this, other);
    }

    /** The larger of both. */
    default Expression max(Expression other) {
        return new Binary(Operator.MAX, this, other);
    }

    default Expression atMost(Expression other) {
        return new Binary(Operator.AT_MOST, this, other);
    }

    default Expression atMost(long other) {
        return atMost(constant(other));
    }

    default Expression atLeast(Expression other) {
        return new Binary(Operator.AT_LEAST, this, other);
    }

    default Expression atLeast(long other) {
        return atLeast(constant(other));
    }

    /** Whether this condition or the other holds. */
    default Expression or(Expression other) {
        return plus(other).atLeast(1);
    }

    /** Whether both this condition and the other hold. */
    default Expression and(Expression other) {
        return times(other);
    }

    default Expression equalTo(long other) {
        return equalTo(constant(other));
    }

    default Expression equalTo(Expression other) {
        return new Binary(Operator.EQUAL, this, other);
    }
}
