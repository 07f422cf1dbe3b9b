package org.mxforge.runtime.base;

/**
 * A failure that the user can understand and mend: its message is one sentence that names what was wrong, where, and what to
 * do. The command line prints the message alone, without a stack trace, and exits with a non-zero code.
 */
public final class MxForgeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MxForgeException(String message) {
        super(message);
    }

    public MxForgeException(String message, Throwable cause) {
        super(message, cause);
    }
}
