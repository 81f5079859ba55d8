package dev.sallyport.app.demo;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A perceptron with one hidden layer that tells which digit a grey picture of 8 x 8 pixels shows.
 *
 * <p>Its weights and its accuracy on pictures that it never saw are in {@code digits.json}, which
 * {@code app/src/main/model/train_digits.py} makes.
 */
public final class DigitClassifier {
    /** Pixels of a picture, row by row. */
    public static final int PIXELS = 64;

    /** The value of a pixel that is all ink; paper is 0. */
    public static final int INK = 16;

    /** Digits that can be told apart. */
    public static final int DIGITS = 10;

    private static final String WEIGHTS = "digits.json";

    private final Layer hidden;
    private final Layer output;
    private final Tested tested;

    private DigitClassifier(Weights weights) {
        hidden = weights.hidden();
        output = weights.output();
        tested = weights.tested();
        hidden.requireShape(PIXELS, output.weights().length);
        output.requireShape(hidden.biases().length, DIGITS);
    }

    /** Reads the weights that are part of the program. */
    public static DigitClassifier load() {
        try (InputStream weights = requireNonNull(DigitClassifier.class.getResourceAsStream(WEIGHTS), WEIGHTS)) {
            return new DigitClassifier(JsonMapper.shared().readValue(weights, Weights.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Classifies one picture.
     *
     * @param pixels {@value #PIXELS} values, each from 0 to {@value #INK}
     * @throws IllegalArgumentException if there are more or fewer, or one is outside the range
     */
    public Prediction classify(double[] pixels) {
        if (pixels.length != PIXELS) {
            throw new IllegalArgumentException("a picture has %d pixels, not %d".formatted(PIXELS, pixels.length));
        }
        double[] scaled = new double[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            if (!(pixels[i] >= 0 && pixels[i] <= INK)) {
                throw new IllegalArgumentException(
                        "pixel %d is %s; it must be from 0 to %d".formatted(i, pixels[i], INK));
            }
            scaled[i] = pixels[i] / INK;
        }
        double[] activated = hidden.apply(scaled);
        for (int i = 0; i < activated.length; i++) {
            activated[i] = Math.max(0, activated[i]);
        }
        return Prediction.of(output.apply(activated));
    }

    /** What the training script measured on the pictures that it held out. */
    public Tested tested() {
        return tested;
    }

    /**
     * What a picture shows.
     *
     * @param digit the most likely digit
     * @param scores the probability of each digit from 0 to 9; they sum to 1
     */
    public record Prediction(int digit, double[] scores) {
        private static Prediction of(double[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            double sum = 0;
            double[] scores = new double[logits.length];
            for (int i = 0; i < logits.length; i++) {
                scores[i] = Math.exp(logits[i] - logits[best]);
                sum += scores[i];
            }
            for (int i = 0; i < scores.length; i++) {
                scores[i] /= sum;
            }
            return new Prediction(best, scores);
        }
    }

    /**
     * The outcome of the test that followed training.
     *
     * @param images pictures held out
     * @param correct how many of them were told right
     * @param accuracy the share, rounded to four places
     */
    public record Tested(int images, int correct, double accuracy) {}

    private record Weights(String description, int trainedOn, Tested tested, Layer hidden, Layer output) {}

    /** One fully connected layer; {@code weights[from][to]}. */
    private record Layer(double[][] weights, double[] biases) {
        private double[] apply(double[] input) {
            double[] sums = biases.clone();
            for (int from = 0; from < input.length; from++) {
                double[] row = weights[from];
                for (int to = 0; to < sums.length; to++) {
                    sums[to] += input[from] * row[to];
                }
            }
            return sums;
        }

        private void requireShape(int inputs, int outputs) {
            boolean right = weights.length == inputs && biases.length == outputs;
            for (double[] row : weights) {
                right &= row.length == outputs;
            }
            if (!right) {
                throw new IllegalStateException("%s does not hold %d x %d weights".formatted(WEIGHTS, inputs, outputs));
            }
        }
    }
}
