//! The command line of the library of the benchmarks: `benches/run wheel` has it export the folder that a wheel is built of.

use std::process::ExitCode;

allwell::link!(allwell_bench_library);

fn main() -> ExitCode {
    allwell::cli::main()
}
