"""A sample district that does not exist: drawn from a seed, then loaded for the demo, the tests and the benchmarks."""
