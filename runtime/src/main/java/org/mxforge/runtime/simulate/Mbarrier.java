package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.List;

/** A barrier in shared memory that counts arrivals and bytes, phase after phase. */
final class Mbarrier {
    private final int arrivals;
    private final List<Warp> waiting = new ArrayList<>();
    private final List<BulkCopy> copies = new ArrayList<>();
    private final int[] known;
    private int[] completed;
    private int missing;
    private long bytes;
    private int phase;

    /**
     * @param arrivals of one phase
     * @param warps that may come
     */
    Mbarrier(int arrivals, int warps) {
        this.arrivals = arrivals;
        this.missing = arrivals;
        this.known = new int[warps];
        this.completed = new int[warps];
    }

    /** Copies will bring so many bytes in this phase. */
    void expect(long count) {
        bytes += count;
    }

    /** One lane arrives. */
    void arrive(Warp warp) {
        missing--;
        Warp.join(known, warp.known());
        completeIfAllCame();
    }

    /** So many bytes that a warp stored have come, maybe before they were expected. */
    void complete(long count, Warp warp) {
        bytes -= count;
        Warp.join(known, warp.known());
        completeIfAllCame();
    }

    /** A copy reports to this barrier; it is done when somebody waits, or now if somebody does. */
    void add(BulkCopy copy) {
        copies.add(copy);
        wake();
    }

    private void wake() {
        waiting.forEach(Warp::goOn);
        waiting.clear();
    }

    boolean hasCopies() {
        return !copies.isEmpty();
    }

    /** Whether the phase of {@code parity} is complete; if not, {@code warp} is told when it is. */
    boolean isComplete(int parity, Warp warp) {
        for (BulkCopy copy : List.copyOf(copies)) {
            if ((phase & 1) == parity) {
                copies.remove(copy);
                Warp.join(known, copy.finish());
                bytes -= copy.bytes();
                completeIfAllCame();
            }
        }
        if ((phase & 1) == parity) {
            waiting.add(warp);
            return false;
        }
        warp.learn(completed);
        return true;
    }

    private void completeIfAllCame() {
        if (missing == 0 && bytes == 0) {
            phase++;
            missing = arrivals;
            completed = known.clone();
            wake();
        }
    }
}
