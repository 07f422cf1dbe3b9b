package org.mxforge.runtime;

import java.time.Duration;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.base.options.TuneMode;

/**
 * What a user asks of an {@link Engine}: {@link #defaults()}, changed by the {@code with} methods.
 *
 * @param device where it runs
 * @param threads threads of the CPU target, 1 to 1024
 * @param tuning what is done for shapes of kernels that were never tuned here
 * @param tuningTime no new search begins once searches have taken this long together
 * @param folding whether a GPU with FP8 tensor cores gets scales folded into FP8
 * @param gpus how many GPUs of this machine share each model: 1, 2, 4 or 8; others than models, and what calibrates them, run on the first
 */
public record EngineOptions(
        DeviceKind device, int threads, TuneMode tuning, Duration tuningTime, Folding folding, int gpus) {
    private static final int MAX_THREADS = 1024;
    private static final int MAX_GPUS = 8;
    private static final Duration SHORT_SEARCHES = Duration.ofSeconds(20);
    private static final Duration NO_LIMIT = Duration.ofDays(1000);

    public EngineOptions {
        Arguments.require(device, "an engine's device is missing: give a DeviceKind");
        Arguments.require(tuning, "an engine's way of tuning is missing: give a TuneMode");
        Arguments.require(tuningTime, "an engine's tuning time is missing: give a Duration");
        Arguments.require(folding, "an engine's folding is missing: give a Folding");
        if (tuningTime.isNegative()) {
            throw new MxForgeException("the tuning budget is " + tuningTime.toSeconds() + " seconds: give 0 or more");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new MxForgeException("the number of threads is " + threads + ": choose one from 1 to " + MAX_THREADS);
        }
        if (gpus < 1 || gpus > MAX_GPUS || Integer.bitCount(gpus) != 1) {
            throw new MxForgeException("the number of GPUs is " + gpus + ": choose 1, 2, 4 or " + MAX_GPUS);
        }
    }

    /** The GPU if there is one, else all cores of this machine; short searches, 20 seconds in all; exact folding; one GPU. */
    public static EngineOptions defaults() {
        int cores = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        return new EngineOptions(DeviceKind.AUTO, cores, TuneMode.QUICK, SHORT_SEARCHES, Folding.EXACT, 1);
    }

    public EngineOptions withDevice(DeviceKind device) {
        return new EngineOptions(device, threads, tuning, tuningTime, folding, gpus);
    }

    public EngineOptions withThreads(int threads) {
        return new EngineOptions(device, threads, tuning, tuningTime, folding, gpus);
    }

    /** Tuning as {@code mode} says: without a limit of time if it is full, else of 20 seconds in all. */
    public EngineOptions withTuning(TuneMode mode) {
        return withTuning(mode, mode == TuneMode.FULL ? NO_LIMIT : SHORT_SEARCHES);
    }

    public EngineOptions withTuning(TuneMode mode, Duration time) {
        return new EngineOptions(device, threads, mode, time, folding, gpus);
    }

    public EngineOptions withFolding(Folding folding) {
        return new EngineOptions(device, threads, tuning, tuningTime, folding, gpus);
    }

    public EngineOptions withGpus(int gpus) {
        return new EngineOptions(device, threads, tuning, tuningTime, folding, gpus);
    }
}
