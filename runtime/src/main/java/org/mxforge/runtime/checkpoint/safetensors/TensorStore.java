package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;

/**
 * The tensors of a checkpoint, in one safetensors file or in shards with an index. Opening checks all headers; data is read
 * when asked for. Every getter throws {@link MxForgeException} when the tensor is missing or of another type. Safe for
 * concurrent use.
 */
public final class TensorStore {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path source;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
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
        opened.tensors().forEach((name, info) -> tensors.put(name, new StoredTensor(info, file, opened.data())));
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
        for (StoredTensor tensor : tensors.values()) {
            String name = tensor.info().name();
            if (!tensor.file().getFileName().toString().equals(shards.shards().get(name))) {
                throw new MxForgeException(tensor.file() + " holds tensor '" + name + "', which " + index
                        + " does not place there: the files do not belong together");
            }
        }
    }

    /** The file or folder that was opened. */
    public Path source() {
        return source;
    }

    /** All tensor names. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The free texts of the headers. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    public TensorInfo info(String name) {
        return tensor(name).info();
    }

    /** What the header says about {@code name}, whose shape must be {@code shape}. */
    public TensorInfo require(String name, long... shape) {
        TensorInfo info = info(name);
        List<Long> wanted = LongStream.of(shape).boxed().toList();
        if (!info.shape().equals(wanted)) {
            throw new MxForgeException(
                    "tensor '" + name + "' in " + tensor(name).file() + " has shape " + info.shape()
                            + " where the model's configuration wants " + wanted);
        }
        return info;
    }

    /** The values of a BF16, F16 or F32 tensor as they are stored. */
    public ScalarArray values(String name) {
        return tensor(name).values();
    }

    /** The values of a BF16, F16 or F32 tensor, exactly. */
    public float[] f32(String name) {
        return tensor(name).f32();
    }

    /** Copies the raw little-endian bytes, of any type and number, in pieces. */
    void copy(String name, OutputStream out) throws IOException {
        tensor(name).writeTo(out);
    }

    /** The raw little-endian bytes, of any type. */
    public byte[] bytes(String name) {
        return tensor(name).bytes();
    }

    /** The values of an I32 tensor, or of an I64 tensor whose values all fit. */
    public int[] ints(String name) {
        return tensor(name).ints();
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new MxForgeException(source + " has no tensor '" + name
                    + "': the checkpoint is incomplete or of another architecture than its configuration says");
        }
        return tensor;
    }
}
