package dev.sallyport.gateway.http;

/**
 * The bounds that protect the gateway's connections. A request past a bound is refused; the connection usually closes.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><th>name</th><th>default</th><th>unit</th><th>why</th></tr>
 * <tr><td>connections</td><td>20,000</td><td>connections</td><td>each costs some 4 KiB; the file descriptors are finite</td></tr>
 * <tr><td>connectionsPerAddress</td><td>1,000</td><td>connections</td><td>one address cannot take them all; ordinary proxies stay below it</td></tr>
 * <tr><td>targetBytes</td><td>8,192</td><td>bytes</td><td>RFC 9110 section 4.1 recommends to support 8,000</td></tr>
 * <tr><td>fieldBytes</td><td>65,536</td><td>bytes</td><td>a name with its value; larger ones occur in attacks only</td></tr>
 * <tr><td>fieldNameBytes</td><td>8,192</td><td>bytes</td><td>no real name is near it</td></tr>
 * <tr><td>headerBytes</td><td>131,072</td><td>bytes</td><td>a header section, or a trailer section; for HTTP/2 as SETTINGS_MAX_HEADER_LIST_SIZE counts</td></tr>
 * <tr><td>fields</td><td>1,000</td><td>fields</td><td>per section; bounds the linear look-ups</td></tr>
 * <tr><td>chunkExtensionBytes</td><td>4,096</td><td>bytes</td><td>all chunk extensions of one body together (CVE-2023-39326)</td></tr>
 * <tr><td>pipelinedBytes</td><td>65,536</td><td>bytes</td><td>read ahead on one HTTP/1.1 connection while an answer is under way; then reading stops</td></tr>
 * <tr><td>requestsPerConnection</td><td>1,000,000,000</td><td>requests</td><td>then the connection closes</td></tr>
 * <tr><td>streams</td><td>128</td><td>streams</td><td>concurrent on one HTTP/2 connection (RFC 9113 section 6.5.2 recommends at least 100)</td></tr>
 * <tr><td>resetsPerWindow</td><td>200</td><td>frames in 30 s</td><td>RST_STREAM by the peer: rapid reset (CVE-2023-44487)</td></tr>
 * <tr><td>continuations</td><td>16</td><td>frames</td><td>per header block: CONTINUATION flood (CVE-2024-27316)</td></tr>
 * <tr><td>controlFramesPerWindow</td><td>1,000</td><td>frames in 30 s</td><td>PING, SETTINGS, PRIORITY and WINDOW_UPDATE without progress (CVE-2019-9512, 9515)</td></tr>
 * <tr><td>emptyDataFrames</td><td>100</td><td>frames in a row</td><td>DATA without bytes and without end (CVE-2019-9518)</td></tr>
 * <tr><td>handshakeMillis</td><td>10,000</td><td>ms</td><td>TLS handshake and PROXY header</td></tr>
 * <tr><td>headMillis</td><td>10,000</td><td>ms</td><td>from the first byte of a request's head to its last: slowloris</td></tr>
 * <tr><td>bodyStallMillis</td><td>30,000</td><td>ms</td><td>without a byte of a body that we are ready to read</td></tr>
 * <tr><td>bodyBytesPerSecond</td><td>256</td><td>bytes/s</td><td>least rate of a body, after {@code bodyGraceMillis}</td></tr>
 * <tr><td>bodyGraceMillis</td><td>10,000</td><td>ms</td><td>before the least rate counts</td></tr>
 * <tr><td>writeStallMillis</td><td>60,000</td><td>ms</td><td>a client that takes none of its answer is disconnected</td></tr>
 * <tr><td>idleMillis</td><td>75,000</td><td>ms</td><td>between requests; longer than the 60 s of usual load balancers</td></tr>
 * <tr><td>tunnelIdleMillis</td><td>3,600,000</td><td>ms</td><td>without a byte either way</td></tr>
 * <tr><td>drainMillis</td><td>30,000</td><td>ms</td><td>for calls in flight after SIGTERM</td></tr>
 * </table>
 */
public record Limits(
        int connections,
        int connectionsPerAddress,
        int targetBytes,
        int fieldBytes,
        int fieldNameBytes,
        int headerBytes,
        int fields,
        int chunkExtensionBytes,
        int pipelinedBytes,
        int requestsPerConnection,
        int streams,
        int resetsPerWindow,
        int continuations,
        int controlFramesPerWindow,
        int emptyDataFrames,
        int handshakeMillis,
        int headMillis,
        int bodyStallMillis,
        int bodyBytesPerSecond,
        int bodyGraceMillis,
        int writeStallMillis,
        int idleMillis,
        int tunnelIdleMillis,
        int drainMillis) {

    public static final Limits DEFAULTS = new Limits(
            20_000, 1_000, 8_192, 65_536, 8_192, 131_072, 1_000, 4_096, 65_536, 1_000_000_000, 128, 200, 16, 1_000, 100,
            10_000, 10_000, 30_000, 256,
            10_000, 60_000, 75_000, 3_600_000, 30_000);
}
