package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mxforge.runtime.base.MxForgeException;

/** Signs between two values. */
final class Operators {
    private Operators() {}

    static boolean compare(String sign, Object a, Object b) {
        return switch (sign) {
            case "==" -> same(a, b);
            case "!=" -> !same(a, b);
            case "in" -> contains(b, a);
            case "not in" -> !contains(b, a);
            default -> {
                int order = order(a, b, sign);
                yield switch (sign) {
                    case "<" -> order < 0;
                    case ">" -> order > 0;
                    case "<=" -> order <= 0;
                    default -> order >= 0;
                };
            }
        };
    }

    static boolean same(Object a, Object b) {
        return isNumber(a) && isNumber(b) ? number(a) == number(b) : Objects.equals(a, b);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private static double number(Object value) {
        return value instanceof Boolean is ? (is ? 1 : 0) : ((Number) value).doubleValue();
    }

    private static int order(Object a, Object b, String sign) {
        if (isNumber(a) && isNumber(b)) {
            return Double.compare(number(a), number(b));
        }
        if (a instanceof String first && b instanceof String second) {
            return first.compareTo(second);
        }
        throw wrong(sign, a, b);
    }

    private static MxForgeException wrong(String sign, Object a, Object b) {
        return new MxForgeException(
                "a chat template has " + Values.text(a) + " " + sign + " " + Values.text(b) + ", which has no value");
    }

    private static boolean contains(Object all, Object value) {
        if (all instanceof String text && value instanceof String part) {
            return text.contains(part);
        }
        if (all instanceof Map<?, ?> map) {
            return map.containsKey(value);
        }
        return Values.list(all).stream().anyMatch(one -> same(one, value));
    }

    static Object apply(String sign, Object a, Object b) {
        if (sign.equals("~")) {
            return Values.text(a) + Values.text(b);
        }
        if (sign.equals("+") && a instanceof String first && b instanceof String second) {
            return first + second;
        }
        if (sign.equals("+") && a instanceof List<?> first && b instanceof List<?> second) {
            List<Object> both = new ArrayList<>(first);
            both.addAll(second);
            return both;
        }
        if (sign.equals("*") && a instanceof String text && b instanceof Long times) {
            if (text.length() * times > JinjaTemplate.LONGEST_TEXT) {
                throw new MxForgeException("a chat template makes a text without end");
            }
            return text.repeat((int) Math.max(0, times));
        }
        if (!isNumber(a) || !isNumber(b)) {
            throw wrong(sign, a, b);
        }
        return a instanceof Long first && b instanceof Long second && !sign.equals("/")
                ? whole(sign, first, second)
                : (Object) real(sign, number(a), number(b));
    }

    private static Object whole(String sign, long a, long b) {
        if (b == 0 && (sign.equals("//") || sign.equals("%"))) {
            throw wrong(sign, a, b);
        }
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "//" -> Math.floorDiv(a, b);
            default -> Math.floorMod(a, b);
        };
    }

    private static double real(String sign, double a, double b) {
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            default -> a - Math.floor(a / b) * b;
        };
    }
}
