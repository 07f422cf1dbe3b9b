package org.mxforge.runtime;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/** How much lies below a folder. */
record FolderSize(long files, long bytes) {
    /** The size of each folder in {@code root}, by name; what cannot be read counts as nothing. */
    static Map<String, FolderSize> ofChildren(Path root) {
        Map<String, FolderSize> sizes = new TreeMap<>();
        try (var children = Files.list(root)) {
            for (Path child : children.filter(Files::isDirectory).toList()) {
                sizes.put(child.getFileName().toString(), of(child));
            }
        } catch (IOException e) {
            return sizes;
        }
        return sizes;
    }

    private static FolderSize of(Path folder) throws IOException {
        long[] total = new long[2];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                total[0]++;
                total[1] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new FolderSize(total[0], total[1]);
    }
}
