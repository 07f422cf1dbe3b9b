package org.mxforge.runtime.cli.console;

/**
 * Colours and weights of text, where a terminal has them and its user wants them (https://no-color.org).
 *
 * @param coloured whether there are any
 */
record Style(boolean coloured) {
    private static final String BOLD = "1";
    private static final String RED = "1;31";
    private static final String YELLOW = "33";

    static Style ofStandardOutput() {
        return new Style(Terminal.showsStandardOutput() && isWanted());
    }

    static Style ofStandardError() {
        return new Style(Terminal.showsStandardError() && isWanted());
    }

    private static boolean isWanted() {
        String none = System.getenv("NO_COLOR");
        return (none == null || none.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    String head(String text) {
        return in(BOLD, text);
    }

    String error(String text) {
        return in(RED, text);
    }

    String warning(String text) {
        return in(YELLOW, text);
    }

    private String in(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
