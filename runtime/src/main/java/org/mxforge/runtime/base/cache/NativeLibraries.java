package org.mxforge.runtime.base.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.Publication;
import org.mxforge.runtime.base.files.UserOutput;

/**
 * Native libraries that lie in a jar, unpacked once into a folder of the user's cache, which appears whole or not at all. Libraries
 * that are left to unpack themselves use fixed names in the system's temporary folder or the user's home, where two processes can load each
 * other's half-written files, and other users can put theirs.
 *
 * <p>What lies in the cache is compared with the jar by SHA-256 before it is first run, and again whenever the system says that it was
 * touched since; hashing 113 MB at each start would be felt. Where the cache cannot be written, or another user could have written
 * there, libraries are unpacked for this process alone.
 *
 * @param resourceFolder folder inside the jar, ending in a slash
 * @param names file names; they go into one folder, since libraries look for each other there
 */
public record NativeLibraries(String resourceFolder, List<String> names) {
    /** Beside the libraries: how their files looked when they were compared. */
    private static final String VERIFIED = "verified";

    private static final int MAX_STAMP_BYTES = 1 << 14;

    public NativeLibraries {
        names = List.copyOf(names);
    }

    /**
     * The folder with the libraries, most often under {@code cacheRoot}; empty where the jar is not on the class path.
     *
     * @throws MxForgeException if they can be unpacked nowhere
     */
    public Optional<Path> unpack(Path cacheRoot) {
        try {
            Optional<String> version = version();
            return version.isEmpty()
                    ? Optional.empty()
                    : Optional.of(unpack(cacheRoot.toAbsolutePath(), version.get()));
        } catch (IOException e) {
            throw new MxForgeException(
                    "the native library " + names.get(0) + " cannot be unpacked (" + UserOutput.reason(e)
                            + "): set MXFORGE_CACHE to a folder that can be written, or java.io.tmpdir",
                    e);
        }
    }

    private Path unpack(Path cacheRoot, String version) throws IOException {
        String name = names.get(0) + "-" + version;
        Path folder = cacheRoot.resolve("native").resolve(name);
        for (String library : names) {
            if (!CacheSafety.isSafe(cacheRoot, folder.resolve(library))) {
                return unpackPrivately();
            }
        }
        if (isVerified(folder)) {
            return folder;
        }
        ProcessLock lock = new ProcessLock(cacheRoot.resolve("locks").resolve(name));
        Optional<Path> unpacked = lock.holding(() -> unpackInto(folder));
        return unpacked.isPresent() ? unpacked.get() : unpackPrivately();
    }

    private Optional<Path> unpackInto(Path folder) {
        try {
            if (isWhole(folder)) {
                remember(folder);
                return Optional.of(folder);
            }
            if (Files.exists(folder)) {
                Publication.withdraw(folder);
            }
            PrivateFolder.create(folder.getParent());
            Publication.newFolder(folder, this::copyInto);
            remember(folder);
            return Optional.of(folder);
        } catch (IOException e) {
            // The cache cannot be written; or where there is no locking, another process has been first.
            return isWhole(folder) ? Optional.of(folder) : Optional.empty();
        }
    }

    private Path unpackPrivately() throws IOException {
        Path folder = PrivateFolder.temporary("native");
        copyInto(folder);
        return folder;
    }

    private void copyInto(Path folder) throws IOException {
        for (String name : names) {
            try (InputStream in = url(name).openStream()) {
                Files.copy(in, folder.resolve(name));
            }
        }
    }

    /** Tells versions of the libraries apart at no cost: checksums and sizes as the jar lists them; empty where there is no jar. */
    private Optional<String> version() throws IOException {
        MessageDigest version = Digests.sha256();
        for (String name : names) {
            URL url = url(name);
            if (url == null) {
                return Optional.empty();
            }
            URLConnection connection = url.openConnection();
            String entry = connection instanceof JarURLConnection jar
                    ? jar.getJarEntry().getCrc() + " " + jar.getJarEntry().getSize()
                    : digest(url.openStream());
            version.update((name + " " + entry + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Optional.of(Digests.hex(version.digest()).substring(0, 16));
    }

    private boolean isWhole(Path folder) {
        try {
            for (String name : names) {
                InputFile unpacked = new InputFile("library", folder.resolve(name));
                if (!digest(unpacked.stream(Long.MAX_VALUE))
                        .equals(digest(url(name).openStream()))) {
                    return false;
                }
            }
            return true;
        } catch (IOException | MxForgeException e) {
            return false;
        }
    }

    private boolean isVerified(Path folder) {
        try {
            Optional<String> stamp = stamp(folder);
            return stamp.isPresent()
                    && new InputFile("stamp", folder.resolve(VERIFIED))
                            .text(MAX_STAMP_BYTES)
                            .equals(stamp.get());
        } catch (IOException | MxForgeException e) {
            return false;
        }
    }

    private void remember(Path folder) {
        try {
            Optional<String> stamp = stamp(folder);
            if (stamp.isPresent()) {
                Publication.replaceFile(folder.resolve(VERIFIED), aside -> Files.writeString(aside, stamp.get()));
            }
        } catch (IOException e) {
            // Compared again by the next process.
        }
    }

    /** What the system changes with every write to a file, and nobody else can; empty where it has no such thing. */
    private Optional<String> stamp(Path folder) throws IOException {
        StringBuilder stamp = new StringBuilder();
        for (String name : names) {
            try {
                Map<String, Object> attributes = new TreeMap<>(
                        Files.readAttributes(folder.resolve(name), "unix:ino,size,lastModifiedTime,ctime"));
                stamp.append(name).append(attributes).append('\n');
            } catch (UnsupportedOperationException e) {
                return Optional.empty();
            }
        }
        return Optional.of(stamp.toString());
    }

    private static String digest(InputStream content) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (DigestInputStream in = new DigestInputStream(content, digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digests.hex(digest.digest());
    }

    private URL url(String name) {
        return NativeLibraries.class.getResource(resourceFolder + name);
    }
}
