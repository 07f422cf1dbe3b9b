package org.mxforge.runtime.tune.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/**
 * The program of a worker process whose device does to each candidate what its place among the legal ones says, to some when they are checked
 * and to others when they run.
 */
public final class FragileWorker implements TuningDevice {
    static final Toolchain TOOLCHAIN = new Toolchain("0.1.0", "fragilec 1", "", "driver 1");

    /** Places of the candidates that do not simply run. */
    public static final int DIES = 1;

    static final int SPOILS_THE_DEVICE = 2;
    public static final int HANGS = 3;
    static final int IS_REFUSED = 4;
    public static final int IS_WRONG = 5;
    static final int FINDS_NO_MEMORY = 6;
    public static final int IS_FAST = 7;

    private boolean spoiled;

    /** A device whose trials run in such a worker. */
    public static WorkerDevice device(Duration patience) {
        return new WorkerDevice(new FragileWorker(), WorkerLauncher.java(FragileWorker.class), patience);
    }

    public static void main(String[] arguments) throws IOException {
        new TrialServer(new FragileWorker()).serve(System.in, new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public String name() {
        return "Fragile 1";
    }

    @Override
    public Target target() {
        return Target.CPU;
    }

    @Override
    public Toolchain toolchain() {
        return TOOLCHAIN;
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return true;
    }

    @Override
    public String fingerprint(KernelVariant variant) {
        return "the same";
    }

    @Override
    public boolean works() {
        return !spoiled;
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        List<KernelVariant> legal = problem.variants(Target.CPU);
        return new Trial() {
            @Override
            public Candidate prepare(KernelVariant variant) {
                int place = legal.indexOf(variant);
                if (place == IS_REFUSED) {
                    throw new IllegalArgumentException("not this shape");
                }
                return new FragileCandidate(place);
            }

            @Override
            public void close() {}
        };
    }

    private final class FragileCandidate implements Trial.Candidate {
        private final int place;

        FragileCandidate(int place) {
            this.place = place;
        }

        @Override
        public Optional<String> fault() {
            switch (place) {
                case DIES -> Runtime.getRuntime().halt(77);
                case HANGS -> hang();
                default -> {}
            }
            return place == IS_WRONG ? Optional.of("element (0, 0) is wrong") : Optional.empty();
        }

        @Override
        public double run() {
            switch (place) {
                case SPOILS_THE_DEVICE -> {
                    spoiled = true;
                    throw new MxForgeException("an illegal address");
                }
                case FINDS_NO_MEMORY -> throw new OutOfMemoryError("no memory for it");
                default -> {
                    if (spoiled) {
                        throw new MxForgeException("the device was not replaced");
                    }
                }
            }
            return place == IS_FAST ? 1 : 2;
        }

        private void hang() {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {}
    }
}
