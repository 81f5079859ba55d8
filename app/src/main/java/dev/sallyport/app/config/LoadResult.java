package dev.sallyport.app.config;

/** What reading a configuration file led to. */
public sealed interface LoadResult permits Configuration, ConfigurationErrors {
    /** The configuration; throws {@link IllegalArgumentException} with every error when there is none. */
    Configuration orThrow();
}
