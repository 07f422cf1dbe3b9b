package org.mxforge.runtime.bench;

/**
 * In which state of the card something is timed, which decides its clock.
 *
 * @param idleMillis pause before
 * @param warmUpMillis work before that is not timed
 * @param timedMillis work that is timed
 */
public record Pace(long idleMillis, double warmUpMillis, double timedMillis) {
    /** Back to back, so long that the power limit has set in: what a busy server sees. */
    public static final Pace SUSTAINED = new Pace(0, 60, 120);

    /** The first milliseconds after a pause, at a higher clock. */
    public static final Pace BURST = new Pace(400, 0, 4);
}
