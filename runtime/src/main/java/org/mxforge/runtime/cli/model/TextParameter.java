package org.mxforge.runtime.cli.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes the word after an option as it is, even if it looks like another option: a prompt may begin with a dash. An option that may be
 * given several times has a list.
 */
final class TextParameter implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        if (words.isEmpty()) {
            throw new MissingParameterException(
                    command.commandLine(),
                    option,
                    "Missing required parameter for option '" + ((OptionSpec) option).longestName() + "' ("
                            + option.paramLabel() + ")");
        }
        if (!option.isMultiValue()) {
            option.setValue(words.pop());
            return;
        }
        List<String> before = option.getValue();
        List<String> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
        all.add(words.pop());
        option.setValue(all);
    }
}
