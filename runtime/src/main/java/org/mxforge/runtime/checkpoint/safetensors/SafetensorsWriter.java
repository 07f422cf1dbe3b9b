package org.mxforge.runtime.checkpoint.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;

/**
 * Writes a safetensors file. The bytes depend only on the tensors and metadata, not on the order in which they were added:
 * tensors lie widest type first, then by name, as the reference implementation has them. The file appears complete or not
 * at all.
 */
public final class SafetensorsWriter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Bytes that are written together. */
    private static final int BUFFER = 4 << 20;

    private record Pending(String dtype, int bits, List<Long> shape, long bytes, Payload payload) {}

    private final Map<String, Pending> tensors = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** Adds a free text. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds a tensor; its data is asked for in {@link #write}. */
    public SafetensorsWriter add(String name, TensorType type, Payload payload, long... shape) {
        long bits = LongStream.of(shape).reduce(type.bits(), Math::multiplyExact);
        if (bits % Byte.SIZE != 0) {
            throw new IllegalArgumentException("tensor '" + name + "' does not fill whole bytes");
        }
        return add(
                name,
                new Pending(
                        type.name(), type.bits(), LongStream.of(shape).boxed().toList(), bits / Byte.SIZE, payload));
    }

    /** Adds a tensor as another file has it, of a type that need not be known. */
    public SafetensorsWriter add(TensorInfo tensor, Payload payload) {
        int bits = TensorType.named(tensor.dtype()).map(TensorType::bits).orElse(0);
        return add(tensor.name(), new Pending(tensor.dtype(), bits, tensor.shape(), tensor.bytes(), payload));
    }

    private SafetensorsWriter add(String name, Pending tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("tensor '" + name + "' was added before");
        }
        return this;
    }

    /**
     * Writes everything to {@code file}.
     *
     * @throws MxForgeException naming the file, if it exists or cannot be written
     */
    public void write(Path file) {
        UserOutput.file(file, this::writeTo);
    }

    /** Writes everything to {@code file} as one of several that are published together. */
    public void writeTo(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(new BackgroundStream(Files.newOutputStream(file)), BUFFER)) {
            writeTo(out);
        }
    }

    private void writeTo(OutputStream out) throws IOException {
        List<String> order = new ArrayList<>(tensors.keySet());
        order.sort(Comparator.comparingInt(name -> -tensors.get(name).bits()));
        byte[] header = header(order);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (String name : order) {
            CountingStream counted = new CountingStream(out);
            tensors.get(name).payload().writeTo(counted);
            if (counted.count() != tensors.get(name).bytes()) {
                throw new IllegalArgumentException("tensor '" + name + "' got " + counted.count() + " bytes instead of "
                        + tensors.get(name).bytes());
            }
        }
    }

    /** The JSON header, padded with spaces so that the data is aligned to 8 bytes. */
    private byte[] header(List<String> order) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject("__metadata__");
            metadata.forEach(texts::put);
        }
        long position = 0;
        for (String name : order) {
            Pending tensor = tensors.get(name);
            ObjectNode entry = root.putObject(name).put("dtype", tensor.dtype());
            ArrayNode shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            entry.putArray("data_offsets").add(position).add(position + tensor.bytes());
            position += tensor.bytes();
        }
        String json = MAPPER.writeValueAsString(root);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat(Math.floorMod(-length, Long.BYTES))).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the data of one tensor, little-endian, when its turn comes; may compute it only then. */
    @FunctionalInterface
    public interface Payload {
        /** Writes exactly as many bytes as the tensor's type and shape say. */
        void writeTo(OutputStream out) throws IOException;

        static Payload of(byte[] values) {
            return out -> out.write(values);
        }

        /** 16-bit values, such as BF16 bits. */
        static Payload of(short[] values) {
            return chunked(values.length, Short.BYTES, (buffer, i) -> buffer.putShort(values[i]));
        }

        static Payload of(int[] values) {
            return chunked(values.length, Integer.BYTES, (buffer, i) -> buffer.putInt(values[i]));
        }

        static Payload of(float[] values) {
            return chunked(values.length, Float.BYTES, (buffer, i) -> buffer.putFloat(values[i]));
        }

        /** Values in their own type. */
        static Payload of(ScalarArray values) {
            if (values instanceof ScalarArray.Bf16 brain) {
                return of(brain.bits());
            }
            return values instanceof ScalarArray.Fp16 half ? of(half.bits()) : of(values.floats());
        }

        private static Payload chunked(int count, int bytes, ElementWriter writer) {
            return out -> {
                int chunk = 1 << 14;
                ByteBuffer buffer = ByteBuffer.allocate(chunk * bytes).order(ByteOrder.LITTLE_ENDIAN);
                for (int from = 0; from < count; from += chunk) {
                    buffer.clear();
                    for (int i = from; i < Math.min(count, from + chunk); i++) {
                        writer.put(buffer, i);
                    }
                    out.write(buffer.array(), 0, buffer.position());
                }
            };
        }

        /** Puts element {@code index} into a buffer. */
        @FunctionalInterface
        interface ElementWriter {
            void put(ByteBuffer buffer, int index);
        }
    }
}
