package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.quant.PackedMatrix;

/** The weights of all experts of a layer in GPU memory, one after the other, as the kernels of grouped GEMMs read them. */
public final class ExpertOperand {
    private final int experts;
    private final Memory memory;
    private final List<DeviceBuffer> buffers = new ArrayList<>();

    /** Where the bytes go. */
    @FunctionalInterface
    public interface Memory {
        /** GPU memory of undefined content; {@code purpose} is for the message if it does not suffice. */
        DeviceBuffer allocate(String purpose, long bytes);
    }

    private ExpertOperand(int experts, Memory memory) {
        this.experts = experts;
        this.memory = memory;
    }

    /**
     * Uploads the weights of all experts, which must have equal shapes; of their folded forms only one is in host memory at a time.
     *
     * @param layout as for {@link PackedOperand#upload(PackedMatrix, OperandLayout, Tolerance, Side, PackedOperand.Memory)}
     * @return an operand with the rows of one expert and the codes and scales of all
     * @throws IllegalArgumentException if there are none, or their shapes differ
     * @throws org.mxforge.runtime.base.MxForgeException if one would be rounded, and the tolerance does not allow it
     */
    public static PackedOperand upload(
            List<PackedMatrix> experts, OperandLayout layout, Tolerance tolerance, Memory memory) {
        if (experts.isEmpty()) {
            throw new IllegalArgumentException("there are no experts to upload");
        }
        for (int expert = 0; expert < experts.size(); expert++) {
            if (experts.get(expert).rows() != experts.get(0).rows()) {
                throw new IllegalArgumentException(
                        "expert " + expert + " has " + experts.get(expert).rows() + " rows, not "
                                + experts.get(0).rows() + " as the first");
            }
        }
        return upload(
                experts.size(),
                expert -> PackedOperand.laidOut(experts.get(expert), layout, tolerance, Side.WEIGHT),
                memory);
    }

    /**
     * The same for experts that are laid out by {@link PackedOperand#laidOut}.
     *
     * @param experts how many there are, at least one
     * @param laidOut each of them, asked for in their order; equal in shape
     */
    public static PackedOperand upload(
            int experts, IntFunction<Function<PackedOperand.Memory, PackedOperand>> laidOut, Memory memory) {
        ExpertOperand all = new ExpertOperand(experts, memory);
        PackedOperand operand = all.upload(0, laidOut.apply(0));
        for (int expert = 1; expert < experts; expert++) {
            operand = all.upload(expert, laidOut.apply(expert));
        }
        return operand;
    }

    /** Each expert's arrays come in the same order; those of the first make room for all. */
    private PackedOperand upload(int expert, Function<PackedOperand.Memory, PackedOperand> laidOut) {
        int[] next = {0};
        return laidOut.apply((purpose, values) -> {
            if (expert == 0) {
                buffers.add(memory.allocate(
                        experts + " experts' parts of " + purpose, Math.multiplyExact((long) values.length, experts)));
            }
            DeviceBuffer buffer = buffers.get(next[0]++);
            if ((long) values.length * experts != buffer.bytes()) {
                throw new IllegalArgumentException("expert " + expert + " needs " + values.length + " bytes for "
                        + purpose + ", not " + buffer.bytes() / experts + " as the first");
            }
            buffer.upload((long) expert * values.length, values);
            return buffer;
        });
    }
}
