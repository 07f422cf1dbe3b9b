package org.mxforge.runtime.base.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CacheKeyTest {
    @Property(tries = 300)
    void keysAreEqualExactlyWhenTheirHashesAre(
            @ForAll @Size(min = 1, max = 3) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 3) String> a,
            @ForAll @Size(min = 1, max = 3) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 3) String> b) {
        ArtifactCache.Key first = new ArtifactCache.Key("k", a);
        assertThat(first.hash().equals(new ArtifactCache.Key("k", b).hash())).isEqualTo(a.equals(b));
        assertThat(first.hash())
                .isEqualTo(new ArtifactCache.Key("k", List.copyOf(a)).hash())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void movingACharacterBetweenPartsIsAnotherKey() {
        assertThat(new ArtifactCache.Key("k", List.of("ab", "c")).hash())
                .isNotEqualTo(new ArtifactCache.Key("k", List.of("a", "bc")).hash());
        assertThat(new ArtifactCache.Key("k", List.of("ab")).hash())
                .isNotEqualTo(new ArtifactCache.Key("k", List.of("ab", "")).hash());
        assertThat(new ArtifactCache.Key("k", List.of("ab")).hash())
                .isNotEqualTo(new ArtifactCache.Key("l", List.of("ab")).hash());
    }

    @Test
    void refusesAKindThatIsNoFolderName() {
        assertThatThrownBy(() -> new ArtifactCache.Key("../up", List.of("a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ArtifactCache.Key("k", List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
