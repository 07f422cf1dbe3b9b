package org.mxforge.runtime.simulate;

/** An instruction ready to run. */
@FunctionalInterface
interface Step {
    /**
     * Runs it.
     *
     * @param warp whose registers it reads and writes
     * @param lanes the lanes that run it, one bit each; at least one
     */
    void run(Warp warp, int lanes);
}
