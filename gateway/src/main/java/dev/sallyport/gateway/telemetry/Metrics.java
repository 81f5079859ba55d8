package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Phase;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Timeline;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of calls: counts by model, cohort, outcome and status; durations of calls and of their phases; refusals by code.
 *
 * <p>The label sets are bounded by the configuration: one per model and version, of which the first
 * {@value #MODELS_MAX} count apart and the rest together as {@value #OTHER}. They are made when a configuration is
 * applied, so that a call costs one look-up and some additions to counters that its event loop has for itself.
 */
public final class Metrics implements CallSink {
    public static final int MODELS_MAX = 1_000;
    /** The model label of all models beyond the bound. No model can have this name. */
    public static final String OTHER = "(other)";
    /** The model label of calls to nothing that exists, and the cohort label of calls by nobody known. */
    public static final String NONE = "(none)";

    private static final Phase[] PHASES = Phase.values();
    private static final int PHASE_CELLS = Buckets.PHASE.cells();
    static final int CODES = RefusalCode.values().length;
    static final int BEGAN = 0;
    static final int ENDED = 1;
    static final int CALLS_REFUSED = 2;
    static final int REQUESTS_REFUSED = CALLS_REFUSED + CODES;
    private static final int FIRST_PHASE = REQUESTS_REFUSED + CODES;

    private final Cells.Stripes stripes;
    private final Cells all;
    private final ModelCells none;
    private final ModelCells other;
    private volatile Map<String, ModelCells> models = Map.of();

    /** @param loops how many event loops count */
    public Metrics(int loops) {
        stripes = new Cells.Stripes(loops);
        all = new Cells(stripes, FIRST_PHASE + PHASES.length * PHASE_CELLS);
        none = new ModelCells(NONE, "", stripes);
        other = new ModelCells(OTHER, "", stripes);
    }

    /** Names what can be called from now on. What stays keeps its counts, what is gone is forgotten. */
    public void apply(Collection<Resource> resources) {
        Map<String, ModelCells> kept = models;
        Map<String, ModelCells> applied = HashMap.newHashMap(Math.min(resources.size(), MODELS_MAX));
        for (Resource resource : resources) {
            if (applied.size() == MODELS_MAX) {
                break;
            }
            ModelCells known = kept.get(resource.id());
            applied.put(resource.id(),
                    known != null ? known : new ModelCells(resource.name(), resource.version(), stripes));
        }
        models = applied;
    }

    @Override
    public void began(Call call) {
        all.block(stripes.mine()).add(BEGAN, 1);
    }

    @Override
    public void ended(Call call) {
        int stripe = stripes.mine();
        Cells.Block block = all.block(stripe);
        block.add(ENDED, 1);
        Refusal refusal = call.refusal();
        if (refusal != null) {
            block.add(CALLS_REFUSED + refusal.code().ordinal(), 1);
        }
        Timeline timeline = call.timeline();
        for (Phase phase : PHASES) {
            long nanos = timeline.durationNanos(phase);
            if (nanos >= 0) {
                Buckets.PHASE.add(block, phaseCell(phase), nanos);
            }
        }
        modelOf(call).add(call, stripe, timeline.totalNanos());
    }

    @Override
    public void refused(Peer peer, String callId, Refusal reason) {
        all.block(stripes.mine()).add(REQUESTS_REFUSED + reason.code().ordinal(), 1);
    }

    /** What is counted, for a registry of Prometheus metrics. */
    public MultiCollector collector() {
        return new CallCollector(this);
    }

    private ModelCells modelOf(Call call) {
        Resource resource = call.resource();
        if (resource == null) {
            return none;
        }
        ModelCells model = models.get(resource.id());
        return model != null ? model : other;
    }

    static int phaseCell(Phase phase) {
        return FIRST_PHASE + phase.ordinal() * PHASE_CELLS;
    }

    Cells all() {
        return all;
    }

    /** Every set of labels under which calls may be counted. */
    Iterable<ModelCells> models() {
        List<ModelCells> every = new ArrayList<>(models.values());
        every.add(none);
        every.add(other);
        return every;
    }
}
