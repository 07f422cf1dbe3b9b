package org.mxforge.runtime.chat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.chat.jinja.JinjaTemplate;

/**
 * How a checkpoint puts the messages of a chat into one text: the Jinja template {@code chat_template.jinja}, or that in
 * {@code tokenizer_config.json}. Immutable.
 */
public final class ChatTemplate {
    private static final String FILE = "chat_template.jinja";
    private static final String CONFIGURATION = "tokenizer_config.json";
    private static final String KEY = "chat_template";
    private static final long LIMIT = 8L << 20;

    private final Path folder;
    private final JinjaTemplate template;
    private final Map<String, String> tokens;

    private ChatTemplate(Path folder, JinjaTemplate template, Map<String, String> tokens) {
        this.folder = folder;
        this.template = template;
        this.tokens = tokens;
    }

    /**
     * Something that was said.
     *
     * @param role who says it: {@code system}, {@code user} or {@code assistant}
     */
    public record Message(String role, String content) {}

    /**
     * That of a checkpoint.
     *
     * @throws MxForgeException if there is none, or it is not understood
     */
    public static ChatTemplate of(ModelFolder model) {
        Path folder = model.path();
        Path file = folder.resolve(CONFIGURATION);
        Optional<JsonFields> configuration = Files.exists(file)
                ? Optional.of(
                        StrictJson.parse(file.toString(), new InputFile("tokenizer configuration", file).text(LIMIT)))
                : Optional.empty();
        String text = Files.exists(folder.resolve(FILE))
                ? new InputFile("chat template", folder.resolve(FILE)).text(LIMIT)
                : configuration
                        .flatMap(ChatTemplate::text)
                        .orElseThrow(() ->
                                new MxForgeException(folder + " has no chat template, neither " + FILE + " nor " + KEY
                                        + " in " + CONFIGURATION + ": it is no chat model, or a file is missing"));
        Map<String, String> tokens = new HashMap<>();
        for (String name : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
            configuration.flatMap(fields -> token(fields, name)).ifPresent(token -> tokens.put(name, token));
        }
        try {
            return new ChatTemplate(folder, JinjaTemplate.parse(text), tokens);
        } catch (MxForgeException e) {
            throw unusable(folder, e);
        }
    }

    /** Alone, or the one among several that is called default. */
    private static Optional<String> text(JsonFields configuration) {
        if (configuration.object().path(KEY).isArray()) {
            return configuration.sections(KEY).stream()
                    .filter(entry -> entry.text("name").equals("default"))
                    .map(entry -> entry.text("template"))
                    .findFirst();
        }
        return Optional.ofNullable(configuration.text(KEY, null));
    }

    /** As a text, or in an object with how it is treated. */
    private static Optional<String> token(JsonFields configuration, String name) {
        return configuration.object().path(name).isObject()
                ? Optional.of(configuration.section(name).text("content"))
                : Optional.ofNullable(configuration.text(name, null));
    }

    /**
     * The text of a chat; its tokens are those of {@link ModelFolder#encode}, since it begins with what begins texts itself.
     *
     * @param answer whether it ends where an answer begins
     * @throws MxForgeException if the template refuses the messages
     */
    public String render(List<Message> messages, boolean answer) {
        Map<String, Object> values = new HashMap<>(tokens);
        values.put(
                "messages",
                messages.stream()
                        .map(message -> Map.of("role", message.role(), "content", message.content()))
                        .toList());
        values.put("add_generation_prompt", answer);
        try {
            return template.render(values);
        } catch (MxForgeException e) {
            throw unusable(folder, e);
        }
    }

    private static MxForgeException unusable(Path folder, MxForgeException e) {
        return new MxForgeException("the chat template of " + folder + " cannot be used: " + e.getMessage(), e);
    }
}
