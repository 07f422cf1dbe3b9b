package org.mxforge.runtime.quant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;

/**
 * A weight as it was trained, [outputs][channels] row-major, which is read when it is wanted: in pieces, or whole.
 *
 * @param type of its values
 * @param outputs rows
 * @param channels columns
 * @param bytes the values, little-endian; reading them finds what is damaged
 */
public record PlainWeight(ScalarType type, int outputs, int channels, ByteSource bytes) {
    public PlainWeight {
        if (bytes.length() != (long) outputs * channels * type.bytes()) {
            throw new IllegalArgumentException("a weight of " + outputs + "x" + channels + " in " + type.text()
                    + " cannot have " + bytes.length() + " bytes");
        }
    }

    /** {@code values}, which are referenced. */
    public static PlainWeight of(ScalarArray values, int outputs, int channels) {
        return new PlainWeight(values.type(), outputs, channels, new ScalarBytes(values));
    }

    /** The rows of all {@code weights} in their order; empty if these are not of one type and width. */
    public static Optional<PlainWeight> joined(List<PlainWeight> weights) {
        PlainWeight first = weights.get(0);
        if (weights.stream().anyMatch(weight -> weight.type != first.type || weight.channels != first.channels)) {
            return Optional.empty();
        }
        return Optional.of(new PlainWeight(
                first.type,
                weights.stream().mapToInt(PlainWeight::outputs).sum(),
                first.channels,
                ByteSource.joined(weights.stream().map(PlainWeight::bytes).toList())));
    }

    /** Row {@code order[i]} of this weight as row i. */
    public PlainWeight withRows(int[] order) {
        return new PlainWeight(type, order.length, channels, ByteSource.inOrder(bytes, channels * type.bytes(), order));
    }

    /** Channel {@code order[i]} of this weight as channel i. */
    public PlainWeight withChannels(int[] order) {
        return new PlainWeight(
                type,
                outputs,
                order.length,
                ByteSource.piecesOfRows(bytes, channels * type.bytes(), type.bytes(), order));
    }

    /** All values in host memory. */
    public ScalarArray values() {
        return bytes instanceof ScalarBytes array ? array.values() : read();
    }

    private ScalarArray read() {
        int count = Math.multiplyExact(outputs, channels);
        if (type == ScalarType.FP32) {
            float[] values = new float[count];
            inPieces(count, (piece, from) -> piece.asFloatBuffer().get(values, from, piece.remaining() / Float.BYTES));
            return ScalarArray.fp32(values);
        }
        short[] bits = new short[count];
        inPieces(count, (piece, from) -> piece.asShortBuffer().get(bits, from, piece.remaining() / Short.BYTES));
        return type == ScalarType.BF16 ? ScalarArray.bf16(bits) : ScalarArray.fp16(bits);
    }

    /** Takes values from element {@code from} on. */
    @FunctionalInterface
    private interface PieceReader {
        void take(ByteBuffer piece, int from);
    }

    private void inPieces(int count, PieceReader reader) {
        int step = ByteSource.PIECE / type.bytes();
        IntStream.range(0, (count + step - 1) / step).parallel().forEach(i -> {
            int from = i * step;
            ByteBuffer piece = ByteBuffer.allocate(Math.min(step, count - from) * type.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.read((long) from * type.bytes(), piece);
            reader.take(piece.flip(), from);
        });
    }
}
