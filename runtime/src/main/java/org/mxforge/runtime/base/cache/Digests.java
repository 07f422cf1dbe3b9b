package org.mxforge.runtime.base.cache;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has; as text in lower-case hexadecimal. */
public final class Digests {
    private Digests() {}

    /** One that has been given nothing yet. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The digest of {@code bytes}. */
    public static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    /** {@code bytes}, two digits each. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
