package org.mxforge.runtime.simulate;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mxforge.runtime.base.MxForgeException;

/** One launch of a kernel, block after block; blocks of a cluster run in turns. */
final class Launch {
    /** Instructions that a warp runs before it is another's turn. */
    private static final int TURN = 512;

    final Program program;
    final DeviceMemory memory;
    final LaunchShape shape;
    final Area parameters;
    /** What may be read before the kernels in front are done. */
    final Set<Area> settled;

    final Findings findings;
    final Traffic traffic = new Traffic();
    private final long mostSteps;
    private long steps;

    Launch(
            Program program,
            DeviceMemory memory,
            LaunchShape shape,
            Area parameters,
            Set<Area> settled,
            long mostSteps) {
        this.program = program;
        this.memory = memory;
        this.shape = shape;
        this.parameters = parameters;
        this.settled = settled;
        this.mostSteps = mostSteps;
        this.findings = new Findings(program.kernel.name());
    }

    /** Runs all blocks, unless some wait for ever, which is found. */
    Simulation run() {
        memory.load(program.kernel.constants());
        int together = program.kernel.clusterBlocks();
        long[][] registers =
                new long[together * shape.warps()][program.kernel.registers().count() * Lanes.COUNT];
        boolean goesOn = true;
        for (int first = 0; first < shape.blocks() && goesOn; first += together) {
            Cluster cluster = new Cluster();
            for (int i = first; i < first + together; i++) {
                long[][] own = new long[shape.warps()][];
                System.arraycopy(registers, (i - first) * own.length, own, 0, own.length);
                new Block(this, cluster, i, own);
            }
            goesOn = run(cluster);
        }
        memory.forgetAccesses();
        return new Simulation(
                steps,
                traffic.sharedTurns,
                traffic.fewestSharedTurns,
                traffic.sectors,
                traffic.fewestSectors,
                findings.all());
    }

    private boolean run(Cluster cluster) {
        while (!cluster.hasEnded()) {
            long before = steps;
            for (Block block : cluster.blocks) {
                for (Warp warp : block.warps()) {
                    run(warp);
                }
            }
            // A warp whose turn was over with its last instruction ends in the next.
            if (steps == before && !cluster.hasEnded()) {
                cluster.blocks.stream()
                        .filter(block -> !block.hasEnded())
                        .findFirst()
                        .orElseThrow()
                        .reportDeadlock();
                return false;
            }
        }
        return true;
    }

    private void run(Warp warp) {
        long before = warp.steps();
        warp.run(TURN);
        steps += warp.steps() - before;
        if (steps > mostSteps) {
            throw new MxForgeException("Kernel " + program.kernel.name() + " has not ended after " + mostSteps
                    + " instructions: warp " + warp.index + " of block " + warp.block.index + " goes round "
                    + lines(warp) + "; mend the loop, or choose a smaller problem.");
        }
    }

    /** Where a warp is for some instructions more. */
    private static String lines(Warp warp) {
        SortedSet<Integer> ptx = new TreeSet<>();
        SortedSet<Integer> cuda = new TreeSet<>();
        for (int i = 0; i < TURN; i++) {
            warp.run(1);
            ptx.add(warp.line().ptx());
            cuda.add(warp.line().cuda());
        }
        return words("PTX", ptx) + (cuda.first() == 0 ? "" : ", " + words("CUDA", cuda));
    }

    private static String words(String code, SortedSet<Integer> lines) {
        return code
                + (lines.size() == 1 ? " line " + lines.first() : " lines " + lines.first() + " to " + lines.last());
    }
}
