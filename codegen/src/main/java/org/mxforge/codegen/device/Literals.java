package org.mxforge.codegen.device;

import com.github.javaparser.ast.expr.IntegerLiteralExpr;
import com.github.javaparser.ast.expr.LiteralExpr;
import java.util.Locale;

/** Literals: Java and C++ write ints and floats slightly differently. */
final class Literals {
    private Literals() {}

    static Code translate(LiteralExpr literal, Refusal refusal) {
        if (literal.isBooleanLiteralExpr()) {
            return Code.primary(literal.toString(), DeviceType.BOOLEAN);
        }
        if (literal.isIntegerLiteralExpr()) {
            return integer(literal.asIntegerLiteralExpr(), refusal);
        }
        String text = literal.toString();
        // Hexadecimal digits end in f as well, but those literals are ints.
        if (literal.isDoubleLiteralExpr() && text.toLowerCase(Locale.ROOT).endsWith("f")) {
            return Code.primary(Float.parseFloat(text.replace("_", "")) + "f", DeviceType.FLOAT);
        }
        throw refusal.of(literal, "literal " + text);
    }

    private static Code integer(IntegerLiteralExpr literal, Refusal refusal) {
        String text = literal.getValue().replace("_", "").toLowerCase(Locale.ROOT);
        boolean hexadecimal = text.startsWith("0x");
        if (!hexadecimal && !text.matches("0|[1-9]\\d{0,9}")) {
            throw refusal.of(literal, "literal " + literal.getValue());
        }
        long value = Long.decode(text);
        if (value > Integer.MAX_VALUE) {
            // Java reads the top bit of a hexadecimal literal as the sign; C++ would make it unsigned.
            if (!hexadecimal) {
                throw refusal.of(literal, "literal " + literal.getValue());
            }
            return Code.cast(text + "u");
        }
        return Code.primary(text, DeviceType.INT);
    }
}
