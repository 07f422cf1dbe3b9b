package org.mxforge.codegen.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rendering is strict: what StringTemplate passes over in silence is an error here. */
class TemplateGroupTest {
    record Size(int rows, int columns) {}

    record Part(int index) implements OutputModel {}

    record Greeting(String name, List<Part> parts, List<Size> sizes) implements OutputModel {}

    record Missing(int a) implements OutputModel {}

    record Argumentless() implements OutputModel {}

    record UnknownProperty(Size size) implements OutputModel {}

    record Undeclared(Size size) implements OutputModel {}

    private static final TemplateGroup GROUP = TemplateGroup.of("test/models");

    @Test
    void componentsBecomeArgumentsAndModelsBecomeText() {
        Greeting model =
                new Greeting("tile", List.of(new Part(1), new Part(2)), List.of(new Size(16, 8), new Size(8, 4)));
        assertThat(GROUP.render(model)).isEqualTo("hello tile: part 1 | part 2 (16x8, 8x4)");
    }

    @Test
    void missingTemplateThrows() {
        assertThatThrownBy(() -> GROUP.render(new Missing(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no template 'missing'");
    }

    @Test
    void missingArgumentThrows() {
        assertThatThrownBy(() -> GROUP.render(new Argumentless()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("takes [lost], but Argumentless has []");
    }

    @Test
    void extraArgumentThrows() {
        record Part(int index, int count) implements OutputModel {}
        assertThatThrownBy(() -> GROUP.render(new Part(1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("template 'part' takes [index]");
    }

    @Test
    void nullThrows() {
        assertThatThrownBy(() -> GROUP.render(new Greeting(null, List.of(), List.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'name' of Greeting is null");
    }

    @Test
    void unknownPropertyThrows() {
        assertThatThrownBy(() -> GROUP.render(new UnknownProperty(new Size(1, 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Size has no component 'depth'");
    }

    @Test
    void undeclaredAttributeThrows() {
        assertThatThrownBy(() -> GROUP.render(new Undeclared(new Size(1, 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other");
    }

    @Test
    void brokenOrAbsentGroupThrows() {
        assertThatThrownBy(() -> TemplateGroup.of("test/broken")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> TemplateGroup.of("test/none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
    }
}
