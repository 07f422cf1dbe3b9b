package org.mxforge.runtime.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.FolderPublisher;

/** Output folders: never written over, and there with all their files or not at all. */
public final class NewFolder {
    private NewFolder() {}

    /** Refuses {@code folder}, which may be null, before any work is done. */
    public static void refuseExisting(Path folder) {
        if (folder != null && Files.exists(folder)) {
            throw new MxForgeException("output folder " + folder + " exists: choose a new one or remove it");
        }
    }

    public static void write(Path folder, Map<String, byte[]> files) {
        refuseExisting(folder);
        Path target = folder.toAbsolutePath().normalize();
        try {
            new FolderPublisher(target.getParent()).publish(target, into -> {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Files.write(into.resolve(file.getKey()), file.getValue());
                }
            });
        } catch (IOException e) {
            throw new MxForgeException("cannot write folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
