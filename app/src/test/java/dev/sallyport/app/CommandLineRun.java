package dev.sallyport.app;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one command printed, and its exit code. */
record CommandLineRun(int exitCode, String out, String error) {
    static CommandLineRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        int exitCode = Main.execute(new PrintWriter(out, true), new PrintWriter(error, true), arguments);
        return new CommandLineRun(exitCode, out.toString(), error.toString());
    }
}
