package dev.sallyport.gateway.inspect.image;

import static dev.sallyport.gateway.inspect.image.DefectFound.malformed;

import dev.sallyport.gateway.inspect.image.Defect.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads JPEG (ITU-T T.81, Annex B): every segment's length, the frame, the scans' data to their ends, and nothing behind the
 * end of the picture but the further pictures that an index of the Multi-Picture Format (CIPA DC-007) names.
 */
final class JpegReader {
    /** A progressive picture needs about ten; each costs a decoder another pass over all pixels. */
    static final int SCANS_MAX = 100;

    private static final int LENGTH_BYTES = 2;

    private final Bytes bytes;
    private final Tally tally;
    private final SecondFormat secondFormat;

    private int at;
    private @Nullable JpegFrame frame;
    private int scans;
    private int restartInterval;
    private boolean metadata;
    private @Nullable MultiPictureIndex index;

    private JpegReader(Bytes bytes, Tally tally, SecondFormat secondFormat) {
        this.bytes = bytes;
        this.tally = tally;
        this.secondFormat = secondFormat;
    }

    static Picture read(Bytes bytes, Tally tally, SecondFormat secondFormat) throws DefectFound {
        JpegReader reader = new JpegReader(bytes, tally, secondFormat);
        secondFormat.commentOpening(4, bytes.length());
        JpegFrame first = reader.image();
        while (reader.at < bytes.length()) {
            reader.furtherImage();
        }
        if (reader.index != null && reader.index.next(bytes.length()) >= 0) {
            throw DefectFound.truncated("the pictures that an index names", bytes.length());
        }
        return new Picture(ImageFormat.JPEG, first.width(), first.height(), tally.frames(), first.bitsPerPixel(),
                tally.pixels(), reader.metadata);
    }

    /** Cameras let a further picture begin at a round offset, and fill up with zeros. */
    private void furtherImage() throws DefectFound {
        long next = index == null ? -1 : index.next(at);
        for (int i = at; i < next && i < bytes.length(); i++) {
            if (bytes.byteAt(i) != 0) {
                throw secondFormat.behind(at);
            }
        }
        if (next < 0) {
            throw secondFormat.behind(at);
        }
        bytes.need(next, Signatures.JPEG.length, "a further picture");
        if (!bytes.matches(next, Signatures.JPEG)) {
            throw secondFormat.behind((int) next);
        }
        at = (int) next;
        metadata = true;
        image();
    }

    /** Reads from one SOI to behind its EOI. */
    private JpegFrame image() throws DefectFound {
        frame = null;
        scans = 0;
        restartInterval = 0;
        at += 2;
        while (true) {
            int marker = marker();
            if (marker == JpegMarker.END_OF_IMAGE) {
                return end();
            }
            if (marker < JpegMarker.FIRST_FRAME || JpegMarker.isRestart(marker)
                    || marker == JpegMarker.START_OF_IMAGE) {
                throw malformed("A marker stands where none of its kind may.", at - 2);
            }
            bytes.need(at, LENGTH_BYTES, "a segment's length");
            int count = bytes.shortAt(at);
            if (count < LENGTH_BYTES) {
                throw malformed("A segment is shorter than its own length field.", at);
            }
            bytes.need(at, count, "a segment");
            int start = at + LENGTH_BYTES;
            at += count;
            segment(marker, start, count - LENGTH_BYTES);
        }
    }

    /** Steps over a marker, which fill bytes may precede (section B.1.1.2). */
    private int marker() throws DefectFound {
        bytes.need(at, 2, "a marker");
        if (bytes.byteAt(at) != JpegMarker.PREFIX) {
            throw malformed("Something else than a marker stands between two segments.", at);
        }
        int octet;
        do {
            bytes.need(++at, 1, "a marker");
            octet = bytes.byteAt(at);
        } while (octet == JpegMarker.PREFIX);
        at++;
        return octet;
    }

    private void segment(int marker, int start, int count) throws DefectFound {
        if (JpegMarker.isHierarchical(marker)) {
            throw DefectFound.unsupported("Hierarchical JPEG is not read.", start - 4);
        }
        if (JpegMarker.isFrame(marker)) {
            frame(marker, start, count);
        } else if (marker == JpegMarker.START_OF_SCAN) {
            scan(start, count);
        } else if (JpegMarker.isApplication(marker)) {
            application(marker, start, count);
        } else if (marker == JpegMarker.COMMENT) {
            tally.part(start);
            metadata = true;
            secondFormat.text(start, count);
        } else if (marker == JpegMarker.RESTART_INTERVAL) {
            if (count != 2) {
                throw malformed("Segment DRI has " + count + " bytes.", start);
            }
            restartInterval = bytes.shortAt(start);
        } else {
            tally.part(start);
            table(marker, start, count);
        }
    }

    private void frame(int marker, int start, int count) throws DefectFound {
        if (frame != null) {
            throw malformed("The picture has a second frame header.", start);
        }
        frame = JpegFrame.read(bytes, marker, start, count);
        if (frame.height() > 0) {
            tally.frame(frame.width(), frame.height(), start);
        }
    }

    private void table(int marker, int start, int count) throws DefectFound {
        boolean fits = switch (marker) {
            case JpegMarker.QUANTIZATION_TABLES -> JpegTables.areQuantization(bytes, start, count);
            case JpegMarker.HUFFMAN_TABLES -> JpegTables.areHuffman(bytes, start, count);
            case JpegMarker.ARITHMETIC_CONDITIONING -> count > 0 && count % 2 == 0;
            default -> throw malformed("A segment has a marker that is reserved.", start - 4);
        };
        if (!fits) {
            throw malformed("The tables in a segment do not fit its length.", start);
        }
        secondFormat.part(start, count);
    }

    private void application(int marker, int start, int count) throws DefectFound {
        tally.part(start);
        JpegApplication kind = JpegApplication.of(bytes, marker, start, count);
        metadata |= count > kind.keptBytes() && !(kind == JpegApplication.EXIF
                && Exif.isOrientationOnly(bytes, start + Exif.NAME.length, count - Exif.NAME.length));
        if (kind.mayHoldThumbnail()) {
            secondFormat.partWithThumbnail(start, count);
        } else {
            secondFormat.part(start, count);
        }
        if (kind == JpegApplication.MULTI_PICTURE && index == null) {
            index = MultiPictureIndex.read(bytes, start, count);
        }
    }

    private void scan(int start, int count) throws DefectFound {
        JpegFrame open = frame;
        if (open == null) {
            throw malformed("A scan stands in front of the frame header.", start);
        }
        if (++scans > SCANS_MAX) {
            throw new DefectFound(Kind.TOO_MANY_PARTS, "The picture has more than " + SCANS_MAX + " scans.", start);
        }
        open.checkScan(bytes, start, count);
        entropyCoded(start);
        if (open.height() == 0) {
            open = open.withHeight(numberOfLines(start));
            tally.frame(open.width(), open.height(), at);
            frame = open;
        }
        tally.passes((long) open.width() * open.height(), scans, start);
    }

    /** Steps over the data of a scan: up to the first marker that is not a restart (section B.1.1.5). */
    private void entropyCoded(int start) throws DefectFound {
        int restarts = 0;
        int first = at;
        while (true) {
            int found = bytes.indexOf(JpegMarker.PREFIX, at, bytes.length());
            if (found < 0 || found + 1 >= bytes.length()) {
                throw DefectFound.truncated("a scan", bytes.length());
            }
            int octet = bytes.byteAt(found + 1);
            if (octet == 0) {
                at = found + 2;
            } else if (JpegMarker.isRestart(octet)) {
                if (restartInterval == 0 || (octet & 7) != (restarts++ & 7)) {
                    throw malformed("A restart marker stands where none may, or out of turn.", found);
                }
                at = found + 2;
            } else {
                if (found == first) {
                    throw malformed("A scan has no data.", start);
                }
                at = found;
                return;
            }
        }
    }

    /** Steps over what a frame that does not say its height has behind its first scan (section B.2.5). */
    private int numberOfLines(int start) throws DefectFound {
        if (marker() != JpegMarker.NUMBER_OF_LINES) {
            throw malformed("The picture has no height.", start);
        }
        bytes.need(at, 4, "segment DNL");
        int lines = bytes.shortAt(at + LENGTH_BYTES);
        if (bytes.shortAt(at) != 4 || lines == 0) {
            throw malformed("Segment DNL has a wrong length, or says that there are no lines.", at);
        }
        at += 4;
        return lines;
    }

    private JpegFrame end() throws DefectFound {
        if (frame == null || scans == 0) {
            throw malformed("The picture ends without frame or scan.", at - 2);
        }
        return frame;
    }
}
