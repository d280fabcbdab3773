package coco.systemtests.architecture.offenders.first;

import coco.systemtests.architecture.offenders.second.Second;

/** Uses a package that uses this one. */
public record First(Second other) {}
