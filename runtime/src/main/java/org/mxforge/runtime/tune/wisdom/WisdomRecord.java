package org.mxforge.runtime.tune.wisdom;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * One line of wisdom: the trial of one configuration or, with a coverage, the winner that a search ended with.
 *
 * @param key what the search was for
 * @param variant what was tried
 * @param outcome how it went
 * @param provenance what produced it
 * @param coverage present on the line that ends a search
 */
public record WisdomRecord(
        WisdomKey key, KernelVariant variant, Outcome outcome, Provenance provenance, Optional<Coverage> coverage) {
    public WisdomRecord {
        if (coverage.isPresent() && outcome.timing().isEmpty()) {
            throw new IllegalArgumentException("a configuration that failed cannot win a search");
        }
    }

    /** Whether it ends a search that tried everything worth trying and measured it well. */
    public boolean endsFullSearch() {
        return coverage.map(Coverage::complete).orElse(false)
                && provenance.plan().equals(Provenance.FULL);
    }

    /**
     * The trials among {@code records}, which are oldest first; in the place of one that won a search is the record of that. The race that
     * decided was timed longest, when the card was hottest: beside what others took there, what the winner took before would tell nothing.
     */
    public static List<WisdomRecord> trials(List<WisdomRecord> records) {
        List<WisdomRecord> trials = new ArrayList<>();
        for (WisdomRecord entry : records) {
            if (entry.coverage().isEmpty()) {
                trials.add(entry);
            } else {
                IntStream.iterate(trials.size() - 1, i -> i >= 0, i -> i - 1)
                        .filter(i -> trials.get(i).variant().equals(entry.variant()))
                        .findFirst()
                        .ifPresent(i -> {
                            if (trials.get(i).coverage().isEmpty()) {
                                trials.set(i, entry);
                            } else {
                                // Two searches in a row were won by what an earlier one had tried.
                                trials.add(entry);
                            }
                        });
            }
        }
        return List.copyOf(trials);
    }

    /** This trial as the winner of its search. */
    public WisdomRecord winning(Coverage search) {
        return new WisdomRecord(key, variant, outcome, provenance, Optional.of(search));
    }

    /**
     * How far a search went.
     *
     * @param tried configurations tried
     * @param worth configurations worth trying: the legal ones that the search's order did not drop
     */
    public record Coverage(int tried, int worth) {
        public Coverage {
            if (tried <= 0 || tried > worth) {
                throw new IllegalArgumentException("a search cannot try " + tried + " of " + worth + " configurations");
            }
        }

        /** Whether everything worth trying was tried. */
        public boolean complete() {
            return tried == worth;
        }
    }

    /**
     * What produced a measurement.
     *
     * @param toolchain what compiled and ran the kernel
     * @param source SHA-256 of the emitted source in hex, empty when nothing was emitted; another source makes the measurement void
     * @param plan name of the plan it was measured by
     * @param date when it was taken
     */
    public record Provenance(Toolchain toolchain, String source, String plan, Instant date) {
        /** The plan of searches that measure everything, and measure it well. */
        public static final String FULL = "full";

        /**
         * What {@code source} is for {@code variant} today: SHA-256, in hex, over the source emitted for it and for the passes before it.
         * Needs no device.
         *
         * @throws IllegalArgumentException if nothing can be emitted for it
         */
        public static String source(KernelVariant variant) {
            return SourceHash.of(variant);
        }
    }

    /**
     * The result of trying one configuration.
     *
     * @param status how it ended
     * @param timing present exactly when the status is {@link Status#CORRECT}
     * @param detail one line on what went wrong; empty when nothing did
     */
    public record Outcome(Status status, Optional<Timing> timing, String detail) {
        private static final int DETAIL_LIMIT = 400;

        public Outcome {
            if (timing.isPresent() != (status == Status.CORRECT)) {
                throw new IllegalArgumentException("a trial is timed exactly when it is correct, not " + status.text());
            }
            String line = detail.lines().findFirst().orElse("");
            detail = line.length() <= DETAIL_LIMIT ? line : line.substring(0, DETAIL_LIMIT);
        }

        /** Of a candidate that is right. */
        public static Outcome correct(Timing timing) {
            return new Outcome(Status.CORRECT, Optional.of(timing), "");
        }

        /** Of a candidate that is not. */
        public static Outcome failed(Status status, String detail) {
            return new Outcome(status, Optional.empty(), detail);
        }

        /** The same, {@code cause} telling what went wrong. */
        public static Outcome failed(Status status, Throwable cause) {
            return failed(status, cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }

        /** How the trial of one configuration ended; the words are those of Kernel Tuner's result schema. */
        public enum Status {
            /** Compiled, agreed with the oracle, and was timed. */
            CORRECT,
            /** Could not be generated or compiled. */
            COMPILE,
            /** Failed while it ran. */
            RUNTIME,
            /** Ran, with a wrong result. */
            CORRECTNESS,
            /** Refuses this shape or this device. */
            CONSTRAINTS,
            /** Took longer than a candidate may. */
            TIMEOUT;

            /** The word that wisdom files use, such as {@code correct}. */
            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }

            /**
             * Reads {@link #text()}.
             *
             * @throws IllegalArgumentException naming the text
             */
            public static Status parse(String text) {
                for (Status status : values()) {
                    if (status.text().equals(text)) {
                        return status;
                    }
                }
                throw new IllegalArgumentException("unknown trial status '" + text + "'");
            }
        }
    }

    /**
     * What makes and runs kernels, beside the kernels themselves.
     *
     * @param tool version of MXForge
     * @param compiler what compiles them, such as {@code NVRTC 12.9} or {@code javac 17.0.15}
     * @param options options of the compiler, joined by spaces; empty when there are none
     * @param driver what runs them, such as {@code NVIDIA 580.159.04, CUDA 13.0} or the name of a Java VM
     */
    public record Toolchain(String tool, String compiler, String options, String driver) {
        /** Whether both make the same machine code of the same source. Tool and driver take no part in that. */
        public boolean compilesLike(Toolchain other) {
            return compiler.equals(other.compiler) && options.equals(other.options);
        }
    }
}
