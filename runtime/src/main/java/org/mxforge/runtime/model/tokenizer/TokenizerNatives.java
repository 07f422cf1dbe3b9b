package org.mxforge.runtime.model.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.cache.NativeLibraries;

/**
 * Hands the tokenizers library and JNA, which its Java side looks at the machine with, their native parts; they would unpack them
 * themselves into folders of the user's home that they do not look after.
 */
final class TokenizerNatives {
    /** As the library's jar has its platforms. */
    private static final String PLATFORM =
            "linux-" + System.getProperty("os.arch").replace("amd64", "x86_64");

    private static final String TOKENIZERS = "libtokenizers.so";

    private static boolean provided;

    private TokenizerNatives() {}

    /**
     * To be called before the library is touched.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if they can be unpacked nowhere
     */
    static synchronized void provide() {
        if (provided) {
            return;
        }
        // The library's Java side otherwise reports its use to its makers, and looks for CUDA builds to download.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        Path cache = ArtifactCache.user().root();
        // Nothing is put there; it is asked for.
        System.setProperty("ENGINE_CACHE_DIR", cache.resolve("djl").toString());
        folder("/native/lib/" + PLATFORM + "/cpu/", TOKENIZERS, cache)
                .ifPresent(folder -> System.setProperty(
                        "RUST_LIBRARY_PATH", folder.resolve(TOKENIZERS).toString()));
        folder("/com/sun/jna/" + PLATFORM.replace('_', '-') + "/", "libjnidispatch.so", cache)
                .ifPresent(folder -> {
                    System.setProperty("jna.boot.library.path", folder.toString());
                    System.setProperty("jna.nounpack", "true");
                });
        provided = true;
    }

    private static Optional<Path> folder(String resources, String library, Path cache) {
        return new NativeLibraries(resources, List.of(library)).unpack(cache);
    }
}
