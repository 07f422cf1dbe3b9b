package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** The weights of all experts of a layer in GPU memory, one after the other, as the kernels of grouped GEMMs read them. */
final class ExpertOperand {
    private final int experts;
    private final PackedOperand.Room room;
    private final List<DeviceBuffer> buffers = new ArrayList<>();

    private ExpertOperand(int experts, PackedOperand.Room room) {
        this.experts = experts;
        this.room = room;
    }

    /** See {@link PackedOperand#uploadExperts}. */
    static PackedOperand upload(
            int experts, IntFunction<Function<PackedOperand.Memory, PackedOperand>> laidOut, PackedOperand.Room room) {
        ExpertOperand all = new ExpertOperand(experts, room);
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
                buffers.add(room.allocate(
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
