package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the places where {@code config.json} may describe rotary positions counts. */
class RopeReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            llama|"rope_theta": 5e5|5e5
            llama|"rope_theta": 500000|5e5
            llama|"rope_parameters": {"rope_theta": 5e5}|5e5
            llama|"rope_parameters": {"rope_theta": 5e5, "rope_type": "default"}|5e5
            llama|"rope_scaling": {"rope_theta": 5e5, "type": "linear", "factor": 2.0}|5e5
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_theta": 1e4|5e5
            llama|"rope_scaling": {"rope_theta": 5e5}, "rope_theta": 1e4|5e5
            llama|"rope_parameters": {"rope_type": "default"}, "rope_theta": 5e5|5e5
            llama|"rope_parameters": {"rope_theta": null}, "rope_theta": 5e5|5e5
            llama|"rope_parameters": {}, "rope_theta": 5e5|5e5
            llama|"rope_parameters": {"rope_theta": null}|1e4
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_scaling": {"rope_theta": 7e5}|7e5
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_scaling": {"type": "linear", "factor": 2}|1e4
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_scaling": {"type": "linear", "factor": 2}, "rope_theta": 6e5|6e5
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_scaling": {}|5e5
            llama|"rope_parameters": {"rope_theta": 5e5}, "rope_scaling": null|5e5
            mixtral|"rope_parameters": {"rope_type": "default"}|1e6
            mixtral|"rope_theta": null|1e6
            mixtral|"rope_scaling": {"type": "linear", "factor": 2}|1e6
            mixtral|"rope_theta": 1e4|1e4
            """)
    void theta(String family, String fields, double theta) {
        assertThat(Configs.small(family, fields).rope().theta()).isEqualTo(theta);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            "rope_scaling": {"type": "linear", "factor": 2}
            "rope_scaling": {"rope_type": "linear", "factor": 2.0}
            "rope_parameters": {"rope_type": "linear", "factor": 2.0}
            "rope_scaling": {"rope_type": "linear", "type": "default", "factor": 2}
            "rope_scaling": {"rope_type": null, "type": "linear", "factor": 2, "finetuned": true, "x": NaN}
            "rope_scaling": {"type": "linear", "factor": 2}, "rope_parameters": {"rope_type": "default"}
            """)
    void linear(String fields) {
        assertThat(Configs.small("llama", fields).rope().scaling()).isEqualTo(new RopeScaling.Linear(2));
    }

    /** A type that is not named is no scaling, whatever stands beside it. */
    @Test
    void none() {
        for (String fields : new String[] {"\"factor\": 2", "\"rope_type\": \"default\"", "\"type\": \"default\""}) {
            assertThat(Configs.small("llama", "\"rope_scaling\": {" + fields + "}")
                            .rope()
                            .scaling())
                    .isEqualTo(new RopeScaling.None());
        }
    }

    /** The original context of a llama3 scaling: beside it, inside it, or the whole. */
    @Test
    void originalPositions() {
        String llama3 = "\"max_position_embeddings\": 512, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8,"
                + " \"low_freq_factor\": 1, \"high_freq_factor\": 4";
        assertThat(Configs.small("llama", llama3 + "}").rope().scaling())
                .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 512));
        String inside = llama3 + ", \"original_max_position_embeddings\": 64}";
        assertThat(Configs.small("llama", inside).rope().scaling()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 64));
        assertThat(Configs.small("llama", inside + ", \"original_max_position_embeddings\": 32")
                        .rope()
                        .scaling())
                .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 32));
    }
}
