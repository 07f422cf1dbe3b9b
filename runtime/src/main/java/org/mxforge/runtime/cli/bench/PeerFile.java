package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What {@code gemm_peers.py} printed.
 *
 * @param rows what it measured
 * @param failed lines that say that something could not be measured
 */
record PeerFile(List<PeerRow> rows, int failed) {
    private static final int COLUMNS = BenchRow.PEER_COLUMNS.split(",").length;

    public PeerFile {
        rows = List.copyOf(rows);
    }

    /**
     * Reads comma-separated lines; a header again, where runs were joined into one file, is passed over, and so are columns after
     * those of the peers. Names that end in {@code _burst} tell the pace of their lines.
     *
     * @param name the file's, for messages
     * @throws MxForgeException naming file and line if it is something else
     */
    public static PeerFile parse(String name, String text) {
        List<String> lines = text.lines().map(String::strip).toList();
        if (lines.isEmpty() || !isHeader(lines.get(0))) {
            throw new MxForgeException("file " + name + " does not begin with '" + BenchRow.PEER_COLUMNS
                    + "': give one that gemm_peers.py printed");
        }
        List<PeerRow> rows = new ArrayList<>();
        int failed = 0;
        for (int i = 1; i < lines.size(); i++) {
            String[] fields = lines.get(i).split(",", -1);
            if (lines.get(i).isEmpty() || isHeader(lines.get(i))) {
                continue;
            }
            if (fields.length >= COLUMNS && fields[4].equals("failed")) {
                failed++;
            } else {
                rows.add(row(name, i + 1, fields));
            }
        }
        return new PeerFile(rows, failed);
    }

    private static boolean isHeader(String line) {
        return line.equals(BenchRow.PEER_COLUMNS) || line.startsWith(BenchRow.PEER_COLUMNS + ",");
    }

    private static PeerRow row(String name, int line, String[] fields) {
        try {
            if (fields.length >= COLUMNS) {
                double millis = Double.parseDouble(fields[4]);
                if (millis > 0 && millis < Double.POSITIVE_INFINITY) {
                    Pace pace = Pace.ofPeer(fields[0]);
                    return new PeerRow(
                            fields[0].substring(
                                    0, fields[0].length() - pace.suffix().length()),
                            pace,
                            Integer.parseInt(fields[1]),
                            Integer.parseInt(fields[2]),
                            Integer.parseInt(fields[3]),
                            millis);
                }
            }
        } catch (NumberFormatException e) {
            throw damaged(name, line, e);
        }
        throw damaged(name, line, null);
    }

    private static MxForgeException damaged(String name, int line, NumberFormatException cause) {
        return new MxForgeException(
                "line " + line + " of " + name + " is not of the form " + BenchRow.PEER_COLUMNS + ": mend or remove it",
                cause);
    }
}
