package dev.sallyport.gateway.limit;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.BodyNeed;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Control;
import dev.sallyport.gateway.call.Refusal;
import dev.sallyport.gateway.call.RefusalCode;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The control that reserves what a call will use of quotas and budgets, of all owners at once or of none. Stands last, so
 * that only a call that will be forwarded holds anything; what it used is settled when it ends.
 */
public final class Charge implements Control {
    private static final Owner[] NARROWEST_FIRST = Owner.values();
    private static final String RETRY_FIELD = "retry-after";
    /** The member that names limits of any kind (draft-ietf-httpapi-ratelimit-headers-10). */
    private static final String VIOLATED = "violated-policies";

    private final Scopes scopes;
    private final Map<String, ChargeRule> rules;
    private final Accounts accounts;

    /**
     * @param limit      whose rules hold the quotas and budgets
     * @param byResource what calls cost, of every resource, by its id; one without is refused
     */
    public Charge(Limit limit, Map<String, ChargeRule> byResource, Accounts accounts) {
        scopes = requireNonNull(limit, "limit is null").scopes();
        rules = Map.copyOf(byResource);
        this.accounts = requireNonNull(accounts, "accounts is null");
    }

    @Override
    public String name() {
        return "charge";
    }

    /** The control that reads from answers what was used. */
    public AnswerControl settle() {
        return new Settle();
    }

    /** How the quotas and budgets stand that several callers share: of models, tenants and the gateway. */
    public List<Balance> balances(int most) {
        List<Balance> balances = new ArrayList<>();
        for (Owner owner : List.of(Owner.GATEWAY, Owner.TENANT, Owner.MODEL)) {
            Set<AccountKey> seen = new HashSet<>();
            scopes.gate(owner).rules().forEach((id, rule) -> {
                for (CompiledAllowance allowance : rule.allowances()) {
                    AccountKey key = allowance.key(owner, owner == Owner.MODEL ? Scopes.modelOf(id) : id);
                    if (balances.size() < most && seen.add(key)) {
                        balances.add(new Balance(owner, key.id(), key.unit(), key.window(),
                                allowance.allowance().amount(), accounts.used(key, allowance.clock())));
                    }
                }
            });
        }
        return balances;
    }

    @Override
    public BodyNeed body(Call call) {
        return needsBody(call) ? new BodyNeed.Whole(rule(call).bodyBytesMax()) : BodyNeed.NOTHING;
    }

    @Override
    public Verdict check(Call call) {
        return needsBody(call) ? Verdict.PASS : reserve(call, Math.max(0, call.request().contentLength()));
    }

    /** Comes behind the control that measures what the body carries. */
    @Override
    public Verdict whole(Call call, ByteBuf body) {
        return reserve(call, Math.max(call.measure().bytes(), body.readableBytes()));
    }

    private boolean needsBody(Call call) {
        RequestHead request = call.request();
        if (!request.hasBody() || request.upgrade() != null) {
            return false;
        }
        ChargeRule rule = rule(call);
        boolean lengthUnknown = request.contentLength() == RequestHead.UNKNOWN_LENGTH
                || request.headers().contains("content-encoding");
        return rule.measured() || lengthUnknown && rule.has(Price.Per.KIB) || countsInstances(call);
    }

    private boolean countsInstances(Call call) {
        for (Owner owner : NARROWEST_FIRST) {
            CompiledRule rule = scopes.rule(owner, call);
            if (rule != null && rule.countsInstances()) {
                return true;
            }
        }
        return false;
    }

    private ChargeRule rule(Call call) {
        return requireNonNull(rules.get(Scopes.resource(call).id()), "the resource has no rule for charges");
    }

    private Verdict reserve(Call call, long bytes) {
        ChargeRule rule = rule(call);
        if (rule.instancesMax() > 0 && call.measure().instances() > rule.instancesMax()) {
            return tooMany(call.measure().instances(), rule.instancesMax());
        }
        Refusal crowded = admitInstances(call, call.measure().instances());
        if (crowded != null) {
            return crowded;
        }
        long micros = Cost.micros(rule.prices(), call.measure(), bytes, reserves(rule));
        List<Hold> holds = holds(call, micros);
        if (holds.isEmpty()) {
            return Verdict.PASS;
        }
        long now = accounts.nowMillis();
        accounts.tend(now);
        Hold refusing = Batch.take(holds, accounts, now);
        if (refusing != null) {
            return exhausted(refusing, holds, now);
        }
        long remaining = TimeUnit.NANOSECONDS.toMillis(call.deadline().remainingNanos(accounts.nowNanos()));
        long deadline = now + Math.clamp(remaining, 1, Math.max(1, rule.totalMillis()));
        Batch batch = Batch.record(holds, accounts, deadline);
        Holding held = new Holding(call, accounts, rule, batch, bytes, deadline);
        call.reserved(held);
        call.atEnd(held);
        return Verdict.PASS;
    }

    /** What the narrowest that refuses says; what passed before, and what is not sent later, is given back. */
    private @Nullable Refusal admitInstances(Call call, long instances) {
        for (int i = 0; i < NARROWEST_FIRST.length; i++) {
            CompiledRule rule = scopes.rule(NARROWEST_FIRST[i], call);
            if (rule == null || rule.instanceRates().isEmpty()) {
                continue;
            }
            Owner owner = NARROWEST_FIRST[i];
            String id = requireNonNull(scopes.id(owner, call));
            Refusal refusal = scopes.gate(owner).admitInstances(call, id, instances);
            if (refusal != null) {
                return refusal;
            }
            call.atEnd(() -> {
                if (call.attempts() == 0) {
                    scopes.gate(owner).giveBackInstances(call, id, instances);
                }
            });
        }
        return null;
    }

    private static long[] reserves(ChargeRule rule) {
        long[] units = new long[rule.prices().size()];
        for (int i = 0; i < units.length; i++) {
            if (rule.prices().get(i) instanceof Price.Metered metered) {
                units[i] = metered.reserve();
            }
        }
        return units;
    }

    private List<Hold> holds(Call call, long micros) {
        List<Hold> holds = List.of();
        for (Owner owner : NARROWEST_FIRST) {
            CompiledRule rule = scopes.rule(owner, call);
            if (rule == null) {
                continue;
            }
            for (int i = 0; i < rule.allowances().size(); i++) {
                CompiledAllowance allowance = rule.allowances().get(i);
                long amount = switch (allowance.allowance().unit()) {
                    case Unit.Calls _ -> 1;
                    case Unit.Instances _ -> call.measure().instances();
                    case Unit.Currency _ -> micros;
                };
                if (amount > 0) {
                    if (holds.isEmpty()) {
                        holds = new ArrayList<>(4);
                    }
                    holds.add(new Hold(allowance.key(owner, scopes.accountId(owner, call)), allowance, amount));
                }
            }
        }
        return holds;
    }

    private static Refusal tooMany(long instances, long most) {
        return Refusal
                .of(RefusalCode.TOO_MANY_INSTANCES,
                        "The request carries " + instances + " instances; at most " + most + " may come in one call.")
                .withMember("limit", most);
    }

    /** Names the narrowest owner that has too little left; the wait is until all have enough. */
    private Refusal exhausted(Hold refusing, List<Hold> holds, long now) {
        boolean never = false;
        long wait = 1;
        for (Hold each : holds) {
            long millis = each.untilFitsMillis(accounts, now);
            never |= millis < 0;
            wait = Math.max(wait, millis);
        }
        RefusalCode code = refusing.unit() instanceof Unit.Currency ? RefusalCode.BUDGET_EXHAUSTED
                : RefusalCode.QUOTA_EXHAUSTED;
        String what = "The " + (code == RefusalCode.BUDGET_EXHAUSTED ? "budget" : "quota") + " of the "
                + subject(refusing.owner()) + " per " + refusing.allowance().allowance().window();
        Map<String, Object> members = Map.of(VIOLATED, List.of(refusing.allowance().name()));
        if (never) {
            return new Refusal(code, what + " is too small for this call at any time.", members, Map.of());
        }
        long seconds = Math.ceilDiv(wait, 1_000L);
        return new Refusal(code, what + " has too little left; there is more in " + seconds + " s.", members,
                Map.of(RETRY_FIELD, Long.toString(seconds)));
    }

    private static String subject(Owner owner) {
        return switch (owner) {
            case CALLER_MODEL -> "caller for this model";
            case CALLER -> "caller";
            case MODEL -> "model";
            case TENANT -> "tenant";
            case GATEWAY -> "gateway";
        };
    }
}
