package dev.sallyport.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void aNewKeyIsWellFormedAndUnlikeAllOthers() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String key = ApiKey.make(RANDOM);
            assertThat(key).matches("sp_[0-9A-Za-z]{49}").hasSize(ApiKey.LENGTH);
            assertThat(ApiKey.wellFormed(key)).isTrue();
            assertThat(keys.add(key)).isTrue();
        }
    }

    /** The form never changes once keys are out: scanners know it. The checksum was computed with zlib. */
    @Test
    void theTextFormIsFixed() {
        assertThat(ApiKey.make(filledWith((byte) 0))).isEqualTo("sp_" + "0".repeat(43) + "4XC1QM");
        assertThat(ApiKey.make(filledWith((byte) 0xFF)))
                .isEqualTo("sp_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11gdFzS");
    }

    @Test
    void anyTypoIsNoticed() {
        SplittableRandom random = new SplittableRandom(11);
        String key = ApiKey.make(RANDOM);
        for (int at = 0; at < key.length(); at++) {
            char other;
            do {
                other = (char) ('0' + random.nextInt(75));
            } while (other == key.charAt(at));
            assertThat(ApiKey.wellFormed(key.substring(0, at) + other + key.substring(at + 1))).isFalse();
            assertThat(ApiKey.wellFormed(key.substring(0, at) + key.substring(at + 1))).isFalse();
            assertThat(ApiKey.wellFormed(key.substring(0, at) + other + key.substring(at))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sp_", "sk-proj-abc", "sp_ééééééééééééééééééééééééééééééééééééééééééééééééé"})
    void whatIsNoKeyOfOursIsNotWellFormed(String text) {
        assertThat(ApiKey.wellFormed(text)).isFalse();
    }

    /** FIPS 180-4's example, and the empty text. */
    @Test
    void theHashIsTheOneThatEverybodyComputes() {
        assertThat(ApiKey.sha256("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(ApiKey.sha256("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    private static SecureRandom filledWith(byte value) {
        return new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, value);
            }
        };
    }
}
