package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A block that runs: its warps, their shared memory and their barriers. */
final class Block {
    private static final int BARRIERS = 16;

    final Launch launch;
    final int index;
    final Area shared;
    private final List<Warp> warps = new ArrayList<>();
    private final Barrier[] barriers = new Barrier[BARRIERS];

    /** One of the numbered barriers: who has come, and what they knew. */
    private static final class Barrier {
        final List<Warp> waiting = new ArrayList<>();
        int come;
        int wanted;
        int[] known;
    }

    Block(Launch launch, int index, long[][] registers) {
        this.launch = launch;
        this.index = index;
        this.shared = new Area("shared memory", 0, launch.program.kernel.staticShared() + launch.shape.sharedBytes());
        for (int i = 0; i < launch.shape.warps(); i++) {
            Arrays.fill(registers[i], 0);
            warps.add(new Warp(this, i, launch.shape.threads() - i * Lanes.COUNT, registers[i]));
        }
    }

    List<Warp> warps() {
        return warps;
    }

    boolean hasEnded() {
        return warps.stream().allMatch(Warp::hasEnded);
    }

    private int running() {
        return (int) warps.stream().filter(warp -> !warp.hasEnded()).count();
    }

    /**
     * A warp comes to a barrier.
     *
     * @param wanted warps that it is for; 0 for all that have not ended
     * @param waits whether the warp stays until the others have come
     */
    void come(Warp warp, int number, int wanted, boolean waits) {
        Barrier barrier = barriers[number];
        if (barrier == null) {
            barrier = new Barrier();
            barrier.known = new int[warps.size()];
            barriers[number] = barrier;
        }
        barrier.come++;
        barrier.wanted = wanted;
        for (int i = 0; i < barrier.known.length; i++) {
            barrier.known[i] = Math.max(barrier.known[i], warp.known()[i]);
        }
        if (waits) {
            barrier.waiting.add(warp);
            warp.await();
        } else {
            warp.learn(warp.known());
        }
        openIfAllCame(number);
    }

    private void openIfAllCame(int number) {
        Barrier barrier = barriers[number];
        if (barrier != null && barrier.come >= (barrier.wanted == 0 ? running() : barrier.wanted)) {
            barriers[number] = null;
            for (Warp warp : barrier.waiting) {
                warp.learn(barrier.known);
                warp.goOn();
            }
        }
    }

    /** A warp has ended: barriers for all wait for it no more. */
    void ended() {
        for (int number = 0; number < BARRIERS; number++) {
            if (barriers[number] != null && barriers[number].wanted == 0 && running() > 0) {
                openIfAllCame(number);
            }
        }
    }

    /** Says that the warps that have not ended wait for each other for ever. */
    void reportDeadlock() {
        Warp first = warps.stream().filter(Warp::waits).findFirst().orElseThrow();
        String places = warps.stream()
                .filter(Warp::waits)
                .map(warp -> "warp " + warp.index + " in " + warp.line())
                .collect(Collectors.joining(", "));
        launch.findings.add(
                Finding.Kind.DIVERGENT_BARRIER,
                first,
                "the warps of block " + index + " wait for ever at different barriers: " + places);
    }
}
