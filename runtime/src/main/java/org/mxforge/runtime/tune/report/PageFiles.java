package org.mxforge.runtime.tune.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** What a page carries inside: its style and script and the chart library from its web jar. */
public final class PageFiles {
    private static final String LIBRARY = "/META-INF/resources/webjars/echarts/";
    private static final String SCRIPT = "/dist/echarts.common.min.js";
    private static final String LIBRARY_VERSION = "/META-INF/maven/org.webjars.npm/echarts/pom.properties";

    private PageFiles() {}

    /** One of the files beside this class, or one whose name starts with a slash. */
    public static String text(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a JSON file among them holds, such as the options of a chart, to be changed at will. */
    public static ObjectNode options(String name) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text(name));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JSON as it may stand inside a script element: nothing in it ends the element. */
    public static String inScript(ObjectNode json) {
        return json.toString().replace("<", "\\u003c");
    }

    /** The chart library, as one script. */
    public static String library() {
        try (InputStream in = PageFiles.class.getResourceAsStream(LIBRARY_VERSION)) {
            Properties properties = new Properties();
            properties.load(in);
            return text(LIBRARY + properties.getProperty("version") + SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
