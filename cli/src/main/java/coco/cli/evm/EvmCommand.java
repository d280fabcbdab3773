package coco.cli.evm;

import picocli.CommandLine.Command;

/** {@code coco evm}: only a list of commands. */
@Command(
        name = "evm",
        mixinStandardHelpOptions = true,
        description = "The Ethereum virtual machine by itself, without a network.",
        subcommands = EvmRunCommand.class)
public final class EvmCommand {}
