package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions, with Jinja's precedences. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=", "in", "not", "is");

    private final Tokens tokens;

    /** @param tokens read as far as the expression goes */
    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Everything that is left, which with commas in it is a list. */
    Expression whole() {
        Expression expression = expression();
        if (tokens.peek().equals(",")) {
            List<Expression> parts = new ArrayList<>(List.of(expression));
            while (tokens.take(",") && !tokens.isAtEnd()) {
                parts.add(expression());
            }
            expression = list(parts);
        }
        tokens.end();
        return expression;
    }

    /** A macro's, with their defaults. */
    Map<String, Optional<Expression>> parameters() {
        Map<String, Optional<Expression>> parameters = new LinkedHashMap<>();
        tokens.require("(");
        while (!tokens.take(")")) {
            String name = tokens.name();
            parameters.put(name, tokens.take("=") ? Optional.of(expression()) : Optional.empty());
            tokens.take(",");
        }
        return parameters;
    }

    Expression expression() {
        Expression value = withoutTernary();
        if (!tokens.take("if")) {
            return value;
        }
        Expression condition = withoutTernary();
        Expression other = tokens.take("else") ? expression() : scope -> Values.UNDEFINED;
        return scope -> (Values.isTrue(condition.value(scope)) ? value : other).value(scope);
    }

    Expression withoutTernary() {
        Expression left = conjunction();
        while (tokens.take("or")) {
            Expression first = left;
            Expression second = conjunction();
            left = scope -> {
                Object value = first.value(scope);
                return Values.isTrue(value) ? value : second.value(scope);
            };
        }
        return left;
    }

    private Expression conjunction() {
        Expression left = negation();
        while (tokens.take("and")) {
            Expression first = left;
            Expression second = negation();
            left = scope -> {
                Object value = first.value(scope);
                return Values.isTrue(value) ? second.value(scope) : value;
            };
        }
        return left;
    }

    private Expression negation() {
        if (tokens.take("not")) {
            Expression value = negation();
            return scope -> !Values.isTrue(value.value(scope));
        }
        return comparison();
    }

    private Expression comparison() {
        Expression left = sum();
        while (tokens.isNext(COMPARISONS)) {
            String sign = tokens.take();
            if (sign.equals("is")) {
                left = test(left, tokens.take("not"));
                continue;
            }
            if (sign.equals("not")) {
                tokens.require("in");
                sign = "not in";
            }
            Expression first = left;
            Expression second = sum();
            String operator = sign;
            left = scope -> Operators.compare(operator, first.value(scope), second.value(scope));
        }
        return left;
    }

    private Expression test(Expression value, boolean negated) {
        String name = tokens.name();
        List<Expression> arguments = new ArrayList<>();
        if (tokens.peek().equals("(")) {
            arguments.addAll(arguments(new LinkedHashMap<>()));
        } else if (tokens.peek().matches("['\"\\d].*|true|false|none")
                && !tokens.peek().isEmpty()) {
            arguments.add(primary());
        }
        Functions.requireTest(name);
        return scope -> negated
                != Functions.test(
                        name,
                        value.value(scope),
                        arguments.stream()
                                .map(argument -> argument.value(scope))
                                .toList());
    }

    private Expression sum() {
        return chain(this::joined, Set.of("+", "-"));
    }

    private Expression joined() {
        return chain(this::product, Set.of("~"));
    }

    private Expression product() {
        return chain(this::signed, Set.of("*", "/", "//", "%"));
    }

    private Expression chain(Supplier<Expression> operand, Set<String> signs) {
        Expression left = operand.get();
        while (tokens.isNext(signs)) {
            String sign = tokens.take();
            Expression first = left;
            Expression second = operand.get();
            left = scope -> Operators.apply(sign, first.value(scope), second.value(scope));
        }
        return left;
    }

    private Expression signed() {
        if (tokens.take("-")) {
            Expression value = signed();
            return scope -> Operators.apply("-", 0L, value.value(scope));
        }
        return tokens.take("+") ? signed() : filtered();
    }

    private Expression filtered() {
        Expression value = postfix(primary());
        while (tokens.take("|")) {
            String name = tokens.name();
            Map<String, Expression> named = new LinkedHashMap<>();
            List<Expression> arguments = tokens.peek().equals("(") ? arguments(named) : List.of();
            Expression input = value;
            Functions.requireFilter(name);
            value = postfix(scope ->
                    Functions.filter(name, input.value(scope), values(arguments, scope), values(named, scope)));
        }
        return value;
    }

    private static List<Object> values(List<Expression> expressions, Scope scope) {
        // Lists of Java refuse null.
        List<Object> values = new ArrayList<>();
        expressions.forEach(expression -> values.add(expression.value(scope)));
        return values;
    }

    private static Map<String, Object> values(Map<String, Expression> expressions, Scope scope) {
        Map<String, Object> values = new LinkedHashMap<>();
        expressions.forEach((name, expression) -> values.put(name, expression.value(scope)));
        return values;
    }

    private Expression postfix(Expression base) {
        Expression value = base;
        while (true) {
            Expression owner = value;
            if (tokens.take(".")) {
                String name = tokens.name();
                value = scope -> Values.attribute(owner.value(scope), name);
            } else if (tokens.take("[")) {
                value = subscript(owner);
            } else if (tokens.peek().equals("(")) {
                Map<String, Expression> named = new LinkedHashMap<>();
                List<Expression> arguments = arguments(named);
                value = scope -> Values.call(
                        owner.value(scope), values(arguments, scope), values(named, scope), tokens.source());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression owner) {
        Expression[] bounds = new Expression[3];
        int part = 0;
        boolean slice = false;
        while (!tokens.take("]")) {
            if (tokens.take(":")) {
                slice = true;
                part++;
            } else {
                bounds[part] = expression();
            }
        }
        if (!slice) {
            Expression key = bounds[0];
            return scope -> Values.item(owner.value(scope), key.value(scope));
        }
        return scope -> Values.slice(
                owner.value(scope), bound(bounds[0], scope), bound(bounds[1], scope), bound(bounds[2], scope));
    }

    private static Object bound(Expression expression, Scope scope) {
        return expression == null ? null : expression.value(scope);
    }

    /** In brackets; those with names go to {@code named}. */
    private List<Expression> arguments(Map<String, Expression> named) {
        List<Expression> arguments = new ArrayList<>();
        tokens.require("(");
        while (!tokens.take(")")) {
            if (tokens.isNamedArgument()) {
                String name = tokens.name();
                tokens.require("=");
                named.put(name, expression());
            } else {
                arguments.add(expression());
            }
            tokens.take(",");
        }
        return arguments;
    }

    private static Expression list(List<Expression> parts) {
        return scope -> values(parts, scope);
    }

    private Expression primary() {
        String token = tokens.peek();
        if (token.isEmpty()) {
            throw tokens.wrong("an end");
        }
        tokens.take();
        switch (token) {
            case "(" -> {
                return bracketed();
            }
            case "[" -> {
                return list(items("]"));
            }
            case "{" -> {
                return dictionary();
            }
            case "true", "True" -> {
                return scope -> true;
            }
            case "false", "False" -> {
                return scope -> false;
            }
            case "none", "None" -> {
                return scope -> null;
            }
            default -> {
                return word(token);
            }
        }
    }

    private Expression word(String token) {
        char first = token.charAt(0);
        if (first == '\'' || first == '"') {
            StringBuilder text = new StringBuilder(unquoted(token));
            while (tokens.peek().startsWith("'") || tokens.peek().startsWith("\"")) {
                text.append(unquoted(tokens.take()));
            }
            return scope -> text.toString();
        }
        if (Character.isDigit(first)) {
            Object number = token.contains(".") ? (Object) Double.valueOf(token) : (Object) Long.valueOf(token);
            return scope -> number;
        }
        if (Character.isLetter(first) || first == '_') {
            return scope -> scope.get(token);
        }
        throw tokens.wrong("'" + token + "'");
    }

    private Expression bracketed() {
        List<Expression> parts = new ArrayList<>();
        boolean tuple = tokens.peek().equals(")");
        while (!tokens.take(")")) {
            parts.add(expression());
            tuple |= tokens.take(",");
        }
        return tuple ? list(parts) : parts.get(0);
    }

    private List<Expression> items(String end) {
        List<Expression> parts = new ArrayList<>();
        while (!tokens.take(end)) {
            parts.add(expression());
            tokens.take(",");
        }
        return parts;
    }

    private Expression dictionary() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!tokens.take("}")) {
            Expression key = expression();
            tokens.require(":");
            entries.put(key, expression());
            tokens.take(",");
        }
        return scope -> {
            Map<String, Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(Values.text(key.value(scope)), value.value(scope)));
            return values;
        };
    }

    private static String unquoted(String token) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < token.length() - 1; i++) {
            char c = token.charAt(i);
            if (c == '\\') {
                c = token.charAt(++i);
                c = switch (c) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    default -> c;
                };
            }
            text.append(c);
        }
        return text.toString();
    }
}
