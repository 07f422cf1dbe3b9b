package org.mxforge.runtime.tune.search;

import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * What wisdom says about the kernels as they are now. A measurement holds for as long as spec, target, device, source, compiler
 * and options are the same; tool and driver are on record, but decide nothing, since they do not change the machine code.
 *
 * @param wisdom what is known
 * @param device where kernels would run
 */
record WisdomLookup(Wisdom wisdom, TuningDevice device) {
    /** How many times larger or smaller a shape may be, in octaves summed over its sizes, to be a neighbour. */
    private static final double FARTHEST = 3;

    /** The winner for {@code key}, of a full search if {@code full}, by an algorithm that may compete for {@code problem}. */
    Optional<WisdomRecord> exact(KernelProblem problem, WisdomKey key, boolean full) {
        return wisdom.winner(
                key,
                entry -> (!full || entry.endsFullSearch())
                        && problem.algorithms(key.target())
                                .contains(entry.variant().algorithm())
                        && SearchOrder.isAccurate(entry.variant(), key.shape())
                        && isSameKernel(entry));
    }

    /**
     * The winner for as many rows and channels that are cut into other partitions, where that makes no difference. Layers of a model
     * are cut differently, and would take the time of searches that others need more.
     */
    Optional<WisdomRecord> recut(WisdomKey key) {
        if (!key.shape().isFreelyCut()) {
            return Optional.empty();
        }
        return wisdom.winners(key.problem())
                .filter(entry -> entry.key().target() == key.target()
                        && entry.key().shape().m() == key.shape().m()
                        && entry.key().shape().channels() == key.shape().channels())
                .filter(this::isSameKernel)
                .findFirst();
    }

    /**
     * The winner for the nearest shape of the same spec and source, of two as near the one that was found first; the same shape with
     * another compiler is nearer than any.
     *
     * @param alike the shapes that may be asked
     */
    Optional<WisdomRecord> nearest(KernelProblem problem, WisdomKey key, Predicate<KernelShape> alike) {
        return wisdom.winners(key.problem())
                .filter(entry -> entry.key().target() == key.target()
                        && problem.algorithms(key.target())
                                .contains(entry.variant().algorithm())
                        && SearchOrder.isAccurate(entry.variant(), key.shape())
                        && distance(entry.key().shape(), key.shape()) <= FARTHEST)
                .sorted(Comparator.comparingDouble(entry -> distance(entry.key().shape(), key.shape())))
                .filter(this::isSameSource)
                .filter(entry -> alike.test(entry.key().shape()))
                .findFirst();
    }

    /** Whether {@code algorithm}, passes included, was tried on {@code key} here. */
    boolean tried(WisdomKey key, Algorithm<KernelSpec> algorithm) {
        return wisdom.records(key).stream()
                .anyMatch(entry -> entry.variant().algorithm().equals(algorithm));
    }

    /** Shapes of one kind have the same sizes. */
    private static double distance(KernelShape one, KernelShape other) {
        double octaves = 0;
        for (int i = 0; i < one.sizes().size(); i++) {
            octaves += Math.abs(
                    Math.log((double) one.sizes().get(i) / other.sizes().get(i)) / Math.log(2));
        }
        return octaves;
    }

    private boolean isSameKernel(WisdomRecord entry) {
        return entry.provenance().toolchain().compilesLike(device.toolchain()) && isSameSource(entry);
    }

    private boolean isSameSource(WisdomRecord entry) {
        return entry.provenance().source().equals(device.source(entry.variant()));
    }
}
