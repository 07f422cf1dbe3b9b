package org.mxforge.runtime.cuda.launch;

import java.util.List;

/** The checks that emitted launchers share; each refuses with one sentence that names the argument. */
public final class LaunchCheck {
    private LaunchCheck() {}

    /** A refusal with this sentence, in which each {@code {}} stands for one of {@code values}. */
    public static IllegalArgumentException refusal(String sentence, Object... values) {
        StringBuilder text = new StringBuilder(sentence);
        int from = 0;
        for (Object value : values) {
            int place = text.indexOf("{}", from);
            text.replace(place, place + 2, value.toString());
            from = place + value.toString().length();
        }
        return new IllegalArgumentException(text.toString());
    }

    /** An address as refusals show it. */
    public static String hexadecimal(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** Refuses a number outside {@code least .. most}, NaN included. */
    public static void range(String name, float value, float least, float most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be from " + least + " to " + most);
        }
    }

    /** Refuses a null or misaligned device address. */
    public static void address(String name, long address, int alignment) {
        if (address == 0) {
            throw new IllegalArgumentException("the address of " + name + " is 0: it points nowhere");
        }
        if (address % alignment != 0) {
            throw new IllegalArgumentException("the address of " + name + ", " + hexadecimal(address)
                    + ", is not a multiple of " + alignment + " bytes");
        }
    }

    /** Refuses a list that is longer or shorter than the kernel's. */
    public static void entries(String name, List<?> given, int wanted) {
        if (given.size() != wanted) {
            throw new IllegalArgumentException(
                    given.size() + " " + name + " were given to a kernel that was emitted for " + wanted);
        }
    }

    /** {@code given} as the form that the kernel reads. */
    public static <F> F form(String name, Object given, Class<F> wanted) {
        if (!wanted.isInstance(given)) {
            throw new IllegalArgumentException("the kernel's " + name + " reads " + wanted.getSimpleName()
                    + " operands, not "
                    + (given == null ? "null" : given.getClass().getSimpleName()));
        }
        return wanted.cast(given);
    }
}
