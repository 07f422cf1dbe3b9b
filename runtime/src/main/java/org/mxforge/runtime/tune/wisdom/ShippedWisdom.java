package org.mxforge.runtime.tune.wisdom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * The wisdom that comes with MXForge, measured on the devices it was developed on. Files {@code wisdom/*.jsonl} beside the
 * runtime's packages, named as {@link Wisdom#fileName} says and listed in {@code wisdom/index.txt}.
 */
final class ShippedWisdom {
    private static final String FOLDER = "/org/mxforge/runtime/wisdom/";

    private ShippedWisdom() {}

    /** The names of its files. */
    static List<String> files() {
        try (InputStream in = ShippedWisdom.class.getResourceAsStream(FOLDER + "index.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is known about {@code device}; nothing, if no file is about it. Lines are read when they are needed. */
    static WisdomBook about(String device) {
        String file = Wisdom.fileName(device);
        WisdomBook book = new WisdomBook();
        if (files().contains(file)) {
            read(file, book::takeUnread);
        }
        return book;
    }

    /** The content of one of {@link #files}. */
    static WisdomBook read(String file) {
        WisdomBook book = new WisdomBook();
        read(file, line -> book.take(line, entry -> true));
        return book;
    }

    private static void read(String file, Consumer<String> lines) {
        try (InputStream in = ShippedWisdom.class.getResourceAsStream(FOLDER + file)) {
            WisdomFile.read(in, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
