package org.mxforge.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Chooses kernels for targets that need not be here, by what wisdom knows about any GPU of the target. */
final class KernelChoice {
    private List<WisdomFolder.Known> known;

    /**
     * What is best for {@code shape}: what won on a GPU of {@code target} in a search that holds today, one of this user's before one that
     * came with MXForge, the fastest of several; or else what probably suits.
     *
     * @throws IllegalArgumentException if {@code shape} is none of the problem's
     */
    TunedKernel choose(KernelProblem problem, Target target, KernelShape shape) {
        if (!KernelKinds.tuned(problem.spec())
                .map(kind -> kind.shapes().isInstance(shape))
                .orElse(false)) {
            throw new IllegalArgumentException("shape " + shape.text() + " is not one of "
                    + problem.spec().text() + ": write " + KernelShape.FORMS
                    + ", or none for kernels that are not tuned by shape");
        }
        KernelShape bucket = shape.bucketed();
        Optional<WisdomRecord> winner = known().stream()
                .filter(entry -> entry.key().target() == target
                        && entry.key().problem().equals(problem.within(KernelProblem.Scope.ALL))
                        && entry.key().shape().equals(bucket))
                .filter(entry -> entry.winner()
                        .filter(record -> solves(problem, record) && holds(record))
                        .isPresent())
                .min(Comparator.comparing(WisdomFolder.Known::isShipped).thenComparingDouble(KernelChoice::millis))
                .flatMap(WisdomFolder.Known::winner);
        return winner.map(record -> new TunedKernel(
                        record.variant(),
                        record.key().device(),
                        bucket.text(),
                        bucket.m(),
                        "wisdom",
                        true,
                        OptionalDouble.of(millis(record))))
                .orElseGet(() -> new TunedKernel(
                        problem.usual(target, bucket),
                        "",
                        bucket.text(),
                        bucket.m(),
                        "default",
                        false,
                        OptionalDouble.empty()));
    }

    private List<WisdomFolder.Known> known() {
        if (known == null) {
            known = new WisdomFolder(ArtifactCache.user().root().resolve("wisdom")).known();
        }
        return known;
    }

    private static boolean solves(KernelProblem problem, WisdomRecord record) {
        KernelVariant variant = record.variant();
        return problem.algorithms(variant.target()).contains(variant.algorithm())
                && variant.algorithm()
                        .permits(
                                variant.spec(),
                                variant.configuration(),
                                record.key().shape().channels());
    }

    /** Whether it is about the kernel that would be emitted and compiled now. */
    private static boolean holds(WisdomRecord record) {
        WisdomRecord.Provenance provenance = record.provenance();
        return provenance.toolchain().compiler().equals("NVRTC " + Nvrtc.load().version())
                && provenance.source().equals(WisdomRecord.Provenance.source(record.variant()));
    }

    private static double millis(WisdomFolder.Known entry) {
        return millis(entry.winner().orElseThrow());
    }

    private static double millis(WisdomRecord record) {
        return record.outcome().timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY);
    }
}
