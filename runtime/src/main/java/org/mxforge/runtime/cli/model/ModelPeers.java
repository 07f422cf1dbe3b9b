package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mxforge.runtime.Throughput;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.TextFile;
import picocli.CommandLine.Option;

/** The option that names what other programs needed for the same work, and our times beside theirs. */
final class ModelPeers {
    private static final String FORM =
            "hf_prefill,batch=8,seq=2048,ms=467.6 or hf_decode,batch=1,context=2048,ms_per_step=15.2";

    @Option(
            names = "--with-peers",
            paramLabel = "FILE",
            description = {
                "Lines that e2e_peers.py printed for this model on this GPU, such as " + FORM
                        + ": compares our times with those of the same batch and prompt."
            })
    private Path file;

    private List<Peer> peers = List.of();

    /** @param millis of a prefill, or of a step after so many {@code tokens} of each sequence */
    private record Peer(String name, boolean prefill, int batch, int tokens, double millis) {
        boolean does(Workload work) {
            return batch == work.batch() && tokens == work.prefill();
        }
    }

    /**
     * Reads the file, if one was given, before anything runs.
     *
     * @throws MxForgeException naming file and line if it is something else
     */
    void read() {
        if (file != null) {
            List<String> lines = TextFile.read(file).lines().map(String::strip).toList();
            List<Peer> read = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isEmpty()) {
                    read.add(peer(lines.get(i), i + 1));
                }
            }
            if (read.isEmpty()) {
                throw new MxForgeException(file + " has no line of the form " + FORM + ": name what a peer printed");
            }
            peers = read;
        }
    }

    private Peer peer(String line, int number) {
        String[] fields = line.split(",");
        boolean prefill = fields[0].endsWith("_prefill");
        Map<String, String> values = new HashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            values.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
        }
        try {
            double millis = Double.parseDouble(values.getOrDefault(prefill ? "ms" : "ms_per_step", ""));
            if ((prefill || fields[0].endsWith("_decode")) && millis > 0 && Double.isFinite(millis)) {
                return new Peer(
                        fields[0].substring(0, fields[0].lastIndexOf('_')),
                        prefill,
                        Integer.parseInt(values.getOrDefault("batch", "")),
                        Integer.parseInt(values.getOrDefault(prefill ? "seq" : "context", "")),
                        millis);
            }
        } catch (NumberFormatException e) {
            throw damaged(number, e);
        }
        throw damaged(number, null);
    }

    private MxForgeException damaged(int line, NumberFormatException cause) {
        return new MxForgeException(
                "line " + line + " of " + file + " is not of the form " + FORM + ": mend or remove it", cause);
    }

    /** By name, the times for the same work; of one that has it more than once, the last. */
    private Map<String, Double> times(Workload work, boolean prefill) {
        Map<String, Double> times = new LinkedHashMap<>();
        peers.stream()
                .filter(peer -> peer.prefill == prefill && peer.does(work))
                .forEach(peer -> times.put(peer.name, peer.millis));
        return times;
    }

    /** Whether a peer did this work. */
    boolean did(Workload work) {
        return peers.stream().anyMatch(peer -> peer.does(work));
    }

    /** Our times beside theirs, and how many times as fast we are. */
    Table table(Map<String, Throughput> results) {
        Table table = new Table("RECIPE", "WORK", "MS", "PEER", "PEER MS", "RATIO");
        results.forEach((recipe, result) -> {
            rows(table, recipe, "prefill", result.prefill().mean(), times(result.workload(), true));
            rows(table, recipe, "step", result.step().mean(), times(result.workload(), false));
        });
        return table;
    }

    private static void rows(Table table, String recipe, String work, double ours, Map<String, Double> theirs) {
        theirs.forEach((peer, millis) -> table.row(
                ThroughputTable.shortened(recipe),
                work,
                decimals(ours, 3),
                peer,
                decimals(millis, 3),
                decimals(millis / ours, 2)));
    }

    private static String decimals(double number, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }

    /** Puts the same as data into what {@link ThroughputTable} says about each work of a recipe. */
    void put(ObjectNode recipe, Throughput result) {
        put((ObjectNode) recipe.get("prefill"), result.prefill().mean(), times(result.workload(), true));
        put((ObjectNode) recipe.get("step"), result.step().mean(), times(result.workload(), false));
    }

    private static void put(ObjectNode work, double ours, Map<String, Double> theirs) {
        ObjectNode node = work.putObject("peers");
        theirs.forEach((peer, millis) -> node.putObject(peer).put("ms", millis).put("ratio", millis / ours));
    }
}
