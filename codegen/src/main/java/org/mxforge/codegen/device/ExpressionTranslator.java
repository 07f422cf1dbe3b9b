package org.mxforge.codegen.device;

import com.github.javaparser.ast.expr.BinaryExpr;
import com.github.javaparser.ast.expr.ConditionalExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.expr.UnaryExpr;
import java.util.List;
import java.util.Map;

/**
 * Translates the expressions of one method, types checked on the way. Three things differ between the languages: shifts
 * go through {@code unsigned} where C++ would leave the result open; float arithmetic goes through the {@code _rn}
 * intrinsics, which the compiler neither contracts nor reorders; bit casts have other names.
 */
final class ExpressionTranslator {
    private final DeviceMethod method;
    private final Map<String, DeviceMethod> callable;
    private final Map<String, DeviceType> variables;
    private final Refusal refusal;

    /**
     * @param callable device methods by {@link DeviceMethod#javaName()}
     * @param variables parameters and locals in scope; the statement translator adds to it
     */
    ExpressionTranslator(DeviceMethod method, Map<String, DeviceMethod> callable, Map<String, DeviceType> variables) {
        this.method = method;
        this.callable = callable;
        this.variables = variables;
        this.refusal = method.refusal();
    }

    /** Translates {@code expression}, which must have type {@code wanted}. */
    Code translate(Expression expression, DeviceType wanted) {
        Code code = translate(expression);
        if (code.type() != wanted) {
            throw refusal.of(
                    expression,
                    "'" + expression + "', of type " + code.type().cuda() + " where " + wanted.cuda() + " is needed,");
        }
        return code;
    }

    private Code translate(Expression expression) {
        if (expression.isEnclosedExpr()) {
            return translate(expression.asEnclosedExpr().getInner()).enclosed();
        }
        if (expression.isLiteralExpr()) {
            return Literals.translate(expression.asLiteralExpr(), refusal);
        }
        if (expression.isNameExpr()) {
            String name = expression.asNameExpr().getNameAsString();
            if (!variables.containsKey(name)) {
                throw refusal.of(expression, "name '" + name + "', neither a parameter nor a local,");
            }
            return Code.primary(name, variables.get(name));
        }
        if (expression.isUnaryExpr()) {
            return unary(expression.asUnaryExpr());
        }
        if (expression.isBinaryExpr()) {
            return binary(expression.asBinaryExpr());
        }
        if (expression.isConditionalExpr()) {
            return conditional(expression.asConditionalExpr());
        }
        if (expression.isMethodCallExpr()) {
            return call(expression.asMethodCallExpr());
        }
        throw refusal.of(expression, "'" + expression + "'");
    }

    private Code unary(UnaryExpr unary) {
        Code operand = translate(unary.getExpression());
        boolean fits =
                switch (unary.getOperator()) {
                    case MINUS -> operand.type() != DeviceType.BOOLEAN;
                    case BITWISE_COMPLEMENT -> operand.type() == DeviceType.INT;
                    case LOGICAL_COMPLEMENT -> operand.type() == DeviceType.BOOLEAN;
                    default -> false;
                };
        if (!fits) {
            throw refusal.of(unary, "'" + unary + "'");
        }
        return Code.compound(unary.getOperator().asString() + operand.enclosed().text(), operand.type());
    }

    private Code conditional(ConditionalExpr conditional) {
        Code condition = translate(conditional.getCondition(), DeviceType.BOOLEAN);
        Code then = translate(conditional.getThenExpr());
        Code otherwise = translate(conditional.getElseExpr(), then.type());
        return Code.compound(condition.text() + " ? " + then.text() + " : " + otherwise.text(), then.type());
    }

    private Code binary(BinaryExpr binary) {
        Code left = translate(binary.getLeft());
        Code right = translate(binary.getRight(), left.type());
        String infix = left.text() + " " + binary.getOperator().asString() + " " + right.text();
        return switch (left.type()) {
            case INT ->
                switch (binary.getOperator()) {
                    case PLUS, MINUS, MULTIPLY, DIVIDE, REMAINDER, BINARY_AND, BINARY_OR, XOR, SIGNED_RIGHT_SHIFT ->
                        Code.compound(infix, DeviceType.INT);
                    case LEFT_SHIFT -> shift(left, "<<", right);
                    case UNSIGNED_RIGHT_SHIFT -> shift(left, ">>", right);
                    case EQUALS, NOT_EQUALS, LESS, LESS_EQUALS, GREATER, GREATER_EQUALS ->
                        Code.compound(infix, DeviceType.BOOLEAN);
                    default -> throw refusal.of(binary, "'" + binary + "'");
                };
            case FLOAT ->
                switch (binary.getOperator()) {
                    case PLUS -> intrinsic("__fadd_rn", left, right);
                    case MINUS -> intrinsic("__fsub_rn", left, right);
                    case MULTIPLY -> intrinsic("__fmul_rn", left, right);
                    case DIVIDE -> intrinsic("__fdiv_rn", left, right);
                    case EQUALS, NOT_EQUALS, LESS, LESS_EQUALS, GREATER, GREATER_EQUALS ->
                        Code.compound(infix, DeviceType.BOOLEAN);
                    default -> throw refusal.of(binary, "'" + binary + "'");
                };
            case BOOLEAN ->
                switch (binary.getOperator()) {
                    case AND, OR, EQUALS, NOT_EQUALS -> Code.compound(infix, DeviceType.BOOLEAN);
                    default -> throw refusal.of(binary, "'" + binary + "'");
                };
        };
    }

    private static Code shift(Code value, String operator, Code count) {
        return Code.cast(value.unsigned() + " " + operator + " " + count.text());
    }

    private static Code intrinsic(String name, Code left, Code right) {
        return Code.primary(name + "(" + left.bare() + ", " + right.bare() + ")", DeviceType.FLOAT);
    }

    private Code call(MethodCallExpr call) {
        String scope = call.getScope().map(Expression::toString).orElse(method.type());
        String name = scope + "." + call.getNameAsString();
        return switch (name) {
            case "Float.floatToRawIntBits" -> invoke(call, "__float_as_int", List.of(DeviceType.FLOAT), DeviceType.INT);
            case "Float.intBitsToFloat" -> invoke(call, "__int_as_float", List.of(DeviceType.INT), DeviceType.FLOAT);
            default -> {
                DeviceMethod target = callable.get(name);
                if (target == null) {
                    throw refusal.of(call, "call of '" + name + "', which is not a device function,");
                }
                yield invoke(call, target.cudaName(), target.parameters(), target.result());
            }
        };
    }

    private Code invoke(MethodCallExpr call, String function, List<DeviceType> parameters, DeviceType result) {
        List<Expression> arguments = List.copyOf(call.getArguments());
        if (arguments.size() != parameters.size()) {
            throw refusal.of(call, "'" + call + "' with " + arguments.size() + " arguments");
        }
        StringBuilder text = new StringBuilder(function).append('(');
        for (int i = 0; i < arguments.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(translate(arguments.get(i), parameters.get(i)).bare());
        }
        return Code.primary(text.append(')').toString(), result);
    }
}
