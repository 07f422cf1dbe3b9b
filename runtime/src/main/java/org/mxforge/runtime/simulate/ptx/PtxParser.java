package org.mxforge.runtime.simulate.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;

/** Reads the PTX of a module with one kernel, as NVRTC writes it. */
public final class PtxParser {
    private static final String VERSION = "8.";
    private static final Pattern INLINED = Pattern.compile("inlined_at \\d+ (\\d+) (\\d+)");
    private static final int MOST_CALLS = 16;

    /** A place in the CUDA source. */
    private record Place(int line, int column) {}

    private final PtxScanner in;
    private final Registers registers = new Registers();
    private final PtxVariables variables = new PtxVariables();
    private final List<PtxInstruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    /** Where functions that are there as a whole are called, by places in them. */
    private final Map<Place, Place> calls = new HashMap<>();

    private final List<PtxKernel.Parameter> parameters = new ArrayList<>();
    private PtxScope scope = new PtxScope(null, "", registers);
    private String name;
    private Place place = new Place(0, 0);
    private int scopes;
    private int maxThreads = 1024;
    private int clusterBlocks = 1;

    private PtxParser(String text) {
        this.in = new PtxScanner(text);
    }

    /**
     * The kernel of {@code text}.
     *
     * @throws MxForgeException naming the line, if the text is no PTX of version 8 or says what the simulator does not model
     */
    public static PtxKernel parse(String text) {
        return new PtxParser(text).module();
    }

    private PtxKernel module() {
        while (in.peek() != 0 && name == null) {
            directive(in.word());
        }
        if (name == null) {
            throw new MxForgeException("The PTX has no kernel.");
        }
        return new PtxKernel(
                name,
                List.copyOf(instructions),
                resolved(),
                List.copyOf(parameters),
                registers,
                variables.sharedBytes(),
                variables.localBytes(),
                variables.module(),
                maxThreads,
                clusterBlocks);
    }

    private void directive(String word) {
        switch (word) {
            case ".version" -> {
                String version = in.word();
                if (!version.startsWith(VERSION)) {
                    throw new MxForgeException(
                            "The PTX is of version " + version + ": the simulator reads version " + VERSION + "x.");
                }
            }
            case ".target", ".address_size", ".file" -> in.skipLine();
            case ".visible", ".extern", ".weak" -> {}
            case ".global", ".const", ".shared" -> variables.read(word, in, scope);
            case ".entry" -> entry();
            default -> throw in.fault("'" + word + "' is not modelled");
        }
    }

    private void entry() {
        String entry = in.word();
        if (in.take('(')) {
            while (!in.take(')')) {
                parameter();
                in.take(',');
            }
        }
        while (in.peek() != '{') {
            tuning(in.word());
        }
        body();
        name = entry;
    }

    private void parameter() {
        in.word();
        int bytes = PtxType.parse(in.word().substring(1)).bytes();
        String parameter = in.word();
        if (parameter.equals(".ptr")) {
            parameter = pointer();
        }
        int end = parameters.isEmpty()
                ? 0
                : parameters.get(parameters.size() - 1).offset()
                        + parameters.get(parameters.size() - 1).bytes();
        int offset = (end + bytes - 1) / bytes * bytes;
        parameters.add(new PtxKernel.Parameter(parameter, offset, bytes));
        scope.declareVariable(parameter, offset);
    }

    /** The name of a pointer of which the text says where it points to and what its address is a multiple of: all of that is the caller's. */
    private String pointer() {
        String word = in.word();
        while (word.startsWith(".")) {
            if (word.equals(".align")) {
                in.word();
            }
            word = in.word();
        }
        return word;
    }

    private void tuning(String directive) {
        switch (directive) {
            case ".maxntid", ".reqntid" -> maxThreads = numbers();
            case ".reqnctapercluster" -> clusterBlocks = numbers();
            case ".minnctapersm", ".maxnreg", ".maxclusterrank" -> numbers();
            case ".explicitcluster" -> {}
            default -> throw in.fault("'" + directive + "' is not modelled");
        }
    }

    /** The product of numbers between commas. */
    private int numbers() {
        int product = 1;
        do {
            product *= Integer.parseInt(in.word());
        } while (in.take(','));
        return product;
    }

    private void body() {
        in.expect('{');
        int depth = 1;
        while (depth > 0) {
            if (in.take('{')) {
                scope = new PtxScope(scope, scope.path + scopes++ + "/", registers);
                depth++;
            } else if (in.take('}')) {
                scope = scope.outer == null ? scope : scope.outer;
                depth--;
            } else {
                statement();
            }
        }
    }

    private void statement() {
        int line = in.line();
        boolean guarded = in.take('@');
        boolean negated = guarded && in.take('!');
        int guard = guarded ? ((PtxOperand.Register) named(in.word())).slot() : -1;
        String word = in.word();
        if (word.isEmpty()) {
            throw in.fault("'" + in.peek() + "' stands where an instruction should begin");
        }
        if (word.startsWith(".")) {
            declaration(word);
        } else if (in.take(':')) {
            labels.put(scope.path + word, instructions.size());
        } else {
            List<PtxOperand> operands = new ArrayList<>();
            while (!in.take(';')) {
                operands.add(operand());
                in.take(',');
            }
            instructions.add(new PtxInstruction(guard, negated, word, operands, line(line)));
        }
    }

    private void declaration(String word) {
        switch (word) {
            case ".reg" -> registers();
            case ".shared", ".local" -> variables.read(word, in, scope);
            case ".loc" -> location();
            case ".pragma" -> in.skipPast(';');
            default -> throw in.fault("'" + word + "' is not modelled");
        }
    }

    /** Where in the CUDA source the next instructions are written, and from where they were inlined. */
    private void location() {
        in.word();
        place = new Place(Integer.parseInt(in.word()), Integer.parseInt(in.word()));
        Matcher inlined = INLINED.matcher(in.restOfLine());
        if (inlined.find()) {
            calls.put(place, new Place(Integer.parseInt(inlined.group(1)), Integer.parseInt(inlined.group(2))));
        } else {
            calls.remove(place);
        }
    }

    private CodeLine line(int ptx) {
        List<Integer> callers = new ArrayList<>();
        for (Place call = calls.get(place); call != null && callers.size() < MOST_CALLS; call = calls.get(call)) {
            callers.add(call.line());
        }
        return new CodeLine(ptx, place.line(), callers);
    }

    private void registers() {
        int bits = PtxType.parse(in.word().substring(1)).bits();
        do {
            String register = in.word();
            if (in.take('<')) {
                in.word();
                in.expect('>');
                scope.declareFamily(register, bits);
            } else {
                scope.declareRegister(register, bits);
            }
        } while (in.take(','));
        in.expect(';');
    }

    private PtxOperand operand() {
        if (in.take('!')) {
            return new PtxOperand.Not(operand());
        }
        if (in.take('{')) {
            List<PtxOperand> elements = new ArrayList<>();
            while (!in.take('}')) {
                elements.add(operand());
                in.take(',');
            }
            return new PtxOperand.Vector(elements);
        }
        if (in.take('[')) {
            PtxOperand base = operand();
            long offset = in.take('+') ? integer() : in.peek() == '-' ? integer() : 0;
            in.expect(']');
            return new PtxOperand.Address(base, offset);
        }
        if (in.peek() == '-') {
            return new PtxOperand.Immediate(integer());
        }
        PtxOperand first = named(in.word());
        return in.take('|') ? new PtxOperand.Pair(first, operand()) : first;
    }

    private long integer() {
        boolean negative = in.take('-');
        long value = PtxNumber.integer(in.word());
        return negative ? -value : value;
    }

    private PtxOperand named(String word) {
        if (word.isEmpty()) {
            throw in.fault("'" + in.peek() + "' stands where an operand should");
        }
        if (Character.isDigit(word.charAt(0))) {
            return new PtxOperand.Immediate(PtxNumber.bits(word));
        }
        if (word.equals("_")) {
            return new PtxOperand.Sink();
        }
        PtxOperand known = scope.find(word);
        if (known != null) {
            return known;
        }
        return word.startsWith("%") ? new PtxOperand.Special(word) : new PtxOperand.Name(scope.path + word);
    }

    /** Labels by the names that instructions have for them: those that the innermost braces around declare come first. */
    private Map<String, Integer> resolved() {
        Map<String, Integer> resolved = new HashMap<>(labels);
        for (PtxInstruction instruction : instructions) {
            for (PtxOperand operand : instruction.operands()) {
                if (operand instanceof PtxOperand.Name label) {
                    resolve(label.text(), resolved);
                }
            }
        }
        return resolved;
    }

    private static void resolve(String label, Map<String, Integer> resolved) {
        String word = label.substring(label.lastIndexOf('/') + 1);
        String path = label.substring(0, label.length() - word.length());
        while (!resolved.containsKey(path + word) && !path.isEmpty()) {
            path = path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
        }
        if (resolved.containsKey(path + word)) {
            resolved.put(label, resolved.get(path + word));
        }
    }
}
