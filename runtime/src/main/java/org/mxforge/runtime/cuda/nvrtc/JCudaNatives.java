package org.mxforge.runtime.cuda.nvrtc;

import java.nio.file.Path;
import java.util.List;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.cache.NativeLibraries;

/** Hands JCuda's own native libraries to it. */
public final class JCudaNatives {
    private static final String VERSION = "12.6.0";
    private static final String TEMPORARY = "java.io.tmpdir";

    private JCudaNatives() {}

    /**
     * Runs {@code firstTouch}, which makes JCuda load {@code libName}. JCuda takes its library from the temporary folder if it
     * lies there, and asks for that folder's name each time; so it is shown the unpacked folder for that moment.
     */
    public static synchronized void load(String libName, Runnable firstTouch) {
        String file = "lib" + libName + "-" + VERSION + "-linux-x86_64.so";
        var libraries = new NativeLibraries("/lib/", List.of(file));
        String before = System.getProperty(TEMPORARY);
        String shown = libraries
                .unpack(ArtifactCache.user().root())
                .map(Path::toString)
                .orElse(before);
        System.setProperty(TEMPORARY, shown);
        try {
            firstTouch.run();
        } finally {
            System.setProperty(TEMPORARY, before);
        }
    }
}
