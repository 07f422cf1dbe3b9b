package org.mxforge.runtime.checkpoint.safetensors;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;

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

    /** The file of each tensor that an index lists. */
    private final Map<String, String> listed = new HashMap<>();

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
            store.add(path, name -> true);
        } else if (isThere(path.resolve(SINGLE))) {
            store.add(path.resolve(SINGLE), name -> true);
        } else if (isThere(path.resolve(INDEX))) {
            store.addShards(path.resolve(INDEX));
        } else {
            throw noWeights(path);
        }
        return store;
    }

    /**
     * BF16 tensors that are in no file: each repeats a few values, from another of them on.
     *
     * @param source what messages call them
     * @param shapes by name
     * @param values of each, BF16 bits, by name
     */
    public static TensorStore repeating(Path source, Map<String, long[]> shapes, Function<String, short[]> values) {
        TensorStore store = new TensorStore(source);
        Map<short[], TensorData> sources = new IdentityHashMap<>();
        long[] begin = {0};
        shapes.forEach((name, shape) -> {
            List<Long> sizes = LongStream.of(shape).boxed().toList();
            long end = begin[0] + LongStream.of(shape).reduce(Short.BYTES, Math::multiplyExact);
            TensorInfo info = new TensorInfo(name, TensorType.BF16.name(), sizes, begin[0], end);
            TensorData data = sources.computeIfAbsent(values.apply(name), RepeatedValues::new);
            store.tensors.put(name, new StoredTensor(info, source, data));
            begin[0] = end;
        });
        return store;
    }

    /**
     * Makes sure that {@code folder} is one with weights that can be opened, before anything of it is read.
     *
     * @throws MxForgeException saying what it is or holds instead
     */
    public static void requireIn(Path folder) {
        if (Files.isRegularFile(folder)) {
            new InputFile("file", folder).refuseOtherFormats();
            throw new MxForgeException(folder + " is a file: point at the folder with the checkpoint");
        }
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder + ": point at a folder with a checkpoint");
        }
        if (!isThere(folder.resolve(SINGLE)) && !isThere(folder.resolve(INDEX))) {
            throw noWeights(folder);
        }
    }

    /** Or a link of that name: opening it tells where it leads to nothing. */
    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static MxForgeException noWeights(Path folder) {
        return ForeignFolder.failure(folder, "neither " + SINGLE + " nor " + INDEX);
    }

    /** Adds the tensors of {@code file} that {@code wanted} names. */
    private void add(Path file, Predicate<String> wanted) {
        SafetensorsFile opened = SafetensorsFile.open(file);
        opened.tensors().forEach((name, info) -> {
            if (wanted.test(name)) {
                tensors.put(name, new StoredTensor(info, file, opened.data()));
            }
        });
        metadata.putAll(opened.metadata());
    }

    /**
     * Adds what the index lists. A tensor that it does not list is not there, and one that is missing where it should be, or a whole
     * file, is an error for who asks for it alone.
     */
    private void addShards(Path index) {
        listed.putAll(ShardIndex.read(index).shards());
        for (String shard : new TreeSet<>(listed.values())) {
            Path file = index.resolveSibling(shard);
            if (isThere(file)) {
                add(file, name -> shard.equals(listed.get(name)));
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

    /** The raw little-endian bytes, of any type; read as they are wanted. */
    public ByteSource bytes(String name) {
        return tensor(name).bytes();
    }

    /** The values of an I32 tensor, or of an I64 tensor whose values all fit. */
    public int[] ints(String name) {
        return tensor(name).ints();
    }

    /** The type of a BF16, F16 or F32 tensor. */
    ScalarType scalarType(String name) {
        return tensor(name).scalarType();
    }

    /** Makes sure that a weight of {@code shape} is there, in a type that weights may have. */
    public void requireWeight(String name, long... shape) {
        require(name, shape);
        tensor(name).requireWeight();
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new MxForgeException(missing(name));
        }
        return tensor;
    }

    /** Why a tensor may be missing, from what there is in its place. */
    private String hint(String name) {
        if (Files.isRegularFile(source)) {
            return "it holds "
                    + (tensors.isEmpty()
                            ? "none"
                            : tensors.keySet().stream().limit(3).collect(joining("', '", "'", "'")))
                    + (tensors.size() > 3 ? " and others" : "");
        }
        String layer = name.substring(0, name.lastIndexOf('.') + 1);
        if (has(layer + "qweight")) {
            return "it is quantized by GPTQ or AWQ, which is not read here; start from the original";
        }
        return tensors.keySet().stream().anyMatch(other -> other.contains(".lora_A."))
                ? "it is an adapter (LoRA); merge it into its base model first"
                : "the checkpoint is incomplete or of another architecture than its configuration says";
    }

    private String missing(String name) {
        String shard = listed.get(name);
        if (shard == null) {
            return source + " has no tensor '" + name + "': " + hint(name);
        }
        String index = source.resolve(INDEX) + " says that " + shard + " holds tensor '" + name + "', but ";
        return Files.exists(source.resolve(shard))
                ? index + "it does not: the files do not belong together"
                : index + "there is no such file: fetch it with the rest of the checkpoint";
    }
}
