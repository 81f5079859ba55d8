package dev.sallyport.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.testing.TestingCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
    private static final Router ROUTER = new Router(List.of(
            model("resnet", "2", List.of("vision.example", "[::1]"), "1", "2", "stable"),
            model("ocr", "", List.of()),
            model("v1", "", List.of()),
            model("modèle", "", List.of()),
            model("a+b", "", List.of())));

    @ParameterizedTest
    @CsvSource({
        "/resnet, resnet@2, /",
        "/resnet/, resnet@2, /",
        "/resnet/predict, resnet@2, /predict",
        "/resnet/v1/models/x:predict, resnet@2, /v1/models/x:predict",
        "/resnet/a%2Bb/, resnet@2, /a%2Bb/",
        "/resnet//x, resnet@2, //x",
        "/ocr/infer, ocr, /infer",
        "/v1/chat/completions, v1, /chat/completions",
        "/v1/models, v1, /models",
    })
    void theFirstSegmentNamesAModelAtItsDefaultVersion(String path, String resource, String upstreamPath) {
        routes(path, resource, upstreamPath);
    }

    @ParameterizedTest
    @CsvSource({
        "/resnet@1, resnet@1, /",
        "/resnet@1/, resnet@1, /",
        "/resnet@1/predict, resnet@1, /predict",
        "/resnet@stable/predict, resnet@stable, /predict",
    })
    void anAtSignPicksAVersion(String path, String resource, String upstreamPath) {
        routes(path, resource, upstreamPath);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models/resnet, resnet@2",
        "/v1/models/resnet:predict, resnet@2",
        "/v1/models/resnet/metadata, resnet@2",
        "/v1/models/resnet/versions/1, resnet@1",
        "/v1/models/resnet/versions/1:predict, resnet@1",
        "/v1/models/resnet/versions/1/metadata, resnet@1",
        "/v1/models/resnet/labels/stable:classify, resnet@stable",
        "/v1/models/ocr:explain, ocr",
        "/v1/models/ocr/versions/7:predict, ocr",
        "/v2/models/resnet, resnet@2",
        "/v2/models/resnet/ready, resnet@2",
        "/v2/models/resnet/infer, resnet@2",
        "/v2/models/resnet/versions/1/infer, resnet@1",
        "/v2/models/resnet/versions/1/generate_stream, resnet@1",
        "/v2/models/ocr/versions/7/infer, ocr",
    })
    void servingPathsGoUpstreamUnchangedAndPickTheVersionThatTheyName(String path, String resource) {
        routes(path, resource, path);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/", "//", "//resnet/predict", "/resne", "/resnett", "/Resnet", "/resnet@", "/resnet@3/x", "/resnet@1@2", "/@1",
        "/ocr@1", "/resnet;a=b/x", "/resnet:predict", "/.sallyport/token", "/resnet%00", "/resnet%", "/%2e%2e/resnet",
        "/v2/models", "/v2/repository/models/resnet/load", "/V1/models/resnet:predict",
        "/v1/models/", "/v1/models/:predict", "/v1/models/unknown:predict", "/v1/models/resnet@1:predict",
        "/v1/models/resnet;x:predict",
        "/v1/models/resnet/versions/3:predict", "/v1/models/resnet/versions/:predict", "/v1/models/resnet/versions/",
        "/v1/models/resnet/labels/canary:predict", "/v2/models/resnet/versions/3/infer",
        "/v2/models/resnet/versions/01/infer",
        "/v1/models/resnet//versions/1:predict", "/v1/models//resnet:predict", "/v1/models/resnet/versions//1:predict",
    })
    void whatIsNotFoundStaysUnrouted(String path) {
        Call call = TestingCall.to(path).make();

        ROUTER.route(call);

        assertThat(call.resource()).isNull();
        assertThat(call.upstreamPath()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/mod%C3%A8le/x, modèle, /x",
        "/a+b/x, a+b, /x",
        "/a%2Bb/x, a+b, /x",
        "/resnet%401/x, resnet@1, /x",
        "/v1/models/a%2Bb:predict, a+b, /v1/models/a%2Bb:predict",
        "/v1/models/resnet%3Apredict, resnet@2, /v1/models/resnet%3Apredict",
        "/v1/models/resnet/versions/1%3Apredict, resnet@1, /v1/models/resnet/versions/1%3Apredict",
    })
    void oneNameHasOneMeaningHoweverItIsEncoded(String path, String resource, String upstreamPath) {
        routes(path, resource, upstreamPath);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "vision.example", "vision.example:8443", "vision.example.", "vision.example.:80", "[::1]", "[::1]:8080",
    })
    void aModelsHostOwnsAllOfItsPaths(String authority) {
        for (String path : List.of("/", "/ocr/infer", "/v1/models/ocr:predict", "/resnet@1/x", "/anything")) {
            Call call = TestingCall.to(path).authority(authority).make();

            ROUTER.route(call);

            assertThat(call.resource()).extracting(Resource::id).isEqualTo("resnet@2");
            assertThat(call.upstreamPath()).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision.example.evil", "evil.vision.example", "vision.example..", "example", "[::2]", "::1",
        "8080"})
    void anotherHostIsNoMatch(String authority) {
        Call call = TestingCall.to("/ocr/infer").authority(authority).make();

        ROUTER.route(call);

        assertThat(call.resource()).extracting(Resource::id).isEqualTo("ocr");
    }

    @Test
    void findsEachOfManyModelsAndNothingElse() {
        SplittableRandom random = new SplittableRandom(7);
        List<ModelRoute> routes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            routes.add(model("m" + Integer.toString(random.nextInt() & 0x7fff_ffff, 36) + "-" + i, "1", List.of(), "1",
                    "2"));
        }
        Router router = new Router(routes);

        for (ModelRoute route : routes) {
            assertThat(found(router, "/" + route.name() + "/x")).isEqualTo(route.name() + "@1");
            assertThat(found(router, "/" + route.name() + "@2")).isEqualTo(route.name() + "@2");
            assertThat(found(router, "/v2/models/" + route.name() + "/versions/2/infer"))
                    .isEqualTo(route.name() + "@2");
            assertThat(found(router, "/" + route.name() + "x/x")).isEqualTo("nothing");
            assertThat(found(router, "/" + route.name().substring(1))).isEqualTo("nothing");
            for (int end = 1; end < route.name().indexOf('-'); end++) {
                assertThat(found(router, "/" + route.name().substring(0, end))).isEqualTo("nothing");
            }
        }
    }

    @Test
    void refusesTwoModelsOfOneNameOrHost() {
        assertThatThrownBy(() -> new Router(List.of(model("a", "", List.of()), model("a", "", List.of()))))
                .hasMessageContaining("two models are called a");
        assertThatThrownBy(() -> new Router(List.of(model("a", "", List.of("h")), model("b", "", List.of("h")))))
                .hasMessageContaining("two models claim the host h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".sallyport", "a/b", "a@1", "a:b", "a%41"})
    void refusesANameThatAPathCouldNotHold(String name) {
        assertThatThrownBy(() -> model(name, "", List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static void routes(String path, String resource, String upstreamPath) {
        Call call = TestingCall.to(path).make();

        ROUTER.route(call);

        assertThat(call.resource()).extracting(Resource::id).isEqualTo(resource);
        assertThat(call.action()).isEqualTo(Action.INVOKE);
        assertThat(call.upstreamPath()).isEqualTo(upstreamPath);
    }

    private static String found(Router router, String path) {
        Call call = TestingCall.to(path).make();
        router.route(call);
        Resource resource = call.resource();
        return resource == null ? "nothing" : resource.id();
    }

    private static ModelRoute model(String name, String defaultVersion, List<String> hosts, String... versions) {
        Map<String, Resource> resources = new LinkedHashMap<>();
        Stream.of(versions.length == 0 ? new String[]{""} : versions)
                .forEach(version -> resources.put(version, Resource.model(name, version, null, Map.of())));
        return new ModelRoute(name, resources, defaultVersion, hosts);
    }
}
