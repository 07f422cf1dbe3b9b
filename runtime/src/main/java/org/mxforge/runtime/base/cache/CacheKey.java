package org.mxforge.runtime.base.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * What an artifact was made from. Everything that shapes the artifact belongs into the parts; two keys are the same artifact
 * exactly when kind and parts are equal.
 *
 * @param kind what it is, a folder name such as {@code cubin}: lower-case letters, digits and dashes
 * @param parts all inputs, in fixed order
 */
public record CacheKey(String kind, List<String> parts) {
    public CacheKey {
        parts = List.copyOf(parts);
        if (!kind.matches("[a-z0-9-]{1,40}") || parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "a cache key needs parts and a kind of lower-case letters, digits and dashes, not '" + kind + "'");
        }
    }

    /** SHA-256 of kind and parts, in hexadecimal. Lengths go in first, so that moving a character between parts changes it. */
    public String hash() {
        var digest = Digests.sha256();
        update(digest, kind);
        parts.forEach(part -> update(digest, part));
        return Digests.hex(digest.digest());
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
