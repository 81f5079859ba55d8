package dev.sallyport.app.check;

import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.gateway.inspect.ContentRule;
import java.util.List;
import java.util.function.Predicate;

/** The contents of requests that a model takes without anybody having looked into them. */
final class UnreadContents {
    private UnreadContents() {}

    static void examine(Subject subject, String name, ModelConfiguration model, Findings findings) {
        List<String> accepts = model.body().accepts();
        if (accepts.isEmpty()) {
            findings.add(FindingCode.ANY_MEDIA_TYPE, subject.places().of("models", name, "accepts"),
                    "takes bodies of every media type, and looks into none", "list what the model reads in `accepts`");
            return;
        }
        ContentRule content = model.body().content();
        boolean pictures = content.pictures() == null && accepts.stream().anyMatch(UnreadContents::isPicture);
        if (pictures) {
            findings.add(FindingCode.PICTURES_UNREAD, subject.places().of("models", name, "images"),
                    "pictures reach the model unread, whatever their size and whatever is hidden in them",
                    "remove it, or widen `megapixels` and `frames` instead");
        }
        boolean forms = content.multipart() == null && accepts.stream().anyMatch(UnreadContents::isForm);
        if (forms) {
            findings.add(FindingCode.FORMS_UNREAD, subject.places().of("models", name, "multipart"),
                    "forms reach the model unread, with all that is in their parts",
                    "remove it, or widen `parts` instead");
        }
        boolean json = content.json() == null && accepts.stream().anyMatch(UnreadContents::isJson);
        if (json) {
            findings.add(FindingCode.JSON_UNREAD, subject.places().of("models", name, "json"),
                    "JSON reaches the model unread: duplicate keys, any depth, any number of instances",
                    "remove it, or widen its bounds instead");
        }
        Predicate<String> known = type -> isPicture(type) || isForm(type) || isJson(type) || isGrpc(type);
        List<String> others = accepts.stream().filter(known.negate()).toList();
        if (!others.isEmpty()) {
            findings.add(FindingCode.UNREAD_MEDIA_TYPES, subject.places().of("models", name, "accepts"),
                    "what is declared as " + String.join(", ", others)
                            + " is at most compared with what it begins like, and not read",
                    "let the model check what it is sent");
        }
        if (accepts.stream().anyMatch(UnreadContents::isGrpc)) {
            findings.add(FindingCode.GRPC_MESSAGES, subject.places().of("models", name, "accepts"),
                    "messages of gRPC are counted against `body`, and not looked into",
                    "let the model check what it is sent");
        }
    }

    private static boolean isPicture(String type) {
        return type.startsWith("image/");
    }

    private static boolean isForm(String type) {
        return type.equals("multipart/form-data") || type.equals("multipart/*");
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json") && !isGrpc(type);
    }

    private static boolean isGrpc(String type) {
        return type.startsWith("application/grpc");
    }
}
