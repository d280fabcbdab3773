package coco.cli.evm;

import coco.cli.console.CliException;
import coco.evm.fixtures.FixtureFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Paths of the command line as sources of fixtures. */
final class Sources {
    private Sources() {}

    static List<FixtureRun.Source> of(List<Path> paths) {
        List<FixtureRun.Source> sources = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw CliException.usage(path + " does not exist", "Name a file, a folder or a zip archive.");
            }
            sources.add(each -> FixtureFiles.forEach(path, _ -> true, each));
        }
        return sources;
    }
}
