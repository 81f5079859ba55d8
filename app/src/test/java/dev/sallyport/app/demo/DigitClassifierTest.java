package dev.sallyport.app.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DigitClassifierTest {
    private final DigitClassifier classifier = DigitClassifier.load();

    @Test
    void tellsAsManyUnseenDigitsAsTheTrainingScriptStates() throws IOException {
        List<Example> unseen = Example.unseen();
        long correct = unseen.stream()
                .filter(example -> classifier.classify(example.pixels()).digit() == example.digit())
                .count();

        assertThat(unseen).hasSize(classifier.tested().images());
        assertThat(correct).isEqualTo(classifier.tested().correct());
        assertThat((double) correct / unseen.size()).isCloseTo(classifier.tested().accuracy(), within(0.00005));
        assertThat(classifier.tested().accuracy()).isGreaterThan(0.9);
    }

    @Test
    void givesProbabilitiesThatSumToOneAndAgreeWithTheDigit() throws IOException {
        for (Example example : Example.unseen().subList(0, 20)) {
            DigitClassifier.Prediction prediction = classifier.classify(example.pixels());

            assertThat(Arrays.stream(prediction.scores()).sum()).isCloseTo(1, within(1e-9));
            assertThat(prediction.scores()[prediction.digit()])
                    .isEqualTo(Arrays.stream(prediction.scores()).max().orElseThrow());
        }
    }

    @Test
    void refusesAPictureOfAnotherSizeOrRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier.classify(new double[63]))
                .withMessage("a picture has 64 pixels, not 63");
        for (double outside : new double[]{-1, 16.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] pixels = new double[64];
            pixels[5] = outside;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> classifier.classify(pixels))
                    .withMessageStartingWith("pixel 5 is " + outside);
        }
    }

    /** A held-out picture and the digit that it shows. */
    record Example(int digit, double[] pixels) {
        static List<Example> unseen() throws IOException {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    requireNonNull(DigitClassifierTest.class.getResourceAsStream("digits-test.csv")), US_ASCII))) {
                return lines.lines().map(Example::of).toList();
            }
        }

        private static Example of(String line) {
            double[] values = Arrays.stream(line.split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Example((int) values[0], Arrays.copyOfRange(values, 1, values.length));
        }
    }
}
