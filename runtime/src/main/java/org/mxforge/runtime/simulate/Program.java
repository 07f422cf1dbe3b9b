package org.mxforge.runtime.simulate;

import java.util.List;
import org.mxforge.runtime.simulate.ptx.CodeLine;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;
import org.mxforge.runtime.simulate.ptx.PtxKernel;

/** A kernel ready to run: a step for each instruction. */
final class Program {
    /** What an instruction does to the order of instructions. */
    enum Flow {
        ON,
        BRANCH,
        EXIT
    }

    final PtxKernel kernel;
    final Step[] steps;
    final Flow[] flows;
    final int[] guards;
    final boolean[] negated;
    final int[] targets;
    /** Whether it waits itself for the kernels before it. */
    final boolean awaits;
    /** Where lanes that part at a branch meet again. */
    final int[] meetings;

    Program(PtxKernel kernel, TensorCores tensorCores, BoundedFunctions functions) {
        this.kernel = kernel;
        List<PtxInstruction> instructions = kernel.instructions();
        int count = instructions.size();
        steps = new Step[count];
        flows = new Flow[count];
        guards = new int[count];
        negated = new boolean[count];
        targets = new int[count];
        ControlFlow flow = new ControlFlow(kernel);
        InstructionSet set = new InstructionSet(tensorCores, functions);
        Contraction contraction = new Contraction(kernel);
        for (int i = 0; i < count; i++) {
            PtxInstruction instruction = instructions.get(i);
            guards[i] = instruction.guard();
            negated[i] = instruction.negated();
            switch (instruction.name()) {
                case "bra" -> {
                    flows[i] = Flow.BRANCH;
                    targets[i] = flow.target(instruction);
                }
                case "ret", "exit" -> flows[i] = Flow.EXIT;
                default -> {
                    flows[i] = Flow.ON;
                    Contraction.Fusion fusion = contraction.of(i);
                    steps[i] = fusion == null
                            ? set.decode(instruction, kernel.registers())
                            : FloatInstructions.fused(
                                    new Decoding(fusion.product(), kernel.registers()),
                                    new Decoding(instruction, kernel.registers()),
                                    fusion.operand());
                }
            }
        }
        meetings = flow.meetings();
        awaits = kernel.instructions().stream()
                .anyMatch(instruction -> instruction.opcode().equals("griddepcontrol.wait"));
    }

    CodeLine line(int at) {
        return kernel.instructions().get(Math.min(at, steps.length - 1)).at();
    }
}
