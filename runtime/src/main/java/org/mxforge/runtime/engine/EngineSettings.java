package org.mxforge.runtime.engine;

import org.mxforge.runtime.MxForgeException;
import org.mxforge.runtime.tune.TuneMode;

/**
 * What a user asks of an {@link Engine}.
 *
 * @param device where it runs
 * @param threads threads of the CPU target, at least 1
 * @param tuning how hard it looks for fast variants
 */
public record EngineSettings(DeviceKind device, int threads, TuneMode tuning) {
    private static final int MAX_THREADS = 1024;

    public EngineSettings {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new MxForgeException("the number of threads is " + threads + ": choose one from 1 to " + MAX_THREADS);
        }
    }
}
