package org.mxforge.runtime.simulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The copies to shared memory that a warp has begun with {@code cp.async}. They are done as late as may be: when it waits for them. */
final class AsyncCopies {
    private record Copy(int instruction, int lane, Area from, int source, int given, Area to, int target, int bytes) {}

    private final Warp warp;
    private final Deque<List<Copy>> groups = new ArrayDeque<>();
    private List<Copy> open = new ArrayList<>();

    AsyncCopies(Warp warp) {
        this.warp = warp;
    }

    /** Begins one, of {@code bytes} to the target, of which {@code given} come from the source and the rest is zero. */
    void begin(int lane, Area from, int source, int given, Area to, int target, int bytes) {
        to.copying(target, bytes, 1);
        open.add(new Copy(warp.at(), lane, from, source, given, to, target, bytes));
    }

    void commit() {
        groups.add(open);
        open = new ArrayList<>();
    }

    /** Waits until at most {@code most} groups are not done. */
    void await(int most) {
        while (groups.size() > most) {
            groups.remove().forEach(this::finish);
        }
    }

    void awaitAll() {
        commit();
        await(0);
    }

    /** The warp ends: what is not done is found. */
    void end() {
        boolean unfinished = !open.isEmpty() || groups.stream().anyMatch(group -> !group.isEmpty());
        if (unfinished) {
            warp.block.launch.findings.add(
                    Finding.Kind.UNFINISHED,
                    warp,
                    "warp " + warp.index + " of block " + warp.block.index
                            + " ends while asynchronous copies of it are not done");
            awaitAll();
        }
    }

    private void finish(Copy copy) {
        copy.to().copying(copy.target(), copy.bytes(), -1);
        for (int i = 0; i < copy.bytes(); i++) {
            copy.to().bytes[copy.target() + i] = i < copy.given() ? copy.from().bytes[copy.source() + i] : 0;
        }
        Access.wrote(warp, copy.instruction(), copy.lane(), copy.to(), copy.target(), copy.bytes(), false);
    }
}
