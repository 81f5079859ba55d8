package dev.sallyport.gateway.inspect.image;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes with which files of well-known formats begin. */
final class Signatures {
    static final byte[] PNG = latin("\u0089PNG\r\n\u001a\n");
    static final byte[] JPEG = latin("\u00ff\u00d8\u00ff");
    static final byte[] GIF_87 = latin("GIF87a");
    static final byte[] GIF_89 = latin("GIF89a");
    static final byte[] RIFF = latin("RIFF");
    static final byte[] WEBP = latin("WEBP");
    static final byte[] BMP = latin("BM");
    static final byte[] TIFF_LITTLE = latin("II*\0");
    static final byte[] TIFF_BIG = latin("MM\0*");
    static final byte[] BIG_TIFF_LITTLE = latin("II+\0");
    static final byte[] BIG_TIFF_BIG = latin("MM\0+");
    static final byte[] PDF = latin("%PDF-");
    static final byte[] ZIP = latin("PK\u0003\u0004");
    static final byte[] ZIP_END = latin("PK\u0005\u0006");
    static final byte[] ZIP_DIRECTORY = latin("PK\u0001\u0002");
    static final byte[] ZIP_64_END = latin("PK\u0006\u0007");
    static final byte[] TAR = latin("ustar");
    static final byte[] DISC_IMAGE = latin("CD001");
    static final byte[] ELF = latin("\u007fELF");
    static final byte[] RAR = latin("Rar!\u001a\u0007");
    static final byte[] SEVEN_ZIP = latin("7z\u00bc\u00af\u0027\u001c");
    static final byte[] DOS = latin("MZ");
    static final byte[] PORTABLE_EXECUTABLE = latin("PE\0\0");
    static final byte[] BASE_MEDIA = latin("ftyp");

    private static final int BASE_MEDIA_AT = 4;
    private static final int WEBP_AT = 8;
    private static final int BMP_HEADER_AT = 14;
    private static final int DOS_HEADER_BYTES = 64;
    private static final int PORTABLE_EXECUTABLE_AT = 60;

    private Signatures() {}

    /** The bytes of {@code text}, one for each character up to U+00FF. */
    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static @Nullable ImageFormat formatAt(Bytes bytes, int at) {
        if (bytes.matches(at, PNG)) {
            return ImageFormat.PNG;
        }
        if (bytes.matches(at, JPEG)) {
            return ImageFormat.JPEG;
        }
        if (bytes.matches(at, GIF_89) || bytes.matches(at, GIF_87)) {
            return ImageFormat.GIF;
        }
        if (bytes.matches(at, RIFF) && bytes.matches(at + WEBP_AT, WEBP)) {
            return ImageFormat.WEBP;
        }
        if (bytes.matches(at, TIFF_LITTLE) || bytes.matches(at, TIFF_BIG)
                || bytes.matches(at, BIG_TIFF_LITTLE) || bytes.matches(at, BIG_TIFF_BIG)) {
            return ImageFormat.TIFF;
        }
        return bytes.matches(at, BMP) && bytes.has(at, BMP_HEADER_AT + 4) && isBmpHeader(bytes, at + BMP_HEADER_AT)
                ? ImageFormat.BMP
                : null;
    }

    /** Two letters are no proof; the length of the header behind them is one of few. */
    private static boolean isBmpHeader(Bytes bytes, int at) {
        return bytes.byteAt(at) >= BmpReader.CORE_HEADER_BYTES && bytes.byteAt(at) <= BmpReader.HEADER_BYTES_MAX
                && bytes.byteAt(at + 1) == 0 && bytes.byteAt(at + 2) == 0 && bytes.byteAt(at + 3) == 0;
    }

    /** Whether {@code bytes}, all of them, may be the start of a picture that was cut off before its signature ends. */
    static boolean isPrefix(Bytes bytes) {
        return isPrefix(bytes, PNG) || isPrefix(bytes, JPEG) || isPrefix(bytes, GIF_87) || isPrefix(bytes, GIF_89)
                || isPrefix(bytes, RIFF) || bytes.matches(0, RIFF) && bytes.length() < WEBP_AT + WEBP.length
                || isPrefix(bytes, TIFF_LITTLE) || isPrefix(bytes, TIFF_BIG) || isPrefix(bytes, BIG_TIFF_LITTLE)
                || isPrefix(bytes, BIG_TIFF_BIG)
                || isPrefix(bytes, BMP) || bytes.matches(0, BMP) && bytes.length() < BMP_HEADER_AT + 4;
    }

    private static boolean isPrefix(Bytes bytes, byte[] signature) {
        if (bytes.length() > signature.length) {
            return false;
        }
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.byteAt(i) != (signature[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** What else than a picture begins at {@code at}: an archive, a program, a document, a film. */
    static @Nullable String otherAt(Bytes bytes, int at) {
        if (bytes.matches(at, ZIP) || bytes.matches(at, ZIP_END)) {
            return "ZIP archive";
        }
        if (bytes.matches(at, RAR)) {
            return "RAR archive";
        }
        if (bytes.matches(at, SEVEN_ZIP)) {
            return "7z archive";
        }
        if (bytes.matches(at, PDF)) {
            return "PDF document";
        }
        if (bytes.matches(at, ELF)) {
            return "ELF program";
        }
        if (bytes.matches(at + BASE_MEDIA_AT, BASE_MEDIA)) {
            return "MP4 film";
        }
        return bytes.matches(at, DOS) && isPortableExecutable(bytes, at) ? "Windows program" : null;
    }

    private static boolean isPortableExecutable(Bytes bytes, int at) {
        if (!bytes.has(at, DOS_HEADER_BYTES)) {
            return false;
        }
        long header = 0;
        for (int i = 3; i >= 0; i--) {
            header = header << 8 | bytes.byteAt(at + PORTABLE_EXECUTABLE_AT + i);
        }
        return bytes.matches(at + header, PORTABLE_EXECUTABLE);
    }
}
