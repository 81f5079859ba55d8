package dev.sallyport.gateway.http;

import dev.sallyport.gateway.call.Protocol;

/** Reads the heads of an upstream's responses (RFC 9112 section 4). */
final class ResponseParser extends HeadParser {
    private static final int STATUS_LENGTH = 3;
    private static final int REASON_BYTES_MAX = 1024;

    private Protocol protocol = Protocol.HTTP_1_1;
    private int status;

    ResponseParser(Limits limits, Scratch scratch) {
        super(FieldSection.Kind.RESPONSE, limits, scratch);
    }

    /** 100 to 599. */
    int status() {
        return status;
    }

    Protocol protocol() {
        return protocol;
    }

    /** One, as other parsers take it: some servers send one behind a body. */
    @Override
    int emptyLinesMax() {
        return 1;
    }

    @Override
    int startLine(byte[] bytes, int from, int end) throws ProtocolViolation {
        if (!HttpVersion.check(bytes, from, end)) {
            return INCOMPLETE;
        }
        int statusFrom = from + HttpVersion.LENGTH + 1;
        int statusTo = statusFrom + STATUS_LENGTH;
        if (end <= statusTo) {
            return INCOMPLETE;
        }
        status = status(bytes, statusFrom);
        protocol = bytes[from + HttpVersion.LENGTH - 1] == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
        int at = statusTo;
        if (bytes[at] == ' ') {
            while (at < end && Characters.isFieldValue(bytes[at])) {
                at++;
            }
            if (at - statusTo > REASON_BYTES_MAX) {
                throw ProtocolViolation.malformed("The reason phrase is longer than " + REASON_BYTES_MAX + " bytes.");
            }
        }
        return endOfLine(bytes, at, end);
    }

    private static int status(byte[] bytes, int from) throws ProtocolViolation {
        byte hundreds = bytes[from];
        if (bytes[from - 1] != ' ' || hundreds < '1' || hundreds > '5' || !Characters.isDigit(bytes[from + 1])
                || !Characters.isDigit(bytes[from + 2])) {
            throw ProtocolViolation.malformed("The status line has no status of 100 to 599 behind one space.");
        }
        return (hundreds - '0') * 100 + (bytes[from + 1] - '0') * 10 + bytes[from + 2] - '0';
    }
}
