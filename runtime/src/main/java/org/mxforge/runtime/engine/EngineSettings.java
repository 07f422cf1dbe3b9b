package org.mxforge.runtime.engine;

import java.time.Duration;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.base.options.TuneMode;

/**
 * What a user asks of an {@link Engine}.
 *
 * @param device where it runs
 * @param threads threads of the CPU target, at least 1
 * @param tuning how hard it looks for fast variants
 * @param tuningTime no new search begins once searches have taken this long together
 * @param folding whether a GPU with FP8 tensor cores gets scales folded into FP8
 */
public record EngineSettings(DeviceKind device, int threads, TuneMode tuning, Duration tuningTime, Folding folding) {
    private static final int MAX_THREADS = 1024;

    public EngineSettings {
        if (tuningTime.isNegative()) {
            throw new MxForgeException("the tuning budget is " + tuningTime.toSeconds() + " seconds: give 0 or more");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new MxForgeException("the number of threads is " + threads + ": choose one from 1 to " + MAX_THREADS);
        }
    }
}
