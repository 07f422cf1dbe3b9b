package org.mxforge.runtime.task;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Results in LaTeX. */
final class MathText {
    /** As MicroMix and others ask for a result in a chat. */
    static final String REQUEST = "\nPlease reason step by step, and put your final answer within \\boxed{}.";

    private static final Pattern BOX = Pattern.compile("\\\\f?box(?:ed)?\\s*\\{|\\\\boxed ");
    private static final Pattern SHORT_FRACTION = Pattern.compile("\\\\frac([^{}\\\\])([^{}\\\\])");
    private static final Pattern HALF_SHORT_FRACTION = Pattern.compile("\\\\frac([^{}\\\\])\\{");
    private static final Pattern SHORT_ROOT = Pattern.compile("\\\\sqrt([^{\\[])");
    private static final Pattern SLASHED = Pattern.compile("(-?\\d+)/(-?\\d+)");

    private MathText() {}

    /** What stands in the last box of a text. */
    static Optional<String> boxed(String text) {
        int begin = -1;
        boolean braced = false;
        for (Matcher box = BOX.matcher(text); box.find(); ) {
            begin = box.end();
            braced = text.charAt(begin - 1) == '{';
        }
        if (begin < 0) {
            return Optional.empty();
        }
        if (!braced) {
            int end = text.indexOf('$', begin);
            return Optional.of(end < 0 ? text.substring(begin) : text.substring(begin, end));
        }
        int depth = 1;
        for (int i = begin; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return Optional.of(text.substring(begin, i));
            }
        }
        return Optional.empty();
    }

    /** What stands between the first and the last dollar sign, all of it where there are not two. */
    static String inDollars(String text) {
        int first = text.indexOf('$');
        int last = text.lastIndexOf('$');
        return first == last ? text : text.substring(first + 1, last);
    }

    /** Alike for results that differ in how they are written: spaces, units, fractions, {@code x =} before a value. */
    static String alike(String result) {
        String text = result.replace("\n", "")
                .replace("\\!", "")
                .replace("\\\\", "\\")
                .replace("tfrac", "frac")
                .replace("dfrac", "frac")
                .replace("\\left", "")
                .replace("\\right", "")
                .replace("^{\\circ}", "")
                .replace("^\\circ", "")
                .replace("\\$", "");
        int unit = text.indexOf("\\text{ ");
        text = unit < 0 ? text : text.substring(0, unit);
        text = text.replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
        text = text.startsWith(".") ? "0" + text : text;
        String[] sides = text.split("=", -1);
        text = sides.length == 2 && sides[0].length() <= 2 ? sides[1] : text;
        text = SHORT_ROOT.matcher(text).replaceAll("\\\\sqrt{$1}").replace(" ", "");
        text = SHORT_FRACTION.matcher(text).replaceAll("\\\\frac{$1}{$2}");
        text = HALF_SHORT_FRACTION.matcher(text).replaceAll("\\\\frac{$1}{");
        text = text.equals("0.5") ? "\\frac{1}{2}" : text;
        Matcher slashed = SLASHED.matcher(text);
        return slashed.matches() ? "\\frac{" + slashed.group(1) + "}{" + slashed.group(2) + "}" : text;
    }
}
