package org.mxforge.runtime.task;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/** The files of tasks in one folder; remembers what was read. */
final class TaskData {
    private static final long LIMIT = 256L << 20;

    private final Path folder;
    private final Map<String, String> digests = new TreeMap<>();

    TaskData(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder
                    + " with the data of tasks: name the one in which piqa, arc and the others have folders");
        }
        this.folder = folder;
    }

    /** Whether there is such a file. */
    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    /** SHA-256 of every file that was read, by its name. */
    Map<String, String> digests() {
        return Collections.unmodifiableMap(digests);
    }

    /** The text of {@code file}, unpacked if its name ends in {@code .gz}. */
    String text(String file) {
        Path path = folder.resolve(file);
        byte[] bytes = new InputFile("data file", path).bytes(LIMIT);
        digests.put(file, Digests.sha256(bytes));
        try {
            byte[] plain = file.endsWith(".gz") ? unpacked(path, bytes) : bytes;
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(plain))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MxForgeException("data file " + path + " is not valid UTF-8: check that it is the right file", e);
        }
    }

    private static byte[] unpacked(Path path, byte[] bytes) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = in.readNBytes((int) LIMIT);
            if (in.read() >= 0) {
                throw new MxForgeException("data file " + path + " unpacks to more than " + LIMIT
                        + " bytes: check that it is the right file");
            }
            return plain;
        } catch (IOException e) {
            throw new MxForgeException("data file " + path + " is damaged: " + e.getMessage(), e);
        }
    }

    /** The object in each line of {@code file}; lines end in a line feed alone, since texts may have other separators. */
    List<JsonFields> objects(String file) {
        List<JsonFields> objects = new ArrayList<>();
        String[] lines = text(file).split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                objects.add(StrictJson.parseAsPython(folder.resolve(file) + ", line " + (i + 1), lines[i]));
            }
        }
        if (objects.isEmpty()) {
            throw new MxForgeException(
                    "data file " + folder.resolve(file) + " has no item: check that it is the right file");
        }
        return objects;
    }

    /** The one object that {@code file} holds. */
    JsonFields object(String file) {
        return StrictJson.parse(folder.resolve(file).toString(), text(file));
    }

    /** The number of the right one of {@code choices}. */
    static int gold(JsonFields item, String key, List<String> choices) {
        if (choices.size() < 2) {
            throw item.bad("choices", "two texts or more");
        }
        return item.integer(key, 0, choices.size() - 1);
    }
}
