package org.mxforge.runtime.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.mxforge.runtime.base.Progress;

/** Where a command prints: results as text or as one JSON document, progress and failures apart from them. */
public final class Console {
    /** Loaded with the first document: most runs print text, and start a good deal sooner without it. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    }

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private boolean documented;

    /**
     * @param out results
     * @param err progress and failures
     * @param json whether results are printed as one JSON document, and nothing else is
     */
    public Console(PrintWriter out, PrintWriter err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    public PrintWriter err() {
        return err;
    }

    /** Whether results are printed as one JSON document. */
    public boolean json() {
        return json;
    }

    /** A line of text for people; nothing with {@code --json}. */
    public void line(String text) {
        if (!json) {
            out.println(Printable.lines(text));
        }
    }

    /**
     * A part of what a model writes, shown at once; nothing with {@code --json}. A file or another program gets it as it is; a terminal
     * gets nothing that would act on it.
     */
    public void text(String part) {
        if (!json) {
            out.print(Terminal.showsStandardOutput() ? Printable.lines(part) : part);
            out.flush();
        }
    }

    public void blank() {
        line("");
    }

    public void table(Table table) {
        // Its cells are printable.
        if (!json) {
            table.lines(Style.ofStandardOutput()).forEach(out::println);
        }
    }

    /** How the work went, which is no part of the result: a line on standard error; nothing with {@code --json}. */
    public void note(String sentence) {
        if (!json) {
            out.flush();
            err.println(Printable.sentence(sentence));
        }
    }

    /**
     * Does {@code work}.
     *
     * @param sentence a note if the program is interrupted meanwhile, asked for then
     */
    public <T> T interruptible(Supplier<T> work, Supplier<String> sentence) {
        return new LastWord(() -> {
                    // Not behind a bar of progress.
                    if (!json) {
                        err.println();
                    }
                    note(sentence.get());
                })
                .during(work);
    }

    /** Which piece of several is at work, on standard error where that is a terminal. */
    public void step(int number, int of, String what) {
        if (!json && Terminal.showsStandardError()) {
            err.println("[" + number + "/" + of + "] " + Printable.sentence(what));
        }
    }

    /** A sentence on standard error. */
    public void warning(String sentence) {
        err.println("mxforge: " + Style.ofStandardError().warning("warning: ") + Printable.sentence(sentence));
    }

    /** The result as data; nothing without {@code --json}. */
    public void document(JsonNode document) {
        try {
            if (json) {
                documented = true;
                // Jackson escapes the ASCII ones among them, and JSON reads the others so as well.
                out.println(Printable.lines(Json.MAPPER.writeValueAsString(document)));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What went wrong, one sentence, on standard error; with {@code --json} also as the document, unless there was one. */
    public void failure(String sentence, int exitCode) {
        err.println(Style.ofStandardError().error("mxforge: ") + sentence);
        if (!documented) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.putObject("error").put("message", sentence).put("exit_code", exitCode);
            document(document);
        }
    }

    /** Shows work as progress bars, and its warnings. */
    public Progress progress() {
        return new ProgressBars(this);
    }
}
