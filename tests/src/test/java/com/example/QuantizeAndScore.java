package com.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mxforge.runtime.*;
import org.mxforge.runtime.base.options.GenerationOptions;

/** Quantizes the checkpoint in a folder, lets it write, and scores a text. */
public final class QuantizeAndScore {
    public static void main(String[] args) throws IOException {
        ModelFolder folder = ModelFolder.open(Path.of(args[0]));
        try (Engine engine = Engine.open(EngineOptions.defaults());
                Model model = engine.load(folder, Quantization.by("mxfp4"))) {
            model.generate("The history of the", GenerationOptions.greedy(32), System.out::print);
            TextScore score = model.score(Files.readString(Path.of(args[1])), ScoringOptions.defaults());
            System.out.printf("%nperplexity %.2f%n", score.perplexity());
        }
    }
}
