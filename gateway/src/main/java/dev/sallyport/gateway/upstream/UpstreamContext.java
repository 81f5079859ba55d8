package dev.sallyport.gateway.upstream;

import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.http.ClientConnector;
import dev.sallyport.gateway.http.Loops;
import java.util.concurrent.Executor;

/** What all upstreams of a gateway share. */
record UpstreamContext(Loops loops, Time time, ClientConnector connector, Addresses.NameService nameService,
        Executor lookUps) {}
