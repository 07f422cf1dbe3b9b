package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Blocks that run at the same time, see each other's shared memory and have a barrier for all. */
final class Cluster {
    final List<Block> blocks = new ArrayList<>();
    private final List<Warp> waiting = new ArrayList<>();
    private int[] known;
    private int[] completed;
    private final Set<Warp> come = new HashSet<>();
    private int phase;

    /** The warp with this number among those of all blocks. */
    Warp warp(int number) {
        int warps = blocks.get(0).warps().size();
        return blocks.get(number / warps).warps().get(number % warps);
    }

    boolean hasEnded() {
        return blocks.stream().allMatch(Block::hasEnded);
    }

    /** A warp comes to the barrier; the phase that it came to. */
    int arrive(Warp warp) {
        known = known == null ? warp.known().clone() : Warp.join(known, warp.known());
        warp.learn(warp.known());
        int mine = phase;
        come.add(warp);
        completeIfAllCame();
        return mine;
    }

    /** A warp may have ended: the barrier is for those that have not. */
    void completeIfAllCame() {
        boolean all = blocks.stream()
                .flatMap(block -> block.warps().stream())
                .allMatch(warp -> warp.hasEnded() || come.contains(warp));
        if (all && known != null) {
            completed = known;
            known = null;
            come.clear();
            phase++;
            waiting.forEach(Warp::goOn);
            waiting.clear();
        }
    }

    /** Whether all have come to a phase; if not, {@code warp} is told when they have. */
    boolean isComplete(int wanted, Warp warp) {
        if (phase > wanted) {
            warp.learn(completed);
            return true;
        }
        waiting.add(warp);
        return false;
    }
}
