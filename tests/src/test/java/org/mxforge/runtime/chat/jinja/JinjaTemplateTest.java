package org.mxforge.runtime.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;

/** {@code cases.json} has templates, written for this, and what Jinja 3.1 makes of them with the settings of transformers. */
class JinjaTemplateTest {
    @TestFactory
    Stream<DynamicTest> textsAreJinjas() throws IOException {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("cases.json")) {
            JsonNode file = new ObjectMapper().readTree(in);
            Map<String, Object> values = new LinkedHashMap<>();
            file.get("values").properties().forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
            List<DynamicTest> tests = new ArrayList<>();
            file.get("cases")
                    .forEach(one -> tests.add(
                            DynamicTest.dynamicTest(one.get("name").asText(), () -> assertThat(JinjaTemplate.parse(
                                                    one.get("template").asText())
                                            .render(values))
                                    .isEqualTo(one.get("expected").asText()))));
            return tests.stream();
        }
    }

    private static Object value(JsonNode node) {
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(part -> list.add(value(part)));
            return list;
        }
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
            return map;
        }
        if (node.isNull()) {
            return null;
        }
        return node.isBoolean() ? node.asBoolean() : node.isNumber() ? (Object) node.asLong() : node.asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{{ 'a' | shout }};the filter 'shout'",
                "{{ 1 is prime }};the test 'prime'",
                "{% include 'x' %};the statement 'include 'x''",
                "{% if a %}x;ends where one of",
                "{% endif %};where nothing is open",
                "{{ 'a };without }}",
                "{{ a.b.c }};asks for .b of something that is not there",
                "{{ x() }};calls something",
                "{{ 1 + 'a' }};has no value",
                "{{ 'a' * 99999999999 }};a text without end",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }};calls itself without end",
                "{{ raise_exception('no tools') }};refuses the messages: no tools",
                "{% set a.b = 1 %};which is no namespace",
                "{% for i in range(99999999) %}{% endfor %};goes over",
                "{{ 1 ! 2 }};no word or sign",
                "{{ 'a'.__class__ }}{{ 'a'.getClass() }};calls something",
            })
    void whatIsNotUnderstoodIsRefused(String template, String sentence) {
        assertThatThrownBy(() -> JinjaTemplate.parse(template).render(Map.of("b", 1L)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(sentence);
    }
}
