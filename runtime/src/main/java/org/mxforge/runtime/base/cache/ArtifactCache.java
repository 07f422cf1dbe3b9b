package org.mxforge.runtime.base.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.Publication;
import org.mxforge.runtime.base.files.UserOutput;

/**
 * Artifacts on disk, one folder each, shared by all processes of a user. Safe for concurrent use by threads and processes: one
 * of them builds an artifact while the others wait for it. A corrupt entry is moved to {@code quarantine}, built again and
 * warned about once; a folder that cannot be written, or that another user could have written to, means working without a cache, after one warning. No failure of the cache
 * reaches the caller; failures of the producer do, unchanged.
 */
public final class ArtifactCache {
    private static final System.Logger LOG = System.getLogger(ArtifactCache.class.getName());

    private final Path root;
    private final Consumer<String> warnings;
    private final AtomicBoolean unwritable = new AtomicBoolean();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    /** A cache under {@code root}, which need not exist; warnings go to the system logger. */
    public ArtifactCache(Path root) {
        this(root, message -> LOG.log(System.Logger.Level.WARNING, message));
    }

    /** A cache under {@code root} that hands each warning, one sentence, to {@code warnings}. */
    public ArtifactCache(Path root, Consumer<String> warnings) {
        this.root = root.toAbsolutePath().normalize();
        this.warnings = warnings;
    }

    /**
     * The user's cache: {@code $MXFORGE_CACHE}, else {@code $XDG_CACHE_HOME/mxforge}, else {@code ~/.cache/mxforge}, else a
     * folder among the temporary files. The same one each time, so that each of its warnings is given once.
     */
    public static ArtifactCache user() {
        return OfUser.CACHE;
    }

    private static final class OfUser {
        static final ArtifactCache CACHE = new ArtifactCache(userRoot());
    }

    private static Path userRoot() {
        String explicit = System.getenv("MXFORGE_CACHE");
        if (explicit != null && !explicit.isBlank()) {
            return Path.of(explicit);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        // The convention says that a relative one is ignored.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "mxforge");
        }
        return home().map(home -> home.resolve(".cache").resolve("mxforge"))
                .orElseGet(() -> PrivateFolder.amongTemporaryFiles("mxforge"));
    }

    /** Java calls the home of a user that the system does not know {@code ?}. */
    private static Optional<Path> home() {
        return Stream.of(System.getProperty("user.home"), System.getenv("HOME"))
                .filter(Objects::nonNull)
                .map(Path::of)
                .filter(Path::isAbsolute)
                .findFirst();
    }

    /** Where the entries lie. */
    public Path root() {
        return root;
    }

    /** Artifacts found on disk so far. */
    public long hits() {
        return hits.get();
    }

    /** Artifacts built so far. */
    public long misses() {
        return misses.get();
    }

    /** The artifact of {@code key}, from disk if it is there, else from {@code producer} and then kept. */
    public byte[] get(Key key, Supplier<byte[]> producer) {
        String hash = key.hash();
        CacheEntry entry = new CacheEntry(root.resolve(key.kind()).resolve(hash), key);
        if (!CacheSafety.isSafe(root, entry.payload())) {
            misses.incrementAndGet();
            return producer.get();
        }
        return quickLook(entry)
                .orElseGet(() -> alone(root, key.kind() + "-" + hash, () -> carefulLook(entry)
                        .orElseGet(() -> build(entry, producer))));
    }

    /**
     * Runs {@code action} while nobody else on this machine runs one of this name, which saves double work; where that cannot be
     * had, runs it all the same.
     *
     * @param root of the cache
     */
    public static <T> T alone(Path root, String name, Supplier<T> action) {
        return new ProcessLock(root.resolve("locks").resolve(name)).holding(action);
    }

    /** Without the lock, so that nobody waits for a hit. A bad entry may be one that is being replaced: look again under the lock. */
    private Optional<byte[]> quickLook(CacheEntry entry) {
        try {
            return entry.exists() ? hit(entry.read()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> carefulLook(CacheEntry entry) {
        try {
            return entry.exists() ? hit(entry.read()) : Optional.empty();
        } catch (IOException e) {
            warnings.accept("The cache entry " + entry.folder() + " is corrupt (" + e.getMessage()
                    + "): it is set aside and built again.");
            quarantine(entry);
            return Optional.empty();
        }
    }

    private Optional<byte[]> hit(byte[] bytes) {
        hits.incrementAndGet();
        return Optional.of(bytes);
    }

    private void quarantine(CacheEntry entry) {
        Path aside = root.resolve("quarantine").resolve(entry.folder().getFileName() + "-" + UUID.randomUUID());
        try {
            PrivateFolder.create(aside.getParent());
            Files.move(entry.folder(), aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            warnUnwritable(e);
        }
    }

    private byte[] build(CacheEntry entry, Supplier<byte[]> producer) {
        misses.incrementAndGet();
        byte[] bytes = producer.get();
        try {
            PrivateFolder.create(entry.folder().getParent());
            Publication.newFolder(entry.folder(), aside -> entry.writeInto(aside, bytes));
        } catch (FileAlreadyExistsException e) {
            // Where there is no locking, another process was first: what it made is the same.
        } catch (IOException e) {
            warnUnwritable(e);
        }
        return bytes;
    }

    private void warnUnwritable(IOException e) {
        if (unwritable.compareAndSet(false, true)) {
            warnings.accept("The cache folder " + root + " cannot be written (" + UserOutput.reason(e)
                    + "): results of this run are not kept.");
        }
    }

    /**
     * What an artifact was made from. Everything that shapes the artifact belongs into the parts; two keys are the same artifact
     * exactly when kind and parts are equal.
     *
     * @param kind what it is, a folder name such as {@code cubin}: lower-case letters, digits and dashes
     * @param parts all inputs, in fixed order
     */
    public record Key(String kind, List<String> parts) {
        public Key {
            parts = List.copyOf(parts);
            if (!kind.matches("[a-z0-9-]{1,40}") || parts.isEmpty()) {
                throw new IllegalArgumentException(
                        "a cache key needs parts and a kind of lower-case letters, digits and dashes, not '" + kind
                                + "'");
            }
        }

        /** SHA-256 of kind and parts, in hexadecimal. Lengths go in first, so that moving a character between parts changes it. */
        public String hash() {
            var digest = Digests.sha256();
            update(digest, kind);
            parts.forEach(part -> update(digest, part));
            return Digests.hex(digest.digest());
        }

        private static void update(MessageDigest digest, String part) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
    }
}
