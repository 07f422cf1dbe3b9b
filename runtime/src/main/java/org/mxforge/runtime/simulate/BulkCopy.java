package org.mxforge.runtime.simulate;

/**
 * A copy that the copy engine makes.
 *
 * @param warp who began it
 * @param instruction that it was begun by
 * @param time of that warp then
 * @param known what that warp knew then
 */
record BulkCopy(
        Warp warp, int instruction, int time, int[] known, Area from, int source, Area to, int target, int bytes) {
    /** Makes it; what is known to be over then. */
    int[] finish() {
        to.copying(target, bytes, -1);
        System.arraycopy(from.bytes, source, to.bytes, target, bytes);
        to.markWritten(target, bytes);
        to.log().writeByEngine(target, bytes, warp, instruction, time);
        return known;
    }
}
