package org.mxforge.runtime.checkpoint.quantized;

/** The names of tensors and metadata in a quantized checkpoint. */
final class StoredNames {
    static final String VERSION_KEY = "mxforge.version";
    static final String VERSION = "1";
    static final String TOOL_KEY = "mxforge.tool";
    static final String RECIPE_KEY = "mxforge.recipe";
    static final String RULE_KEY = "mxforge.scale_rule";

    private StoredNames() {}

    static String splitKey(String site) {
        return "mxforge.split." + site;
    }

    static String transformKey(String site) {
        return "mxforge.transform." + site;
    }

    static String siteKey(String layer) {
        return "mxforge.site." + layer;
    }

    static String codes(String layer, int part) {
        return layer + ".weight.part" + part + ".codes";
    }

    static String scales(String layer, int part) {
        return layer + ".weight.part" + part + ".scales";
    }

    static String order(String site) {
        return site + ".order";
    }
}
