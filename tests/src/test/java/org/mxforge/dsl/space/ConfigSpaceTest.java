package org.mxforge.dsl.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.TileShape;

/** Enumeration, checking and expressions against the same conditions written in Java. */
class ConfigSpaceTest {
    private static final ConfigSpace SPACE = new ConfigSpace(
            List.of(Parameter.of("a", 4, 1, 2, 3), Parameter.of("b", 2, 3, 5), Parameter.of("c", 1, 7)),
            List.of(
                    new Restriction(
                            "a and b together stay small",
                            variable("a").times(variable("b")).atMost(12)),
                    new Restriction(
                            "c does not divide a + b",
                            variable("a")
                                    .plus(variable("b"))
                                    .modulo(variable("c").plus(constant(1)))
                                    .atLeast(1))));

    @Example
    void legalIsExactlyWhatMeetsEveryRestrictionInOrder() {
        List<String> expected = new ArrayList<>();
        for (int a : new int[] {4, 1, 2, 3}) {
            for (int b : new int[] {2, 3, 5}) {
                for (int c : new int[] {1, 7}) {
                    if (a * b <= 12 && (a + b) % (c + 1) >= 1) {
                        expected.add("a=" + a + ",b=" + b + ",c=" + c);
                    }
                }
            }
        }
        assertThat(SPACE.legal()).extracting(Configuration::text).containsExactlyElementsOf(expected);
        assertThat(SPACE.defaultConfiguration().text()).isEqualTo(expected.get(0));
    }

    @Example
    void aRestrictionNamesItsRule() {
        assertThat(SPACE.contains(Configuration.parse("a=4,b=3,c=7"))).isTrue();
        assertThat(SPACE.contains(Configuration.parse("a=9,b=2,c=1"))).isFalse();
        Restriction small = SPACE.restrictions().get(0);
        SPACE.legal().forEach(small::check);
        assertThatThrownBy(() -> small.check(Configuration.parse("a=4,b=5,c=1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a and b together stay small, ((a * b) <= 12)");
    }

    @Example
    void namesAreAllThereAndNoOthers() {
        Configuration configuration = Configuration.parse("a=4,b=3");
        configuration.checkNames("a", "b");
        assertThatThrownBy(() -> configuration.checkNames("a", "b", "c")).hasMessageContaining("has no parameter 'c'");
        assertThatThrownBy(() -> configuration.checkNames("a")).hasMessageContaining("has unknown parameters: use a");
    }

    @Example
    void aDimensionChoosesWholeTiles() {
        ConfigSpace space = ConfigSpace.of(
                        Dimension.of(new TileShape(96, 64, 64), new TileShape(48, 128, 64)),
                        Parameter.of("split", 1, 2))
                .restricted(new Restriction(
                        "only low tiles are split",
                        variable("split").equalTo(1).or(variable("bm").atMost(48))));
        assertThat(space.legal())
                .extracting(Configuration::text)
                .containsExactly(
                        "bk=64,bm=96,bn=64,split=1", "bk=64,bm=48,bn=128,split=1", "bk=64,bm=48,bn=128,split=2");
        assertThatThrownBy(() -> Dimension.of(new TileShape(1, 1, 1), new Pipeline(3)))
                .hasMessageContaining("one dimension cannot choose between");
        assertThatThrownBy(() -> ConfigSpace.of(Dimension.of(new Pipeline(3)), Parameter.of("stages", 3)))
                .hasMessageContaining("names each parameter once");
    }

    @Property
    void expressionsComputeWhatTheirOperatorsSay(
            @ForAll @IntRange(min = -50, max = 50) int x, @ForAll @IntRange(min = 1, max = 50) int y) {
        Configuration configuration = Configuration.of(Map.of("x", x, "y", y));
        Expression vx = variable("x");
        Expression vy = variable("y");
        assertThat(vx.plus(vy).evaluate(configuration)).isEqualTo(x + y);
        assertThat(vx.times(vy).evaluate(configuration)).isEqualTo((long) x * y);
        assertThat(vx.over(vy).evaluate(configuration)).isEqualTo(x / y);
        assertThat(vx.modulo(vy).evaluate(configuration)).isEqualTo(x % y);
        assertThat(vx.atMost(y).evaluate(configuration)).isEqualTo(x <= y ? 1 : 0);
        assertThat(vx.atLeast(y).evaluate(configuration)).isEqualTo(x >= y ? 1 : 0);
        assertThat(vx.equalTo(y).evaluate(configuration)).isEqualTo(x == y ? 1 : 0);
        assertThat(vx.min(vy).evaluate(configuration)).isEqualTo(Math.min(x, y));
        assertThat(vx.max(vy).evaluate(configuration)).isEqualTo(Math.max(x, y));
        assertThat(vx.atLeast(0).and(vx.atMost(vy)).evaluate(configuration)).isEqualTo(x >= 0 && x <= y ? 1 : 0);
        assertThat(vx.atMost(-1).or(vx.atLeast(vy)).evaluate(configuration)).isEqualTo(x < 0 || x >= y ? 1 : 0);
        assertThat(vy.pieces(constant(7)).evaluate(configuration)).isEqualTo((y + 6) / 7);
        assertThat(vx.plus(vy.times(3)).text()).isEqualTo("(x + (y * 3))");
    }

    @Property
    void aConfigurationTextParsesBackWhateverTheOrderOfItsNames(@ForAll("values") Map<String, Integer> values) {
        Configuration configuration = Configuration.of(values);
        assertThat(Configuration.parse(configuration.text())).isEqualTo(configuration);
        List<String> names = new ArrayList<>(new TreeMap<>(values).descendingKeySet());
        String reversed = String.join(
                ",", names.stream().map(n -> n + "=" + values.get(n)).toList());
        assertThat(Configuration.parse(reversed)).isEqualTo(configuration);
    }

    @Provide
    Arbitrary<Map<String, Integer>> values() {
        return Arbitraries.maps(
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(8),
                        Arbitraries.integers().between(-999_999_999, 999_999_999))
                .ofMaxSize(6);
    }

    @Example
    void badTextsAndParametersAreRefused() {
        for (String text : List.of("a", "a=", "=1", "A=1", "a=1,", "a=1;b=2", "a=1 ", "a=12345678901", "a=0x10")) {
            assertThatThrownBy(() -> Configuration.parse(text))
                    .hasMessageContaining("bad configuration '" + text + "'");
        }
        assertThatThrownBy(() -> Configuration.parse("a=1,a=1")).hasMessageContaining("names a parameter twice");
        assertThatThrownBy(() -> Parameter.of("A", 1)).hasMessageContaining("not a lower-case identifier");
        assertThatThrownBy(() -> Parameter.of("a")).hasMessageContaining("needs distinct values");
        assertThatThrownBy(() -> Parameter.of("a", 1, 1)).hasMessageContaining("needs distinct values");
        assertThatThrownBy(() -> new ConfigSpace(List.of(Parameter.of("a", 1), Parameter.of("a", 2)), List.of()))
                .hasMessageContaining("names each parameter once");
    }
}
