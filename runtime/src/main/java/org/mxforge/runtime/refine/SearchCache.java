package org.mxforge.runtime.refine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;

/**
 * What a search has found so far, on disk, so that one that was interrupted goes on where it was when it is started again with the same
 * model, text, recipe and device. A search that ends leaves nothing.
 */
final class SearchCache {
    private final ArtifactCache found;

    private SearchCache(ArtifactCache found) {
        this.found = found;
    }

    /** That of a search of what {@code parts} name, in a folder of {@code user} of its own. */
    static SearchCache in(ArtifactCache user, List<String> parts) {
        String name = new ArtifactCache.Key("search", parts).hash();
        return new SearchCache(new ArtifactCache(user.root().resolve("search").resolve(name)));
    }

    /** All that a search depends on. */
    static List<String> parts(TensorStore model, List<int[]> windows, String recipe, String device) {
        MessageDigest text = Digests.sha256();
        windows.forEach(ids -> {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (ids.length + 1));
            bytes.putInt(ids.length).asIntBuffer().put(ids);
            text.update(bytes.rewind());
        });
        return List.of(ToolVersion.TEXT, digest(model), Digests.hex(text.digest()), recipe, device);
    }

    private static String digest(TensorStore model) {
        MessageDigest digest = Digests.sha256();
        for (String name : new TreeSet<>(model.names())) {
            digest.update((name + model.info(name)).getBytes(StandardCharsets.UTF_8));
            ByteSource bytes = model.bytes(name);
            byte[] piece = new byte[ByteSource.PIECE];
            for (long at = 0; at < bytes.length(); at += piece.length) {
                int count = (int) Math.min(piece.length, bytes.length() - at);
                bytes.read(at, ByteBuffer.wrap(piece, 0, count));
                digest.update(piece, 0, count);
            }
        }
        return Digests.hex(digest.digest());
    }

    /** What {@code kind} and {@code parts} name, as it was found before, or else as {@code finder} finds it. */
    byte[] get(String kind, List<String> parts, Supplier<byte[]> finder) {
        return found.get(new ArtifactCache.Key(kind, parts), finder);
    }

    /** How much was found before. */
    long hits() {
        return found.hits();
    }

    /** Removes all of it. */
    void clear() {
        try (Stream<Path> files = Files.walk(found.root())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Nothing was kept, or what is left is only found by the same search.
        }
    }
}
