package org.mxforge.runtime.tune.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/**
 * A device whose trials run in a worker process, which is started when it is first wanted and started again whenever a candidate took
 * it down. The candidate is to blame for that; the trial goes on.
 */
public final class WorkerDevice implements TuningDevice {
    private final TuningDevice facts;
    private final WorkerLauncher launcher;
    private final Duration patience;
    private Worker worker;

    /**
     * The first GPU of this machine, on which worker processes open a context of their own.
     *
     * @param facts the GPU in this process, for everything but trials
     * @param patience longest that one step of a candidate may take before its worker is stopped
     */
    public static WorkerDevice gpu(TuningDevice facts, Duration patience) {
        return gpu(facts, Map.of(), patience);
    }

    /**
     * The same with kernels that were compiled elsewhere, which only the workers load.
     *
     * @param cubins files to be loaded for variants, in place of what is compiled for them here
     */
    public static WorkerDevice gpu(TuningDevice facts, Map<KernelVariant, Path> cubins, Duration patience) {
        return new WorkerDevice(facts, WorkerLauncher.java(GpuWorker.class, GpuWorker.images(cubins)), patience);
    }

    /**
     * @param facts the device in this process, for everything but trials
     * @param launcher starts processes that serve trials on the same device
     * @param patience longest that one step of a candidate may take before its worker is stopped
     */
    WorkerDevice(TuningDevice facts, WorkerLauncher launcher, Duration patience) {
        this.facts = facts;
        this.launcher = launcher;
        this.patience = patience;
    }

    @Override
    public String name() {
        return facts.name();
    }

    @Override
    public Target target() {
        return facts.target();
    }

    @Override
    public Toolchain toolchain() {
        return facts.toolchain();
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return facts.tries(problem, shape);
    }

    @Override
    public String fingerprint(KernelVariant variant) {
        return facts.fingerprint(variant);
    }

    @Override
    public boolean works() {
        return facts.works();
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        // What this process asked of the device before must not be timed along; works() waits for it.
        facts.works();
        RemoteTrial trial = new RemoteTrial(this, problem, shape, candidates);
        try {
            trial.open();
        } catch (Trial.Timeout e) {
            throw new MxForgeException("setting up trials of " + shape.text() + " " + e.getMessage(), e);
        }
        return trial;
    }

    Duration patience() {
        return patience;
    }

    /** A worker that lives. */
    Worker worker() {
        if (worker == null || !worker.lives()) {
            worker = Worker.start(launcher);
        }
        return worker;
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
        facts.close();
    }
}
