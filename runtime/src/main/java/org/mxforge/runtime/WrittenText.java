package org.mxforge.runtime;

import java.util.function.Consumer;
import org.mxforge.runtime.model.Tokenizer.TextStream;

/** What a model writes after a prompt, as text: piece by piece for a listener, and as a whole. */
final class WrittenText {
    private final TextStream stream;
    private final Consumer<String> listener;
    private final StringBuilder whole = new StringBuilder();

    WrittenText(ModelFolder folder, int[] prompt, Consumer<String> listener) {
        this.stream = new TextStream(folder.checkpoint().tokenizer(), prompt);
        this.listener = listener;
    }

    void add(int id) {
        tell(stream.add(id));
    }

    /** Nothing is added any more. */
    void finish() {
        tell(stream.finish());
    }

    String whole() {
        return whole.toString();
    }

    private void tell(String piece) {
        if (!piece.isEmpty()) {
            whole.append(piece);
            listener.accept(piece);
        }
    }
}
