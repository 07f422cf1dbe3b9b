package org.mxforge.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.text.DateFormat;
import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What the program writes and reads is the same in every locale: digits, decimal points, case and bytes. Whoever means the user's own
 * way of writing must say so, and nobody does.
 */
@AnalyzeClasses(packages = "org.mxforge", importOptions = DoNotIncludeTests.class)
class LocaleTest {
    /** Methods and constructors that ask the machine unless they are given a locale or a charset. */
    private static final Map<Class<?>, Set<String>> ASKING = Map.ofEntries(
            Map.entry(String.class, Set.of("format", "formatted", "toLowerCase", "toUpperCase", "getBytes", "<init>")),
            Map.entry(PrintStream.class, Set.of("format", "printf", "<init>")),
            Map.entry(PrintWriter.class, Set.of("format", "printf", "<init>")),
            Map.entry(Formatter.class, Set.of("<init>")),
            Map.entry(Scanner.class, Set.of("<init>")),
            Map.entry(FileReader.class, Set.of("<init>")),
            Map.entry(FileWriter.class, Set.of("<init>")),
            Map.entry(InputStreamReader.class, Set.of("<init>")),
            Map.entry(OutputStreamWriter.class, Set.of("<init>")),
            Map.entry(ByteArrayOutputStream.class, Set.of("toString")),
            Map.entry(Charset.class, Set.of("defaultCharset")),
            Map.entry(Locale.class, Set.of("getDefault")),
            Map.entry(MessageFormat.class, Set.of("format", "<init>")),
            Map.entry(DecimalFormat.class, Set.of("<init>")),
            Map.entry(SimpleDateFormat.class, Set.of("<init>")),
            Map.entry(
                    NumberFormat.class,
                    Set.of("getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance")),
            Map.entry(DateFormat.class, Set.of("getInstance", "getDateInstance", "getTimeInstance")),
            Map.entry(DateTimeFormatter.class, Set.of("ofPattern", "ofLocalizedDate", "ofLocalizedDateTime")));

    private static final DescribedPredicate<JavaCall<?>> ASKS_THE_MACHINE =
            DescribedPredicate.describe("depend on the machine's locale or charset", call -> {
                CodeUnitCallTarget target = call.getTarget();
                return ASKING.entrySet().stream()
                                .anyMatch(entry -> target.getOwner().isEquivalentTo(entry.getKey())
                                        && entry.getValue().contains(target.getName()))
                        && !saysHow(target);
            });

    /** Whether it is told a locale or a charset, or turns no characters into bytes or back. */
    private static boolean saysHow(CodeUnitCallTarget target) {
        List<String> parameters =
                target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        boolean told = parameters.contains(Locale.class.getName())
                || parameters.contains(Charset.class.getName())
                || parameters.contains("java.nio.charset.CharsetDecoder")
                || parameters.contains("java.nio.charset.CharsetEncoder");
        boolean characters = target.getName().equals("<init>")
                && (target.getOwner().isEquivalentTo(String.class) && !parameters.contains("[B")
                        || target.getOwner().isEquivalentTo(PrintWriter.class)
                                && parameters.contains("java.io.Writer"));
        return told || characters;
    }

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_MACHINES_LOCALE =
            noClasses().should().callCodeUnitWhere(ASKS_THE_MACHINE);

    /** Two classes that the rule must refuse, lest it allows everything. */
    @Test
    void theRuleFindsWhatItLooksFor() {
        JavaClasses classes = new ClassFileImporter().importClasses(Formats.class, Reads.class, Tells.class);
        assertThat(NOTHING_DEPENDS_ON_THE_MACHINES_LOCALE
                        .evaluate(classes)
                        .getFailureReport()
                        .getDetails())
                .hasSize(4)
                .noneMatch(detail -> detail.contains("Tells"));
    }

    private static final class Formats {
        static String text() {
            return String.format("%d", 1) + "%d".formatted(1) + "I".toLowerCase();
        }
    }

    private static final class Reads {
        static String text(byte[] bytes) {
            return new String(bytes);
        }
    }

    private static final class Tells {
        static String text(char[] characters) {
            return String.format(Locale.ROOT, "%d", 1) + new String(characters);
        }
    }
}
