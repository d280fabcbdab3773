package coco.systemtests.architecture.offenders.second;

import coco.systemtests.architecture.offenders.first.First;
import org.jspecify.annotations.Nullable;

/** Uses a package that uses this one. */
public record Second(@Nullable First other) {}
