package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.guide.GroupMaxSpec;
import com.example.guide.OwnTile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.TileShape;
import org.mxforge.dsl.tile.WarpGrid;
import org.mxforge.runtime.KernelFolder;
import org.mxforge.runtime.KernelImage;
import org.mxforge.runtime.Kernels;

/** What the guide to kernels of one's own shows is what is there, and runs. Its programs of a GPU are {@link KernelGuideGpuTest}'s. */
class KernelGuideTest {
    private static final Path GUIDE = Path.of("../.github/KERNELS.md");
    private static final Pattern LISTING =
            Pattern.compile("\\[(\\S+)]\\((\\S+)\\):\\n\\n```\\w*\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMANDS = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    private static List<MatchResult> found(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(GUIDE)).results().toList();
    }

    @Test
    void listingsAreTheirFiles() throws IOException {
        List<MatchResult> listings = found(LISTING);
        assertThat(listings)
                .extracting(listing -> listing.group(1))
                .containsExactly(
                        "OwnTile.java",
                        "launch.py",
                        "GroupMaxSpec.java",
                        "groupmax.stg",
                        "GroupMaxThreads.java",
                        "GroupMaxKind.java",
                        "GroupMaxPropertiesTest.java");
        for (MatchResult listing : listings) {
            Path file = GUIDE.resolveSibling(listing.group(2));
            assertThat(listing.group(3)).as(listing.group(1)).isEqualTo(Files.readString(file));
        }
    }

    @Test
    void theProjectAndItsServiceAreAsShown() throws IOException {
        String guide = Files.readString(GUIDE);
        assertThat(Pattern.compile(" {4}<dependency>.*?</dependency>\n", Pattern.DOTALL)
                        .matcher(guide)
                        .results())
                .hasSize(2)
                .allSatisfy(dependency -> assertThat(Files.readString(Path.of("src/outside/pom.xml")))
                        .contains(dependency.group()));
        assertThat(guide)
                .contains("```\n"
                        + Files.readString(
                                Path.of("src/test/resources/META-INF/services/org.mxforge.dsl.spec.KernelKind"))
                        + "```");
    }

    /** The script has them behind programs with other names. */
    @Test
    void commandsAreThoseOfTheScript() throws IOException {
        List<String> commands = found(COMMANDS).stream()
                .flatMap(block -> block.group(1).lines())
                .filter(line -> !line.startsWith("alias"))
                .map(line -> line.replaceFirst("^(java -cp \"[^ ]* [^ ]*\" |mxforge |mvn -B -q |python3 )", ""))
                .toList();
        assertThat(commands).hasSize(8).allSatisfy(command -> assertThat(
                        Files.readString(Path.of("src/outside/run.sh")))
                .contains(" " + command + "\n"));
    }

    @Test
    void theOwnTileRunsAndIsExported(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            OwnTile.main(new String[] {"sm_90a", folder.resolve("product").toString()});
        } finally {
            System.setOut(out);
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).matches("\\d+ instructions, findings: \\[]");
        assertThat(folder.resolve("product/kernels/" + lines.get(1) + ".cubin")).exists();
        assertThat(KernelFolder.open(folder.resolve("product")).kernels())
                .extracting(KernelFolder.Exported::name)
                .containsExactly(lines.get(1));
    }

    @Test
    void aTileThatTheAlgorithmCannotTakeIsRefusedByName() {
        KernelSpec spec =
                KernelSpec.parse("mxgemm/v2;pairs=e2m1xe2m1;groups=g16;epilogue=none;out=bf16;tolerance=exact");
        MmaTiling tile = new MmaTiling(new TileShape(96, 64, 128), new WarpGrid(2, 2), new Pipeline(3));
        assertThatThrownBy(() ->
                        KernelVariant.of((org.mxforge.dsl.spec.MxGemmSpec) spec, MxGemmKind.MMA, Target.SM_90A, tile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a stage is 64 or 128 channels deep");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 256})
    void theOwnKindIsRightAndCompilesEverywhere(int group) {
        GroupMaxSpec spec = new GroupMaxSpec(group);
        assertThat(KernelSpec.parse(spec.text())).isEqualTo(spec);
        KernelVariant variant = KernelVariant.of(spec, Target.SM_90A);
        assertThat(Kernels.simulate(variant, Map.of("m", 5, "k", 2 * group)).findings())
                .isEmpty();
        for (Target target : List.of(Target.SM_80, Target.SM_90A, Target.SM_120A)) {
            assertThat(Kernels.compile(KernelVariant.of(spec, target), KernelImage.Format.CUBIN)
                            .spillBytes())
                    .isZero();
        }
    }
}
