package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.TextFile;

/**
 * A text to continue.
 *
 * @param text the text
 * @param place where it stands, as messages name it; empty where it is the only one of a command line
 */
record Prompt(String text, String place) {
    /** Those of a command line, and behind them the lines of {@code file} that are not blank; both may be null. */
    static List<Prompt> of(List<String> texts, Path file) {
        List<Prompt> prompts = new ArrayList<>();
        boolean alone = file == null && texts != null && texts.size() == 1;
        for (int i = 0; texts != null && i < texts.size(); i++) {
            prompts.add(new Prompt(texts.get(i), alone ? "" : "--prompt " + (i + 1)));
        }
        if (file != null) {
            int before = prompts.size();
            List<String> lines = TextFile.read(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    prompts.add(new Prompt(lines.get(i), "line " + (i + 1) + " of " + file));
                }
            }
            if (prompts.size() == before) {
                throw new MxForgeException(file + " has no line with a text to continue");
            }
        }
        return prompts;
    }

    /**
     * Its tokens.
     *
     * @throws MxForgeException naming its place if the model cannot continue it
     */
    int[] encode(ModelFolder folder) {
        try {
            int[] ids = folder.encodePrompt(text);
            folder.checkPrompt(ids);
            return ids;
        } catch (MxForgeException e) {
            throw place.isEmpty() ? e : new MxForgeException(place + ": " + e.getMessage(), e);
        }
    }
}
