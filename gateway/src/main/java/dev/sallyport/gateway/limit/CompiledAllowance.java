package dev.sallyport.gateway.limit;

/**
 * One quota or budget, ready to be counted; shared by all owners of equal rules.
 *
 * @param name what clients see it called
 */
record CompiledAllowance(Allowance allowance, WindowClock clock, String name) {
    AccountKey key(Owner owner, String id) {
        return new AccountKey(owner, id, allowance.unit(), allowance.window());
    }
}
