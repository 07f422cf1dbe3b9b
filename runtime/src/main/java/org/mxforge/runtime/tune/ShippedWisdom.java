package org.mxforge.runtime.tune;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The wisdom that comes with MXForge, measured on the devices it was developed on. Files {@code wisdom/*.jsonl} beside the
 * runtime's packages, named as {@link Wisdom#fileName} says and listed in {@code wisdom/index.txt}.
 */
public final class ShippedWisdom {
    private static final String FOLDER = "/org/mxforge/runtime/wisdom/";

    private ShippedWisdom() {}

    /** The names of its files. */
    public static List<String> files() {
        try (InputStream in = ShippedWisdom.class.getResourceAsStream(FOLDER + "index.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is known about {@code device}; nothing, if no file is about it. */
    public static WisdomBook about(String device) {
        String file = Wisdom.fileName(device);
        return files().contains(file) ? read(file) : new WisdomBook();
    }

    /** The content of one of {@link #files}. */
    public static WisdomBook read(String file) {
        WisdomBook book = new WisdomBook();
        try (InputStream in = ShippedWisdom.class.getResourceAsStream(FOLDER + file)) {
            WisdomFile.read(in, line -> book.take(line, entry -> true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return book;
    }
}
