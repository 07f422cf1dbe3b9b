package org.mxforge.runtime.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.tokenizer.Tokenizer;

/** Cuts a text into the pieces that calibration runs. */
final class CalibrationSamples {
    private CalibrationSamples() {}

    /**
     * Lines of {@code text} in random order, as MicroMix takes them; a line of more than {@code window} tokens becomes several
     * pieces.
     *
     * @param count pieces at most
     * @param seed decides the order
     * @return tokens of each piece, at least one piece
     * @throws MxForgeException if the text holds no token
     */
    static List<int[]> lines(Tokenizer tokenizer, String text, int window, int count, long seed) {
        List<String> lines =
                new ArrayList<>(text.lines().filter(line -> !line.isBlank()).toList());
        Collections.shuffle(lines, new Random(seed));
        List<int[]> samples = new ArrayList<>();
        for (int i = 0; i < lines.size() && samples.size() < count; i++) {
            int[] tokens = tokenizer.encode(lines.get(i));
            for (int from = 0; from < tokens.length && samples.size() < count; from += window) {
                samples.add(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + window)));
            }
        }
        if (samples.isEmpty()) {
            throw new MxForgeException("the calibration text is empty: give a text of at least some paragraphs");
        }
        return samples;
    }

    /** Windows of {@code window} tokens of all texts in random order, of each as many as of the others, if it has so many. */
    static List<int[]> windows(Tokenizer tokenizer, List<String> texts, int window, int count, long seed) {
        Random random = new Random(seed);
        List<List<int[]>> byText = new ArrayList<>();
        for (String text : texts) {
            int[] tokens = tokenizer.encode(text);
            List<int[]> windows = new ArrayList<>();
            for (int from = 0; from + window <= tokens.length; from += window) {
                windows.add(Arrays.copyOfRange(tokens, from, from + window));
            }
            if (windows.isEmpty()) {
                throw new MxForgeException("a calibration text has " + tokens.length
                        + " tokens, less than one window of " + window + ": give a longer text");
            }
            Collections.shuffle(windows, random);
            byText.add(windows);
        }
        List<int[]> chosen = new ArrayList<>();
        for (int i = 0; chosen.size() < count; i++) {
            int taken = chosen.size();
            for (List<int[]> windows : byText) {
                if (i < windows.size() && chosen.size() < count) {
                    chosen.add(windows.get(i));
                }
            }
            if (chosen.size() == taken) {
                break;
            }
        }
        return chosen;
    }
}
