//! Writes a thousand checks.

use std::fmt::Write;
use std::path::PathBuf;

fn main() {
    let mut code = String::new();
    for i in 0..1000 {
        let _ = write!(
            code,
            "/// Looks at thing number {i}.\n#[check]\nfn thing_{i}(config: &Options) -> Thing {{ Thing {{ name: config.name.clone(), size: {i}.into() }} }}\n"
        );
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join("checks.rs"), code).expect("the build directory can be written");
    println!("cargo::rerun-if-changed=build.rs");
}
