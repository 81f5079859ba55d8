package dev.sallyport.app;

import dev.sallyport.app.config.JsonSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of the configuration. */
@Command(
        name = "schema",
        description = "Print the JSON Schema (2020-12) of the configuration, for editors and other tools.",
        footer = {
            "", "An editor that knows YAML completes and checks the file when its first line is",
            "  # yaml-language-server: $$schema=sallyport.schema.json",
            "", "Example:", "  ./sallyport schema > sallyport.schema.json"})
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(JsonSchema.text());
        spec.commandLine().getOut().flush();
        return Main.SUCCESS;
    }
}
