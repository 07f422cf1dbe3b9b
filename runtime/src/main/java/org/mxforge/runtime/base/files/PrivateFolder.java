package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Folders that nobody but this user can put anything into, so that what lies there may be run. */
public final class PrivateFolder {
    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** Without this permission nobody reaches what is in a folder. */
    private static final Set<PosixFilePermission> REACHABLE_BY_OTHERS =
            Set.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private PrivateFolder() {}

    /** Makes a folder and those above it, where they are missing, for this user alone (mode 0700). */
    public static void create(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, forThisUser());
        }
    }

    /**
     * A new folder of this process alone among the system's temporary files; deleted at its end, or by a later one if it is killed.
     *
     * @param name begins the folder's name
     */
    public static Path temporary(String name) throws IOException {
        Aside aside = Aside.of(Path.of(System.getProperty("java.io.tmpdir"), name));
        return Files.createDirectory(aside.path(), forThisUser());
    }

    /**
     * The place of a folder of this user among the system's temporary files, which another one may have made before: to be used where
     * {@link #exposure} finds nothing.
     */
    public static Path amongTemporaryFiles(String name) {
        String user;
        try {
            user = Writer.user().getName();
        } catch (IOException e) {
            user = "unknown";
        }
        return Path.of(System.getProperty("java.io.tmpdir"), name + "-" + user);
    }

    private static FileAttribute<?>[] forThisUser() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * How another user could have put something into {@code leaf} or changed it: every folder from {@code root} down to it, and itself,
     * must belong to this user or the system's, and not be writable by others. What is not there, others have not changed.
     *
     * @param leaf is {@code root}, or a folder or file somewhere in it
     * @return empty if nobody could; else a sentence without its end
     */
    public static Optional<String> exposure(Path root, Path leaf) throws IOException {
        try {
            UserPrincipal user = Writer.user();
            for (int names = root.getNameCount(); names <= leaf.getNameCount(); names++) {
                Path path = leaf.getRoot().resolve(leaf.subpath(0, names));
                PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
                if (!attributes.owner().equals(user) && !isSystem(attributes.owner())) {
                    return Optional.of(path + " belongs to another user, "
                            + attributes.owner().getName());
                }
                if (!Collections.disjoint(attributes.permissions(), WRITABLE_BY_OTHERS)) {
                    return Optional.of(path + " can be written by other users (mode "
                            + PosixFilePermissions.toString(attributes.permissions()) + ")");
                }
                if (Collections.disjoint(attributes.permissions(), REACHABLE_BY_OTHERS)) {
                    return Optional.empty();
                }
            }
        } catch (NoSuchFileException | UnsupportedOperationException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isSystem(UserPrincipal owner) {
        return owner.getName().equals("root");
    }
}
