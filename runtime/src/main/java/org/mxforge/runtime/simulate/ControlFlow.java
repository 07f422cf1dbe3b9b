package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxKernel;
import org.mxforge.runtime.simulate.ptx.PtxOperand;

/**
 * Where lanes that took different ways meet again: the first instruction that all ways from a branch to the end run through (its
 * immediate post-dominator), found as Cooper, Harvey and Kennedy find dominators.
 */
final class ControlFlow {
    private final PtxKernel kernel;
    /** Also stands for the end, as if it were an instruction behind the last. */
    private final int count;

    private final List<List<Integer>> predecessors = new ArrayList<>();

    ControlFlow(PtxKernel kernel) {
        this.kernel = kernel;
        this.count = kernel.instructions().size();
        for (int at = 0; at <= count; at++) {
            predecessors.add(new ArrayList<>());
        }
        for (int at = 0; at < count; at++) {
            for (int next : successors(at)) {
                predecessors.get(next).add(at);
            }
        }
    }

    /** For each instruction the index of the one where its ways meet; the number of instructions if that is the end. */
    int[] meetings() {
        int[] order = postOrder();
        int[] rank = new int[count + 1];
        for (int i = 0; i < order.length; i++) {
            rank[order[i]] = i;
        }
        int[] meeting = new int[count + 1];
        Arrays.fill(meeting, -1);
        meeting[count] = count;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = order.length - 2; i >= 0; i--) {
                int met = -1;
                for (int next : successors(order[i])) {
                    if (meeting[next] >= 0) {
                        met = met < 0 ? next : common(met, next, meeting, rank);
                    }
                }
                if (meeting[order[i]] != met) {
                    meeting[order[i]] = met;
                    changed = true;
                }
            }
        }
        for (int at = 0; at < count; at++) {
            // What never ends meets at the end.
            meeting[at] = meeting[at] < 0 ? count : meeting[at];
        }
        return meeting;
    }

    private static int common(int a, int b, int[] meeting, int[] rank) {
        int left = a;
        int right = b;
        while (left != right) {
            if (rank[left] < rank[right]) {
                left = meeting[left];
            } else {
                right = meeting[right];
            }
        }
        return left;
    }

    /** The instructions from which the end can be reached, found backwards from it; it comes last. */
    private int[] postOrder() {
        boolean[] seen = new boolean[count + 1];
        int[] tried = new int[count + 1];
        int[] stack = new int[count + 1];
        int[] order = new int[count + 1];
        int done = 0;
        int depth = 1;
        stack[0] = count;
        seen[count] = true;
        while (depth > 0) {
            int at = stack[depth - 1];
            List<Integer> before = predecessors.get(at);
            if (tried[at] == before.size()) {
                order[done++] = at;
                depth--;
                continue;
            }
            int from = before.get(tried[at]++);
            if (!seen[from]) {
                seen[from] = true;
                stack[depth++] = from;
            }
        }
        return Arrays.copyOf(order, done);
    }

    private int[] successors(int at) {
        PtxInstruction instruction = kernel.instructions().get(at);
        boolean always = instruction.guard() < 0;
        return switch (instruction.name()) {
            case "bra" -> always ? new int[] {target(instruction)} : new int[] {at + 1, target(instruction)};
            case "ret", "exit" -> always ? new int[] {count} : new int[] {at + 1, count};
            default -> new int[] {at + 1};
        };
    }

    /** The index that a branch goes to. */
    int target(PtxInstruction branch) {
        Integer target = branch.operands().get(0) instanceof PtxOperand.Name name
                ? kernel.labels().get(name.text())
                : null;
        if (target == null) {
            throw Unmodelled.of(branch, "has no label that it could go to");
        }
        return target;
    }
}
