package org.mxforge.runtime.base.cache;

import java.nio.file.Path;
import java.util.List;

/** A process that wants one artifact, which takes a while to build; prints a line if it was the one that built it. */
final class SlowBuild {
    static final ArtifactCache.Key KEY = new ArtifactCache.Key("slow", List.of("artifact"));
    static final String BUILT = "built here";

    private static final int MILLIS = 400;

    private SlowBuild() {}

    public static void main(String[] arguments) {
        new ArtifactCache(Path.of(arguments[0])).get(KEY, () -> {
            System.out.println(BUILT);
            try {
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new byte[] {1, 2, 3};
        });
    }
}
