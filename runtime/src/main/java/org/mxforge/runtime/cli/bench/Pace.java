package org.mxforge.runtime.cli.bench;

import java.util.List;

/**
 * In which state of the card something is timed, which decides its clock.
 *
 * @param name as users write it
 * @param idleMillis pause before
 * @param warmUpMillis work before that is not timed
 * @param timedMillis work that is timed
 */
record Pace(String name, long idleMillis, double warmUpMillis, double timedMillis) {
    /** Back to back, so long that the power limit has set in: what a busy server sees. */
    public static final Pace SUSTAINED = new Pace("sustained", 0, 60, 120);

    /** The first milliseconds after a pause, at a higher clock. */
    public static final Pace BURST = new Pace("burst", 400, 0, 4);

    private static final List<Pace> NAMED = List.of(SUSTAINED, BURST);

    /**
     * Reads a {@link #name}.
     *
     * @throws IllegalArgumentException naming the text and the paces there are
     */
    public static Pace parse(String text) {
        return NAMED.stream()
                .filter(pace -> pace.name.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown pace '" + text + "': use sustained or burst"));
    }

    /** What the name of a peer ends with if it was timed so; nothing where it is {@link #SUSTAINED}, as most are. */
    public String suffix() {
        return equals(SUSTAINED) ? "" : "_" + name;
    }

    /** How a peer of this name was timed. */
    static Pace ofPeer(String peer) {
        return peer.endsWith(BURST.suffix()) ? BURST : SUSTAINED;
    }
}
