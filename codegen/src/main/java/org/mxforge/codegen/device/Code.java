package org.mxforge.codegen.device;

/**
 * A translated expression.
 *
 * @param text CUDA
 * @param type its type
 * @param shape how tightly the text binds
 */
record Code(String text, DeviceType type, Shape shape) {
    /** How tightly a text binds. */
    enum Shape {
        /** A name, a literal or a call. */
        PRIMARY,
        /** {@code (int)} before a parenthesised unsigned expression. */
        CAST,
        /** A parenthesised expression. */
        ENCLOSED,
        /** Anything with an operator at its top. */
        COMPOUND
    }

    private static final String CAST = "(int)";

    static Code primary(String text, DeviceType type) {
        return new Code(text, type, Shape.PRIMARY);
    }

    static Code compound(String text, DeviceType type) {
        return new Code(text, type, Shape.COMPOUND);
    }

    /** {@code unsigned}, an expression without parentheses, as an int. */
    static Code cast(String unsigned) {
        return new Code(CAST + "(" + unsigned + ")", DeviceType.INT, Shape.CAST);
    }

    /** The same with parentheses around it, where they change anything. */
    Code enclosed() {
        return shape == Shape.COMPOUND ? new Code("(" + text + ")", type, Shape.ENCLOSED) : this;
    }

    /** The text for a place that is delimited already, such as an argument. */
    String bare() {
        return shape == Shape.ENCLOSED ? text.substring(1, text.length() - 1) : text;
    }

    /** The bits of an int as an unsigned operand. */
    String unsigned() {
        if (shape == Shape.CAST) {
            return text.substring(CAST.length());
        }
        return text.matches("\\d+|0x[0-9a-f]+") ? text + "u" : "(unsigned)" + enclosed().text;
    }
}
