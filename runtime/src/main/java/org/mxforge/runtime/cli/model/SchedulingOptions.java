package org.mxforge.runtime.cli.model;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.SchedulerOptions;
import picocli.CommandLine.Option;

/** The options that say how many requests run together. */
final class SchedulingOptions {
    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most requests that run together; default ${DEFAULT-VALUE}.")
    private int sequences;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Most tokens of a request, new ones included; default ${DEFAULT-VALUE}.")
    private int context;

    @Option(
            names = "--cache-tokens",
            paramLabel = "N",
            description = "Tokens of all requests whose keys and values have memory; default 16384, or those of one"
                    + " request where these are more.")
    private Integer cacheTokens;

    @Option(
            names = "--step-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Most tokens of a step: one of each request that is written, then those of prompts; default"
                    + " ${DEFAULT-VALUE}.")
    private int stepTokens;

    SchedulerOptions options() {
        SchedulerOptions usual = SchedulerOptions.defaults();
        if (cacheTokens != null && cacheTokens < context) {
            throw new MxForgeException("--cache-tokens " + cacheTokens + " has no room for one request of --context "
                    + context + ": give more of the one or less of the other");
        }
        return usual.withSequences(sequences)
                .withCache(context, cacheTokens == null ? Math.max(context, usual.cacheTokens()) : cacheTokens)
                .withStepTokens(stepTokens);
    }
}
