package coco.cli.access;

import coco.cli.access.lint.ContractLint;
import coco.cli.access.lint.Finding;
import coco.cli.console.CliException;
import coco.cli.console.Console;
import coco.cli.console.ExitCode;
import coco.governance.document.Documents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coco access lint}. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Looks in compiled contracts for mistakes by which they give confidential data away.",
        footer = {
            "",
            "Rules: no-handshake, public-getter, open-view, open-event, open-read, user-alone, admin-unset,"
                    + " free-delegate. Those on what functions answer need the syntax tree (ast) in the file.",
            "A finding is a place to look at; none is no proof. Exit code 0 nothing found, 3 something."
        })
public final class LintCommand implements Callable<Integer> {
    /** Something was found. */
    static final int FOUND = 3;

    private final Console console;

    @Parameters(
            paramLabel = "CONTRACT",
            arity = "1..*",
            description = "Standard output of solc (abi, storageLayout, ast), or an artifact of forge or hardhat.")
    private List<Path> files = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "Only the contract of this name.")
    private @Nullable String name;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    LintCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<ContractLint.Report> reports = new ArrayList<>();
        for (Path file : files) {
            reports.addAll(ContractLint.look(file, name));
        }
        if (reports.isEmpty()) {
            throw new CliException(
                    "no contract to look at", "Name a file with one that can be deployed, and its name.");
        }
        int found = reports.stream().mapToInt(each -> each.findings().size()).sum();
        if (json) {
            console.result(Documents.pretty(tree(reports)).strip());
        } else {
            reports.forEach(this::print);
            console.note(found + " findings in " + reports.size() + " contracts");
        }
        return found == 0 ? ExitCode.OK.code() : FOUND;
    }

    private void print(ContractLint.Report report) {
        for (Finding finding : report.findings()) {
            String where = finding.where().isEmpty() ? "" : "." + finding.where();
            console.result("%-14s %s: %s".formatted(finding.rule(), report.contract() + where, finding.words()));
        }
        if (!report.hasTree()) {
            console.note(report.contract() + ": the file has no syntax tree of it, so most rules were not looked at");
        }
    }

    private static ObjectNode tree(List<ContractLint.Report> reports) {
        ObjectNode tree = Documents.object();
        ArrayNode contracts = tree.putArray("contracts");
        for (ContractLint.Report report : reports) {
            ObjectNode each = contracts
                    .addObject()
                    .put("contract", report.contract())
                    .put("confidential", report.isConfidential())
                    .put("complete", report.hasTree());
            ArrayNode findings = each.putArray("findings");
            for (Finding finding : report.findings()) {
                findings.addObject()
                        .put("rule", finding.rule())
                        .put("where", finding.where())
                        .put("words", finding.words());
            }
        }
        return tree;
    }
}
