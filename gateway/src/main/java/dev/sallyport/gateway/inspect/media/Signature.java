package dev.sallyport.gateway.inspect.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats that are known by their first bytes, and the media type of each. */
public enum Signature {
    PNG("image/png", "\u0089PNG\r\n\u001a\n"), JPEG("image/jpeg", "\u00ff\u00d8\u00ff"),
    GIF_87("image/gif", "GIF87a"), GIF_89("image/gif", "GIF89a"),
    TIFF_LITTLE("image/tiff", "II*\0"), TIFF_BIG("image/tiff", "MM\0*"),
    BIG_TIFF_LITTLE("image/tiff", "II+\0"), BIG_TIFF_BIG("image/tiff", "MM\0+"),
    WEBP("image/webp", 8, "WEBP"), BMP("image/bmp", 6, "\0\0\0\0"),
    AVIF("image/avif", 4, "ftypavif"), HEIC("image/heic", 4, "ftyphei"), HEIF("image/heic", 4, "ftypmif1"),
    JPEG_XL("image/jxl", "\0\0\0\u000cJXL \r\n"), JPEG_XL_BARE("image/jxl", "\u00ff\n"),
    JPEG_2000("image/jp2", "\0\0\0\u000cjP  \r\n"), PHOTOSHOP("image/vnd.adobe.photoshop", "8BPS"),
    WAV("audio/wav", 8, "WAVE"), OGG("audio/ogg", "OggS"), FLAC("audio/flac", "fLaC"), MP3("audio/mpeg", "ID3"),
    MP4("video/mp4", 4, "ftyp"), MATROSKA("video/webm", "\u001aE\u00df\u00a3"), AVI("video/x-msvideo", 8, "AVI "),
    PDF("application/pdf", "%PDF-"), ZIP("application/zip", "PK\u0003\u0004"),
    ZIP_EMPTY("application/zip", "PK\u0005\u0006"),
    GZIP("application/gzip", "\u001f\u008b\b"), ZSTD("application/zstd", "(\u00b5/\u00fd"),
    XZ("application/x-xz", "\u00fd7zXZ\0"), BZIP2("application/x-bzip2", "BZh"),
    SEVEN_ZIP("application/x-7z-compressed", "7z\u00bc\u00af'\u001c"), RAR("application/vnd.rar", "Rar!\u001a\u0007"),
    ELF("application/x-elf", "\u007fELF"), MACH_O("application/x-mach-binary", "\u00cf\u00fa\u00ed\u00fe"),
    JAVA_CLASS("application/java-vm", "\u00ca\u00fe\u00ba\u00be"), WASM("application/wasm", "\0asm"),
    SQLITE("application/vnd.sqlite3", "SQLite format 3\0"), HDF5("application/x-hdf5", "\u0089HDF\r\n\u001a\n"),
    NUMPY("application/x-npy", "\u0093NUMPY"), PARQUET("application/vnd.apache.parquet", "PAR1"),
    PICKLE_4("application/x-pickle", "\u0080\u0004\u0095"), PICKLE_5("application/x-pickle", "\u0080\u0005\u0095"),
    DOCTYPE("text/html", "<!doctype html"), HTML("text/html", "<html"), SCRIPT("text/html", "<script"),
    SVG("image/svg+xml", "<svg"), XML("text/xml", "<?xml"), PHP("application/x-php", "<?php");

    private static final Signature[] ALL = values();
    private static final int BLANKS_MAX = 256;

    private final String mediaType;
    private final int offset;
    private final byte[] bytes;

    Signature(String mediaType, String bytes) {
        this(mediaType, 0, bytes);
    }

    Signature(String mediaType, int offset, String bytes) {
        this.mediaType = mediaType;
        this.offset = offset;
        this.bytes = bytes.getBytes(ISO_8859_1);
    }

    public String mediaType() {
        return mediaType;
    }

    /** Text of a markup, which can also stand in ordinary text: a prompt may begin with it. */
    public boolean isMarkup() {
        return bytes[0] == '<';
    }

    /** The format that {@code content} begins like; null when it is none of these. Leaves the indices as they are. */
    public static @Nullable Signature of(ByteBuf content) {
        int begins = afterBlanks(content);
        for (Signature signature : ALL) {
            if (signature.isMarkup() ? signature.matchesText(content, begins) : signature.matches(content)) {
                return signature;
            }
        }
        return null;
    }

    private static int afterBlanks(ByteBuf content) {
        int at = content.readerIndex();
        int end = Math.min(content.writerIndex(), at + BLANKS_MAX);
        if (end - at >= 3 && content.getUnsignedMedium(at) == 0xefbbbf) {
            at += 3;
        }
        while (at < end && isBlank(content.getByte(at))) {
            at++;
        }
        return at;
    }

    private boolean matchesText(ByteBuf content, int start) {
        if (content.writerIndex() - start < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Character.toLowerCase(content.getByte(start + i)) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(ByteBuf content) {
        int start = content.readerIndex() + offset;
        if (content.writerIndex() - start < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (content.getByte(start + i) != bytes[i]) {
                return false;
            }
        }
        boolean riff = this == WEBP || this == WAV || this == AVI;
        return riff ? begins(content, "RIFF") : this != BMP || begins(content, "BM");
    }

    private static boolean begins(ByteBuf content, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (content.getByte(content.readerIndex() + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code content} begins like a JSON object or array, which of a thousand other contents hardly one does. */
    public static boolean looksLikeJson(ByteBuf content) {
        int begins = afterBlanks(content);
        int next = begins + 1;
        while (next < content.writerIndex() && isBlank(content.getByte(next))) {
            next++;
        }
        if (next >= content.writerIndex()) {
            return false;
        }
        byte first = content.getByte(begins);
        byte second = content.getByte(next);
        return first == '{' && (second == '"' || second == '}')
                || first == '[' && (second >= '0' && second <= '9' || "[]{\"-tfn".indexOf(second) >= 0);
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\t' || value == '\r' || value == '\n';
    }

    /** The type that other names of it stand for; the name itself when it is none of those. */
    public static String canonical(String essence) {
        return switch (essence.toLowerCase(Locale.ROOT)) {
            case "image/jpg", "image/pjpeg" -> "image/jpeg";
            case "image/x-png" -> "image/png";
            case "image/x-ms-bmp", "image/x-bmp" -> "image/bmp";
            case "image/heif" -> "image/heic";
            case "image/tif", "image/x-tiff" -> "image/tiff";
            case "application/xml" -> "text/xml";
            case "application/xhtml+xml" -> "text/html";
            case "application/x-gzip" -> "application/gzip";
            case "application/x-zip-compressed" -> "application/zip";
            case "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "audio/wav";
            default -> essence;
        };
    }

    /** Whether a content of type {@code essence} begins with one of these signatures, always. */
    public static boolean hasOne(String essence) {
        String canonical = canonical(essence);
        if (canonical.startsWith("text/") || canonical.equals("image/svg+xml") || canonical.equals("audio/mpeg")) {
            return false;
        }
        for (Signature signature : ALL) {
            if (signature.mediaType.equals(canonical)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what begins like this may honestly be declared as {@code essence}, which is no generic type. */
    public boolean agrees(String essence) {
        String declared = canonical(essence);
        if (declared.equals(mediaType)) {
            return true;
        }
        if (isMarkup()) {
            return declared.startsWith("text/") || declared.endsWith("+xml") || declared.equals("text/xml");
        }
        if (hasOne(declared) || declared.startsWith("text/") || declared.startsWith("image/")) {
            return false;
        }
        boolean container = this == ZIP || this == ZIP_EMPTY || this == GZIP || this == HDF5 || this == SQLITE;
        return container && declared.startsWith("application/") && !declared.endsWith("json")
                || declared.startsWith("audio/") && mediaType.startsWith("audio/")
                || declared.startsWith("video/") && (mediaType.startsWith("video/") || this == OGG)
                || declared.startsWith("audio/") && (this == MP4 || this == MATROSKA);
    }
}
