package org.mxforge.codegen.launcher;

import java.util.function.UnaryOperator;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Expression.Binary;
import org.mxforge.dsl.space.Expression.Constant;
import org.mxforge.dsl.space.Expression.Variable;
import org.mxforge.dsl.space.Operator;

/**
 * Expressions as Java on numbers of type {@code long}.
 *
 * @param names what Java calls a variable
 */
record JavaExpression(UnaryOperator<String> names) {
    /** A number. */
    String number(Expression expression) {
        return expression instanceof Binary binary && !binary.isCondition() ? arithmetic(binary) : atom(expression);
    }

    private String arithmetic(Binary binary) {
        String left = atom(binary.left());
        String right = atom(binary.right());
        return switch (binary.operator()) {
            case MIN -> "Math.min(" + number(binary.left()) + ", " + number(binary.right()) + ")";
            case MAX -> "Math.max(" + number(binary.left()) + ", " + number(binary.right()) + ")";
            case PLUS ->
                binary.right() instanceof Constant constant && constant.value() < 0
                        ? left + " - " + -constant.value()
                        : left + " + " + right;
            default -> left + " " + binary.operator().symbol() + " " + right;
        };
    }

    private String atom(Expression expression) {
        if (expression instanceof Constant constant) {
            return Long.toString(constant.value());
        }
        if (expression instanceof Variable variable) {
            return names.apply(variable.name());
        }
        Binary binary = (Binary) expression;
        if (binary.isCondition()) {
            return "(" + holds(binary) + " ? 1 : 0)";
        }
        boolean call = binary.operator() == Operator.MIN || binary.operator() == Operator.MAX;
        return call ? arithmetic(binary) : "(" + arithmetic(binary) + ")";
    }

    /** Whether it is not zero. */
    String holds(Expression condition) {
        if (condition instanceof Binary binary) {
            if (binary.isBoth()) {
                return both(holds(binary.left()), "&&", holds(binary.right()));
            }
            if (binary.either().isPresent()) {
                Binary sum = binary.either().get();
                return both(holds(sum.left()), "||", holds(sum.right()));
            }
            switch (binary.operator()) {
                case AT_LEAST, AT_MOST, EQUAL -> {
                    return compared(binary, binary.operator().symbol());
                }
                default -> {}
            }
        }
        return atom(condition) + " != 0";
    }

    /** Whether it is zero. */
    String fails(Expression condition) {
        if (condition instanceof Binary binary) {
            if (binary.isBoth()) {
                return both(fails(binary.left()), "||", fails(binary.right()));
            }
            if (binary.either().isPresent()) {
                Binary sum = binary.either().get();
                return both(fails(sum.left()), "&&", fails(sum.right()));
            }
            switch (binary.operator()) {
                case AT_LEAST -> {
                    return compared(binary, "<");
                }
                case AT_MOST -> {
                    return compared(binary, ">");
                }
                case EQUAL -> {
                    return compared(binary, "!=");
                }
                default -> {}
            }
        }
        return atom(condition) + " == 0";
    }

    private String compared(Binary binary, String operator) {
        return number(binary.left()) + " " + operator + " " + number(binary.right());
    }

    private static String both(String left, String operator, String right) {
        return "(" + left + ") " + operator + " (" + right + ")";
    }
}
