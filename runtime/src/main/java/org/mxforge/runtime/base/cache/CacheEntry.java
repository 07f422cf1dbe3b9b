package org.mxforge.runtime.base.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The two files of one cached artifact: {@code payload}, and {@code digest} with one line that names the format, the key, the
 * payload's length and its SHA-256.
 */
record CacheEntry(Path folder, ArtifactCache.Key key) {
    private static final String PAYLOAD = "payload";
    private static final String DIGEST = "digest";
    private static final int MAX_DIGEST_BYTES = 512;
    private static final long MAX_PAYLOAD_BYTES = 512L << 20;

    /** The artifact's own file. */
    Path payload() {
        return folder.resolve(PAYLOAD);
    }

    /** Whether there is something, whole or not. */
    boolean exists() {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws IOException saying what is wrong with the entry; its files are untrusted, so sizes are checked before any allocation */
    byte[] read() throws IOException {
        String line = Files.readString(bounded(folder.resolve(DIGEST), MAX_DIGEST_BYTES), StandardCharsets.ISO_8859_1);
        byte[] bytes = Files.readAllBytes(bounded(payload(), MAX_PAYLOAD_BYTES));
        if (!line.equals(digestLine(bytes))) {
            throw new IOException("its content does not match its digest");
        }
        return bytes;
    }

    void writeInto(Path aside, byte[] bytes) throws IOException {
        Files.write(aside.resolve(PAYLOAD), bytes);
        Files.writeString(aside.resolve(DIGEST), digestLine(bytes), StandardCharsets.ISO_8859_1);
    }

    private String digestLine(byte[] bytes) {
        return "mxforge-cache/v1 key=" + key.hash() + " bytes=" + bytes.length + " sha256=" + Digests.sha256(bytes)
                + "\n";
    }

    private static Path bounded(Path file, long limit) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("its file '" + file.getFileName() + "' is missing");
        }
        if (Files.size(file) > limit) {
            throw new IOException("its file '" + file.getFileName() + "' is larger than any artifact");
        }
        return file;
    }
}
