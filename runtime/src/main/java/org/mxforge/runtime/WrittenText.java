package org.mxforge.runtime;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.mxforge.runtime.model.Tokenizer.TextStream;

/** What a model writes after a prompt, for a listener and as a whole. */
abstract class WrittenText {
    private WrittenText() {}

    /** As text, told piece by piece. */
    static WrittenText pieces(ModelFolder folder, int[] prompt, Consumer<String> listener) {
        return new Pieces(new TextStream(folder.checkpoint().tokenizer(), prompt), listener);
    }

    /** As tokens, which are not made text of. */
    static WrittenText tokens(IntConsumer listener) {
        return new Tokens(listener);
    }

    abstract void add(int id);

    /** Nothing is added any more. */
    abstract void finish();

    /** The text so far. */
    abstract String whole();

    private static final class Pieces extends WrittenText {
        private final TextStream stream;
        private final Consumer<String> listener;
        private final StringBuilder whole = new StringBuilder();

        Pieces(TextStream stream, Consumer<String> listener) {
            this.stream = stream;
            this.listener = listener;
        }

        @Override
        void add(int id) {
            tell(stream.add(id));
        }

        @Override
        void finish() {
            tell(stream.finish());
        }

        @Override
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

    private static final class Tokens extends WrittenText {
        private final IntConsumer listener;

        Tokens(IntConsumer listener) {
            this.listener = listener;
        }

        @Override
        void add(int id) {
            listener.accept(id);
        }

        @Override
        void finish() {
            // Every token was told.
        }

        @Override
        String whole() {
            return "";
        }
    }
}
