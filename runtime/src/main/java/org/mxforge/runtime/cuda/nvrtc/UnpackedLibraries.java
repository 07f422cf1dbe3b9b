package org.mxforge.runtime.cuda.nvrtc;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ProcessLock;
import org.mxforge.runtime.base.files.Publication;

/**
 * Native libraries that lie in a jar, unpacked once into a folder of the user's cache, which appears whole or not at all. JCuda
 * unpacks into a fixed name in the system's temporary folder instead, where two processes can load each other's half-written files.
 *
 * @param resourceFolder folder inside the jar, ending in a slash
 * @param names file names; they go into one folder, since libraries look for each other there
 */
record UnpackedLibraries(String resourceFolder, List<String> names) {
    public UnpackedLibraries {
        names = List.copyOf(names);
    }

    /** The folder with the libraries under {@code cacheRoot}, or empty where the jar is not on the class path. */
    public Optional<Path> unpack(Path cacheRoot) {
        long bytes = 0;
        for (String name : names) {
            URL url = url(name);
            if (url == null) {
                return Optional.empty();
            }
            bytes += size(url);
        }
        // The sizes tell the versions of a library apart.
        String name = names.get(0) + "-" + bytes;
        Path folder = cacheRoot.resolve("native").resolve(name);
        long wanted = bytes;
        ProcessLock lock = new ProcessLock(cacheRoot.resolve("locks").resolve(name));
        return Optional.of(isWhole(folder, wanted) ? folder : lock.holding(() -> unpackInto(folder, wanted)));
    }

    private Path unpackInto(Path folder, long wanted) {
        try {
            if (Files.exists(folder) && !isWhole(folder, wanted)) {
                Publication.withdraw(folder);
            }
            if (!Files.exists(folder)) {
                Files.createDirectories(folder.getParent());
                Publication.newFolder(folder, this::copyInto);
            }
            return folder;
        } catch (IOException e) {
            // Where there is no locking, another process may have been first.
            return isWhole(folder, wanted) ? folder : unpackPrivately();
        }
    }

    /** Where the cache cannot be written: a folder of this process alone, removed at exit. */
    private Path unpackPrivately() {
        try {
            Path folder = Files.createTempDirectory("mxforge-native");
            folder.toFile().deleteOnExit();
            copyInto(folder);
            names.forEach(name -> folder.resolve(name).toFile().deleteOnExit());
            return folder;
        } catch (IOException e) {
            throw new MxForgeException(
                    "The library " + names.get(0) + " cannot be unpacked (" + e.getMessage()
                            + "): set MXFORGE_CACHE to a folder that can be written.",
                    e);
        }
    }

    private void copyInto(Path folder) throws IOException {
        for (String name : names) {
            try (InputStream in = url(name).openStream()) {
                Files.copy(in, folder.resolve(name));
            }
        }
    }

    private boolean isWhole(Path folder, long wanted) {
        try {
            long bytes = 0;
            for (String name : names) {
                bytes += Files.size(folder.resolve(name));
            }
            return bytes == wanted;
        } catch (IOException e) {
            return false;
        }
    }

    private URL url(String name) {
        return UnpackedLibraries.class.getResource(resourceFolder + name);
    }

    private static long size(URL url) {
        try {
            return url.openConnection().getContentLengthLong();
        } catch (IOException e) {
            throw new MxForgeException("The library " + url + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
