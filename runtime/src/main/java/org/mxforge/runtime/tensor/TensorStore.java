package org.mxforge.runtime.tensor;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.runtime.MxForgeException;

/**
 * The tensors of a checkpoint, in one safetensors file or in shards with an index. Opening checks all headers; data is read
 * when asked for. Every getter throws {@link MxForgeException} when the tensor is missing or of another type. Safe for
 * concurrent use.
 */
public final class TensorStore {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private record Entry(TensorInfo info, Path file, MappedFile data) {}

    private final Path source;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private TensorStore(Path source) {
        this.source = source;
    }

    /**
     * Opens a safetensors file, or the {@code model.safetensors} or {@code model.safetensors.index.json} of a folder.
     *
     * @throws MxForgeException naming the file and the rule that it breaks
     */
    public static TensorStore open(Path path) {
        TensorStore store = new TensorStore(path);
        if (!Files.isDirectory(path)) {
            store.add(path);
        } else if (Files.exists(path.resolve(SINGLE))) {
            store.add(path.resolve(SINGLE));
        } else if (Files.exists(path.resolve(INDEX))) {
            store.addShards(path.resolve(INDEX));
        } else {
            throw new MxForgeException(
                    path + " holds neither " + SINGLE + " nor " + INDEX + ": point at a folder with a checkpoint");
        }
        return store;
    }

    private Map<String, TensorInfo> add(Path file) {
        SafetensorsFile opened = SafetensorsFile.open(file);
        opened.tensors().forEach((name, info) -> entries.put(name, new Entry(info, file, opened.data())));
        metadata.putAll(opened.metadata());
        return opened.tensors();
    }

    private void addShards(Path index) {
        ShardIndex shards = ShardIndex.read(index);
        Map<String, Set<String>> present = new LinkedHashMap<>();
        for (String shard : new TreeSet<>(shards.shards().values())) {
            present.put(shard, add(index.resolveSibling(shard)).keySet());
        }
        shards.shards().forEach((tensor, shard) -> {
            if (!present.get(shard).contains(tensor)) {
                throw new MxForgeException(index + " says that " + shard + " holds tensor '" + tensor
                        + "', but it does not: the files do not belong together");
            }
        });
        entries.values().forEach(entry -> {
            String name = entry.info().name();
            if (!entry.file().getFileName().toString().equals(shards.shards().get(name))) {
                throw new MxForgeException(entry.file() + " holds tensor '" + name + "', which " + index
                        + " does not place there: the files do not belong together");
            }
        });
    }

    /** The file or folder that was opened. */
    public Path source() {
        return source;
    }

    /** All tensor names. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The free texts of the headers. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    public TensorInfo info(String name) {
        return entry(name).info();
    }

    /** What the header says about {@code name}, whose shape must be {@code shape}. */
    public TensorInfo require(String name, long... shape) {
        TensorInfo info = info(name);
        List<Long> wanted = LongStream.of(shape).boxed().toList();
        if (!info.shape().equals(wanted)) {
            throw new MxForgeException("tensor '" + name + "' in " + entry(name).file() + " has shape " + info.shape()
                    + " where the model's configuration wants " + wanted);
        }
        return info;
    }

    /** The values as BF16 bits; F16, F32 and F64 are rounded to nearest even. */
    public short[] bf16(String name) {
        TensorType type = info(name).type();
        short[] values = new short[length(name)];
        int[] at = {0};
        switch (type) {
            case BF16 ->
                read(name, piece -> {
                    var source = piece.asShortBuffer();
                    int count = source.remaining();
                    source.get(values, at[0], count);
                    at[0] += count;
                });
            case F16, F32, F64 ->
                read(name, piece -> {
                    while (piece.hasRemaining()) {
                        values[at[0]++] = Bfloat16.fromFloat(nextFloat(piece, type));
                    }
                });
            default -> throw wrongType(name, "BF16, F16, F32 or F64");
        }
        return values;
    }

    /** The values of a BF16, F16, F32 or F64 tensor; the last is rounded. */
    public float[] f32(String name) {
        TensorType type = info(name).type();
        if (type != TensorType.BF16 && type != TensorType.F16 && type != TensorType.F32 && type != TensorType.F64) {
            throw wrongType(name, "BF16, F16, F32 or F64");
        }
        float[] values = new float[length(name)];
        int[] at = {0};
        read(name, piece -> {
            while (piece.hasRemaining()) {
                values[at[0]++] = nextFloat(piece, type);
            }
        });
        return values;
    }

    /** The raw little-endian bytes, of any type. */
    public byte[] bytes(String name) {
        TensorInfo info = info(name);
        byte[] values = new byte[arrayLength(info, info.bytes())];
        int[] at = {0};
        read(name, piece -> {
            int count = piece.remaining();
            piece.get(values, at[0], count);
            at[0] += count;
        });
        return values;
    }

    /** The values of an I32 tensor, or of an I64 tensor whose values all fit. */
    public int[] ints(String name) {
        TensorType type = info(name).type();
        if (type != TensorType.I32 && type != TensorType.I64) {
            throw wrongType(name, "I32 or I64");
        }
        int[] values = new int[length(name)];
        int[] at = {0};
        read(name, piece -> {
            while (piece.hasRemaining()) {
                long value = type == TensorType.I32 ? piece.getInt() : piece.getLong();
                if (value != (int) value) {
                    throw new MxForgeException("tensor '" + name + "' in "
                            + entry(name).file() + " holds " + value + ", which is too large for what it stands for");
                }
                values[at[0]++] = (int) value;
            }
        });
        return values;
    }

    private void read(String name, Consumer<ByteBuffer> reader) {
        Entry entry = entry(name);
        entry.data().read(entry.info().begin(), entry.info().end(), reader);
    }

    private static float nextFloat(ByteBuffer piece, TensorType type) {
        return switch (type) {
            case BF16 -> Bfloat16.toFloat(piece.getShort());
            case F16 -> Float16.toFloat(piece.getShort());
            case F32 -> piece.getFloat();
            case F64 -> (float) piece.getDouble();
            default -> throw new IllegalArgumentException(type + " is not a floating-point type");
        };
    }

    private int length(String name) {
        return arrayLength(info(name), info(name).elements());
    }

    private int arrayLength(TensorInfo info, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new MxForgeException(
                    "tensor '" + info.name() + "' in " + entry(info.name()).file() + " of shape " + info.shape()
                            + " is larger than the 2^31 elements that one tensor may have");
        }
        return (int) length;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new MxForgeException(source + " has no tensor '" + name
                    + "': the checkpoint is incomplete or of another architecture than its configuration says");
        }
        return entry;
    }

    private MxForgeException wrongType(String name, String wanted) {
        return new MxForgeException("tensor '" + name + "' in " + entry(name).file() + " is of type "
                + info(name).type() + ", not " + wanted);
    }
}
