package org.mxforge.runtime.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.MxForgeException;
import org.mxforge.runtime.cache.FolderPublisher;

/**
 * Native libraries that lie in a jar, unpacked once into a folder of the user's cache, which appears whole or not at all. JCuda
 * unpacks into a fixed name in the system's temporary folder instead, where two processes can load each other's half-written files.
 *
 * @param resourceFolder folder inside the jar, ending in a slash
 * @param names file names; they go into one folder, since libraries look for each other there
 */
record UnpackedLibraries(String resourceFolder, List<String> names) {
    UnpackedLibraries {
        names = List.copyOf(names);
    }

    /** The folder with the libraries under {@code cacheRoot}, or empty where the jar is not on the class path. */
    Optional<Path> unpack(Path cacheRoot) {
        long bytes = 0;
        for (String name : names) {
            URL url = url(name);
            if (url == null) {
                return Optional.empty();
            }
            bytes += size(url);
        }
        // The sizes tell the versions of a library apart.
        Path folder = cacheRoot.resolve("native").resolve(names.get(0) + "-" + bytes);
        try {
            if (bytes != unpackedBytes(folder)) {
                new FolderPublisher(cacheRoot.resolve("staging")).publish(folder, this::copyInto);
            }
            return Optional.of(bytes == unpackedBytes(folder) ? folder : unpackPrivately());
        } catch (IOException e) {
            return Optional.of(unpackPrivately());
        }
    }

    /** Where the cache cannot be written or holds a damaged copy: a folder of this process alone, removed at exit. */
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

    private long unpackedBytes(Path folder) throws IOException {
        long bytes = 0;
        for (String name : names) {
            Path file = folder.resolve(name);
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
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
