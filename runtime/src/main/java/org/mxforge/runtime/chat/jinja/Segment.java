package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;

/**
 * A piece of a template's text.
 *
 * @param kind what it is
 * @param text of it, without its marks
 */
record Segment(Kind kind, String text) {
    enum Kind {
        TEXT,
        OUTPUT,
        STATEMENT
    }

    /** A mark, with the sign that says what becomes of the white space before it. */
    private static final Pattern OPEN = Pattern.compile("\\{([{%#])([-+]?)");

    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);

    /** Cut at the marks, white space about them taken away as they say. */
    static List<Segment> of(String template) {
        // As Jinja does: one line feed at the end is no part of it.
        String source = template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
        List<Segment> segments = new ArrayList<>();
        Matcher open = OPEN.matcher(source);
        int at = 0;
        boolean strip = false;
        boolean dropLine = false;
        while (open.find(at)) {
            String before = lead(source.substring(at, open.start()), strip, dropLine);
            char mark = open.group(1).charAt(0);
            if (open.group(2).equals("-")) {
                before = before.stripTrailing();
            } else if (mark != '{' && open.group(2).isEmpty()) {
                before = withoutIndent(before, at == 0 || strip || dropLine);
            }
            segments.add(new Segment(Kind.TEXT, before));
            int end = end(source, open.end(), mark == '{' ? "}}" : mark + "}");
            String inner = source.substring(open.end(), end);
            strip = inner.endsWith("-");
            boolean keep = inner.endsWith("+");
            String content = strip || keep ? inner.substring(0, inner.length() - 1) : inner;
            if (mark != '#') {
                segments.add(new Segment(mark == '{' ? Kind.OUTPUT : Kind.STATEMENT, content.strip()));
            }
            dropLine = mark != '{' && !keep;
            at = end + 2;
        }
        segments.add(new Segment(Kind.TEXT, lead(source.substring(at), strip, dropLine)));
        return segments;
    }

    private static String lead(String text, boolean strip, boolean dropLine) {
        if (strip) {
            return text.stripLeading();
        }
        return dropLine && text.startsWith("\n") ? text.substring(1) : text;
    }

    /** Blanks between the begin of a line and a statement. */
    private static String withoutIndent(String text, boolean beginsLine) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
            end--;
        }
        boolean isIndent = end == 0 ? beginsLine : text.charAt(end - 1) == '\n';
        return isIndent ? text.substring(0, end) : text;
    }

    /** Where the closing mark is, texts in quotes skipped. */
    private static int end(String source, int from, String close) {
        Matcher quoted = QUOTED.matcher(source);
        for (int i = from; i < source.length(); i++) {
            char c = source.charAt(i);
            if (source.startsWith(close, i)) {
                return i;
            }
            if (!close.startsWith("#") && (c == '\'' || c == '"')) {
                if (!quoted.find(i) || quoted.start() != i) {
                    break;
                }
                i = quoted.end() - 1;
            }
        }
        throw new MxForgeException("a chat template has an opening mark without " + close + ": "
                + source.substring(from, Math.min(source.length(), from + 60)));
    }
}
