package org.mxforge.runtime.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;

/** Reads expressions, with Jinja's precedences. */
final class ExpressionParser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>\\d+(?:\\.\\d+)?)|(?<name>[A-Za-z_]\\w*)|(?<quote>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")"
                    + "|(?<sign>\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]))",
            Pattern.DOTALL);

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=", "in", "not", "is");

    private final String source;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    ExpressionParser(String source) {
        this.source = source;
        Matcher token = TOKEN.matcher(source);
        int at = 0;
        while (at < source.stripTrailing().length()) {
            if (!token.find(at) || token.start() != at) {
                throw wrong("something that is no word or sign");
            }
            tokens.add(token.group().strip());
            at = token.end();
        }
    }

    private MxForgeException wrong(String what) {
        return new MxForgeException(
                "a chat template has " + what + " in '" + source.strip() + "', which is not" + " supported here");
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    /** Goes past {@code token} if that is next. */
    boolean take(String token) {
        boolean is = peek().equals(token);
        next += is ? 1 : 0;
        return is;
    }

    void require(String token) {
        if (!take(token)) {
            throw wrong("'" + peek() + "' where '" + token + "' is expected");
        }
    }

    void end() {
        if (next < tokens.size()) {
            throw wrong("'" + peek() + "' at the end");
        }
    }

    Expression whole() {
        Expression expression = expression();
        if (peek().equals(",")) {
            List<Expression> parts = new ArrayList<>(List.of(expression));
            while (take(",") && next < tokens.size()) {
                parts.add(expression());
            }
            expression = list(parts);
        }
        end();
        return expression;
    }

    /** Names with commas between them. */
    List<String> names() {
        boolean braced = take("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(name());
        } while (take(","));
        if (braced) {
            require(")");
        }
        return names;
    }

    private String name() {
        if (!peek().matches("[A-Za-z_]\\w*")) {
            throw wrong("'" + peek() + "' where a name is expected");
        }
        return tokens.get(next++);
    }

    /** A macro's, with their defaults. */
    Map<String, Optional<Expression>> parameters() {
        Map<String, Optional<Expression>> parameters = new LinkedHashMap<>();
        require("(");
        while (!take(")")) {
            String name = name();
            parameters.put(name, take("=") ? Optional.of(expression()) : Optional.empty());
            take(",");
        }
        return parameters;
    }

    Expression expression() {
        Expression value = withoutTernary();
        if (!take("if")) {
            return value;
        }
        Expression condition = withoutTernary();
        Expression other = take("else") ? expression() : scope -> Values.UNDEFINED;
        return scope -> (Values.isTrue(condition.value(scope)) ? value : other).value(scope);
    }

    Expression withoutTernary() {
        Expression left = conjunction();
        while (take("or")) {
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
        while (take("and")) {
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
        if (take("not")) {
            Expression value = negation();
            return scope -> !Values.isTrue(value.value(scope));
        }
        return comparison();
    }

    private Expression comparison() {
        Expression left = sum();
        while (COMPARISONS.contains(peek())) {
            String sign = tokens.get(next++);
            if (sign.equals("is")) {
                left = test(left, take("not"));
                continue;
            }
            if (sign.equals("not")) {
                require("in");
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
        String name = name();
        List<Expression> arguments = new ArrayList<>();
        if (peek().equals("(")) {
            arguments.addAll(arguments(new LinkedHashMap<>()));
        } else if (peek().matches("['\"\\d].*|true|false|none") && !peek().isEmpty()) {
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

    private Expression chain(java.util.function.Supplier<Expression> operand, Set<String> signs) {
        Expression left = operand.get();
        while (signs.contains(peek())) {
            String sign = tokens.get(next++);
            Expression first = left;
            Expression second = operand.get();
            left = scope -> Operators.apply(sign, first.value(scope), second.value(scope));
        }
        return left;
    }

    private Expression signed() {
        if (take("-")) {
            Expression value = signed();
            return scope -> Operators.apply("-", 0L, value.value(scope));
        }
        return take("+") ? signed() : filtered();
    }

    private Expression filtered() {
        Expression value = postfix(primary());
        while (take("|")) {
            String name = name();
            Map<String, Expression> named = new LinkedHashMap<>();
            List<Expression> arguments = peek().equals("(") ? arguments(named) : List.of();
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
            if (take(".")) {
                String name = name();
                value = scope -> Values.attribute(owner.value(scope), name);
            } else if (take("[")) {
                value = subscript(owner);
            } else if (peek().equals("(")) {
                Map<String, Expression> named = new LinkedHashMap<>();
                List<Expression> arguments = arguments(named);
                value = scope ->
                        Values.call(owner.value(scope), values(arguments, scope), values(named, scope), source);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression owner) {
        Expression[] bounds = new Expression[3];
        int part = 0;
        boolean slice = false;
        while (!take("]")) {
            if (take(":")) {
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
        require("(");
        while (!take(")")) {
            if (next + 1 < tokens.size() && tokens.get(next + 1).equals("=")) {
                String name = name();
                require("=");
                named.put(name, expression());
            } else {
                arguments.add(expression());
            }
            take(",");
        }
        return arguments;
    }

    private static Expression list(List<Expression> parts) {
        return scope -> values(parts, scope);
    }

    private Expression primary() {
        String token = peek();
        if (token.isEmpty()) {
            throw wrong("an end");
        }
        next++;
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
            while (peek().startsWith("'") || peek().startsWith("\"")) {
                text.append(unquoted(tokens.get(next++)));
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
        throw wrong("'" + token + "'");
    }

    private Expression bracketed() {
        List<Expression> parts = new ArrayList<>();
        boolean tuple = peek().equals(")");
        while (!take(")")) {
            parts.add(expression());
            tuple |= take(",");
        }
        return tuple ? list(parts) : parts.get(0);
    }

    private List<Expression> items(String end) {
        List<Expression> parts = new ArrayList<>();
        while (!take(end)) {
            parts.add(expression());
            take(",");
        }
        return parts;
    }

    private Expression dictionary() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!take("}")) {
            Expression key = expression();
            require(":");
            entries.put(key, expression());
            take(",");
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
