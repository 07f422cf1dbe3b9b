package org.mxforge.runtime.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;

class ChatTemplateTest {
    private static final List<ChatTemplate.Message> CHAT =
            List.of(new ChatTemplate.Message("system", "Be brief."), new ChatTemplate.Message("user", "Hi"));

    private static final String TEMPLATE = "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}"
            + "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Path bundled = BundledModel.open().path();
        for (String file : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(bundled.resolve(file), folder.resolve(file));
        }
    }

    private String render(boolean answer) {
        return ChatTemplate.of(ModelFolder.open(folder)).render(CHAT, answer);
    }

    private void configure(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    @Test
    void templateIsInEitherFile() throws IOException {
        assertThatThrownBy(() -> render(true))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("has no chat template");
        configure("{\"bos_token\": {\"content\": \"<s>\"}, \"chat_template\": \"" + TEMPLATE + "\"}");
        assertThat(render(true)).isEqualTo("<s><system>Be brief.<user>Hi<assistant>");
        assertThat(render(false)).isEqualTo("<s><system>Be brief.<user>Hi");
        configure("{\"bos_token\": \"[B]\", \"chat_template\": [{\"name\": \"tools\", \"template\": \"x\"},"
                + " {\"name\": \"default\", \"template\": \"" + TEMPLATE + "\"}]}");
        assertThat(render(false)).isEqualTo("[B]<system>Be brief.<user>Hi");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages | length }}\n");
        assertThat(render(false)).isEqualTo("2");
    }

    @Test
    void refusalNamesTheFolder() throws IOException {
        configure("{\"chat_template\": \"{{ raise_exception('no system message') }}\"}");
        assertThatThrownBy(() -> render(true))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("no system message");
        configure("{\"chat_template\": \"{% for %}\"}");
        assertThatThrownBy(() -> render(true))
                .isInstanceOf(MxForgeException.class)
                .hasMessageStartingWith("the chat template of " + folder + " cannot be used: ");
    }
}
