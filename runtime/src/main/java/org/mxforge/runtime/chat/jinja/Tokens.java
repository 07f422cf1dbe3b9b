package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;

/** The numbers, names, texts in quotes and signs of an expression, and which of them is read next. */
final class Tokens {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>\\d+(?:\\.\\d+)?)|(?<name>[A-Za-z_]\\w*)|(?<quote>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")"
                    + "|(?<sign>\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]))",
            Pattern.DOTALL);

    private final String source;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    /** @throws MxForgeException if something in {@code source} is none of these */
    Tokens(String source) {
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

    /** What they were read from. */
    String source() {
        return source;
    }

    /** The failure of an expression that has {@code what} in it. */
    MxForgeException wrong(String what) {
        return new MxForgeException(
                "a chat template has " + what + " in '" + source.strip() + "', which is not" + " supported here");
    }

    /** The next one, without going past it; empty at the end. */
    String peek() {
        return isAtEnd() ? "" : tokens.get(next);
    }

    boolean isAtEnd() {
        return next >= tokens.size();
    }

    boolean isNext(Set<String> any) {
        return any.contains(peek());
    }

    /** Whether the next one is a name with a value behind it. */
    boolean isNamedArgument() {
        return next + 1 < tokens.size() && tokens.get(next + 1).equals("=");
    }

    /** Goes past the next one, which there is. */
    String take() {
        return tokens.get(next++);
    }

    /** Goes past {@code token} if that is next. */
    boolean take(String token) {
        boolean is = peek().equals(token);
        next += is ? 1 : 0;
        return is;
    }

    /** Goes past {@code token}, which must be next. */
    void require(String token) {
        if (!take(token)) {
            throw wrong("'" + peek() + "' where '" + token + "' is expected");
        }
    }

    /** Nothing may be left. */
    void end() {
        if (!isAtEnd()) {
            throw wrong("'" + peek() + "' at the end");
        }
    }

    String name() {
        if (!peek().matches("[A-Za-z_]\\w*")) {
            throw wrong("'" + peek() + "' where a name is expected");
        }
        return take();
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
}
