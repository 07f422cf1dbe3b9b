package org.mxforge.runtime.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;

class StrictJsonTest {
    @TempDir
    private Path folder;

    private static JsonFields fields(String json) {
        return StrictJson.parse("the file", json);
    }

    @Test
    void valuesComeAsTheyAre() {
        JsonFields fields =
                fields("{'i':3,'n':2.5,'w':4,'b':true,'t':'x','ts':['a','b'],'one':7,'is':[1,2],'m':{'k':'v'}}"
                        .replace('\'', '"'));
        assertThat(fields.integer("i", 0, 3)).isEqualTo(3);
        assertThat(fields.number("n", 0, 3)).isEqualTo(2.5);
        assertThat(fields.number("w", 0, 4)).as("a whole number is a number").isEqualTo(4);
        assertThat(fields.flag("b", false)).isTrue();
        assertThat(fields.text("t")).isEqualTo("x");
        assertThat(fields.texts("ts")).containsExactly("a", "b");
        assertThat(fields.integers("one", 0, 9)).containsExactly(7);
        assertThat(fields.integers("is", 0, 9)).containsExactly(1, 2);
        assertThat(fields.textMap("m")).isEqualTo(Map.of("k", "v"));
        assertThat(fields.section("m").where()).isEqualTo("the file, m");
    }

    @Test
    void whatIsAbsentOrNullIsTheFallback() {
        JsonFields fields = fields("{\"null\":null}");
        for (String key : new String[] {"null", "absent"}) {
            assertThat(fields.integer(key, 0, 9, 5)).isEqualTo(5);
            assertThat(fields.number(key, 0, 9, 0.5)).isEqualTo(0.5);
            assertThat(fields.flag(key, true)).isTrue();
            assertThat(fields.text(key, "y")).isEqualTo("y");
            assertThat(fields.texts(key)).isEmpty();
            assertThat(fields.integers(key, 0, 9)).isEmpty();
            assertThat(fields.optionalSection(key)).isEmpty();
            assertThatThrownBy(() -> fields.text(key))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessage("the file lacks " + key + ": check that it is the right file");
        }
    }

    private static Arguments refusal(String value, Consumer<JsonFields> read, String wanted) {
        return Arguments.of(value, read, wanted);
    }

    static Stream<Arguments> valuesOfAnotherType() {
        return Stream.of(
                refusal("\"3\"", fields -> fields.integer("k", 0, 9), "a whole number from 0 to 9"),
                refusal("3.0", fields -> fields.integer("k", 0, 9), "a whole number from 0 to 9"),
                refusal("true", fields -> fields.integer("k", 0, 9), "a whole number"),
                refusal("[3]", fields -> fields.integer("k", 0, 9), "a whole number"),
                refusal("10", fields -> fields.integer("k", 0, 9), "a whole number"),
                refusal("4294967297", fields -> fields.integer("k", 0, 9), "a whole number"),
                refusal("\"3\"", fields -> fields.number("k", 0, 9), "a number from 0.0 to 9.0"),
                refusal("1e400", fields -> fields.number("k", 0, Double.MAX_VALUE), "a number"),
                refusal("\"true\"", fields -> fields.flag("k", false), "true or false"),
                refusal("1", fields -> fields.flag("k", false), "true or false"),
                refusal("1", fields -> fields.text("k"), "a text"),
                refusal("true", fields -> fields.text("k"), "a text"),
                refusal("{}", fields -> fields.text("k"), "a text"),
                refusal("\"a\"", fields -> fields.texts("k"), "a list"),
                refusal("[1]", fields -> fields.texts("k"), "a list of texts"),
                refusal("[null]", fields -> fields.texts("k"), "a list of texts"),
                refusal("[1,\"2\"]", fields -> fields.integers("k", 0, 9), "whole numbers from 0 to 9"),
                refusal("[1,10]", fields -> fields.integers("k", 0, 9), "whole numbers from 0 to 9"),
                refusal("[]", fields -> fields.section("k"), "an object"));
    }

    @ParameterizedTest
    @MethodSource("valuesOfAnotherType")
    void aValueOfAnotherTypeIsRefusedByFileAndKey(String value, Consumer<JsonFields> read, String wanted) {
        JsonFields fields = fields("{\"k\":" + value + "}");
        assertThatThrownBy(() -> read.accept(fields))
                .isInstanceOf(MxForgeException.class)
                .hasMessageStartingWith("the file: k is ")
                .hasMessageContaining(", not " + wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "3", "{", "{} x", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{'a':1}", "{\"a\":1,}"})
    void whatIsNoPlainObjectIsRefused(String text) {
        assertThatThrownBy(() -> fields(text))
                .isInstanceOf(MxForgeException.class)
                .hasMessageStartingWith("the file ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void depthAndNamesAreBounded() {
        assertThatThrownBy(() -> fields("{\"a\":" + "[".repeat(100_000))).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> fields("{\"" + "a".repeat(2000) + "\":1}")).isInstanceOf(MxForgeException.class);
    }

    @Test
    void filesAreBoundedAndUtf8() throws IOException {
        Path file = Files.writeString(folder.resolve("f.json"), "{\"a\":\"\u00e4\"}");
        assertThat(StrictJson.read(file, 10).text("a")).isEqualTo("\u00e4");
        assertThatThrownBy(() -> StrictJson.read(file, 9)).hasMessageContainingAll(file.toString(), "has 10 bytes");
        Files.write(file, "{\"a\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> StrictJson.read(file, 10)).hasMessageContaining("is not valid UTF-8");
        assertThatThrownBy(() -> StrictJson.read(folder.resolve("none"), 9)).hasMessageContaining("there is no file");
    }

    /** Files that Python's json wrote and reads. */
    @Test
    void filesForPythonHaveItsLiberties() throws IOException {
        Path file = folder.resolve("python.json");
        Files.writeString(
                file, "{\"unused\": [0.0, Infinity, -Infinity, NaN], \"n\": NaN, \"i\": 1, \"i\": 2, \"t\": \"NaN\"}");
        JsonFields fields = StrictJson.readAsPython(file, 1000);
        assertThat(fields.integer("i", 0, 9)).as("the last counts").isEqualTo(2);
        assertThat(fields.text("t")).isEqualTo("NaN");
        assertThatThrownBy(() -> fields.number("n", 0, 9))
                .hasMessageEndingWith("n is \"NaN\", not a number from 0.0 to 9.0");
        assertThatThrownBy(() -> fields.numbers("unused", 0, 9)).hasMessageContaining("not a list of numbers");
        assertThatThrownBy(() -> fields.integer("n", 0, 9)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> StrictJson.read(file, 1000)).isInstanceOf(MxForgeException.class);
    }

    /** What a programmer could enable in Jackson is no advice for who has a file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": NaN}",
                "{\"a\": -Infinity}",
                "{\"a\": +INF}",
                "{\"a\": +1}",
                "{\"a\": .5}",
                "{\"a\": 01}",
                "{\"a\": 'b'}",
                "{a: 1}",
                "{\"a\": 1,}",
                "{\"a\": [1,,2]}",
                "{\"a\": [1",
                "{\"a\": {\"b\": 1",
                "{\"a\": 1, \"a\": 2}",
                "// comment\n{}",
                "# comment\n{}",
                "{/* comment */}",
                "{\"a\": \"\u001e\"}",
                "\u001e{}",
                "{\"a\": \"\n\"}",
                "{\"a\": \"\\x\"}",
                "{\"a\": None}"
            })
    void errorsAdviseNothingOfJackson(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), json);
        assertThatThrownBy(() -> StrictJson.read(file, 1000))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("a.json is not valid JSON: ")
                .message()
                .doesNotContain("Feature", "enabl", "StreamRead", "`", "\n");
    }
}
