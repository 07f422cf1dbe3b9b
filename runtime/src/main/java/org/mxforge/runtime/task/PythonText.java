package org.mxforge.runtime.task;

/** Texts as Python treats them, which the tasks were defined with. */
final class PythonText {
    private PythonText() {}

    /** {@code str.strip()}. */
    static String strip(String text) {
        String end = stripEnd(text);
        int first = 0;
        while (first < end.length() && isSpace(end.charAt(first))) {
            first++;
        }
        return end.substring(first);
    }

    /** {@code str.rstrip()}. */
    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** {@code len(str)}: code points. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
