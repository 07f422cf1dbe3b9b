package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardPlanTest {
    @Test
    void oneFileHasNoNumber() {
        assertThat(new ShardPlan(List.of(List.of())).file(0)).isEqualTo("model.safetensors");
    }

    /** These have digits of their own in Java; loaders look for ASCII. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "th-TH-u-nu-thai", "de-DE", "hi-IN-u-nu-deva"})
    @ResourceLock(Resources.LOCALE)
    void numbersAreAsciiInEveryLocale(String tag) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            assertThat(new ShardPlan(List.of(List.of(), List.of())).file(1))
                    .isEqualTo("model-00002-of-00002.safetensors");
        } finally {
            Locale.setDefault(before);
        }
    }
}
