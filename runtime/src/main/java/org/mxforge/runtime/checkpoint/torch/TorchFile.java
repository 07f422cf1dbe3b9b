package org.mxforge.runtime.checkpoint.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;

/** A file of {@code torch.save} that holds a dictionary from texts to whole numbers, or to one-dimensional tensors of these. */
public final class TorchFile {
    private static final long MAX_BYTES = 1L << 30;
    private static final int MAX_PICKLE = 64 << 20;
    private static final String PICKLE = "data.pkl";

    private final ZipFile zip;
    private final String folder;

    /** Numbers that may yet come: tensors may share a storage, but do not where each was made for itself. */
    private long budget;

    private TorchFile(ZipFile zip, long bytes) {
        this.zip = zip;
        this.budget = bytes;
        this.folder = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.indexOf('/') >= 0
                        && name.substring(name.indexOf('/') + 1).equals(PICKLE))
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it has no " + PICKLE));
    }

    /**
     * The dictionary in {@code path}, in its order; a number alone is an array of one.
     *
     * @throws MxForgeException naming the file and what in it is damaged, something else, or would run a program
     */
    public static Map<String, int[]> wholeNumbers(Path path) {
        InputFile file = new InputFile("torch file", path);
        long size = file.requireRegular().size();
        if (size > MAX_BYTES) {
            throw unread(path, "it has more than " + MAX_BYTES + " bytes", null);
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return new TorchFile(zip, size).dictionary();
        } catch (ZipException e) {
            throw unread(path, "it is no whole zip archive, which torch.save writes since 1.6", e);
        } catch (IOException e) {
            throw unread(path, "it cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw unread(path, e.getMessage(), e);
        }
    }

    private static MxForgeException unread(Path path, String why, Exception cause) {
        return new MxForgeException(path + " is no file of torch.save with whole numbers: " + why, cause);
    }

    private Map<String, int[]> dictionary() throws IOException {
        ZipEntry order = zip.getEntry(folder + "byteorder");
        if (order != null && !new String(bytes(order, order.getSize()), StandardCharsets.UTF_8).equals("little")) {
            throw new IllegalArgumentException("its numbers are not little-endian");
        }
        ZipEntry pickle = zip.getEntry(folder + PICKLE);
        if (!(Pickle.read(bytes(pickle, pickle.getSize())) instanceof Map<?, ?> read)) {
            throw new IllegalArgumentException("it holds no dictionary");
        }
        Map<String, int[]> dictionary = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : read.entrySet()) {
            dictionary.put((String) entry.getKey(), numbers((String) entry.getKey(), entry.getValue()));
        }
        return dictionary;
    }

    private int[] numbers(String name, Object value) throws IOException {
        if (value instanceof Long number && number == number.intValue()) {
            return new int[] {number.intValue()};
        }
        if (value instanceof Pickle.Tensor tensor) {
            return numbers(name, tensor);
        }
        throw new IllegalArgumentException("its '" + name + "' is no whole number of 32 bits and no tensor");
    }

    private int[] numbers(String name, Pickle.Tensor tensor) throws IOException {
        Pickle.Storage storage = tensor.storage();
        List<Object> sizes = tensor.sizes();
        if (sizes.size() > 1 || tensor.strides().size() != sizes.size()) {
            throw new IllegalArgumentException("its '" + name + "' is no list but of " + sizes.size() + " dimensions");
        }
        long length = sizes.isEmpty() ? 1 : number(sizes.get(0));
        long stride = sizes.isEmpty() ? 1 : number(tensor.strides().get(0));
        long elements = storage.elements();
        boolean within = elements >= 0
                && elements <= MAX_BYTES / Long.BYTES
                && length > 0
                && length <= elements
                && stride > 0
                && stride <= elements
                && tensor.offset() >= 0
                && tensor.offset() <= elements - 1 - (length - 1) * stride
                && (budget -= length) >= 0;
        ZipEntry entry = zip.getEntry(folder + "data/" + storage.key());
        if (!within || entry == null) {
            throw new IllegalArgumentException("the numbers of its '" + name + "' are not all there");
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(bytes(entry, elements * storage.type().bytes())).order(ByteOrder.LITTLE_ENDIAN);
        int[] numbers = new int[Math.toIntExact(length)];
        for (int i = 0; i < length; i++) {
            int at = Math.toIntExact(tensor.offset() + i * stride);
            long value =
                    switch (storage.type()) {
                        case I64 -> bytes.getLong(at * Long.BYTES);
                        case I32 -> bytes.getInt(at * Integer.BYTES);
                        default -> bytes.getShort(at * Short.BYTES);
                    };
            numbers[i] = (int) value;
            if (numbers[i] != value) {
                throw new IllegalArgumentException("its '" + name + "' has the number " + value + " beyond 32 bits");
            }
        }
        return numbers;
    }

    private static long number(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("its pickle is damaged");
    }

    /** All of an entry, which must be as many bytes as are wanted, as they were written: torch compresses nothing. */
    private byte[] bytes(ZipEntry entry, long wanted) throws IOException {
        boolean isPickle = entry.getName().endsWith("/" + PICKLE);
        if (entry.getMethod() != ZipEntry.STORED
                || entry.getSize() != wanted
                || wanted > (isPickle ? MAX_PICKLE : MAX_BYTES)) {
            throw new IllegalArgumentException(
                    "its part " + entry.getName() + " of " + entry.getSize() + " bytes is not as torch writes it");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) Math.min(wanted, Integer.MAX_VALUE - 8));
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (bytes.length != wanted || sum.getValue() != entry.getCrc()) {
                throw new IllegalArgumentException("its part " + entry.getName() + " is damaged");
            }
            return bytes;
        }
    }
}
