package com.example;

import java.nio.file.Path;
import org.mxforge.runtime.*;
import org.mxforge.runtime.base.options.*;

/** Lets a checkpoint answer many prompts together; other threads may submit more while it does. */
public final class AnswerTogether {
    public static void main(String[] args) {
        try (Engine engine = Engine.open(EngineOptions.defaults());
                Model model = engine.load(ModelFolder.open(Path.of(args[0])));
                Scheduler scheduler = model.scheduler(SchedulerOptions.defaults())) {
            for (int i = 1; i < args.length; i++) {
                String prompt = args[i];
                Request request = scheduler.submit(prompt, GenerationOptions.greedy(16), piece -> {});
                request.result().thenAccept(answer -> System.out.println(prompt + answer.text()));
            }
            scheduler.finish();
        }
    }
}
