package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;

/** Windows that cannot be, and fields of windows that do not count; RealConfigsTest has those that do. */
class SlidingWindowsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            mistral|"sliding_window": 0|sliding_window is 0, not a whole number from 1
            mistral|"sliding_window": -1|sliding_window is -1
            mixtral|"sliding_window": 4096.5|sliding_window is 4096.5
            mixtral|"sliding_window": "all"|sliding_window is "all"
            qwen2|"use_sliding_window": true, "max_window_layers": 0, "sliding_window": 0|sliding_window is 0
            qwen2|"use_sliding_window": "yes"|use_sliding_window is "yes", not true or false
            qwen2|"use_sliding_window": true, "max_window_layers": -1|max_window_layers is -1
            qwen2|"layer_types": ["full_attention", "sliding_attention"]|layer 1 is sliding_attention in layer_types, but use_sliding_window and sliding_window give it no window
            qwen3|"layer_types": ["sliding_attention", "full_attention"], "use_sliding_window": true, "sliding_window": null|layer 0 is sliding_attention
            qwen3|"layer_types": ["full_attention", "linear_attention"]|'linear_attention' in layer_types is not supported; supported are full_attention and sliding_attention
            qwen3|"layer_types": ["full_attention"]|layer_types has 1 entries, but num_hidden_layers is 2
            qwen3|"layer_types": ["full_attention", null]|layer_types is
            mistral|"layer_types": ["full_attention", "chunked_attention"]|'chunked_attention' in layer_types is not supported
            llama|"per_layer_config": {"0": {"intermediate_size": 8}}|has per_layer_config, but layers of different sizes are not supported
            llama|"rope_theta": 1|config.json: rope_theta is 1, not above 1
            """)
    void refuses(String family, String fields, String message) {
        assertThatThrownBy(() -> Configs.small(family, fields))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    /** Where the family or the file has no windows, their width is as any unknown key. */
    @ParameterizedTest
    @ValueSource(strings = {"\"sliding_window\": 0", "\"sliding_window\": \"none\"", "\"max_window_layers\": null"})
    void ignores(String field) {
        assertThat(Configs.small("llama", field)).isEqualTo(Configs.small("llama", ""));
        assertThat(Configs.small("qwen2", field + ", \"use_sliding_window\": false"))
                .isEqualTo(Configs.small("qwen2", ""));
    }
}
