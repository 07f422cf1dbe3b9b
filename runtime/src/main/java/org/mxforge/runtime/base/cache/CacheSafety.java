package org.mxforge.runtime.base.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.UserOutput;

/** Whether what lies in a cache may be run, since nobody but this user can have put it there. What may not costs one warning. */
final class CacheSafety {
    private static final System.Logger LOG = System.getLogger(CacheSafety.class.getName());

    private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

    private CacheSafety() {}

    /**
     * @param root the cache's folder, absolute
     * @param leaf what would be read, in it
     */
    static boolean isSafe(Path root, Path leaf) {
        Optional<String> exposure = exposure(root, leaf);
        if (exposure.isPresent() && WARNED.add(root)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "nothing in the cache folder {0} is used, since {1}: correct its owner and mode (chmod -R go-w), or choose another"
                            + " with MXFORGE_CACHE",
                    root,
                    exposure.get());
        }
        return exposure.isEmpty();
    }

    private static Optional<String> exposure(Path root, Path leaf) {
        try {
            return PrivateFolder.exposure(root, leaf);
        } catch (IOException e) {
            return Optional.of("it cannot be looked into (" + UserOutput.reason(e) + ")");
        }
    }
}
