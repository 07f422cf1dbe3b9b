package org.mxforge.runtime.tune.report;

import java.util.Locale;

/** HTML and SVG as text: elements are written in order, and whatever is not markup is escaped. */
final class Markup {
    private final StringBuilder text = new StringBuilder();

    /** Opens an element with attributes, given as name and value in turn. */
    Markup open(String name, Object... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(value(attributes[i + 1])))
                    .append('"');
        }
        text.append('>');
        return this;
    }

    Markup close(String name) {
        text.append("</").append(name).append(">\n");
        return this;
    }

    /** An element with text alone inside. */
    Markup element(String name, String content, Object... attributes) {
        return open(name, attributes).text(content).close(name);
    }

    Markup text(String content) {
        text.append(escaped(content));
        return this;
    }

    /** What is markup already. */
    Markup raw(String markup) {
        text.append(markup);
        return this;
    }

    private static String value(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : String.valueOf(value);
    }

    private static String escaped(String content) {
        return content.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
