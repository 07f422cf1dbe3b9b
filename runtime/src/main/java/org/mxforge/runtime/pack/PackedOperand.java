package org.mxforge.runtime.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * A packed matrix in GPU memory, in the layout that the CUDA kernels read.
 *
 * @param rows output channels, or tokens
 * @param parts its partitions
 */
public record PackedOperand(int rows, List<Part> parts) {
    /**
     * One partition.
     *
     * @param codes {@code [rows][channels]} packed codes; tiles of a folded matrix
     * @param scales E8M0, {@link OperandLayout#TILED} or {@link OperandLayout#ROWS}, zeros in the padding; factors of the rows, which
     *     all partitions of a folded matrix share
     * @param channels columns
     */
    public record Part(DeviceBuffer codes, DeviceBuffer scales, int channels) {}

    /** Where the bytes go. */
    @FunctionalInterface
    public interface Memory {
        /** {@code values} in GPU memory; {@code purpose} is for the message if it does not suffice. */
        DeviceBuffer upload(String purpose, byte[] values);
    }

    public PackedOperand {
        parts = List.copyOf(parts);
    }

    /** The partitions of a product of this, the activations, with {@code weight}, laid out alike, in their order. */
    public List<MxGemmOperands> times(PackedOperand weight) {
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part a = parts.get(i);
            Part b = weight.parts().get(i);
            operands.add(new MxGemmOperands(
                    a.codes().address(),
                    a.scales().address(),
                    b.codes().address(),
                    b.scales().address(),
                    a.channels()));
        }
        return operands;
    }

    /** Uploads codes as they are, and scales as {@code layout} has them. */
    private static PackedOperand upload(PackedMatrix matrix, OperandLayout layout, Memory memory) {
        List<Part> parts = new ArrayList<>();
        for (PackedPartition partition : matrix.partitions()) {
            String purpose = "a matrix of " + partition.rows() + "x" + partition.channels() + " in "
                    + partition.format().text();
            parts.add(new Part(
                    memory.upload(purpose, partition.codes()),
                    memory.upload("the scales of " + purpose, partition.scales(layout)),
                    partition.channels()));
        }
        return new PackedOperand(matrix.rows(), parts);
    }

    /**
     * Uploads {@code matrix} as kernels that read this layout want it.
     *
     * @throws MxForgeException if it has to be folded, which would round, and the tolerance does not allow it
     */
    public static PackedOperand upload(
            PackedMatrix matrix, OperandLayout layout, Tolerance tolerance, Side side, Memory memory) {
        return laidOut(matrix, layout, tolerance, side).apply(memory);
    }

    /**
     * The same for several copies: {@code matrix} is laid out once, and uploaded as often as the result is called.
     *
     * @throws MxForgeException as {@link #upload(PackedMatrix, OperandLayout, Tolerance, Side, Memory)} does
     */
    public static Function<Memory, PackedOperand> laidOut(
            PackedMatrix matrix, OperandLayout layout, Tolerance tolerance, Side side) {
        if (!layout.isFolded()) {
            return memory -> upload(matrix, layout, memory);
        }
        FoldedMatrix folded = FoldedMatrix.fold(matrix, layout, side, tolerance);
        return memory -> upload(folded, memory);
    }

    /** Uploads a folded matrix. */
    public static PackedOperand upload(FoldedMatrix matrix, Memory memory) {
        ByteBuffer factors =
                ByteBuffer.allocate(Float.BYTES * matrix.factors().length).order(ByteOrder.LITTLE_ENDIAN);
        factors.asFloatBuffer().put(matrix.factors());
        DeviceBuffer shared = memory.upload("the factors of " + matrix.rows() + " rows", factors.array());
        List<Part> parts = new ArrayList<>();
        for (FoldedMatrix.Partition partition : matrix.partitions()) {
            String purpose = "a folded matrix of " + matrix.rows() + "x" + partition.channels() + " in "
                    + partition.format().text();
            parts.add(new Part(memory.upload(purpose, partition.tiles()), shared, partition.channels()));
        }
        return new PackedOperand(matrix.rows(), parts);
    }

    /** Where the weights of several experts go. */
    @FunctionalInterface
    public interface Room {
        /** GPU memory of undefined content; {@code purpose} is for the message if it does not suffice. */
        DeviceBuffer allocate(String purpose, long bytes);
    }

    /**
     * Uploads the weights of all experts; of their folded forms only one is in host memory at a time.
     *
     * @param experts how many there are, at least one
     * @param laidOut each of them, as by {@link #laidOut}, asked for in their order
     * @return an operand with the rows of one expert and the codes and scales of all
     * @throws IllegalArgumentException if their shapes differ
     */
    public static PackedOperand uploadExperts(
            int experts, IntFunction<Function<Memory, PackedOperand>> laidOut, Room room) {
        return ExpertOperand.upload(experts, laidOut, room);
    }
}
