package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

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
     * Uploads the weights of all experts; of their folded forms only one is in host memory at a time.
     *
     * @param experts how many there are, at least one
     * @param laidOut each of them, as by {@link PackedOperand#laidOut}, asked for in their order
     * @return an operand with the rows of one expert and the codes and scales of all
     * @throws IllegalArgumentException if their shapes differ
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
