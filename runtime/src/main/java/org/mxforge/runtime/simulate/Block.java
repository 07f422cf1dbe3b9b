package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A block that runs: its warps, their shared memory and their barriers. */
final class Block {
    private static final int BARRIERS = 16;

    final Launch launch;
    final int index;
    final Area shared;
    private final List<Warp> warps = new ArrayList<>();
    private final Barrier[] barriers = new Barrier[BARRIERS];
    private final Map<Integer, Mbarrier> mbarriers = new HashMap<>();
    final Cluster cluster;

    /** One of the numbered barriers: who has come, and what they knew. */
    private static final class Barrier {
        final List<Warp> waiting = new ArrayList<>();
        int come;
        int wanted;
        int[] known;
    }

    Block(Launch launch, Cluster cluster, int index, long[][] registers) {
        this.launch = launch;
        this.cluster = cluster;
        this.index = index;
        cluster.blocks.add(this);
        this.shared = new Area("shared memory", 0, launch.program.kernel.staticShared() + launch.shape.sharedBytes());
        for (int i = 0; i < launch.shape.warps(); i++) {
            Arrays.fill(registers[i], 0);
            warps.add(new Warp(this, i, launch.shape.threads() - i * Lanes.COUNT, registers[i]));
        }
    }

    List<Warp> warps() {
        return warps;
    }

    /** Its place in its cluster. */
    int rank() {
        return index % launch.program.kernel.clusterBlocks();
    }

    /** The barrier at an address in shared memory; null if none was made there. */
    Mbarrier mbarrier(int address) {
        return mbarriers.get(address);
    }

    /** Makes a barrier at an address in shared memory. */
    void makeMbarrier(int address, int arrivals) {
        mbarriers.put(address, new Mbarrier(arrivals, launch.shape.warps() * launch.program.kernel.clusterBlocks()));
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
            barrier.known = new int[warp.known().length];
            barriers[number] = barrier;
        }
        barrier.come++;
        barrier.wanted = wanted;
        Warp.join(barrier.known, warp.known());
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

    /** A warp has ended: barriers for all wait for it no more, and copies to its memory must be done when all have. */
    void ended() {
        if (hasEnded() && mbarriers.values().stream().anyMatch(Mbarrier::hasCopies)) {
            launch.findings.add(
                    Finding.Kind.UNFINISHED,
                    warps.get(0),
                    "block " + index + " ends while copies to its shared memory are not done");
        }
        if (hasEnded() && cluster.blocks.size() > 1) {
            leave();
        }
        cluster.completeIfAllCame();
        for (int number = 0; number < BARRIERS; number++) {
            if (barriers[number] != null && barriers[number].wanted == 0 && running() > 0) {
                openIfAllCame(number);
            }
        }
    }

    /** Nobody may access its shared memory from now on. */
    private void leave() {
        AccessLog.Earlier access = shared.log().unknownTo(this);
        if (access != null) {
            Warp last = warps.get(0);
            launch.findings.add(
                    Finding.Kind.RACE,
                    last,
                    "block " + index + " ends while others use its shared memory: " + access.words(last)
                            + ", and no barrier of the cluster lies between");
        }
        shared.leave();
    }

    /** Says that the warps that have not ended wait for each other for ever. */
    void reportDeadlock() {
        Warp first = warps.stream().filter(Warp::waits).findFirst().orElseThrow();
        Map<String, List<Integer>> waiting = new LinkedHashMap<>();
        warps.stream().filter(Warp::waits).forEach(warp -> waiting.computeIfAbsent(
                        warp.line().toString(), line -> new ArrayList<>())
                .add(warp.index));
        String places = waiting.entrySet().stream()
                .map(entry -> words(entry.getValue()) + " in " + entry.getKey())
                .collect(Collectors.joining(", "));
        launch.findings.add(
                Finding.Kind.DIVERGENT_BARRIER, first, "the warps of block " + index + " wait for ever: " + places);
    }

    /** Such as {@code warps 4 to 11}. */
    private static String words(List<Integer> numbers) {
        int first = numbers.get(0);
        int last = numbers.get(numbers.size() - 1);
        if (first == last) {
            return "warp " + first;
        }
        return last - first == numbers.size() - 1
                ? "warps " + first + " to " + last
                : "warps " + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
