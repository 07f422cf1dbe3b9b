package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;

/** Texts that end a generation, whose characters may come in several pieces. */
class StopTextTest {
    private static final String PROMPT = "The history of the";
    private static final GenerationOptions FREE = GenerationOptions.greedy(24);

    private static Engine engine;
    private static Model model;
    private static Scheduler scheduler;
    private static String text;

    @BeforeAll
    static void open() {
        engine = Engine.open(ServedModel.CPU);
        model = engine.load(BundledModel.open());
        scheduler = model.scheduler(SchedulerOptions.defaults().withSequences(2).withCache(128, 256));
        text = model.generate(PROMPT, FREE, piece -> {}).text();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Generation alone(List<String> pieces, String... stops) {
        return model.generate(PROMPT, FREE.withStops(List.of(stops)), pieces::add);
    }

    private static void assertEnds(String expected, Generation.End end, String... stops) {
        List<String> pieces = new ArrayList<>();
        Generation generation = alone(pieces, stops);
        assertThat(generation.text()).isEqualTo(expected).isEqualTo(String.join("", pieces));
        assertThat(generation.end()).isEqualTo(end);
        List<String> more = new ArrayList<>();
        Request request = scheduler.submit(PROMPT, FREE.withStops(List.of(stops)), more::add);
        scheduler.finish();
        Generation beside = request.result().join();
        assertThat(more).isEqualTo(pieces);
        assertThat(beside.text()).isEqualTo(expected);
        assertThat(beside.end()).isEqualTo(end);
        assertThat(beside.ids()).isEqualTo(generation.ids());
        assertThat(scheduler.load().freeTokens()).isEqualTo(scheduler.load().cacheTokens());
    }

    @Test
    void theTextEndsBeforeTheOneThatIsCompleteFirst() {
        for (int from = 1; from + 6 < text.length(); from += 5) {
            String stop = text.substring(from, from + 6);
            assertEnds(text.substring(0, text.indexOf(stop)), Generation.End.STOP, "never", stop);
            String inside = stop.substring(1, 5);
            String behind = stop.substring(3);
            assertEnds(text.substring(0, text.indexOf(inside)), Generation.End.STOP, stop, behind, inside);
        }
    }

    @Test
    void whatOnlyBeginsLikeOneIsHeldBackAndToldAfterAll() {
        assertEnds(
                text,
                Generation.End.LENGTH,
                text.substring(4, 9) + "\u0001",
                text.charAt(text.length() - 1) + "\u0001");
    }

    @Test
    void onesThatCannotComeAreRefused() {
        assertThatThrownBy(() -> FREE.withStops(List.of("a", ""))).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> scheduler.submitTokens(new int[] {1}, FREE.withStops(List.of("a")), id -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
