package org.mxforge.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** What tuning has found out on this machine and what came with MXForge, to be looked at and looked after. */
public final class WisdomStore {
    private final WisdomFolder folder;

    private WisdomStore(WisdomFolder folder) {
        this.folder = folder;
    }

    /** That of this user, in the cache folder. */
    public static WisdomStore user() {
        return new WisdomStore(new WisdomFolder(ArtifactCache.user().root().resolve("wisdom")));
    }

    /**
     * What is known about one shape of one kernel.
     *
     * @param file where it stands
     * @param device what it was tuned on
     * @param target what kernels are compiled for there
     * @param spec what is computed
     * @param shape its size, in one of the forms of {@link TunedKernel#SHAPES}
     * @param variant the fastest right one; empty as long as no search has ended
     * @param millis its median
     * @param trials variants that were tried
     * @param search {@code full}, {@code partial}, or {@code open} where none has ended
     */
    public record Known(
            String file,
            String device,
            Target target,
            KernelSpec spec,
            String shape,
            Optional<KernelVariant> variant,
            OptionalDouble millis,
            long trials,
            String search) {}

    /**
     * One variant that was tried.
     *
     * @param device what it was tried on
     * @param target what it was compiled for
     * @param spec what it computes
     * @param shape its size
     * @param variant what was tried
     * @param won whether it won a search
     * @param status how the trial ended, {@code correct} if well
     * @param timing present if well
     * @param detail one line on what went wrong; empty when nothing did
     * @param plan by which plan it was measured
     * @param toolchain what compiled and ran it
     * @param source SHA-256 of the emitted source in hex
     * @param date when
     */
    public record Tried(
            String device,
            Target target,
            KernelSpec spec,
            String shape,
            KernelVariant variant,
            boolean won,
            String status,
            Optional<Millis> timing,
            String detail,
            String plan,
            Tools toolchain,
            String source,
            Instant date) {}

    /**
     * How long a variant took.
     *
     * @param median of the samples, in milliseconds
     * @param p20 20th percentile
     * @param p80 80th percentile
     * @param samples how many there are
     * @param clock of the GPU in MHz, where it was measured
     */
    public record Millis(double median, double p20, double p80, int samples, OptionalInt clock) {}

    /**
     * What compiled and ran a variant.
     *
     * @param tool version of MXForge
     * @param compiler its name and version
     * @param options what it was called with
     * @param driver of the GPU, or the JVM
     */
    public record Tools(String tool, String compiler, String options, String driver) {}

    /**
     * What a merge did.
     *
     * @param added records that are new here
     * @param known records that were here already, and winners of shapes that have one here
     * @param skipped lines that are damaged or of another version
     */
    public record Merged(int added, int known, int skipped) {}

    /**
     * What a check found in one file.
     *
     * @param sound lines that hold
     * @param foreign lines of another version of the format, or about a device whose file is another one
     * @param faults what is wrong with each damaged line, with its number
     */
    public record Checked(int sound, int foreign, List<String> faults) {}

    /** The user's files, one for each device. */
    public List<Path> files() {
        return folder.files();
    }

    /** Every shape that is known, in the order in which files are asked: the user's own, then the shipped ones. */
    public List<Known> known() {
        return folder.known().stream().map(WisdomStore::known).toList();
    }

    private static Known known(WisdomFolder.Known known) {
        WisdomKey key = known.key();
        Optional<WisdomRecord> winner = known.winner();
        Optional<Timing> timing = winner.flatMap(entry -> entry.outcome().timing());
        return new Known(
                known.file(),
                key.device(),
                key.target(),
                key.spec(),
                key.shape().text(),
                winner.map(WisdomRecord::variant),
                timing.stream().mapToDouble(Timing::median).findFirst(),
                known.records().stream()
                        .filter(entry -> entry.coverage().isEmpty())
                        .count(),
                winner.map(entry -> entry.endsFullSearch() ? "full" : "partial").orElse("open"));
    }

    /**
     * Every variant that was tried on a shape, the fastest first; one that won a search with the time that it won with.
     *
     * @param shape in one of the forms of {@link TunedKernel#SHAPES}; tokens are rounded up as for tuning
     * @throws IllegalArgumentException if {@code shape} is none
     */
    public List<Tried> tried(String shape) {
        KernelShape wanted = parsed(shape);
        return folder.known().stream()
                .filter(known -> known.key().shape().equals(wanted))
                .flatMap(known -> WisdomRecord.trials(known.records()).stream())
                .sorted(Comparator.comparingDouble(
                        entry -> entry.outcome().timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY)))
                .map(WisdomStore::tried)
                .toList();
    }

    /** The shape under which {@code shape} is kept: its tokens rounded up to a power of two. */
    public static String bucketed(String shape) {
        return parsed(shape).text();
    }

    private static KernelShape parsed(String shape) {
        return KernelShape.parse(
                        Arguments.require(shape, "a kernel's shape is missing: write it as " + TunedKernel.SHAPES))
                .bucketed();
    }

    static Tried tried(WisdomRecord entry) {
        WisdomRecord.Outcome outcome = entry.outcome();
        return new Tried(
                entry.key().device(),
                entry.key().target(),
                entry.key().spec(),
                entry.key().shape().text(),
                entry.variant(),
                entry.coverage().isPresent(),
                outcome.status().text(),
                outcome.timing().map(t -> new Millis(t.median(), t.p20(), t.p80(), t.samples(), t.clock())),
                outcome.detail(),
                entry.provenance().plan(),
                new Tools(
                        entry.provenance().toolchain().tool(),
                        entry.provenance().toolchain().compiler(),
                        entry.provenance().toolchain().options(),
                        entry.provenance().toolchain().driver()),
                entry.provenance().source(),
                entry.provenance().date());
    }

    /**
     * Makes sure that there is a wisdom file.
     *
     * @throws MxForgeException if not, or it cannot be read
     */
    public static void require(Path file) {
        WisdomFolder.require(Arguments.require(file, "a wisdom file is missing: give its path"));
    }

    /**
     * Adds what {@code file} knows, such as that of another machine; nothing that is here already is overwritten.
     *
     * @throws MxForgeException if no line of it is wisdom, or the user's folder cannot be written
     */
    public Merged merge(Path file) {
        WisdomFolder.Merged merged = folder.merge(Arguments.require(file, "a wisdom file is missing: give its path"));
        return new Merged(merged.added(), merged.known(), merged.skipped());
    }

    /**
     * Drops records of kernels whose source is another one today, lines of other versions and damaged lines.
     *
     * @return how many lines of each of {@link #files}
     */
    public Map<Path, Integer> prune() {
        Map<KernelVariant, String> sources = new HashMap<>();
        Map<Path, Integer> dropped = new LinkedHashMap<>();
        for (Path file : files()) {
            dropped.put(file, WisdomFolder.prune(file, entry -> entry.provenance()
                    .source()
                    .equals(sources.computeIfAbsent(entry.variant(), WisdomStore::source))));
        }
        return dropped;
    }

    private static String source(KernelVariant variant) {
        try {
            return WisdomRecord.Provenance.source(variant);
        } catch (IllegalArgumentException e) {
            return ""; // what is not emitted has no source, today as then
        }
    }

    /**
     * Reads every line of {@code file} again: whether it parses, and whether its configuration is a legal one.
     *
     * @throws MxForgeException if there is no such file
     */
    public static Checked check(Path file) {
        WisdomFolder.Checked checked =
                WisdomFolder.check(Arguments.require(file, "a wisdom file is missing: give its path"));
        return new Checked(checked.sound(), checked.foreign(), checked.faults());
    }
}
