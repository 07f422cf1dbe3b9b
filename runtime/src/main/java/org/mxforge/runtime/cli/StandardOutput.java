package org.mxforge.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Standard output that tells when it could not be written: writers of the JDK keep such failures to themselves, and a program would go on
 * working for a reader that has gone, or claim success on a full disk. The first failure is thrown through whatever is at work; what is
 * written after it is dropped.
 */
final class StandardOutput extends OutputStream {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    /** What the shell makes of a program that ended by SIGPIPE. */
    private static final int CLOSED_PIPE = 128 + 13;

    /** EX_IOERR of sysexits.h. */
    private static final int FAILED = 74;

    /** Output that could not be written. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean closedPipe;

        private Failure(IOException cause, boolean closedPipe) {
            super("standard output cannot be written: " + cause.getMessage(), cause);
            this.closedPipe = closedPipe;
        }

        /** Whether the reader has gone, as {@code head} does when it has enough: no mistake of anybody, and nothing to say. */
        boolean isClosedPipe() {
            return closedPipe;
        }

        int exitCode() {
            return closedPipe ? CLOSED_PIPE : FAILED;
        }
    }

    private final OutputStream out;
    private final boolean pipe;
    private Failure failure;

    /** @param pipe whether somebody reads it, who may go */
    StandardOutput(OutputStream out, boolean pipe) {
        this.out = out;
        this.pipe = pipe;
    }

    static StandardOutput ofThisProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), isPipe());
    }

    /** What has failed so far. */
    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failure == null) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    @Override
    public void flush() {
        if (failure == null) {
            try {
                out.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private Failure failed(IOException e) {
        // A pipe fails in no other way; what the system says about it depends on the user's language.
        failure = new Failure(e, pipe);
        return failure;
    }

    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(DESCRIPTOR).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException notTold) {
            return false;
        }
    }
}
