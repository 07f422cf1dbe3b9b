package org.mxforge.runtime.simulate.ptx;

import org.mxforge.runtime.base.MxForgeException;

/** Reads PTX character by character, without comments, and knows the line. */
final class PtxScanner {
    private final String text;
    private int at;
    private int line = 1;

    PtxScanner(String text) {
        this.text = text;
    }

    int line() {
        return line;
    }

    /** The next character that is not blank; 0 at the end. */
    char peek() {
        skipBlanks();
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Takes the next character that is not blank if it is {@code wanted}. */
    boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char wanted) {
        if (!take(wanted)) {
            throw fault("'" + wanted + "' is missing");
        }
    }

    /** A name, an opcode or a number; empty before other characters. */
    String word() {
        skipBlanks();
        int begin = at;
        while (at < text.length() && (isWord(text.charAt(at)) || isDoubleColon())) {
            at += text.charAt(at) == ':' ? 2 : 1;
        }
        return text.substring(begin, at);
    }

    String string() {
        expect('"');
        int end = text.indexOf('"', at);
        String value = text.substring(at, end);
        at = end + 1;
        return value;
    }

    /** Skips to behind the next {@code end}. */
    void skipPast(char end) {
        while (at < text.length() && text.charAt(at) != end) {
            line += text.charAt(at++) == '\n' ? 1 : 0;
        }
        at++;
    }

    /** Skips the rest of the line. */
    String restOfLine() {
        int begin = at;
        skipLine();
        return text.substring(begin, at);
    }

    void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    MxForgeException fault(String what) {
        return new MxForgeException("PTX line " + line + " cannot be read: " + what + ".");
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_$%.".indexOf(c) >= 0;
    }

    private boolean isDoubleColon() {
        return text.startsWith("::", at);
    }

    private void skipBlanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (text.startsWith("//", at)) {
                skipLine();
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                while (at < end) {
                    line += text.charAt(at++) == '\n' ? 1 : 0;
                }
                at += 2;
            } else {
                return;
            }
        }
    }
}
