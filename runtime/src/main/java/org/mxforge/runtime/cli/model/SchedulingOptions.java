package org.mxforge.runtime.cli.model;

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
            defaultValue = "16384",
            description = "Tokens of all requests whose keys and values have memory; default ${DEFAULT-VALUE}.")
    private int cacheTokens;

    @Option(
            names = "--step-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Most tokens of a step: one of each request that is written, then those of prompts; default"
                    + " ${DEFAULT-VALUE}.")
    private int stepTokens;

    SchedulerOptions options() {
        return SchedulerOptions.defaults()
                .withSequences(sequences)
                .withCache(context, cacheTokens)
                .withStepTokens(stepTokens);
    }
}
