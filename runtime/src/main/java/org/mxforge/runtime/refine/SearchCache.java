package org.mxforge.runtime.refine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
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
 * model, text, recipe and device. A search that ends leaves nothing; what one leaves that was killed and never started again is removed by
 * another search after {@link #KEPT}.
 */
final class SearchCache {
    static final Duration KEPT = Duration.ofDays(30);

    private final ArtifactCache found;

    private SearchCache(ArtifactCache found) {
        this.found = found;
    }

    /** That of a search of what {@code parts} name, in a folder of {@code user} of its own. */
    static SearchCache in(ArtifactCache user, List<String> parts) {
        String name = new ArtifactCache.Key("search", parts).hash();
        Path folder = all(user.root()).resolve(name);
        abandoned(user.root()).stream().filter(left -> !left.equals(folder)).forEach(SearchCache::remove);
        return new SearchCache(new ArtifactCache(folder));
    }

    private static Path all(Path root) {
        return root.resolve("search");
    }

    /** Folders of searches in the cache {@code root}, none of which has ended. */
    static List<Path> unfinished(Path root) {
        try (Stream<Path> folders = Files.list(all(root))) {
            return folders.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> abandoned(Path root) {
        Instant oldest = Instant.now().minus(KEPT);
        return unfinished(root).stream()
                .filter(folder -> lastFound(folder).isBefore(oldest))
                .toList();
    }

    /** When something was last put into {@code folder}. */
    private static Instant lastFound(Path folder) {
        Instant last = Instant.MIN;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Instant changed = Files.getLastModifiedTime(file).toInstant();
                last = changed.isAfter(last) ? changed : last;
            }
            return last;
        } catch (IOException | UncheckedIOException e) {
            return Instant.now(); // Another search is changing it.
        }
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
        remove(found.root());
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // Nothing was kept, or what is left is only found by the same search.
        }
    }
}
