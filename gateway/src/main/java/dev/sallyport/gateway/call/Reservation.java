package dev.sallyport.gateway.call;

/** What a call holds of quotas and budgets, from before it is forwarded until it has ended. */
public interface Reservation {
    /** Money that is held or, once the call has ended, was charged: in millionths of the currency's unit. */
    long micros();
}
