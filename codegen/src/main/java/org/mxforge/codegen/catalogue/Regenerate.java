package org.mxforge.codegen.catalogue;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Checks or rewrites the committed catalogue. The build of the {@code generated} module calls it with {@code check}:
 *
 * <pre>{@code
 * Regenerate check DIR    fails, naming the files, when DIR differs from what the emitters write now
 * Regenerate write DIR    makes DIR so
 * }</pre>
 *
 * <p>{@code DIR} is {@code generated/src/main}; its file {@code resources/org/mxforge/generated/checksums.json} lists every file
 * with the variant it came from and its SHA-256.
 */
public final class Regenerate {
    private static final String CHECKSUMS = "resources/org/mxforge/generated/checksums.json";
    private static final String MEND = "mvn -B -q -DskipTests -pl generated -am package -Dcatalogue=write";
    private static final int NAMED_AT_MOST = 10;

    private Regenerate() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2 || !List.of("check", "write").contains(arguments[0])) {
            throw new IllegalArgumentException("usage: Regenerate check|write DIR");
        }
        Path root = Path.of(arguments[1]);
        Map<String, String> wanted = wanted();
        if (arguments[0].equals("write")) {
            write(root, wanted);
            return;
        }
        List<String> drift = drift(root, wanted);
        if (!drift.isEmpty()) {
            throw new IllegalStateException("the committed catalogue has drifted from the emitters in " + drift.size()
                    + " files (" + String.join(", ", drift.subList(0, Math.min(drift.size(), NAMED_AT_MOST)))
                    + (drift.size() > NAMED_AT_MOST ? ", ..." : "") + "): run '" + MEND + "' and commit the result");
        }
    }

    /** Paths of files that are missing, different, or there without reason, sorted. */
    static List<String> drift(Path root, Map<String, String> wanted) throws IOException {
        List<String> drift = new ArrayList<>();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            Path path = root.resolve(file.getKey());
            if (!Files.isRegularFile(path) || !Files.readString(path).equals(file.getValue())) {
                drift.add(file.getKey());
            }
        }
        for (String present : present(root)) {
            if (!wanted.containsKey(present)) {
                drift.add(present);
            }
        }
        return drift;
    }

    private static void write(Path root, Map<String, String> wanted) throws IOException {
        for (String present : present(root)) {
            if (!wanted.containsKey(present)) {
                Files.delete(root.resolve(present));
            }
        }
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** Every file below {@code root} but hand-written package descriptions. */
    private static List<String> present(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    /** Text of every file, the list of checksums included. */
    static Map<String, String> wanted() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        ObjectNode checksums = json.createObjectNode();
        for (Map.Entry<String, GeneratedFile> file : CatalogueFiles.emit().entrySet()) {
            texts.put(file.getKey(), file.getValue().text());
            checksums
                    .putObject(file.getKey())
                    .put("variant", file.getValue().variant())
                    .put("sha256", file.getValue().sha256());
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        texts.put(CHECKSUMS, json.writer(printer).writeValueAsString(checksums) + "\n");
        return texts;
    }
}
