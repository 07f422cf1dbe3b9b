package org.mxforge.runtime.base.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that writes something, as the name of its temporary file tells it. Numbers of processes mean something within one
 * machine, or one container, alone: of others it is not known whether they live.
 *
 * @param machine tells apart machines and containers that may share a folder
 * @param process number of the process there
 */
record Writer(String machine, long process) {
    private static final Pattern NAME = Pattern.compile(
            "\\..*-mxforge-([0-9a-f]{8})-(\\d{1,18})-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", Pattern.DOTALL);

    private static final Writer HERE =
            new Writer(machineHere(), ProcessHandle.current().pid());

    static Writer here() {
        return HERE;
    }

    /** The writer of a temporary file, if the name is one. */
    static Optional<Writer> of(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(new Writer(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** The part of a temporary file's name that tells its writer. */
    String text() {
        return "mxforge-" + machine + "-" + process;
    }

    /**
     * Whether it is known to be dead. One with the number of this process, but not this one, is: in containers numbers are the same
     * each time.
     */
    boolean isDead() {
        return machine.equals(HERE.machine)
                && (process == HERE.process
                        || ProcessHandle.of(process)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty());
    }

    /** Whose process this is. */
    static UserPrincipal user() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self)
                ? Files.getOwner(self)
                : self.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private static String machineHere() {
        String names = read("/proc/sys/kernel/hostname") + read("/etc/machine-id") + processNumbers();
        return UUID.nameUUIDFromBytes(names.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }

    /** Names the set of process numbers that this process sees. */
    private static String processNumbers() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
