package org.mxforge.runtime.simulate;

/** Reads of shared memory by a tensor core, for a whole warp. */
final class TensorAccess {
    private static final Access ACCESS = new Access(Space.SHARED, 0, 0, 0);

    private TensorAccess() {}

    /** Finds what is wrong with a read, fences included. */
    static void check(Warp warp, Area shared, int at, int count) {
        ACCESS.checkRead(warp, Access.WHOLE_WARP, shared, at, count, false);
        AccessLog.Earlier write = shared.log().unfenced(at, count, warp);
        if (write != null && !warp.block.launch.findings.again(Finding.Kind.MISSING_FENCE, warp)) {
            warp.block.launch.findings.add(
                    Finding.Kind.MISSING_FENCE,
                    warp,
                    "warp " + warp.index + " of block " + warp.block.index + " multiplies byte " + at + " of " + shared
                            + ", which " + write.words(warp) + ", with no 'fence.proxy.async' after it");
        }
    }
}
