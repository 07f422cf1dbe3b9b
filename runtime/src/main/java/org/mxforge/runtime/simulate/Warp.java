package org.mxforge.runtime.simulate;

import java.util.Arrays;
import java.util.Map;
import org.mxforge.runtime.simulate.ptx.CodeLine;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/**
 * Thirty-two lanes that run together. Lanes that part at a branch run one side after the other and meet where both sides do: kept as a
 * stack of groups, of which the uppermost runs until its meeting point.
 */
final class Warp {
    private enum State {
        RUNS,
        WAITS,
        ENDED
    }

    final Block block;
    final int index;
    final long[] registers;
    /** Room for the addresses of one access. */
    final long[] addresses = new long[Lanes.COUNT];

    final AsyncCopies copies = new AsyncCopies(this);
    final AsyncProducts products = new AsyncProducts(this);
    /** Its number among the warps of all blocks of the cluster. */
    final int number;
    /** The phase of the cluster's barrier that it has come to. */
    int clusterPhase;

    private final Program program;
    private final int[] known;
    private Area local;
    private State state = State.RUNS;
    private boolean repeats;
    private int fence;
    private int awaited;
    private long steps;
    private int current;
    private int depth = 1;
    private int[] at = new int[8];
    private int[] meeting = new int[8];
    private int[] lanes = new int[8];

    Warp(Block block, int index, int threads, long[] registers) {
        this.block = block;
        this.index = index;
        this.program = block.launch.program;
        this.registers = registers;
        int warps = block.launch.shape.warps();
        this.number = block.rank() * warps + index;
        this.known = new int[warps * block.launch.program.kernel.clusterBlocks()];
        known[number] = 1;
        meeting[0] = program.steps.length;
        lanes[0] = threads >= Lanes.COUNT ? -1 : (1 << threads) - 1;
        for (Map.Entry<Long, Integer> constant :
                program.kernel.registers().constants().entrySet()) {
            int from = constant.getValue() * Lanes.COUNT;
            Arrays.fill(registers, from, from + Lanes.COUNT, constant.getKey());
        }
        SpecialRegisters.fill(this, program.kernel.registers().specials());
    }

    long get(int slot, int lane) {
        return registers[slot * Lanes.COUNT + lane];
    }

    void set(PtxOperand.Register register, int lane, long value) {
        registers[register.slot() * Lanes.COUNT + lane] = value & Lanes.mask(register);
    }

    /** What the lanes keep outside registers, one after the other. */
    Area local() {
        if (local == null) {
            local = new Area("the local memory of warp " + index, 0, Lanes.COUNT * program.kernel.localBytes());
        }
        return local;
    }

    /** The numbers of the lanes that {@code mask} names. */
    int[] lanes(int mask) {
        int[] numbers = new int[Integer.bitCount(mask)];
        int rest = mask;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.numberOfTrailingZeros(rest);
            rest &= rest - 1;
        }
        return numbers;
    }

    /** Runs at most {@code most} instructions, fewer if it has to wait. */
    void run(int most) {
        for (int left = most; left > 0 && state == State.RUNS; left--) {
            int top = depth - 1;
            if (lanes[top] == 0 || at[top] == meeting[top]) {
                depth = top;
                if (top == 0) {
                    end();
                }
                continue;
            }
            int now = at[top];
            int active = guarded(now, lanes[top]);
            steps++;
            current = now;
            switch (program.flows[now]) {
                case BRANCH -> branch(top, active);
                case EXIT -> exit(active);
                default -> {
                    repeats = false;
                    if (active != 0) {
                        program.steps[now].run(this, active);
                    }
                    at[top] += repeats ? 0 : 1;
                }
            }
        }
    }

    private int guarded(int now, int all) {
        int guard = program.guards[now];
        if (guard < 0) {
            return all;
        }
        int from = guard * Lanes.COUNT;
        int holds = 0;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            holds |= (int) registers[from + lane] << lane;
        }
        return (program.negated[now] ? ~holds : holds) & all;
    }

    private void branch(int top, int taken) {
        int now = at[top];
        int others = lanes[top] & ~taken;
        if (others == 0) {
            at[top] = program.targets[now];
        } else if (taken == 0) {
            at[top]++;
        } else {
            int meet = program.meetings[now];
            if (meeting[top] == meet) {
                // Those that part here meet where this group does: it needs no place of its own any more.
                depth--;
            } else {
                at[top] = meet;
            }
            push(now + 1, meet, others);
            push(program.targets[now], meet, taken);
        }
    }

    private void push(int from, int meet, int group) {
        if (from == meet) {
            return;
        }
        if (depth == at.length) {
            at = Arrays.copyOf(at, 2 * depth);
            meeting = Arrays.copyOf(meeting, 2 * depth);
            lanes = Arrays.copyOf(lanes, 2 * depth);
        }
        at[depth] = from;
        meeting[depth] = meet;
        lanes[depth] = group;
        depth++;
    }

    private void exit(int leaving) {
        at[depth - 1]++;
        for (int i = 0; i < depth; i++) {
            lanes[i] &= ~leaving;
        }
    }

    private void end() {
        state = State.ENDED;
        copies.end();
        products.end();
        block.ended();
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    boolean waits() {
        return state == State.WAITS;
    }

    /** Stops until {@link #goOn}. */
    void await() {
        state = State.WAITS;
    }

    void goOn() {
        state = State.RUNS;
    }

    /** The same, and then does the instruction again that it is at. */
    void awaitAndRepeat() {
        state = State.WAITS;
        repeats = true;
    }

    /** The lanes that have not ended. */
    int alive() {
        int all = 0;
        for (int i = 0; i < depth; i++) {
            all |= lanes[i];
        }
        return all;
    }

    /** How far this warp is; it goes on with each barrier. */
    int time() {
        return known[number];
    }

    /** The latest time of the cluster's warp {@code other} that is known to be over. */
    int knows(int other) {
        return known[other];
    }

    /** All that {@code others} did up to now is over for this warp, and its own time goes on. */
    void learn(int[] others) {
        join(known, others);
        known[number]++;
    }

    /** Adds what {@code others} know to {@code known}. */
    static int[] join(int[] known, int[] others) {
        for (int i = 0; i < known.length; i++) {
            known[i] = Math.max(known[i], others[i]);
        }
        return known;
    }

    /** What it wrote up to now can be seen by the copy engine and tensor cores. */
    void fence() {
        known[number]++;
        fence = known[number];
    }

    /** Says that lanes have waited for the kernels before this one. */
    void awaitedBefore(int some) {
        awaited |= some;
    }

    /** Whether a lane, or {@link Access#WHOLE_WARP}, would still have to do so. */
    boolean isEarly(int lane) {
        return program.awaits && (lane == Access.WHOLE_WARP ? awaited != -1 : (awaited >>> lane & 1) == 0);
    }

    /** The time of its last such fence. */
    int fenceTime() {
        return fence;
    }

    int[] known() {
        return known;
    }

    long steps() {
        return steps;
    }

    /** The instruction that it has begun last. */
    int at() {
        return current;
    }

    CodeLine line() {
        return program.line(current);
    }

    /** A lane as people call it. */
    String words(int lane) {
        return (lane == Lanes.COUNT ? "" : "lane " + lane + " of ") + "warp " + index + " of block " + block.index;
    }
}
