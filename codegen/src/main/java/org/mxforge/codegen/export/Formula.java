package org.mxforge.codegen.export;

import java.util.function.UnaryOperator;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Expression.Binary;
import org.mxforge.dsl.space.Expression.Constant;
import org.mxforge.dsl.space.Expression.Variable;
import org.mxforge.dsl.space.Operator;

/**
 * Expressions as C and people, and Python's parser but for {@code &&} and {@code ||}, read them alike: whole numbers of 64 bits, division that drops what is left over,
 * conditions that give 1 or 0, full parentheses.
 *
 * @param names what a variable is called
 * @param prefix what the names of {@code min} and {@code max} begin with
 */
record Formula(UnaryOperator<String> names, String prefix) {
    String text(Expression expression) {
        if (expression instanceof Constant constant) {
            return Long.toString(constant.value());
        }
        if (expression instanceof Variable variable) {
            return names.apply(variable.name());
        }
        Binary binary = (Binary) expression;
        Operator operator = binary.operator();
        if (binary.either().isPresent()) {
            Binary sum = binary.either().get();
            return "(" + text(sum.left()) + " || " + text(sum.right()) + ")";
        }
        String left = text(binary.left());
        if (operator == Operator.PLUS && binary.right() instanceof Constant constant && constant.value() < 0) {
            return "(" + left + " - " + -constant.value() + ")";
        }
        String right = text(binary.right());
        return operator == Operator.MIN || operator == Operator.MAX
                ? prefix + operator.symbol() + "(" + left + ", " + right + ")"
                : "(" + left + " " + (binary.isBoth() ? "&&" : operator.symbol()) + " " + right + ")";
    }
}
