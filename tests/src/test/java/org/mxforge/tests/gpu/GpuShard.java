package org.mxforge.tests.gpu;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a part of the GPU tests, for machines that are lent for minutes: {@code -Dgpu.shard=2/8} is the second of eight. Each test goes to a part
 * by a checksum of its identifier, and so does each single run of one with parameters: whole classes would not do, since they take from
 * seconds to half an hour.
 */
public final class GpuShard implements ExecutionCondition {
    static final String PROPERTY = "gpu.shard";

    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,2})/([1-9]\\d{0,2})");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean single =
                context.getTestMethod().isPresent() && !context.getUniqueId().matches(".*\\[test-template:[^/]*]");
        return !single || !context.getTags().contains("gpu") || isIn(context.getUniqueId())
                ? ConditionEvaluationResult.enabled("in the part of the GPU tests that is asked for")
                : ConditionEvaluationResult.disabled("in another part of the GPU tests");
    }

    /** Whether a single test is in the part that is asked for; all are where none is. */
    static boolean isIn(String test) {
        String shard = System.getProperty(PROPERTY);
        return shard == null || has(shard, test);
    }

    /** Whether the part {@code 2/8} has a test. */
    static boolean has(String shard, String test) {
        Matcher matcher = TEXT.matcher(shard);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > Integer.parseInt(matcher.group(2))) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + shard
                    + " names no part of the GPU tests: write 2/8 for the second of eight");
        }
        CRC32 sum = new CRC32();
        sum.update(test.getBytes(StandardCharsets.UTF_8));
        return sum.getValue() % Integer.parseInt(matcher.group(2)) == Integer.parseInt(matcher.group(1)) - 1;
    }
}
