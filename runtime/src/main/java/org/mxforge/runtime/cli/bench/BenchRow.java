package org.mxforge.runtime.cli.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of a benchmark, with the columns of {@code gemm_peers.py} first.
 *
 * @param peer what was measured
 * @param pace how the card was found
 * @param m rows
 * @param n columns of the product; 0 if there is none
 * @param k channels
 * @param measured what was measured; empty if it failed
 * @param failure what went wrong; empty if nothing did
 */
record BenchRow(String peer, Pace pace, int m, int n, int k, Optional<Measurement> measured, String failure) {
    /** The columns that peers print too. */
    public static final String PEER_COLUMNS = "peer,M,N,K,ms,TFLOPs";

    /** The header of {@link #csv()}; {@code yardstick} names what its column is a fraction of. */
    public static String header(String yardstick) {
        return PEER_COLUMNS + ",GBps," + yardstick + ",MHz,util";
    }

    /** Milliseconds; empty if it failed. */
    public OptionalDouble millis() {
        return measured.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(measured.get().rate().millis());
    }

    /** {@link #peer}, and by its end the pace. */
    public String name() {
        return peer + pace.suffix();
    }

    /** Its fields joined by commas. */
    public String csv() {
        String subject = name() + "," + m + "," + n + "," + k + ",";
        if (measured.isEmpty()) {
            return subject + "failed," + failure.replace(',', ';').replaceAll("\\s+", " ");
        }
        Measurement found = measured.get();
        return String.format(
                Locale.ROOT,
                "%s%.5f,%.1f,%.0f,%s,%s,%s",
                subject,
                found.rate().millis(),
                found.rate().teraflops(),
                found.rate().gigabytesPerSecond(),
                fraction(found.fraction()),
                found.megahertz().isPresent() ? found.megahertz().getAsInt() : "",
                fraction(found.utilisation()));
    }

    private static String fraction(OptionalDouble fraction) {
        return fraction.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", fraction.getAsDouble());
    }
}
