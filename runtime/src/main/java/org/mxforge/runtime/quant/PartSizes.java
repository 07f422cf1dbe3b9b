package org.mxforge.runtime.quant;

import java.math.BigInteger;
import java.util.OptionalInt;
import org.mxforge.runtime.base.MxForgeException;

/** How the sizes of the three parts of a site come about. */
sealed interface PartSizes {
    /**
     * The counts for a site.
     *
     * @param site its name, for errors
     * @param channels a multiple of {@code granularity}
     * @param shares what calibration measured there, at least one element
     */
    PartCounts counts(String site, int channels, int granularity, PartShares shares);

    /** The factor that elements are counted with; 1 where counts are given by hand. */
    default double lambda() {
        return 1;
    }

    /** Whether they depend on what calibration measured. */
    default boolean areMeasured() {
        return false;
    }

    /** Canonical settings text, such as {@code lambda=1.0} or {@code p6=128;p8=256}. */
    String text();

    /**
     * From the shares of elements below MicroMix's thresholds: the FP8 and FP6 shares of the channels, each rounded up to the
     * granularity; FP4 takes what is left. Where two roundings ask for more channels than there are, FP8 goes first.
     *
     * @param lambda factor on both thresholds: larger means more FP4
     */
    record ByThreshold(double lambda) implements PartSizes {
        public ByThreshold {
            if (!(lambda > 0) || Double.isInfinite(lambda)) {
                throw new IllegalArgumentException("lambda " + lambda + " must be a number above 0");
            }
        }

        @Override
        public PartCounts counts(String site, int channels, int granularity, PartShares shares) {
            int p8 = part(shares.p8(), shares.elements(), channels, granularity);
            int p6 = Math.min(part(shares.p6(), shares.elements(), channels, granularity), channels - p8);
            return new PartCounts(channels - p8 - p6, p6, p8);
        }

        /** Exact in integers: a share that is a whole number of blocks must not be rounded up by one. */
        private static int part(long part, long all, int channels, int granularity) {
            BigInteger blocks = BigInteger.valueOf(channels / granularity).multiply(BigInteger.valueOf(part));
            BigInteger[] whole = blocks.divideAndRemainder(BigInteger.valueOf(all));
            return (whole[0].intValueExact() + whole[1].signum()) * granularity;
        }

        @Override
        public boolean areMeasured() {
            return true;
        }

        @Override
        public String text() {
            return "lambda=" + lambda;
        }
    }

    /**
     * The same shares of the channels at every site, whatever calibration measured: FP8's and FP6's to the nearest multiple of the
     * granularity, FP4 takes what is left.
     *
     * @param p4 FP4's share in percent
     * @param p6 FP6's
     * @param p8 FP8's
     */
    record ByShare(int p4, int p6, int p8) implements PartSizes {
        public ByShare {
            if (p4 < 0 || p6 < 0 || p8 < 0 || (long) p4 + p6 + p8 != 100) {
                throw new IllegalArgumentException(
                        "shares " + p4 + ":" + p6 + ":" + p8 + " are not percentages that add up to 100");
            }
        }

        static ByShare parse(String text) {
            if (!text.matches("\\d{1,3}:\\d{1,3}:\\d{1,3}")) {
                throw new IllegalArgumentException(
                        "shares '" + text + "' are not those of FP4, FP6 and FP8 in percent, such as 70:20:10");
            }
            String[] parts = text.split(":");
            return new ByShare(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }

        @Override
        public PartCounts counts(String site, int channels, int granularity, PartShares shares) {
            int wide = part(p8, channels, granularity);
            int middle = Math.min(part(p6, channels, granularity), channels - wide);
            return new PartCounts(channels - wide - middle, middle, wide);
        }

        private static int part(int percent, int channels, int granularity) {
            return Math.round(channels / granularity * percent / 100f) * granularity;
        }

        @Override
        public String text() {
            return "shares=" + p4 + ":" + p6 + ":" + p8;
        }
    }

    /**
     * Given by hand, the same at every site.
     *
     * @param p4 FP4 channels; empty for what the others leave, so that sites of different width share one recipe
     * @param p6 FP6 channels
     * @param p8 FP8 channels
     */
    record ByHand(OptionalInt p4, int p6, int p8) implements PartSizes {
        public ByHand {
            if (p4.orElse(0) < 0 || p6 < 0 || p8 < 0) {
                throw new IllegalArgumentException("channel counts must not be negative");
            }
        }

        @Override
        public PartCounts counts(String site, int channels, int granularity, PartShares shares) {
            long sum = (long) p4.orElse(0) + p6 + p8;
            if (p4.isPresent() ? sum != channels : sum > channels) {
                throw new MxForgeException(site + " has " + channels + " channels but " + text() + " gives out " + sum
                        + (p4.isPresent() ? ": leave out p4 to let it take the rest" : ": give fewer"));
            }
            PartCounts counts = new PartCounts((int) (channels - p6 - (long) p8), p6, p8);
            if (!counts.fits(granularity)) {
                throw new MxForgeException(text() + " is not in multiples of granularity " + granularity + " at " + site
                        + ": change the counts or the granularity");
            }
            return counts;
        }

        @Override
        public String text() {
            String text = "p6=" + p6 + ";p8=" + p8;
            return p4.isPresent() ? "p4=" + p4.getAsInt() + ";" + text : text;
        }
    }
}
