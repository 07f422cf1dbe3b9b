package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * What a command did.
 *
 * @param code exit code
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record CommandRun(int code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static CommandRun of(Object... arguments) {
        return of(MxForge.commandLine(words(arguments)), arguments);
    }

    static CommandRun of(CommandLine program, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = program.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words(arguments));
        return new CommandRun(code, out.toString(), err.toString());
    }

    private static String[] words(Object... arguments) {
        return Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    }

    /** The output, which must be one JSON document and nothing else. */
    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (IOException e) {
            throw new UncheckedIOException(out, e);
        }
    }
}
