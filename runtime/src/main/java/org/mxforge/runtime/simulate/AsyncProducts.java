package org.mxforge.runtime.simulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The products that a warp has begun with {@code wgmma}. They are made as late as may be: when it waits for them. */
final class AsyncProducts {
    private final Warp warp;
    private final Deque<List<Runnable>> groups = new ArrayDeque<>();
    private List<Runnable> open = new ArrayList<>();

    AsyncProducts(Warp warp) {
        this.warp = warp;
    }

    void begin(Runnable product) {
        open.add(product);
    }

    void commit() {
        groups.add(open);
        open = new ArrayList<>();
    }

    /** Waits until at most {@code most} groups are not done. */
    void await(int most) {
        while (groups.size() > most) {
            groups.remove().forEach(Runnable::run);
        }
    }

    /** The warp ends: what is not done is found. */
    void end() {
        if (!open.isEmpty() || groups.stream().anyMatch(group -> !group.isEmpty())) {
            warp.block.launch.findings.add(
                    Finding.Kind.UNFINISHED,
                    warp,
                    "warp " + warp.index + " of block " + warp.block.index + " ends while products of it are not done");
        }
    }
}
