package org.mxforge.runtime.tune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** A device whose candidates behave as {@code behaviour} says, and that counts what was asked of it. */
final class FakeDevice implements TuningDevice {

    private final Function<KernelVariant, Behaviour> behaviour;
    final List<KernelVariant> prepared = new ArrayList<>();
    int runs;
    int searches;
    String version = "a";
    Toolchain toolchain = Samples.TOOLCHAIN;
    Target target = Target.CPU;

    FakeDevice(Function<KernelVariant, Behaviour> behaviour) {
        this.behaviour = behaviour;
    }

    /** How one candidate behaves; {@code refusal} and {@code fault} are thrown when not null. */
    record Behaviour(RuntimeException refusal, boolean exact, RuntimeException fault, double milliseconds) {
        static Behaviour takes(double milliseconds) {
            return new Behaviour(null, true, null, milliseconds);
        }

        static Behaviour wrongIn(double milliseconds) {
            return new Behaviour(null, false, null, milliseconds);
        }

        static Behaviour refuses(RuntimeException refusal) {
            return new Behaviour(refusal, true, null, 1);
        }

        static Behaviour faults(RuntimeException fault) {
            return new Behaviour(null, true, fault, 1);
        }
    }

    @Override
    public String name() {
        return Samples.DEVICE;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public Toolchain toolchain() {
        return toolchain;
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return true;
    }

    @Override
    public String fingerprint(KernelVariant variant) {
        return version + variant.text().hashCode();
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        searches++;
        return new Trial() {
            @Override
            public Candidate prepare(KernelVariant variant) {
                prepared.add(variant);
                Behaviour chosen = behaviour.apply(variant);
                if (chosen.refusal() != null) {
                    throw chosen.refusal();
                }
                return candidate(chosen);
            }

            @Override
            public void close() {}
        };
    }

    private Trial.Candidate candidate(Behaviour chosen) {
        return new Trial.Candidate() {
            @Override
            public Optional<String> fault() {
                return chosen.exact() ? Optional.empty() : Optional.of("element (0, 0) is wrong");
            }

            @Override
            public double run() {
                runs++;
                if (chosen.fault() != null) {
                    throw chosen.fault();
                }
                return chosen.milliseconds();
            }

            @Override
            public void close() {}
        };
    }
}
