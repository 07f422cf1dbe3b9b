package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations in the forms that checkpoints on the hub have them, of all ages of transformers. */
class RealConfigsTest {
    static Stream<Arguments> configs() {
        return Stream.of(
                config(
                        "the first Llama, before most keys",
                        "32000 tokens, 32 layers of 4096, 32/32 heads of 128, 11008 inside, 2048 positions, eps 1e-06,"
                                + " theta 10000 None, ends [1]",
                        """
                        {"architectures": ["LLaMAForCausalLM"], "bos_token_id": 0, "eos_token_id": 1, "hidden_act": "silu",
                         "hidden_size": 4096, "intermediate_size": 11008, "initializer_range": 0.02,
                         "max_sequence_length": 2048, "model_type": "llama", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "pad_token_id": -1, "rms_norm_eps": 1e-06, "torch_dtype": "float16",
                         "transformers_version": "4.27.0.dev0", "use_cache": true, "vocab_size": 32000}"""),
                config(
                        "Llama 2 with nulls",
                        "32000 tokens, 40 layers of 5120, 40/40 heads of 128, 13824 inside, 4096 positions, eps 1e-05,"
                                + " theta 10000 None, ends [2]",
                        """
                        {"_name_or_path": "x", "architectures": ["LlamaForCausalLM"], "attention_bias": false,
                         "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 5120,
                         "initializer_range": 0.02, "intermediate_size": 13824, "max_position_embeddings": 4096,
                         "model_type": "llama", "num_attention_heads": 40, "num_hidden_layers": 40,
                         "num_key_value_heads": null, "pad_token_id": null, "head_dim": null, "pretraining_tp": 2,
                         "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": null, "sliding_window": null,
                         "tie_word_embeddings": false, "torch_dtype": "float16", "vocab_size": 32000}"""),
                config(
                        "Llama 3",
                        "128256 tokens, 32 layers of 4096, 32/8 heads of 128, 14336 inside, 8192 positions, eps 1e-05,"
                                + " theta 500000 None, ends [128001]",
                        """
                        {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
                         "bos_token_id": 128000, "eos_token_id": 128001, "hidden_act": "silu", "hidden_size": 4096,
                         "intermediate_size": 14336, "max_position_embeddings": 8192, "model_type": "llama",
                         "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
                         "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 500000.0,
                         "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 128256}"""),
                config(
                        "Llama 3.2 1B",
                        "128256 tokens, 16 layers of 2048, 32/8 heads of 64, 8192 inside, 131072 positions, eps 1e-05,"
                                + " theta 500000 Llama3, tied, ends [128001, 128008, 128009]",
                        """
                        {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 128000,
                         "eos_token_id": [128001, 128008, 128009], "head_dim": 64, "hidden_act": "silu",
                         "hidden_size": 2048, "intermediate_size": 8192, "max_position_embeddings": 131072,
                         "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 16,
                         "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 32.0,
                         "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192,
                         "rope_type": "llama3"}, "rope_theta": 500000.0, "tie_word_embeddings": true,
                         "torch_dtype": "bfloat16", "vocab_size": 128256}"""),
                config(
                        "Llama 3.2 by transformers 5",
                        "128256 tokens, 16 layers of 2048, 32/8 heads of 64, 8192 inside, 131072 positions, eps 1e-05,"
                                + " theta 500000 Llama3, tied, ends [128001]",
                        """
                        {"architectures": ["LlamaForCausalLM"], "dtype": "bfloat16", "eos_token_id": 128001,
                         "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 8192,
                         "max_position_embeddings": 131072, "model_type": "llama", "num_attention_heads": 32,
                         "num_hidden_layers": 16, "num_key_value_heads": 8, "pad_token_id": null,
                         "rms_norm_eps": 1e-05, "rope_parameters": {"factor": 32.0, "high_freq_factor": 4.0,
                         "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_theta": 500000.0,
                         "rope_type": "llama3"}, "tie_word_embeddings": true, "vocab_size": 128256}"""),
                config(
                        "TinyLlama",
                        "32000 tokens, 22 layers of 2048, 32/4 heads of 64, 5632 inside, 2048 positions, eps 1e-05,"
                                + " theta 10000 None, ends [2]",
                        """
                        {"architectures": ["LlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
                         "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 5632,
                         "max_position_embeddings": 2048, "model_type": "llama", "num_attention_heads": 32,
                         "num_hidden_layers": 22, "num_key_value_heads": 4, "rms_norm_eps": 1e-05,
                         "rope_scaling": null, "tie_word_embeddings": false, "vocab_size": 32000}"""),
                config(
                        "Yi 34B 200K",
                        "64000 tokens, 60 layers of 7168, 56/8 heads of 128, 20480 inside, 200000 positions, eps 1e-05,"
                                + " theta 5000000 None, ends [2]",
                        """
                        {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 1,
                         "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 7168, "intermediate_size": 20480,
                         "max_position_embeddings": 200000, "model_type": "llama", "num_attention_heads": 56,
                         "num_hidden_layers": 60, "num_key_value_heads": 8, "pad_token_id": 0, "rms_norm_eps": 1e-05,
                         "rope_scaling": null, "rope_theta": 5000000.0, "tie_word_embeddings": false,
                         "vocab_size": 64000}"""),
                config(
                        "a Llama with windows that Llama does not have",
                        "32000 tokens, 2 layers of 4096, 32/32 heads of 128, 11008 inside, 2048 positions, eps 1e-06,"
                                + " theta 10000 None, ends [2]",
                        """
                        {"model_type": "llama", "num_hidden_layers": 2, "sliding_window": 16,
                         "use_sliding_window": true, "layer_types": ["sliding_attention", "full_attention"]}"""),
                config(
                        "Mistral 7B 0.1",
                        "32000 tokens, 32 layers of 4096, 32/8 heads of 128, 14336 inside, 32768 positions, eps 1e-05,"
                                + " theta 10000 None, ends [2], window 4096 from 0 to 31",
                        """
                        {"architectures": ["MistralForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
                         "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336,
                         "max_position_embeddings": 32768, "model_type": "mistral", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
                         "rope_theta": 10000.0, "sliding_window": 4096, "tie_word_embeddings": false,
                         "torch_dtype": "bfloat16", "vocab_size": 32000}"""),
                config(
                        "Mistral 7B 0.3",
                        "32768 tokens, 32 layers of 4096, 32/8 heads of 128, 14336 inside, 32768 positions, eps 1e-05,"
                                + " theta 1000000 None, ends [2]",
                        """
                        {"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1,
                         "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336,
                         "max_position_embeddings": 32768, "model_type": "mistral", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
                         "rope_theta": 1000000.0, "sliding_window": null, "tie_word_embeddings": false,
                         "vocab_size": 32768}"""),
                config(
                        "Mistral Nemo, whose heads are not a share of its width",
                        "131072 tokens, 40 layers of 5120, 32/8 heads of 128, 14336 inside, 1024000 positions,"
                                + " eps 1e-05, theta 1000000 None, ends [2]",
                        """
                        {"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1,
                         "eos_token_id": 2, "head_dim": 128, "hidden_act": "silu", "hidden_size": 5120,
                         "intermediate_size": 14336, "max_position_embeddings": 1024000, "model_type": "mistral",
                         "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8,
                         "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null,
                         "tie_word_embeddings": false, "vocab_size": 131072}"""),
                config(
                        "a Mistral that does not say its window",
                        "32000 tokens, 2 layers of 4096, 32/8 heads of 128, 14336 inside, 131072 positions, eps 1e-06,"
                                + " theta 10000 None, ends [2], window 4096 from 0 to 1",
                        """
                        {"model_type": "mistral", "num_hidden_layers": 2}"""),
                config(
                        "Mixtral 8x22B",
                        "32768 tokens, 56 layers of 6144, 48/8 heads of 128, 0 inside, 65536 positions, eps 1e-05,"
                                + " theta 1000000 None, ends [2]",
                        """
                        {"architectures": ["MixtralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1,
                         "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 6144, "intermediate_size": 16384,
                         "max_position_embeddings": 65536, "model_type": "mixtral", "num_attention_heads": 48,
                         "num_experts_per_tok": 2, "num_hidden_layers": 56, "num_key_value_heads": 8,
                         "num_local_experts": 8, "output_router_logits": false, "rms_norm_eps": 1e-05,
                         "rope_theta": 1000000, "router_aux_loss_coef": 0.001, "router_jitter_noise": 0.0,
                         "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 32768}"""),
                config(
                        "the first Mixtral 8x7B, with a window",
                        "32000 tokens, 32 layers of 4096, 32/8 heads of 128, 0 inside, 32768 positions, eps 1e-05,"
                                + " theta 1000000 None, ends [2], window 4096 from 0 to 31",
                        """
                        {"architectures": ["MixtralForCausalLM"], "hidden_size": 4096, "intermediate_size": 14336,
                         "max_position_embeddings": 32768, "model_type": "mixtral", "num_attention_heads": 32,
                         "num_hidden_layers": 32, "sliding_window": 4096, "vocab_size": 32000}"""),
                config(
                        "Qwen2 7B",
                        "152064 tokens, 28 layers of 3584, 28/4 heads of 128, 18944 inside, 131072 positions, eps 1e-06,"
                                + " theta 1000000 None, ends [151643]",
                        """
                        {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
                         "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 3584, "initializer_range": 0.02,
                         "intermediate_size": 18944, "max_position_embeddings": 131072, "max_window_layers": 28,
                         "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28,
                         "num_key_value_heads": 4, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
                         "sliding_window": 131072, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
                         "use_sliding_window": false, "vocab_size": 152064}"""),
                config(
                        "Qwen2.5 by transformers 5",
                        "151936 tokens, 2 layers of 896, 14/2 heads of 64, 4864 inside, 32768 positions, eps 1e-06,"
                                + " theta 1000000 None, tied, ends [151645]",
                        """
                        {"architectures": ["Qwen2ForCausalLM"], "dtype": "bfloat16", "eos_token_id": 151645,
                         "hidden_act": "silu", "hidden_size": 896, "intermediate_size": 4864,
                         "layer_types": ["full_attention", "full_attention"], "max_position_embeddings": 32768,
                         "max_window_layers": 21, "model_type": "qwen2", "num_attention_heads": 14,
                         "num_hidden_layers": 2, "num_key_value_heads": 2, "pad_token_id": null, "rms_norm_eps": 1e-06,
                         "rope_parameters": {"rope_theta": 1000000.0, "rope_type": "default"},
                         "sliding_window": null, "tie_word_embeddings": true, "use_sliding_window": false,
                         "vocab_size": 151936}"""),
                config(
                        "a Qwen2 with windows in its upper layers",
                        "151936 tokens, 32 layers of 4096, 32/32 heads of 128, 22016 inside, 32768 positions, eps 1e-06,"
                                + " theta 10000 None, ends [], window 4096 from 28 to 31",
                        """
                        {"model_type": "qwen2", "use_sliding_window": true}"""),
                config(
                        "a Qwen3 with windows by name",
                        "151936 tokens, 4 layers of 4096, 32/32 heads of 128, 22016 inside, 32768 positions, eps 1e-06,"
                                + " theta 10000 None, ends [], window 512 from 1 to 2",
                        """
                        {"model_type": "qwen3", "use_sliding_window": true, "sliding_window": 512,
                         "num_hidden_layers": 4, "max_window_layers": 0, "layer_types": ["full_attention",
                         "sliding_attention", "sliding_attention", "attention"]}"""),
                config(
                        "a Qwen2 whose windows are null",
                        "151936 tokens, 2 layers of 4096, 32/32 heads of 128, 22016 inside, 32768 positions, eps 1e-06,"
                                + " theta 10000 None, ends []",
                        """
                        {"model_type": "qwen2", "use_sliding_window": true, "sliding_window": null,
                         "num_hidden_layers": 2, "max_window_layers": 0}"""),
                config(
                        "Qwen3 8B",
                        "151936 tokens, 36 layers of 4096, 32/8 heads of 128, 12288 inside, 40960 positions, eps 1e-06,"
                                + " theta 1000000 None, ends [151645]",
                        """
                        {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
                         "bos_token_id": 151643, "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu",
                         "hidden_size": 4096, "intermediate_size": 12288, "max_position_embeddings": 40960,
                         "max_window_layers": 36, "model_type": "qwen3", "num_attention_heads": 32,
                         "num_hidden_layers": 36, "num_key_value_heads": 8, "rms_norm_eps": 1e-06,
                         "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null,
                         "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936}"""));
    }

    private static Arguments config(String what, String expected, String json) {
        return Arguments.of(what, json, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configs")
    void areRead(String what, String json, String expected) {
        assertThat(summary(Configs.read(json))).isEqualTo(expected);
    }

    private static String summary(ModelConfig config) {
        return String.format(
                        Locale.ROOT,
                        "%d tokens, %d layers of %d, %d/%d heads of %d, %d inside, %d positions, eps %s, theta %.0f %s",
                        config.vocabulary(),
                        config.layers(),
                        config.hidden(),
                        config.heads(),
                        config.kvHeads(),
                        config.head(),
                        config.intermediate(),
                        config.maxPositions(),
                        String.format(Locale.ROOT, "%.0e", config.epsilon()),
                        config.rope().theta(),
                        config.rope().scaling().getClass().getSimpleName())
                + (config.tiedEmbeddings() ? ", tied" : "")
                + ", ends " + config.endTokens().stream().sorted().toList()
                + windows(config);
    }

    private static String windows(ModelConfig config) {
        int[] sliding = IntStream.range(0, config.layers())
                .filter(layer -> window(config, layer).isPresent())
                .toArray();
        return sliding.length == 0
                ? ""
                : ", window " + window(config, sliding[0]).getAsInt() + " from " + sliding[0] + " to "
                        + sliding[sliding.length - 1];
    }

    private static OptionalInt window(ModelConfig config, int layer) {
        return config.decoderLayers().get(layer).attention().window();
    }
}
