package org.mxforge.runtime.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as torch.save lays them out, with any pickle, and sums that are right. */
public final class TorchArchive {
    private TorchArchive() {}

    /**
     * Writes {@code file}.
     *
     * @param pickle its {@code data.pkl}
     * @param others by place beside that
     */
    public static Path write(Path file, byte[] pickle, Map<String, byte[]> others) throws IOException {
        Map<String, byte[]> parts = new TreeMap<>(others);
        parts.put("data.pkl", pickle);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                ZipEntry entry = new ZipEntry("name/" + part.getKey());
                CRC32 sum = new CRC32();
                sum.update(part.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(part.getValue().length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
            }
        }
        return file;
    }

    /** The pickle of a dictionary with the same number for all {@code keys}. */
    public static byte[] numbers(Iterable<String> keys, int number) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(bytes("\u0080\u0002}("));
        for (String key : keys) {
            pickle.writeBytes(bytes("X" + (char) key.length() + "\0\0\0" + key + "J"));
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                pickle.write(number >> shift);
            }
        }
        pickle.writeBytes(bytes("u."));
        return pickle.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
