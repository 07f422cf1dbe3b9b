package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The parts of the GPU tests together are all of them, each once, and none takes much longer than another. */
class GpuShardTest {
    private static final int PARTS = 4;
    private static final int MOST_SECONDS = 600;

    @Test
    void theListHasEveryGpuTest() {
        List<String> tagged = new ClassFileImporter()
                .importPackages("org.mxforge", "com.example").stream()
                        .filter(type ->
                                isTagged(type) || type.getMethods().stream().anyMatch(GpuShardTest::isTagged))
                        .map(JavaClass::getName)
                        .toList();
        assertThat(GpuShard.seconds().keySet())
                .as("gpu-seconds.txt: add what the class takes on a GPU, in seconds")
                .containsExactlyInAnyOrderElementsOf(tagged);
    }

    private static boolean isTagged(HasAnnotations<?> element) {
        return element.tryGetAnnotationOfType(Tag.class)
                .filter(tag -> tag.value().equals("gpu"))
                .isPresent();
    }

    @Test
    void eachIsInOnePart() {
        List<String> all = new ArrayList<>();
        for (int part = 1; part <= PARTS; part++) {
            List<String> shard = GpuShard.shard(part + "/" + PARTS);
            int seconds = shard.stream().mapToInt(GpuShard.seconds()::get).sum();
            assertThat(seconds).as("part %d", part).isLessThan(MOST_SECONDS);
            all.addAll(shard);
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(GpuShard.seconds().keySet());
    }

    @Test
    void textsThatNameNoPartAreRefused() {
        for (String text : List.of("", "0/4", "5/4", "4", "1/0", "a/b")) {
            assertThatThrownBy(() -> GpuShard.shard(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("write 2/4");
        }
    }
}
