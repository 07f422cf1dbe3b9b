package org.mxforge.runtime.model.family;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.quant.LinearSite;

/** What a decoder layer consists of, in the order of the forward pass, and what its tensors are called. */
public record DecoderLayer(AttentionBlock attention, FeedForwardBlock feedForward) {
    List<LinearSite> sites() {
        List<LinearSite> sites = new ArrayList<>(List.of(attention.input(), attention.output()));
        sites.addAll(feedForward.sites());
        return sites;
    }
}
