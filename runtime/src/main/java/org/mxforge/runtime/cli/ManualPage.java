package org.mxforge.runtime.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.base.ToolVersion;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What {@code man} shows about a command: the same texts as its help.
 *
 * @param command a command of the program, or the program
 */
record ManualPage(CommandSpec command) {
    private static final SortedMap<Integer, String> EXIT_CODES = new TreeMap<>(Map.of(
            0, "Done.",
            1, "Something is missing, damaged or does not fit, which the message names.",
            2, "The command line is wrong.",
            70, "A fault of the program.",
            71, "Not enough memory, or a broken installation.",
            74, "Standard output cannot be written.",
            141, "Nobody reads standard output any more."));

    /** The file's name without its section, such as {@code mxforge-eval-ppl}. */
    String name() {
        return command.qualifiedName("-");
    }

    /** The page in the language of {@code man}. */
    String roff() {
        StringBuilder page = new StringBuilder(".TH \"" + name().toUpperCase(Locale.ROOT) + "\" \"1\" \"\" \"MXForge "
                + ToolVersion.TEXT + "\" \"MXForge\"\n");
        List<String> description = List.of(command.usageMessage().description());
        page.append(".SH NAME\n")
                .append(escaped(name() + " - " + summary(description)))
                .append('\n');
        page.append(".SH SYNOPSIS\n.nh\n.ad l\n").append(escaped(synopsis())).append("\n.ad b\n.hy\n");
        page.append(".SH DESCRIPTION\n");
        description.forEach(text -> page.append(escaped(text)).append("\n.PP\n"));
        arguments(page);
        options(page);
        commands(page);
        footer(page);
        page.append(".SH EXIT STATUS\n");
        EXIT_CODES.forEach((code, meaning) -> entry(page, String.valueOf(code), meaning));
        return page.toString();
    }

    /** As one line, which is broken where the reader's terminal ends. */
    private String synopsis() {
        return new CommandLine.Help(command, CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .synopsis(0)
                .lines()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replace("[, ", "[,");
    }

    /** The first sentence, without its full stop. */
    private static String summary(List<String> description) {
        String text = description.isEmpty() ? "" : description.get(0);
        return text.replaceFirst("(?<=\\w)[.:;] .*|\\.$", "");
    }

    private void arguments(StringBuilder page) {
        List<PositionalParamSpec> arguments = command.positionalParameters();
        if (!arguments.isEmpty()) {
            page.append(".SH ARGUMENTS\n");
            arguments.forEach(
                    argument -> entry(page, "\\fI" + escaped(argument.paramLabel()) + "\\fR", argument.description()));
        }
    }

    private void options(StringBuilder page) {
        page.append(".SH OPTIONS\n");
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                String names = "\\fB" + escaped(String.join(", ", option.names())) + "\\fR";
                String value = option.arity().max() == 0 ? "" : "=\\fI" + escaped(option.paramLabel()) + "\\fR";
                entry(page, names + value, option.description());
            }
        }
    }

    private void commands(StringBuilder page) {
        List<CommandLine> commands = visible(command).toList();
        if (!commands.isEmpty()) {
            page.append(".SH COMMANDS\n");
            for (CommandLine subject : commands) {
                ManualPage other = new ManualPage(subject.getCommandSpec());
                entry(
                        page,
                        "\\fB" + escaped(other.name()) + "\\fR(1)",
                        subject.getCommandSpec().usageMessage().description());
            }
        }
    }

    /** Its commands that help shows; help itself has nothing to say here. */
    static Stream<CommandLine> visible(CommandSpec command) {
        return command.subcommands().values().stream()
                .filter(subject -> !subject.getCommandSpec().usageMessage().hidden()
                        && !subject.getCommandSpec().helpCommand());
    }

    private void footer(StringBuilder page) {
        List<String> lines = List.of(command.usageMessage().footer());
        if (!lines.isEmpty()) {
            page.append(".SH NOTES\n");
            verbatim(page, lines.stream().dropWhile(String::isBlank));
        }
    }

    private static void entry(StringBuilder page, String head, String... texts) {
        page.append(".TP\n")
                .append(head)
                .append('\n')
                .append(escaped(String.join(" ", texts)))
                .append('\n');
    }

    private static void verbatim(StringBuilder page, Stream<String> lines) {
        page.append(".nf\n");
        lines.forEach(line -> page.append(escaped(line)).append('\n'));
        page.append(".fi\n");
    }

    /** Text in which nothing is a request, an escape or a hyphen that could be broken or made typographic. */
    private static String escaped(String text) {
        String line = text.replace("\\", "\\e").replace("-", "\\-").replace('\n', ' ');
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }
}
