package dev.sallyport.app.config;

import static dev.sallyport.app.config.ContentKeys.IMAGES;
import static dev.sallyport.app.config.ContentKeys.INFLATE;
import static dev.sallyport.app.config.ContentKeys.MULTIPART;

import dev.sallyport.gateway.inspect.ContentRule;
import dev.sallyport.gateway.inspect.MultipartRule;
import dev.sallyport.gateway.inspect.PictureRule;
import dev.sallyport.gateway.inspect.coding.DecodeLimits;
import dev.sallyport.gateway.inspect.image.PictureLimits;
import dev.sallyport.gateway.inspect.json.InstanceRule;
import dev.sallyport.gateway.inspect.json.JsonPointer;
import dev.sallyport.gateway.inspect.json.JsonRule;
import dev.sallyport.gateway.inspect.multipart.MultipartLimits;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the bodies of one model's requests may hold. */
final class ContentReader {
    private static final long DECODED_BYTES_MAX = 1L << 30;
    private static final long MEGA = 1_000_000;

    private final SectionReader model;

    private ContentReader(SectionReader model) {
        this.model = model;
    }

    /**
     * @param accepts the media types that the model takes
     * @param cost    which says where instances stand, and how many there may be
     */
    static ContentRule read(SectionReader model, List<String> accepts, CostConfiguration cost, Directory directory) {
        ContentReader reader = new ContentReader(model);
        long instancesMax = cost.instancesMax() == 0 ? ContentRule.INSTANCES_MAX : cost.instancesMax();
        String pointer = cost.instancesPointer();
        JsonRule json = JsonReader.read(model.section(JsonKeys.JSON), accepts, directory);
        return new ContentRule(reader.pictures(), json == null ? null : json.withInstances(new InstanceRule(
                pointer == null ? null : JsonPointer.of(pointer), instancesMax, InstanceRule.DEFAULTS.tensorValues())),
                reader.forms(), reader.decoding(), instancesMax);
    }

    private @Nullable PictureRule pictures() {
        SectionReader given = model.section(IMAGES);
        if (given == null) {
            return PictureRule.DEFAULTS;
        }
        PictureLimits limits =
                new PictureLimits(given.value(ContentKeys.MEGAPIXELS) * MEGA, given.value(ContentKeys.FRAMES));
        boolean strip = given.value(ContentKeys.METADATA);
        return given.value(ContentKeys.IMAGES_INSPECT) ? new PictureRule(limits, strip) : null;
    }

    private @Nullable MultipartRule forms() {
        SectionReader given = model.section(MULTIPART);
        if (given == null) {
            return MultipartRule.DEFAULTS;
        }
        if (given.emptyList(ContentKeys.NAMES)) {
            given.error(ContentKeys.NAMES, "the list is empty, so no form could be sent; remove it to allow any field");
        }
        MultipartLimits limits = MultipartLimits.DEFAULTS.withParts(given.value(ContentKeys.PARTS));
        Set<String> names = Set.copyOf(given.values(ContentKeys.NAMES));
        return given.value(ContentKeys.MULTIPART_INSPECT) ? new MultipartRule(limits, names) : null;
    }

    private DecodeLimits decoding() {
        SectionReader given = model.section(INFLATE);
        if (given == null) {
            return DecodeLimits.DEFAULTS;
        }
        long size = given.value(ContentKeys.SIZE);
        if (size > DECODED_BYTES_MAX) {
            given.error(ContentKeys.SIZE, "is more than `1 GiB`, the most that is allowed");
        }
        return new DecodeLimits(given.value(ContentKeys.RATIO), Math.min(size, DECODED_BYTES_MAX));
    }
}
