package org.mxforge.runtime.cli.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mxforge.runtime.base.MxForgeException;

/** Text files that users name. */
public final class TextFile {
    private static final long LIMIT = 1L << 30;

    private TextFile() {}

    /** All of {@code file}, which must be UTF-8. */
    public static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new MxForgeException("there is no text file " + file + ": check the path");
        }
        try {
            if (Files.size(file) > LIMIT) {
                throw new MxForgeException("text file " + file + " is larger than 1 GiB: use a part of it");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MxForgeException("text file " + file + " is not UTF-8: convert it first", e);
        } catch (IOException e) {
            throw new MxForgeException("text file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
