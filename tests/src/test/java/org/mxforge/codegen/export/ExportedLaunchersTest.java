package org.mxforge.codegen.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.launch.ArgumentType;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchCondition;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.space.Expression;

/**
 * The launchers of exported kernels, in C and in Python, against the signatures that they are rendered from: every kernel of the
 * catalogue, with arguments that are right and with each argument wrong.
 */
class ExportedLaunchersTest {
    private static final String RESOURCES = "/org/mxforge/codegen/export/";
    private static final Map<String, Long> FACTS = Map.of(
            DeviceFact.MULTIPROCESSORS.variableName(),
            132L,
            DeviceFact.SHARED_MEMORY_PER_MULTIPROCESSOR.variableName(),
            233_472L);

    @TempDir
    static Path folder;

    private static List<CudaSource> kernels;

    /** A launch as the programs read it, and what they must answer. */
    private record Launch(String line, String answer) {}

    @BeforeAll
    static void export() throws IOException {
        KernelSet set = new KernelSet(Catalogue.all().stream()
                .filter(variant -> variant.target().isGpu())
                .map(variant -> new KernelUse(variant, "", "given", "", OptionalDouble.empty()))
                .toList());
        kernels = set.kernels();
        for (Map.Entry<String, String> file : set.files("0").entrySet()) {
            write(file.getKey(), file.getValue());
        }
        for (CudaSource kernel : kernels) {
            write(
                    "kernels/" + kernel.variant().name() + ".json",
                    set.description(kernel).toPrettyString());
        }
        for (String resource : List.of("cuda.h", "plans.c", "launches.py")) {
            try (InputStream in = ExportedLaunchersTest.class.getResourceAsStream(RESOURCES + resource)) {
                Files.write(folder.resolve(resource), in.readAllBytes());
            }
        }
    }

    private static void write(String place, String text) throws IOException {
        Path file = folder.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theHeaderIsCleanCAndCpp() throws Exception {
        needs("cc");
        needs("c++");
        String strict = "-Wall -Wextra -Werror -I . -I include -fsyntax-only";
        assertThat(run("", "cc -std=c99 " + strict + " plans.c")).isEmpty();
        assertThat(run("", "c++ -std=c++11 " + strict + " cpp/example.cpp")).isEmpty();
    }

    @Test
    void launchersInCAgree() throws Exception {
        needs("cc");
        assertThat(run("", "cc -std=c99 -I . -I include plans.c -o plans")).isEmpty();
        answers("./plans");
    }

    @Test
    void launchersInPythonAgree() throws Exception {
        needs("python3");
        answers("python3 launches.py .");
    }

    private static void answers(String program) throws Exception {
        List<Launch> launches =
                kernels.stream().flatMap(kernel -> launches(kernel).stream()).toList();
        assertThat(launches).hasSizeGreaterThan(10 * kernels.size());
        String input = launches.stream().map(Launch::line).collect(Collectors.joining("\n", "", "\n"));
        List<String> answers = run(input, program).lines().toList();
        assertThat(answers).hasSameSizeAs(launches);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i))
                    .as(launches.get(i).line())
                    .startsWith(launches.get(i).answer());
        }
    }

    /** Right ones of several sizes, and each argument wrong in turn. */
    private static List<Launch> launches(CudaSource kernel) {
        List<Launch> launches = new ArrayList<>();
        for (long size : List.of(32L, 96L, 2048L)) {
            launches.add(launch(kernel, right(kernel.signature(), size)));
        }
        for (KernelArgument argument : kernel.signature().arguments()) {
            for (Number wrong : wrong(argument.type())) {
                Map<String, Number> values = right(kernel.signature(), 96);
                values.put(argument.source(), wrong);
                launches.add(launch(kernel, values));
            }
        }
        return launches;
    }

    private static List<Number> wrong(ArgumentType type) {
        return switch (type) {
            case ADDRESS -> List.of(0L, 4104L);
            case INT32 -> List.of(-1L, 0L, 33L, 1_000_000L);
            case FLOAT32 -> List.of(-1f);
        };
    }

    private static Map<String, Number> right(LaunchSignature signature, long size) {
        Map<String, Number> values = new HashMap<>();
        long channels = 0;
        for (KernelArgument argument : signature.arguments()) {
            values.put(
                    argument.source(),
                    switch (argument.type()) {
                        case ADDRESS -> 4096L;
                        case INT32 -> size;
                        case FLOAT32 -> 0.5f;
                    });
            channels += argument.source().matches("partitions.*channels") ? size : 0;
        }
        if (channels > 0) {
            values.replace("columns", channels);
        }
        return values;
    }

    private static Launch launch(CudaSource kernel, Map<String, Number> values) {
        String line = kernel.variant().name()
                + kernel.signature().arguments().stream()
                        .map(argument -> " " + argument.type().name().toLowerCase(Locale.ROOT) + " "
                                + values.get(argument.source()))
                        .collect(Collectors.joining());
        return new Launch(line, answer(kernel.signature(), values));
    }

    private static String answer(LaunchSignature signature, Map<String, Number> values) {
        Map<String, Long> known = new HashMap<>(FACTS);
        values.forEach((name, value) -> known.put(name, value.longValue()));
        ToLongFunction<String> variables = known::get;
        for (LaunchCondition condition : signature.conditions()) {
            if (condition instanceof LaunchCondition.Holds holds
                    && holds.holds().evaluate(variables) == 0) {
                String sentence = holds.sentence();
                for (Expression value : holds.values()) {
                    // Python shows addresses in decimal where a sentence compares them.
                    sentence = sentence.replaceFirst("\\{\\}", Long.toString(value.evaluate(variables)));
                }
                return "refused: " + (sentence.contains("factors at") ? "partitions have their factors at" : sentence);
            }
            if (condition instanceof LaunchCondition.Address address
                    && address.used().evaluate(variables) != 0
                    && known.get(address.source()) % 16 != 0) {
                return "refused: the address of " + address.called() + ", 0x1008, is not a multiple of 16 bytes";
            }
            if (condition instanceof LaunchCondition.Address address
                    && address.used().evaluate(variables) != 0
                    && known.get(address.source()) == 0) {
                return "refused: the address of " + address.called() + " is 0: it points nowhere";
            }
            if (condition instanceof LaunchCondition.Within within
                    && values.get(within.source()).floatValue() < within.least()) {
                return "refused: epsilon is -1";
            }
        }
        signature
                .definitions()
                .forEach(each -> known.put(each.name(), each.value().evaluate(variables)));
        return signature.gridX().evaluate(variables) + " " + signature.gridY().evaluate(variables) + " "
                + signature.threads() + " " + signature.sharedBytes().evaluate(variables);
    }

    private static void needs(String program) throws Exception {
        int code =
                new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor();
        Assumptions.assumeTrue(code == 0, () -> "EXPORTED LAUNCHERS ARE NOT TRIED: there is no " + program);
    }

    /** What a program in the folder prints, its errors included. */
    private static String run(String input, String command) throws Exception {
        Files.writeString(folder.resolve("input.txt"), input);
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectInput(folder.resolve("input.txt").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
