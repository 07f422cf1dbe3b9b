package org.mxforge.runtime.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Whether what the shell handed over arrived as it was written. Java reads arguments, names of files and the environment by the locale's
 * encoding and puts other characters, without a word, in the place of what that cannot express: a prompt would become another one, and
 * paths would lead nowhere.
 *
 * @param encoding the locale's, such as {@code UTF-8} or, with {@code LC_ALL=C}, {@code ANSI_X3.4-1968}
 */
record ShellText(String encoding) {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private static final char UNREADABLE = '\ufffd';

    /** Folders that the program uses without being told so by an argument. */
    private static final List<String> FOLDERS = List.of("user.dir", "user.home", "java.io.tmpdir", "java.class.path");

    private static final List<String> VARIABLES =
            List.of("MXFORGE_CACHE", "MXFORGE_NVRTC", "XDG_CACHE_HOME", "HOME", "TMPDIR");

    /** That of this process. */
    static ShellText ofThisProcess() {
        return new ShellText(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    /** What the program reads besides its arguments, by a name to call it in a message. */
    static Map<String, String> surroundings() {
        Map<String, String> texts = new LinkedHashMap<>();
        FOLDERS.forEach(name -> texts.put("the folder " + name, System.getProperty(name, "")));
        VARIABLES.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> texts.put("the variable " + name, System.getenv(name)));
        return texts;
    }

    /**
     * Refuses texts that may not be what the user wrote.
     *
     * @param surroundings what is read besides the arguments, by what to call it
     * @throws MxForgeException naming the first of them, and what to do
     */
    void check(String[] arguments, Map<String, String> surroundings) {
        if (!isUtf8()) {
            Stream.of(arguments)
                    .filter(text -> !isAscii(text))
                    .findFirst()
                    .ifPresent(text -> refuse("the argument", text));
            surroundings.forEach((name, text) -> {
                if (!isAscii(text)) {
                    refuse(name, text);
                }
            });
        } else if (Stream.of(arguments).anyMatch(text -> text.indexOf(UNREADABLE) >= 0) && !isCommandLineUtf8()) {
            throw new MxForgeException(
                    "an argument is not valid UTF-8, which the locale says that it is: give it in UTF-8");
        }
    }

    private boolean isUtf8() {
        return encoding.equalsIgnoreCase("UTF-8") || encoding.equalsIgnoreCase("UTF8");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(unit -> unit < 0x80);
    }

    private void refuse(String what, String text) {
        throw new MxForgeException(what + " '" + text.replace(UNREADABLE, '?')
                + "' has characters beyond ASCII, which cannot be read in this locale (its encoding is " + encoding
                + "): set a UTF-8 locale, such as LC_ALL=C.UTF-8");
    }

    /** The character that stands for unreadable bytes may have been written as such. */
    private static boolean isCommandLineUtf8() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(COMMAND_LINE)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        } catch (IOException e) {
            return true; // This system does not tell.
        }
    }
}
