package org.mxforge.runtime.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of a benchmark, with the columns of {@code gemm_peers.py} first.
 *
 * @param peer what was measured
 * @param m rows
 * @param n columns of the product; 0 if there is none
 * @param k channels
 * @param rate what was measured; empty if it failed
 * @param fraction of the yardstick, 1 being as good as it; empty if there is none for this GPU
 * @param failure what went wrong; empty if nothing did
 */
public record BenchRow(String peer, int m, int n, int k, Optional<Rate> rate, OptionalDouble fraction, String failure) {
    /** The columns that peers print too. */
    public static final String PEER_COLUMNS = "peer,M,N,K,ms,TFLOPs";

    /** The header of {@link #csv()}; {@code yardstick} names what the last column is a fraction of. */
    public static String header(String yardstick) {
        return PEER_COLUMNS + ",GBps," + yardstick;
    }

    static BenchRow measured(String peer, int m, int n, int k, Rate rate, OptionalDouble fraction) {
        return new BenchRow(peer, m, n, k, Optional.of(rate), fraction, "");
    }

    static BenchRow failed(String peer, int m, int n, int k, String failure) {
        return new BenchRow(peer, m, n, k, Optional.empty(), OptionalDouble.empty(), failure);
    }

    /** Its fields joined by commas. */
    public String csv() {
        String subject = peer + "," + m + "," + n + "," + k + ",";
        if (rate.isEmpty()) {
            return subject + "failed," + failure.replace(',', ';').replaceAll("\\s+", " ");
        }
        Rate measured = rate.get();
        return String.format(
                Locale.ROOT,
                "%s%.5f,%.1f,%.0f,%s",
                subject,
                measured.millis(),
                measured.teraflops(),
                measured.gigabytesPerSecond(),
                fraction.isPresent() ? String.format(Locale.ROOT, "%.3f", fraction.getAsDouble()) : "");
    }
}
