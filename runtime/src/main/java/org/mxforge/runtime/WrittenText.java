package org.mxforge.runtime;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.mxforge.runtime.model.tokenizer.Tokenizer.TextStream;

/** What a model writes after a prompt, for a listener and as a whole. */
abstract class WrittenText {
    private WrittenText() {}

    /**
     * As text, told piece by piece.
     *
     * @param stops texts that end it; what may become one is held back
     */
    static WrittenText pieces(ModelFolder folder, int[] prompt, List<String> stops, Consumer<String> listener) {
        return new Pieces(new TextStream(folder.checkpoint().tokenizer(), prompt), stops, listener);
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

    /** Whether a text came that ends it: it takes no more. */
    abstract boolean isStopped();

    private static final class Pieces extends WrittenText {
        private final TextStream stream;
        private final List<String> stops;
        private final Consumer<String> listener;
        private final StringBuilder whole = new StringBuilder();
        private String held = "";
        private boolean stopped;

        Pieces(TextStream stream, List<String> stops, Consumer<String> listener) {
            this.stream = stream;
            this.stops = stops;
            this.listener = listener;
        }

        @Override
        void add(int id) {
            take(stream.add(id));
        }

        @Override
        void finish() {
            if (!stopped) {
                take(stream.finish());
                tell(held);
            }
        }

        @Override
        String whole() {
            return whole.toString();
        }

        @Override
        boolean isStopped() {
            return stopped;
        }

        private void take(String piece) {
            String text = held + piece;
            int end = text.length();
            int complete = Integer.MAX_VALUE;
            for (String stop : stops) {
                int at = text.indexOf(stop);
                // The one that is complete first, however pieces are cut; of several the longest.
                if (at >= 0 && (at + stop.length() < complete || at + stop.length() == complete && at < end)) {
                    end = at;
                    complete = at + stop.length();
                    stopped = true;
                }
            }
            held = stopped ? "" : text.substring(end - beginOfStop(text));
            tell(text.substring(0, end - held.length()));
        }

        /** Characters at the end of {@code text} that one of the stops begins with: the most. */
        private int beginOfStop(String text) {
            int most = 0;
            for (String stop : stops) {
                int length = Math.min(stop.length() - 1, text.length());
                while (length > most && !text.endsWith(stop.substring(0, length))) {
                    length--;
                }
                most = Math.max(most, length);
            }
            return most;
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

        @Override
        boolean isStopped() {
            return false;
        }
    }
}
