package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mxforge.runtime.base.MxForgeException;

/** Reads a template's statements. */
final class StatementParser {
    private final List<Segment> segments;
    private int next;

    StatementParser(List<Segment> segments) {
        this.segments = segments;
    }

    Node template() {
        Node all = until(Set.of());
        if (next < segments.size()) {
            throw new MxForgeException(
                    "a chat template has " + segments.get(next).text() + " where nothing is open");
        }
        return all;
    }

    /** Everything up to a statement that begins with one of {@code ends}, which is next then. */
    private Node until(Set<String> ends) {
        List<Node> nodes = new ArrayList<>();
        for (; next < segments.size(); next++) {
            Segment segment = segments.get(next);
            switch (segment.kind()) {
                case TEXT -> nodes.add((scope, out) -> append(out, segment.text()));
                case OUTPUT -> {
                    Expression value = new ExpressionParser(new Tokens(segment.text())).whole();
                    nodes.add((scope, out) -> append(out, Values.text(value.value(scope))));
                }
                case STATEMENT -> {
                    // One that ends nothing here is for the caller to refuse.
                    if (ends.contains(word(segment)) || word(segment).matches("end.*|el.*")) {
                        return Node.all(nodes);
                    }
                    nodes.add(statement(segment));
                }
            }
        }
        if (!ends.isEmpty()) {
            throw new MxForgeException("a chat template ends where one of " + ends + " is expected");
        }
        return Node.all(nodes);
    }

    private static void append(StringBuilder out, String text) {
        if (out.length() + text.length() > JinjaTemplate.LONGEST_TEXT) {
            throw new MxForgeException("a chat template makes a text without end");
        }
        out.append(text);
    }

    private static String word(Segment segment) {
        return segment.text().split("\\W", 2)[0];
    }

    /** The statement at {@code next}, which is at its last part afterwards. */
    private Node statement(Segment segment) {
        String word = word(segment);
        Tokens rest = new Tokens(segment.text().substring(word.length()));
        return switch (word) {
            case "if" -> choice(rest);
            case "for" -> loop(rest);
            case "set" -> assignment(rest);
            case "macro" -> macro(rest);
            case "generation" -> block("endgeneration");
            case "break", "continue" -> {
                rest.end();
                yield (scope, out) -> {
                    throw new Node.Jump(word.equals("break"));
                };
            }
            default ->
                throw new MxForgeException(
                        "a chat template has the statement '" + segment.text() + "', which is not supported here");
        };
    }

    private Node block(String end) {
        next++;
        Node body = until(Set.of(end));
        require(end);
        return body;
    }

    private void require(String word) {
        if (next >= segments.size() || !word(segments.get(next)).equals(word)) {
            throw new MxForgeException("a chat template lacks " + word);
        }
    }

    private Node choice(Tokens head) {
        Expression condition = new ExpressionParser(head).whole();
        next++;
        Node body = until(Set.of("elif", "else", "endif"));
        if (next < segments.size() && word(segments.get(next)).equals("elif")) {
            Node other = choice(new Tokens(segments.get(next).text().substring("elif".length())));
            return (scope, out) -> (Values.isTrue(condition.value(scope)) ? body : other).render(scope, out);
        }
        Node other = otherwise("endif");
        return (scope, out) -> (Values.isTrue(condition.value(scope)) ? body : other).render(scope, out);
    }

    /** What follows {@code else}, if there is one. */
    private Node otherwise(String end) {
        if (next < segments.size() && word(segments.get(next)).equals("else")) {
            return block(end);
        }
        require(end);
        return (scope, out) -> {};
    }

    private Node loop(Tokens head) {
        List<String> names = head.names();
        head.require("in");
        ExpressionParser expressions = new ExpressionParser(head);
        Expression all = expressions.withoutTernary();
        Optional<Expression> filter = head.take("if") ? Optional.of(expressions.expression()) : Optional.empty();
        head.end();
        next++;
        Node body = until(Set.of("else", "endfor"));
        Node empty = otherwise("endfor");
        return (scope, out) -> {
            List<Object> values = new ArrayList<>();
            for (Object value : Values.list(all.value(scope))) {
                Scope own = scope.inner();
                assign(own, names, value);
                if (filter.isEmpty() || Values.isTrue(filter.get().value(own))) {
                    values.add(value);
                }
            }
            if (values.isEmpty()) {
                empty.render(scope, out);
            }
            rounds(scope, out, names, values, body);
        };
    }

    private static void rounds(Scope scope, StringBuilder out, List<String> names, List<Object> values, Node body) {
        for (int i = 0; i < values.size(); i++) {
            Scope own = scope.inner();
            assign(own, names, values.get(i));
            own.set("loop", state(values, i));
            try {
                body.render(own, out);
            } catch (Node.Jump jump) {
                if (jump.isLast()) {
                    return;
                }
            }
        }
    }

    private static Map<String, Object> state(List<Object> values, int i) {
        Map<String, Object> loop = new LinkedHashMap<>();
        loop.put("index", i + 1L);
        loop.put("index0", (long) i);
        loop.put("revindex", (long) values.size() - i);
        loop.put("revindex0", values.size() - i - 1L);
        loop.put("first", i == 0);
        loop.put("last", i == values.size() - 1);
        loop.put("length", (long) values.size());
        loop.put("previtem", i == 0 ? Values.UNDEFINED : values.get(i - 1));
        loop.put("nextitem", i == values.size() - 1 ? Values.UNDEFINED : values.get(i + 1));
        return loop;
    }

    private static void assign(Scope scope, List<String> names, Object value) {
        if (names.size() == 1) {
            scope.set(names.get(0), value);
            return;
        }
        List<Object> parts = Values.list(value);
        if (parts.size() != names.size()) {
            throw new MxForgeException("a chat template takes " + parts.size() + " values for the names " + names);
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }

    private Node assignment(Tokens head) {
        List<String> names = head.names();
        if (head.take(".")) {
            String key = head.names().get(0);
            head.require("=");
            Expression value = new ExpressionParser(head).whole();
            return (scope, out) -> namespace(scope, names.get(0)).put(key, value.value(scope));
        }
        if (head.take("=")) {
            Expression value = new ExpressionParser(head).whole();
            return (scope, out) -> assign(scope, names, value.value(scope));
        }
        head.end();
        Node body = block("endset");
        return (scope, out) -> {
            StringBuilder text = new StringBuilder();
            body.render(scope.inner(), text);
            scope.set(names.get(0), text.toString());
        };
    }

    private static Map<String, Object> namespace(Scope scope, String name) {
        if (scope.get(name) instanceof Functions.Namespace namespace) {
            return namespace.values();
        }
        throw new MxForgeException("a chat template sets a value in " + name + ", which is no namespace");
    }

    private Node macro(Tokens head) {
        String name = head.names().get(0);
        Map<String, Optional<Expression>> parameters = new ExpressionParser(head).parameters();
        head.end();
        Node body = block("endmacro");
        return (scope, out) -> scope.set(name, (Expression.Callable) (arguments, named) -> {
            Scope own = scope.inner();
            int i = 0;
            for (Map.Entry<String, Optional<Expression>> parameter : parameters.entrySet()) {
                Object value = i < arguments.size()
                        ? arguments.get(i)
                        : named.getOrDefault(
                                parameter.getKey(),
                                parameter
                                        .getValue()
                                        .map(expression -> expression.value(scope))
                                        .orElse(Values.UNDEFINED));
                own.set(parameter.getKey(), value);
                i++;
            }
            StringBuilder text = new StringBuilder();
            body.render(own, text);
            return text.toString();
        });
    }
}
