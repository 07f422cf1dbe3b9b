package org.mxforge.runtime.cli.model;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers from {@code least} to {@code most}, written {@code 8-128}, or {@code 8} for one alone. */
record NumberRange(int least, int most) {
    int draw(SplittableRandom random) {
        return random.nextInt(least, most + 1);
    }

    @Override
    public String toString() {
        return least == most ? String.valueOf(least) : least + " to " + most;
    }

    /** Reads one of positive numbers. */
    static final class Converter implements ITypeConverter<NumberRange> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,8})(?:-(\\d{1,8}))?");

        @Override
        public NumberRange convert(String text) {
            Matcher form = FORM.matcher(text);
            if (form.matches()) {
                int least = Integer.parseInt(form.group(1));
                int most = form.group(2) == null ? least : Integer.parseInt(form.group(2));
                if (least >= 1 && least <= most) {
                    return new NumberRange(least, most);
                }
            }
            throw new TypeConversionException(
                    "'" + text + "' is no range of numbers: write it as 8-128, the smaller one first, both 1 or more");
        }
    }
}
