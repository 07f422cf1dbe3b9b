package org.mxforge.tests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mistake that is put into what emits kernels, to see who finds it.
 *
 * @param name what is wrong, a few words
 * @param file where, from the module on
 * @param kernels on which it has to be found, one of them at least
 * @param right the text, which is there once
 * @param wrong what takes its place
 */
record Fault(String name, String file, List<CheckedKernel> kernels, String right, String wrong) {
    private static final String EMITTERS = "codegen/";

    /** Those of {@code faults.txt}, in its order. */
    static List<Fault> all() {
        String text = resource("org/mxforge/tests/faults/faults.txt");
        return Stream.of(text.split("\n\n"))
                .map(block ->
                        block.lines().filter(line -> !line.startsWith("#")).toList())
                .filter(lines -> !lines.isEmpty())
                .map(Fault::parse)
                .toList();
    }

    private static Fault parse(List<String> lines) {
        return new Fault(
                lines.get(0),
                behind("in ", lines.get(1)),
                Stream.of(behind("on ", lines.get(2)).split(", "))
                        .map(CheckedKernel::valueOf)
                        .toList(),
                text('-', lines.subList(3, lines.size())),
                text('+', lines.subList(3, lines.size())));
    }

    private static String behind(String word, String line) {
        if (!line.startsWith(word)) {
            throw new IllegalArgumentException("'" + line + "' does not begin with '" + word + "'");
        }
        return line.substring(word.length());
    }

    private static String text(char sign, List<String> lines) {
        return lines.stream()
                .filter(line -> line.charAt(0) == sign)
                .map(line -> line.length() < 2 ? "" : line.substring(2))
                .collect(Collectors.joining("\n"));
    }

    /** Whether it is in Java that emits and is compiled, not in text that becomes a part of kernels. */
    boolean isInEmitter() {
        return file.startsWith(EMITTERS);
    }

    /** The file on the class path; of an emitter, among its module's sources. */
    String path() {
        return "org/mxforge/" + file;
    }

    /** The file's name. */
    String place() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    static String resource(String path) {
        try (InputStream in = Fault.class.getClassLoader().getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
