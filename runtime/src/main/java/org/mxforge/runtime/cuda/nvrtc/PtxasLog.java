package org.mxforge.runtime.cuda.nvrtc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the assembler says about the kernels it made, read from its verbose log. */
record PtxasLog(int registers, int spillBytes, int staticSharedBytes) {
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d{1,6}) registers");
    private static final Pattern SPILLS =
            Pattern.compile("(\\d{1,8}) bytes spill stores, (\\d{1,8}) bytes spill loads");
    private static final Pattern SHARED = Pattern.compile("(\\d{1,8}) bytes smem");

    /** Reads a log; of several functions the largest of each number counts. */
    static PtxasLog read(String log) {
        return new PtxasLog(largest(REGISTERS, log), largest(SPILLS, log), largest(SHARED, log));
    }

    private static int largest(Pattern pattern, String log) {
        int largest = 0;
        for (Matcher matcher = pattern.matcher(log); matcher.find(); ) {
            int sum = 0;
            for (int group = 1; group <= matcher.groupCount(); group++) {
                sum += Integer.parseInt(matcher.group(group));
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }
}
